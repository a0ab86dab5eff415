# -*- coding: utf-8 -*-
"""The gimpfu API (GIMP 2.10's `from gimpfu import *`) where there is no gimpfu.

Written once over a backend: gimp3.py (GIMP 3.x by gi), gimp2.py (GIMP 2.10 by ctypes), or one that a test chooses.

    of gimpfu            supported
    ------------------   -------------------------------------------------------------------------------------------
    register             all arguments; domain, on_query, on_run are accepted and unused; run_mode_param=False is refused;
                         both forms of the menu. all 32 PF_ names; extras of SLIDER, SPINNER, RADIO, OPTION
    main, run modes      INTERACTIVE (dialog), WITH_LAST_VALS, NONINTERACTIVE; last values per GIMP session (2.10) or kept
                         by GIMP itself (3.x)
    fail, error,         yes; `fail` leaves showing the text to GIMP, which shows it once
    CancelError, N_, _   yes; N_ and _ return their text
    enumerations         the 428 names of 2.10, PARASITE_*, UNIT_*, EXPORT_*, MIN/MAX_IMAGE_SIZE, PIXEL_FETCHER_EDGE_*
    pdb                  pdb.name(...), pdb["name"](...), run_mode=; params, return_vals, nparams, nreturn_vals. No pdb.query
    gimp.Image           constructor, attributes but colormap, guides, floating_selection, uri, vectors, tattoo_state;
                         methods but guides, components, parasites, tattoos, pick_correlate_layer, free_shadow
    gimp.Layer,          constructor, all attributes; methods but transform_*, offset, get_tile*, get_data, parasite_list
    GroupLayer,          (the ones of pdb work), Channel.copy and combine_masks; constructor of Layer only
    Channel, Drawable
    gimp.PixelRgn        indices and slices, in 8 bits; no shadow (writes go to the drawable)
    gimp (functions)     message, delete, image_list, set_data, get_data, progress_init, progress_update, displays_flush,
                         version, _id2image, _id2drawable. gimpcolor: color.RGB alone
    beyond gimpfu        describe(procedure, hints): tooltips, units and groups of parameters, words of choices
"""

from __future__ import absolute_import

from .enums import *  # noqa: F403
from .enums import ENUMS as _ENUMS
from .errors import CancelError, error  # noqa: F401
from .gimp_module import Gimp as _Gimp
from .pdb_proxy import Pdb as _Pdb
from .pf import *  # noqa: F403
from .registry import describe, register  # noqa: F401
from .runner import fail, main  # noqa: F401

gimp = _Gimp()
pdb = _Pdb()


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
