"""`doctor`: why the plug-in would not appear or not work, and what to do about it."""

from __future__ import annotations

import json

from .. import journal
from ..console import Console
from ..errors import InstallerError
from ..installation import Installation
from ..words import N_, _
from . import environment, plugins, proof, server
from .finding import FAIL, OK, WARN, Finding, ok
from .patient import look
from .report import write_report

__all__ = ["CHECKS", "Finding", "doctor", "examine", "exit_code", "show"]

SIGNS = {OK: N_("ok"), WARN: N_("warn"), FAIL: N_("FAIL")}
INTERRUPTED = N_("interrupted installation")
# (title, the check: Patient → findings), in an order in which the first failure explains those that follow it.
CHECKS = (
    (N_("what is installed"), environment.check_record),
    (N_("disk space"), environment.check_space),
    (N_("Python, PyTorch, device and versions"), environment.check_core),
    (N_("weights"), environment.check_weights),
    (N_("the plug-in in each GIMP profile"), plugins.check_folders),
    (N_("folders with other names that GIMP skips"), plugins.check_misnamed),
    (N_("settings of the plug-in"), plugins.check_settings),
    (N_("the python3 that starts the plug-in"), plugins.check_shebang),
    (N_("permission of a Flatpak GIMP"), plugins.check_flatpak),
    (N_("rights of the server's folder"), server.check_rights),
    (N_("server starts and answers"), server.check_answers),
    (N_("log"), server.check_log),
    (N_("proof: GIMP has the procedures"), proof.check_procedures),
)


def doctor(work: Installation, *, dry_run: bool = False, as_json: bool = False, report: str | None = None) -> int:
    """Make all checks, show what was found, return the exit code: 1 where something has failed."""
    if dry_run:
        for title, _check in CHECKS:
            work.console.say("- " + _("check %s") % _(title))
        return 0
    findings = examine(work)
    if as_json:
        work.console.say(json.dumps([finding.describe() for finding in findings], indent=2))
    else:
        show(findings, work.console)
    if report:
        write_report(report, work, findings)
        work.console.say(_("Report written: %s (no pictures, no names, your folder is called ~ in it)") % report)
    return exit_code(findings)


def examine(work: Installation) -> list[Finding]:
    """All findings. A check that itself fails is a finding too."""
    findings = _settled(work)
    patient = look(work)
    for title, check in CHECKS:
        try:
            findings += check(patient)
        except (InstallerError, OSError, ValueError, KeyError) as error:
            remedy = _("Please report it with the file that `doctor --report FILE` writes.")
            findings.append(Finding(title, FAIL, _("this could not be checked: %r") % error, remedy))
    return findings


def _settled(work: Installation) -> list[Finding]:
    """An installation that was interrupted is undone or finished before anything else is looked at."""
    try:
        said = journal.recover(work.home)
    except (InstallerError, OSError) as error:
        return [Finding(INTERRUPTED, FAIL, str(error), _("Do what it says, and run the doctor again."))]
    return [ok(INTERRUPTED, said)] if said else []


def show(findings: list[Finding], console: Console) -> None:
    """One line each, and below it what to do."""
    signs = {level: _(sign) for level, sign in SIGNS.items()}
    width = max(map(len, signs.values()))
    for finding in findings:
        console.say("%s  %s: %s" % (signs[finding.level].ljust(width), finding.title, finding.sentence))
        if finding.remedy and finding.level != OK:
            console.say(" " * width + "  -> " + finding.remedy)


def exit_code(findings: list[Finding]) -> int:
    return 1 if any(finding.level == FAIL for finding in findings) else 0
