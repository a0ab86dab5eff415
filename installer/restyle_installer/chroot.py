"""GIMPs beside the system's own: each in a folder with a Debian that has it, made by debootstrap and kept."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .console import Console
from .errors import InstallerError
from .machine import Machine
from .runner import Runner

__all__ = ["RELEASES", "Release", "cache_folder", "ensure", "hindrance", "is_complete"]

# debootstrap and apt check what they fetch by Debian's signatures; by https, nobody sees or changes what is asked for either.
MIRRORS = ("https://deb.debian.org/debian", "https://ftp.debian.org/debian")
SCRIPTS = Path("/usr/share/debootstrap/scripts")
# debootstrap's own, for a release that it does not know yet: its scripts of all newer releases are this one.
NEWEST_SCRIPT = "sid"
# Without certificates, apt inside the folder can reach no mirror by https.
BASE_PACKAGES = "ca-certificates"
PACKAGES = ("gimp",)
MARKER = ".restyle-complete.json"
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
# A mirror that lags serves an index past its date. It is signed all the same, and what tests need of it is a GIMP, not the news.
OPTIONS = ("-o", "Acquire::Check-Valid-Until=false")
LIMIT_S = 1200.0
MOUNT_PROBE = ("unshare", "--mount", "mount", "--make-rprivate", "/")


@dataclass(frozen=True)
class Release:
    """A release of Debian, and the series of the GIMP in it."""

    suite: str
    series: str

    @property
    def console(self) -> str:
        """Where this GIMP's program lies, below the folder."""
        return "usr/bin/gimp-console-" + self.series

    @property
    def folder(self) -> Path:
        return cache_folder() / self.suite


RELEASES = (Release("trixie", "3.0"), Release("forky", "3.2"))
"""What the tests ask for; the suites' names stand in tests/gimp/gimp3_driver.py, too."""


def cache_folder() -> Path:
    """Where what the tests need is kept between runs: RESTYLE_TEST_CACHE, or a folder of the user's."""
    named = os.environ.get("RESTYLE_TEST_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "restyle-dev"


def hindrance(machine: Machine, runner: Runner) -> str:
    """Why no such folder can be made and entered on this machine; empty where nothing is known against it."""
    if not machine.can_apt:
        return "that needs root and apt"
    # The tests enter the folder with mounts of their own; containers often forbid that even to root.
    probe = runner.run(MOUNT_PROBE)
    return "" if probe.succeeded else "mounts are not allowed here (%s)" % probe.output.strip()


def ensure(release: Release, machine: Machine, runner: Runner, console: Console) -> Path:
    """The folder with that GIMP in it, made where it is missing. Raises InstallerError where that does not succeed."""
    folder = release.folder
    if not is_complete(release, folder, runner):
        _clear(folder)
        _make(release, machine, runner, console)
    console.note("GIMP %s is in %s" % (release.series, folder))
    return folder


def is_complete(release: Release, folder: Path, runner: Runner) -> bool:
    """Whether it was finished: by its marker, or by its GIMP, which answers only when all its libraries are there."""
    if not (folder / release.console).is_file():
        return False
    if (folder / MARKER).is_file():
        return True
    completed = runner.run(["chroot", folder, "/" + release.console, "--version"])
    if completed.succeeded:
        _mark(release, folder)
    return completed.succeeded


def _make(release: Release, machine: Machine, runner: Runner, console: Console) -> None:
    """Built under another name and renamed last, so that a half-made one is never taken for a whole one."""
    debian.ensure(["debootstrap", "ca-certificates"], machine, runner, console)
    folder = release.folder
    part = folder.with_name(folder.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    console.note("debootstrap %s and GIMP %s into %s (about three minutes)" % (release.suite, release.series, folder))
    _from_a_mirror(release, part, runner, console)
    runner.check(["chroot", part, "/" + release.console, "--version"])
    _mark(release, part)
    part.rename(folder)


def _from_a_mirror(release: Release, part: Path, runner: Runner, console: Console) -> None:
    """The release and its GIMP from the first mirror that has all of it. Raises InstallerError where none has."""
    for mirror in MIRRORS:
        try:
            _clear(part)
            _fill(release, part, mirror, runner)
            return
        except InstallerError as error:
            failed = error
            console.note("%s\n%s did not do." % (error, mirror))
    raise failed


def _fill(release: Release, part: Path, mirror: str, runner: Runner) -> None:
    env = dict(os.environ, **debian.QUIET)
    script = [] if (SCRIPTS / release.suite).exists() else [SCRIPTS / NEWEST_SCRIPT]
    options = ["--variant=minbase", "--include=" + BASE_PACKAGES]
    runner.check(["debootstrap", *options, release.suite, part, mirror, *script], env=env, timeout_s=LIMIT_S)
    inside: list[str | Path] = ["chroot", part, "apt-get", *OPTIONS, *debian.OPTIONS]
    _trust_what_we_trust(part)
    runner.check([*inside, "update"], env=env, timeout_s=LIMIT_S)
    runner.check([*inside, "install", "--no-install-recommends", *PACKAGES], env=env, timeout_s=LIMIT_S)


def _trust_what_we_trust(part: Path) -> None:
    """Behind a proxy with an authority of its own, https works inside as it does outside."""
    ours, theirs = Path("/") / CERTIFICATES, part / CERTIFICATES
    if ours.is_file() and theirs.is_file():
        shutil.copyfile(str(ours), str(theirs))


def _mark(release: Release, folder: Path) -> None:
    text = json.dumps({"suite": release.suite, "packages": PACKAGES}, sort_keys=True)
    (folder / MARKER).write_text(text + "\n", encoding="utf-8")


def _clear(folder: Path) -> None:
    """Remove a folder, unless something is mounted inside it, which would be removed with it. Raises InstallerError."""
    if not folder.exists():
        return
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    inside = [line.split()[1] for line in mounts.splitlines() if line.split()[1].startswith(str(folder) + "/")]
    if inside:
        raise InstallerError("%s is half made, but %s is mounted in it; unmount it first." % (folder, inside[0]))
    shutil.rmtree(str(folder))
