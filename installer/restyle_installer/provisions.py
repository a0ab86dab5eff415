"""What the tests run with besides Python, GIMPs and a desktop; and what of it a test may count on."""

from __future__ import annotations

import os
import re

from . import chroot, debian
from .console import Console
from .errors import InstallerError
from .machine import Machine
from .runner import Runner

__all__ = ["provide"]

SERIES_OF_APT = "2.10"


def provide(machine: Machine, runner: Runner, console: Console) -> list[str]:
    """Set up what this machine lets us; return the names that tests/availability.py treats as promised.

    What is there is promised, and so is what should be: where a mirror or a package fails on a machine that lets us install, the
    tests that need it fail, instead of being skipped by one line among thousands.
    """
    promised = []
    with console.phase("Debian's GIMP"):
        if _is_expected(debian.ensure(debian.GIMP, machine, runner, console), machine) and _apt_has_old_gimp(runner, console):
            promised.append("gimp-" + SERIES_OF_APT)
    with console.phase("Debian packages that drive GIMP in a window"):
        if _is_expected(debian.ensure(debian.TEST_TOOLS, machine, runner, console), machine):
            promised.append("window")
    for release in chroot.RELEASES:
        with console.phase("GIMP %s of Debian %s" % (release.series, release.suite)):
            if _has_release(release, machine, runner, console):
                promised.append("gimp-" + release.series)
    return promised


def _is_expected(is_there: bool, machine: Machine) -> bool:
    return is_there or machine.can_apt


def _apt_has_old_gimp(runner: Runner, console: Console) -> bool:
    """Whether this system's GIMP is the old one; newer systems have only a newer one."""
    said = runner.run(["apt-cache", "policy", *debian.GIMP], env=dict(os.environ, **debian.QUIET)).output
    candidate = re.search(r"Candidate: (\d\S*)", said)
    if candidate is None or candidate.group(1).startswith(SERIES_OF_APT + "."):
        return True
    console.note("This system's GIMP is %s, so nothing is tried in %s." % (candidate.group(1), SERIES_OF_APT))
    return False


def _has_release(release: chroot.Release, machine: Machine, runner: Runner, console: Console) -> bool:
    """Whether the tests shall count on that GIMP; says why it is not there."""
    hindrance = chroot.hindrance(machine, runner)
    if hindrance:
        console.note("No folder with GIMP %s: %s. The tests that need it are skipped." % (release.series, hindrance))
        return False
    try:
        chroot.ensure(release, machine, runner, console)
    except InstallerError as error:
        console.note("%s\nThe tests that need GIMP %s will fail and say so." % (error, release.series))
    return True
