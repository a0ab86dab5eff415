"""GIMP 3.x's procedure database as GIMP 2.10's: old names and forms of calls, plain values, and data kept while GIMP runs.

The tables of old calls are loaded by the first call: GIMP asks each plug-in at its start what it offers, and that must be quick.
"""

import re

from .errors import BackendError
from .gimp3_calls import canonical, procedure_of, run
from .gimp3_forms import new_arguments, old_results
from .gimp3_images import image_keep_filename
from .gimp3_items import parasite_bytes, parasite_new
from .gimp3_lib import Gimp

_SESSION_ONLY = 0  # parasite flags: not saved with the profile
_KEY_PREFIX = "gimpfu-shim-"
_LOADER = re.compile("^file-.*-load$")
_FILE_ARGUMENTS = 3  # run mode, name, name

__all__ = ["call", "get_data", "procedure_exists", "procedure_signature", "profile_folder", "set_data"]


def call(name, args):
    """Call a procedure as GIMP 2.10 has it; BackendError with GIMP's message, Cancelled where the user cancelled.

    args: plain values and ids, in order, an array after its number; trailing ones left out have GIMP's defaults. Procedures that
    only GIMP 3 has are called likewise.
    """
    from .gimp3_database import find_old
    from .gimp3_old import new_name

    name = canonical(name)
    old = find_old(name)
    if old is not None:
        if len(args) > len(old.wanted):
            raise BackendError("%s takes %d arguments, not %d." % (name, len(old.wanted), len(args)))
        return _done(name, old, args)
    # Only so does GIMP 3 tell an image the name of its file, as 2.10's own loaders did.
    known = "gimp-file-load" if _LOADER.match(name) and len(args) <= _FILE_ARGUMENTS else new_name(name)
    procedure = procedure_of(known)
    values = run(known, *new_arguments(known, procedure.get_arguments(), args))
    if known == "gimp-file-load":
        image_keep_filename(values[0], args[1])
    return old_results(procedure.get_return_values(), values)


def procedure_exists(name):
    """Whether GIMP knows a procedure of that name, or did in 2.10 and can still do what it did."""
    from .gimp3_database import is_there

    return is_there(canonical(name))


def procedure_signature(name):
    """Return ([(argument, kind), …], [(result, kind), …]) with kinds as of `pf.pdb_kind`, "array" and "parasite"."""
    from .gimp3_database import signature_of

    return signature_of(canonical(name))


def profile_folder():
    """Return the folder of the person's settings for this GIMP."""
    return Gimp.directory()


def set_data(key, data):
    """Keep bytes under a key until GIMP ends."""
    Gimp.attach_parasite(parasite_new(_KEY_PREFIX + key, _SESSION_ONLY, data))


def get_data(key):
    """Return the bytes kept under a key, None for none."""
    parasite = Gimp.get_parasite(_KEY_PREFIX + key)
    return None if parasite is None else parasite_bytes(parasite)


def _done(name, old, args):
    try:
        return list(old.function(*args) or ())
    except (TypeError, ValueError) as problem:
        raise BackendError("%s: %s." % (name, problem)) from problem
