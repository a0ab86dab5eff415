"""The proof: each GIMP is started without a window and asked whether it has the procedures."""

from __future__ import annotations

import os

from .. import gimps
from ..checkout import Catalogue
from .finding import FAIL, WARN, Finding, ok
from .patient import Patient

__all__ = ["check_procedures", "procedures"]

MARK = "RESTYLE-PROOF "
REMEDY = (
    "The checks above say why, if they found anything. Otherwise start GIMP from a terminal with `gimp --verbose` "
    "and look for lines about restyle."
)


def procedures(catalogue: Catalogue) -> list[str]:
    """The names under which the filters are in GIMP's procedure database."""
    return ["python-fu-restyle-" + one["id"] for one in catalogue["filters"]]


def check_procedures(patient: Patient) -> list[Finding]:
    if not patient.gimps:
        return [Finding("proof", WARN, "there is no GIMP that can be asked", "Install GIMP 2.10 or 3.")]
    names = procedures(patient.work.checkout.catalogue())
    return [_ask(patient, gimp, names) for gimp in patient.gimps]


def _ask(patient: Patient, gimp: gimps.Gimp, names: list[str]) -> Finding:
    """Script-Fu has a name for each procedure that GIMP knows, in 2.10 and in 3.x, whoever registered it."""
    name = "proof in " + gimp.name
    tests = " ".join('(if (defined? \'%s) "%s " "")' % (one, one) for one in names)
    code = '(gimp-message (string-append "%s" %s))' % (MARK, tests)
    completed = gimps.run_scheme(gimp, code, patient.work.runner, _environ(patient))
    lines = [line.partition(MARK)[2] for line in completed.output.splitlines() if MARK in line]
    if not lines:
        text = "it could not be asked; it wrote: %s" % completed.output.strip()[-400:]
        return Finding(name, WARN, text, "Start this GIMP once by hand and see whether it works.")
    missing = [one for one in names if one not in lines[0].split()]
    if missing:
        return Finding(name, FAIL, "GIMP does not have %s" % ", ".join(missing), REMEDY)
    return ok(name, "GIMP has %s" % ", ".join(names))


def _environ(patient: Patient) -> dict[str, str]:
    return dict(os.environ, **patient.work.place.environ)
