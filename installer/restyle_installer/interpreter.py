"""Which Python the environment is made with: the running one, or a newer one that is on PATH."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from .errors import NoPython, Refused
from .runner import Runner
from .words import _

__all__ = ["NEWEST", "OLDEST", "Interpreter", "choose", "find", "refuse_hidden"]

# The core's `requires-python`, and the newest Python that all of the locked packages are built for.
OLDEST = (3, 10)
NEWEST = (3, 14)
# In the path of the Microsoft Store's Python: what it writes below AppData goes to a place of its own.
STORE = "WindowsApps"
PROBE = "import struct, sys; print('%d.%d.%d %d %s' % (sys.version_info[:3] + (struct.calcsize('P') * 8, sys.executable)))"


@dataclass(frozen=True)
class Interpreter:
    """A Python that runs: absolute path, version, width of a pointer in bits."""

    path: str
    version: tuple[int, ...]
    bits: int = 64

    @property
    def fits(self) -> bool:
        """Whether the core and its PyTorch run on it."""
        return OLDEST <= self.version[:2] <= NEWEST and self.bits == 64 and STORE not in self.path


def choose(found: list[Interpreter]) -> Interpreter:
    """The first that fits. Raises NoPython, which names those that were found."""
    for interpreter in found:
        if interpreter.fits:
            return interpreter
    names = ", ".join("%s (%s)" % (one.path, ".".join(map(str, one.version))) for one in found) or _("none")
    text = _(
        "Restyle needs a 64-bit Python from %(oldest)s to %(newest)s; found: %(found)s. Install one (Debian, Ubuntu: "
        "apt-get install python3 python3-venv) and start the installer again."
    )
    raise NoPython(text % {"oldest": "%d.%d" % OLDEST, "newest": "%d.%d" % NEWEST, "found": names})


def refuse_hidden(running: str = sys.executable) -> None:
    """Raises Refused where this very Python writes to where GIMP does not look."""
    if STORE in running:
        text = _(
            "This Python is the Microsoft Store's, and other programs do not see what it writes. Install Python from python.org, "
            "and start the installer with it: py installer install"
        )
        raise Refused(text)


def find(runner: Runner) -> list[Interpreter]:
    """Every Python 3 at hand: the running one first, then those on PATH, newest first. Those that do not run are left out."""
    names = ["python3.%d" % minor for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    paths = [sys.executable] + [path for path in map(runner.which, [*names, "python3", "python"]) if path]
    probed = (_probe(runner, path) for path in dict.fromkeys(paths))
    return [interpreter for interpreter in probed if interpreter]


def _probe(runner: Runner, path: str) -> Interpreter | None:
    completed = runner.run([path, "-c", PROBE], timeout_s=20)
    words = completed.output.split(None, 2)
    if not completed.succeeded or len(words) != 3:
        return None
    version = tuple(int(part) for part in words[0].split("."))
    return Interpreter(words[2].strip(), version, int(words[1]))
