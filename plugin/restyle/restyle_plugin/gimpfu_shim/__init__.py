# -*- coding: utf-8 -*-
"""The gimpfu API (GIMP 2.10's `from gimpfu import *`) where there is no gimpfu.

Written once over a backend: gimp3.py (GIMP 3.x by gi), gimp2.py (GIMP 2.10 by ctypes), or one that a test chooses.

    register             all arguments; on_run is accepted and unused; run_mode_param=False is refused;
                         both forms of the menu; all 32 PF_ names; extras of SLIDER, SPINNER, RADIO, OPTION
    main, run modes      INTERACTIVE (dialog), WITH_LAST_VALS, NONINTERACTIVE; last values are kept
    fail, error,         yes; `fail` leaves showing the text to GIMP, which shows it once
    CancelError, N_, _   yes; N_ and _ return their text
    enumerations         the 428 names of 2.10, PARASITE_*, UNIT_*, EXPORT_*, MIN/MAX_IMAGE_SIZE, PIXEL_FETCHER_EDGE_*
    pdb                  pdb.name(...), pdb["name"](...), run_mode=, query; what is known of a procedure. In GIMP 3 the names and
                         forms of 2.10 (gimp3_old.py and the tables that it has)
    gimp                 all functions, classes, methods and attributes of 2.10; those in gimp_module._REFUSED say that they are
                         not available. Regions and tiles see 8 bits; there is no shadow, writes go to the drawable
    gimpcolor            all but adaptive_supersample_area
    beyond gimpfu        describe(procedure, hints): tooltips, units and groups of parameters, words of choices

The folder python_fu/ beside this package makes all of it importable by other plug-ins, under the real names.
"""

from __future__ import absolute_import

from .enums import *  # noqa: F403
from .enums import ENUMS as _ENUMS
from .errors import CancelError, error  # noqa: F401
from .gimp_module import Gimp as _Gimp
from .pf import *  # noqa: F403
from .registry import describe, register  # noqa: F401
from .runner import fail, main  # noqa: F401

gimp = _Gimp()
pdb = gimp.pdb


def N_(message):
    """Mark a text for translation; return it."""
    return message


def _(message):
    """Return a text, untranslated."""
    return message


# PF_ names only: pf's helpers are not gimpfu's.
__all__ = sorted(  # noqa: PLE0605
    list(_ENUMS)
    + [name for name in list(globals()) if name.startswith("PF_")]
    + ["CancelError", "N_", "_", "describe", "error", "fail", "gimp", "main", "pdb", "register"]
)
