"""GIMP 3.x's procedure database: calls with plain values, signatures, and data kept while GIMP runs."""

from .errors import BackendError, Cancelled
from .gimp3_items import parasite_bytes, parasite_new
from .gimp3_lib import Gimp, ready_pixels
from .gimp3_values import kind_of, result_of, set_argument

_SESSION_ONLY = 0  # parasite flags: not saved with the profile
_RUN_MODE = "run-mode"
_KEY_PREFIX = "gimpfu-shim-"

__all__ = ["call", "get_data", "procedure_exists", "procedure_signature", "set_data"]


def call(name, args):
    """Call a procedure and return its values; BackendError with GIMP's message, Cancelled where the user cancelled.

    args: plain values and ids, in order; trailing ones left out have GIMP's defaults.
    """
    ready_pixels()
    procedure = _procedure(name)
    config, specs = procedure.create_config(), procedure.get_arguments()
    if len(args) > len(specs):
        raise BackendError("%s takes %d arguments, not %d." % (name, len(specs), len(args)))
    for spec, value in zip(specs, args, strict=False):
        _set(name, config, spec, value)
    answer = procedure.run(config)
    status = answer.index(0)
    if status == Gimp.PDBStatusType.CANCEL:
        raise Cancelled
    if status != Gimp.PDBStatusType.SUCCESS:
        raise BackendError(_message(answer) or Gimp.get_pdb().get_last_error() or "%s failed." % name)
    return [result_of(answer, place, spec) for place, spec in enumerate(procedure.get_return_values(), 1)]


def procedure_exists(name):
    """Whether GIMP knows a procedure of that name."""
    return bool(Gimp.get_pdb().procedure_exists(_canonical(name)))


def procedure_signature(name):
    """Return ([(argument, kind), …], [(result, kind), …]) with kinds as of `pf.pdb_kind`, "array" and "parasite"."""
    procedure = _procedure(name)
    specs = procedure.get_arguments(), procedure.get_return_values()
    return tuple([(spec.name, kind_of(spec)) for spec in row] for row in specs)


def set_data(key, data):
    """Keep bytes under a key until GIMP ends."""
    Gimp.attach_parasite(parasite_new(_KEY_PREFIX + key, _SESSION_ONLY, data))


def get_data(key):
    """Return the bytes kept under a key, None for none."""
    parasite = Gimp.get_parasite(_KEY_PREFIX + key)
    return None if parasite is None else parasite_bytes(parasite)


def _message(answer):
    """Return what a failed call says itself: libgimp refuses wrong values before GIMP hears of them."""
    said = answer.index(1) if answer.length() > 1 else None
    return said if isinstance(said, str) else None


def _procedure(name):
    procedure = Gimp.get_pdb().lookup_procedure(_canonical(name))
    if procedure is None:
        raise BackendError("This GIMP has no procedure %s." % name)
    return procedure


def _canonical(name):
    return name.replace("_", "-")


def _set(name, config, spec, value):
    try:
        set_argument(config, spec, value)
    except (TypeError, ValueError, OverflowError) as problem:
        raise BackendError("%s: %r is no value for %s (%s)." % (name, value, spec.name, problem)) from problem
