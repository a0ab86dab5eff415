"""Checks of what runs the server: record, space, Python, PyTorch, versions, weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from restyle_plugin.words import amount

from ..machine import Machine
from ..pip import clean_environ
from ..words import N_, _
from .finding import FAIL, INSTALL, WARN, Finding, ok
from .patient import Patient

__all__ = ["check_core", "check_record", "check_space", "check_weights"]

INSTALLATION, SPACE, WEIGHTS = N_("installation"), N_("disk space"), N_("weights")
VERSIONS, DEVICE = N_("versions"), N_("device")
# A large photo's upload and the log must fit; weights are downloaded only into what is free.
SCARCE_BYTES = 1 << 30
# The first import of PyTorch from a cold disk.
IMPORT_LIMIT_S = 180.0


def check_record(patient: Patient) -> list[Finding]:
    if patient.record:
        places = ", ".join("%s %s" % (one.series, one.kind) for one in patient.record.plugins) or _("no GIMP")
        return [
            ok(
                INSTALLATION,
                _("Restyle %(version)s, for GIMP %(places)s") % {"version": patient.record.version, "places": places},
            )
        ]
    text = _("Restyle is not installed for this user (%s).") % patient.why_no_record
    return [Finding(INSTALLATION, FAIL, text, _("Install it: python3 installer install"))]


def check_space(patient: Patient) -> list[Finding]:
    folder = next(path for path in (patient.home, *patient.home.parents) if path.is_dir())
    free = shutil.disk_usage(str(folder)).free
    facts = {"free": amount(free), "folder": folder}
    if free >= SCARCE_BYTES:
        return [ok(SPACE, _("%(free)s are free in %(folder)s") % facts)]
    return [Finding(SPACE, WARN, _("%(free)s are free in %(folder)s, which is little") % facts, _("Free some space."))]


def check_core(patient: Patient) -> list[Finding]:
    """Python is there; the core and PyTorch load; the versions of core and plug-in agree; which device is used."""
    python = patient.python
    if not python:
        return []
    version = patient.run([python, "-c", "import platform; print(platform.python_version())"], env=clean_environ())
    if not version.succeeded:
        text = _("%(python)s does not run (%(reason)s)") % {"python": python, "reason": _last_line(version.output)}
        remedy = "%s %s" % (_("It was removed or updated under Restyle's feet."), _(INSTALL))
        return [Finding("Python", FAIL, text, remedy)]
    found = [ok("Python", "%s (%s)" % (version.output.strip(), python))]
    facts = patient.run([python, "-m", "restyle", "doctor", "--json"], env=_environ(patient), timeout_s=IMPORT_LIMIT_S)
    if not facts.succeeded:
        text = _("the core or PyTorch does not load: %s") % _last_line(facts.output)
        return [*found, Finding("PyTorch", FAIL, text, _(INSTALL))]
    core = json.loads(facts.output.strip().splitlines()[-1])
    found.append(ok("PyTorch", core["libraries"]["torch"]))
    found.append(_device(core, patient.work.machine))
    found.append(_version(core["restyle"], patient))
    return found


def check_weights(patient: Patient) -> list[Finding]:
    if not patient.python:
        return []
    verified = patient.run([patient.python, "-m", "restyle", "models", "verify"], env=_environ(patient), timeout_s=IMPORT_LIMIT_S)
    lines = [line for line in verified.output.strip().splitlines() if line]
    if verified.succeeded:
        return [ok(WEIGHTS, "; ".join(" ".join(line.split()) for line in lines) or _("none have been fetched"))]
    text = _("damaged or missing: %s") % (_last_line(verified.output) or _("no reason was given"))
    return [Finding(WEIGHTS, FAIL, text, _("Remove the file that is named, or fetch it again: restyle models fetch NAME"))]


def _version(core: str, patient: Patient) -> Finding:
    stale = []
    for profile in patient.profiles:
        path = profile.plugin / "restyle_plugin" / "catalogue.json"
        if path.is_file():
            plugin = json.loads(path.read_text(encoding="utf-8"))["version"]
            stale += ["%s: %s" % (profile.name, plugin)] if plugin != core else []
    if not stale:
        return ok(VERSIONS, _("core and plug-in are %s") % core)
    text = _("the core is %(core)s, but the plug-in is not (%(found)s)") % {"core": core, "found": ", ".join(stale)}
    return Finding(VERSIONS, FAIL, text, _(INSTALL))


def _device(core: dict[str, Any], machine: Machine) -> Finding:
    text = "%s, %s, %s" % (core["device"], core["precision"], core["memory"])
    has_gpu = machine.cuda or machine.has_rocm or machine.has_xpu
    if has_gpu and core["device"] == "cpu":
        remedy = _("The driver may be too old for this PyTorch. Update it and run `python3 installer install` again.")
        return Finding(DEVICE, WARN, _("there is a GPU, but PyTorch cannot use it: %s") % text, remedy)
    return ok(DEVICE, text)


def _environ(patient: Patient) -> dict[str, str]:
    return dict(clean_environ(), RESTYLE_HOME=str(Path(patient.home)))


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
