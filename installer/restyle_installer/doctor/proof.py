"""The proof: each GIMP is started without a window and asked whether it has the procedures."""

from __future__ import annotations

import os

from .. import gimps
from ..checkout import Catalogue
from ..words import N_, _
from .finding import FAIL, PROOF, WARN, Finding, ok
from .patient import Patient

__all__ = ["check_procedures", "procedures"]

MARK = "RESTYLE-PROOF "
REMEDY = N_(
    "The checks above say why, if they found anything. Otherwise start GIMP from a terminal with `gimp --verbose` "
    "and look for lines about restyle."
)


def procedures(catalogue: Catalogue) -> list[str]:
    """The names under which the filters are in GIMP's procedure database."""
    return ["python-fu-restyle-" + one["id"] for one in catalogue["filters"]]


def check_procedures(patient: Patient) -> list[Finding]:
    if not patient.gimps:
        return [Finding(PROOF, WARN, _("there is no GIMP that can be asked"), _("Install GIMP 2.10 or 3."))]
    names = procedures(patient.work.checkout.catalogue())
    return [_ask(patient, gimp, names) for gimp in patient.gimps]


def _ask(patient: Patient, gimp: gimps.Gimp, names: list[str]) -> Finding:
    """Script-Fu has a name for each procedure that GIMP knows, in 2.10 and in 3.x, whoever registered it."""
    tests = " ".join('(if (defined? \'%s) "%s " "")' % (one, one) for one in names)
    code = '(gimp-message (string-append "%s" %s))' % (MARK, tests)
    completed = gimps.run_scheme(gimp, code, patient.work.runner, _environ(patient))
    lines = [line.partition(MARK)[2] for line in completed.output.splitlines() if MARK in line]
    if not lines:
        text = _("it could not be asked; it wrote: %s") % completed.output.strip()[-400:]
        return Finding(PROOF, WARN, text, _("Start this GIMP once by hand and see whether it works."), gimp.name)
    missing = [one for one in names if one not in lines[0].split()]
    if missing:
        return Finding(PROOF, FAIL, _("GIMP does not have %s") % ", ".join(missing), _(REMEDY), gimp.name)
    return ok(PROOF, _("GIMP has %s") % ", ".join(names), gimp.name)


def _environ(patient: Patient) -> dict[str, str]:
    return dict(os.environ, **patient.work.place.environ)
