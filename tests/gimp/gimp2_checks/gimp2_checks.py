#!/usr/bin/env python3
# -*- coding: utf-8 -*-
# ruff: noqa: UP009, UP010, UP031  (Python 2.7 runs this too)
"""A plug-in for tests: runs check functions (each takes the backend) inside GIMP 2.10 and writes what came of each.

Python 2.7 and 3. RESTYLE_TEST_PATH: folders of modules, by ":". The procedure's arguments: the modules of checks, by
",", and the file for the outcome, a JSON object {check: null or its traceback}.
"""

from __future__ import absolute_import, unicode_literals

import importlib
import json
import os
import sys
import time
import traceback

sys.path[:0] = os.environ["RESTYLE_TEST_PATH"].split(":")

from restyle_plugin.gimpfu_shim import gimp2, pf  # noqa: E402
from restyle_plugin.gimpfu_shim.procedure import Param, Procedure  # noqa: E402

EVERY_TYPE = [
    Param(pf.PF_INT8, "int8", "Int8", 1), Param(pf.PF_INT16, "int16", "Int16", 2), Param(pf.PF_INT32, "int32", "Int32", 3),
    Param(pf.PF_FLOAT, "float", "Float", 0.5), Param(pf.PF_STRING, "string", "String", "é"),
    Param(pf.PF_COLOR, "color", "Color", (1.0, 0.5, 0.0)), Param(pf.PF_TOGGLE, "toggle", "Toggle", True),
    Param(pf.PF_SLIDER, "slider", "Slider", 0.5, (0, 1, 0.1)), Param(pf.PF_SPINNER, "spinner", "Spinner", 5, (0, 9, 1)),
    Param(pf.PF_OPTION, "option", "Option", 1, ("a", "b")), Param(pf.PF_RADIO, "radio", "Radio", "x", (("X", "x"), ("Y", "y"))),
    Param(pf.PF_FILE, "file", "File", None), Param(pf.PF_DRAWABLE, "other", "Other", 0), Param(pf.PF_LAYER, "layer", "Layer", 0),
]  # fmt: skip


def _procedure(name, params, results=()):
    return Procedure(name, "For tests", "For tests", "Restyle", "Restyle", "2026", "Checks", "", "", params, list(results), None)


PROCEDURES = [
    _procedure(
        "python-fu-restyle-checks",
        [Param(pf.PF_STRING, "modules", "Modules", ""), Param(pf.PF_STRING, "outcome", "File", "")],
    ),
    _procedure(
        "python-fu-restyle-echo", EVERY_TYPE,
        [Param(pf.PF_STRING, "text", "What arrived"), Param(pf.PF_FLOAT, "half", "0.5"), Param(pf.PF_COLOR, "color", "Color"),
         Param(pf.PF_INT32, "answer", "42"), Param(pf.PF_LAYER, "none", "No layer")],
    ),
    _procedure("python-fu-restyle-fail", [Param(pf.PF_STRING, "status", "error, cancel or raise", "")]),
]  # fmt: skip


def run_checks(modules, outcome):
    results = {}
    for module in modules.split(","):
        checks = importlib.import_module(module)
        for name in sorted(name for name in dir(checks) if name.startswith("check_")):
            results[name] = trouble_with(getattr(checks, name))
    with open(outcome, "wb") as stream:
        stream.write(json.dumps(results).encode("ascii"))


def trouble_with(check):
    """Return None, or the traceback of a check that failed."""
    started = time.time()
    try:
        check(gimp2)
    except Exception:
        return traceback.format_exc()
    finally:
        sys.stderr.write("%s %.2f s\n" % (check.__name__, time.time() - started))
    return None


def dispatch(name, run_mode, values):
    if name.endswith("-checks"):
        run_checks(*values)
        return "success", []
    if name.endswith("-echo"):
        return "success", [json.dumps([run_mode, values]), 0.5, (0.25, 0.5, 1.0), 42, None]
    if values[0] == "raise":
        raise RuntimeError("nobody caught this")
    return ("cancel" if values[0] == "cancel" else ("error", "The é went wrong.")), []


sys.exit(gimp2.main(PROCEDURES, dispatch))
