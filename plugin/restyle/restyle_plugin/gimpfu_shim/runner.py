# -*- coding: utf-8 -*-
"""gimpfu's `main`: answer GIMP's query or run a procedure in its run mode."""

from __future__ import absolute_import, unicode_literals

import os
import sys
import traceback

from ..compat import to_text
from ..home import log_traceback
from ..remembered import recall, remember
from . import backend, registry, values
from .errors import BackendError, CancelError, Cancelled, error
from .procedure import canonical_name

RUN_INTERACTIVE, RUN_NONINTERACTIVE, RUN_WITH_LAST_VALS = 0, 1, 2
# gimpfu's key for last values; with "json" because its own shelf holds pickles.
_SHELF = "python-fu-save-json--"
# What outlives this GIMP is remembered in Restyle's home.
_LAST = "last values of "
# GIMP 3 calls `prog -gimp PROTOCOL R W -query 0`, GIMP 2.10 the same without the protocol number.
_GIMP_3_ARGUMENTS = 7

# The run modes of the calls under way, which is one at most.
_modes = []

__all__ = ["ask", "backend_here", "dispatch", "fail", "is_interactive", "is_watched", "main"]


def main():
    """Be the plug-in that GIMP started; a backend chosen by `backend.use` before is kept."""
    current = backend_here()
    backend.use(current)
    return current.main(registry.procedures(), dispatch)


def backend_here():
    """Return the backend chosen before, or the one of the GIMP that started this process."""
    try:
        return backend.current()
    except BackendError:
        return _backend_of(sys.argv)


def fail(text):
    """Raise `error` with a text for the user. Unlike gimpfu's, it leaves showing it to GIMP, which shows it once."""
    raise error(text)


def dispatch(name, run_mode, given):
    """Run a registered procedure; return (status, results), never raise.

    given: backend values from GIMP, possibly fewer than parameters. status: "success", "cancel" or ("error", text).
    results: backend values in the order of the procedure's results.
    """
    _modes.append(run_mode)
    try:
        procedure = _find(name)
        return "success", _run(backend.current(), procedure, run_mode, given)
    except (CancelError, Cancelled):
        return "cancel", []
    except (error, BackendError) as problem:
        return ("error", to_text(problem.args[0] if problem.args else problem)), []
    except Exception as problem:  # the plug-in's entry: GIMP must get an answer whatever happened
        log_traceback()
        return ("error", "%s: %s%s" % (type(problem).__name__, to_text(problem), _place(sys.exc_info()[2]))), []
    finally:
        _modes.pop()


def is_interactive():
    """Whether the call under way may ask the person; the real gimpfu does not tell, and has no other calls from its menu."""
    return not _modes or _modes[-1] == RUN_INTERACTIVE


def is_watched():
    """Whether a person has made the call under way, with a dialog or as the last time, and not a script."""
    return not _modes or _modes[-1] != RUN_NONINTERACTIVE


def ask(gimp, procedure, start, image, drawable):
    """Show a procedure's dialog for a layer; return the chosen backend values. CancelError where it was cancelled."""
    answer = gimp.dialog(procedure, start, image, drawable)
    if answer is None:
        raise CancelError("cancelled")
    if procedure.presets:
        pairs = zip(procedure.params, answer)
        procedure.presets(gimp).used({param.name: values.to_gimpfu(param, value) for param, value in pairs})
    return list(answer)


def _place(trace):
    """Return where a plug-in's own code failed, for its author: the innermost line that is not the shim's."""
    here = os.path.dirname(os.path.abspath(__file__))
    own = [frame for frame in traceback.extract_tb(trace) if os.path.dirname(os.path.abspath(frame[0])) != here]
    return " (%s, line %d)" % (os.path.basename(own[-1][0]), own[-1][1]) if own else ""


def _run(gimp, procedure, run_mode, given):
    chosen = _choose(gimp, procedure, run_mode, list(given))
    arguments = [values.to_gimpfu(param, value) for param, value in zip(procedure.params, chosen)]
    result = procedure.function(*arguments)
    if run_mode != RUN_NONINTERACTIVE:
        gimp.displays_flush()
    return _results(procedure, result)


def _choose(gimp, procedure, run_mode, given):
    """Return the values to run with, by the run mode; CancelError where the dialog was cancelled."""
    params = procedure.params
    if run_mode == RUN_NONINTERACTIVE:
        return _checked(params, values.complete(params, given, procedure.defaults()))
    start, key = _count_of_objects(params), _SHELF + procedure.name
    stored = values.load(params, gimp.get_data(key) or recall(_LAST + procedure.name))
    if gimp.KEEPS_LAST_VALUES:
        chosen = values.complete(params, given, procedure.defaults())
    else:
        chosen = values.complete(params, given[:start], stored)
    # What was chosen for another layer is no choice for this one.
    chosen = [param.default if param.labels else value for param, value in zip(params, chosen)]
    if run_mode == RUN_WITH_LAST_VALS:
        # GIMP 3 keeps everything but layers and images.
        chosen = [old if param.is_object and not new else new for param, new, old in zip(params, chosen, stored)]
    elif len(params) > start:
        chosen = _ask(gimp, procedure, chosen)
        gimp.set_data(key, values.dump(params, chosen))
        if not gimp.KEEPS_LAST_VALUES:
            remember(_LAST + procedure.name, to_text(values.dump(params, values.lasting(params, chosen))))
    return _checked(params, chosen)


def _ask(gimp, procedure, start):
    image, drawable = (list(start[:2]) + [0, 0])[:2] if _count_of_objects(procedure.params) >= 2 else (0, 0)
    return ask(gimp, procedure, start, image, drawable)


def _count_of_objects(params):
    """How many parameters at the front GIMP fills in from a menu: image and drawable (or layer, channel)."""
    count = 0
    while count < min(len(params), 2) and params[count].is_object:
        count += 1
    return count


def _checked(params, chosen):
    """Return the values, bounded numbers checked; `error` for one that does not fit."""
    checked = []
    for param, value in zip(params, chosen):
        try:
            value = values.to_backend(param, value)
        except (TypeError, ValueError):
            raise error("%s: %s is no value for it." % (param.label or param.name, to_text(value)))
        if param.bounds and not param.bounds[0] <= value <= param.bounds[1]:
            raise error("%s: %s is not between %s and %s." % ((param.label or param.name, value) + param.bounds[:2]))
        checked.append(value)
    return checked


def _results(procedure, result):
    if not procedure.results:
        return []
    outcome = list(result) if isinstance(result, (tuple, list)) and len(procedure.results) > 1 else [result]
    return [values.to_backend(param, value) for param, value in zip(procedure.results, outcome)]


def _find(name):
    for procedure in registry.procedures():
        if procedure.name == canonical_name(to_text(name)):
            return procedure
    raise error("There is no procedure %s." % to_text(name))


def _backend_of(argv):
    if len(argv) == _GIMP_3_ARGUMENTS:
        from . import gimp3

        return gimp3
    from . import gimp2

    return gimp2
