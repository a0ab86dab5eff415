"""GIMP 3.x's procedures called with GIMP 3.x's own arguments, in order; plain values in and out."""

from .errors import BackendError, Cancelled, reason
from .gimp3_lib import Gimp, ready_pixels
from .gimp3_values import result_of, set_argument

__all__ = ["canonical", "exists", "in_context", "procedure_of", "run"]


def canonical(name):
    """Return a procedure's name with hyphens."""
    return name.replace("_", "-")


def exists(name):
    """Whether this GIMP itself has a procedure of that name."""
    return bool(Gimp.get_pdb().procedure_exists(canonical(name)))


def procedure_of(name):
    """Return GIMP's procedure; BackendError where it has none of that name."""
    procedure = Gimp.get_pdb().lookup_procedure(canonical(name))
    if procedure is None:
        raise BackendError("This GIMP has no procedure %s." % canonical(name))
    return procedure


def run(name, *args, **named):
    """Call a procedure and return its values; BackendError with GIMP's message, Cancelled where the user cancelled.

    args: plain values and ids, in order; named: further ones ("_" for "-"); all others have GIMP's defaults.
    """
    ready_pixels()
    procedure = procedure_of(name)
    config, specs = procedure.create_config(), procedure.get_arguments()
    if len(args) > len(specs):
        raise BackendError("%s takes %d arguments, not %d." % (name, len(specs), len(args)))
    for spec, value in zip(specs, args, strict=False):
        _set(name, config, spec, value)
    for spec in specs:
        if spec.name.replace("-", "_") in named:
            _set(name, config, spec, named[spec.name.replace("-", "_")])
    answer = procedure.run(config)
    status = answer.index(0)
    if status == Gimp.PDBStatusType.CANCEL:
        raise Cancelled
    if status != Gimp.PDBStatusType.SUCCESS:
        raise BackendError(reason(name, _message(answer) or Gimp.get_pdb().get_last_error()))
    return [result_of(answer, place, spec) for place, spec in enumerate(procedure.get_return_values(), 1)]


def in_context(settings, name, *args):
    """Call a procedure with settings of GIMP's context, {"opacity": 50.0, …}, that are as before afterwards."""
    run("gimp-context-push")
    try:
        for setting, value in settings.items():
            run("gimp-context-set-" + setting, *(value if isinstance(value, tuple) else (value,)))
        return run(name, *args)
    finally:
        run("gimp-context-pop")


def _message(answer):
    """Return what a failed call says itself: libgimp refuses wrong values before GIMP hears of them."""
    said = answer.index(1) if answer.length() > 1 else None
    return said if isinstance(said, str) else None


def _set(name, config, spec, value):
    try:
        set_argument(config, spec, value)
    except (TypeError, ValueError, OverflowError) as problem:
        raise BackendError("%s: %r is no value for %s (%s)." % (name, value, spec.name, problem)) from problem
