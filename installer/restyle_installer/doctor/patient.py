"""What the checks look at, found once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

from .. import gimps, record
from ..errors import InstallerError
from ..facts import Tree, read_tree
from ..installation import Installation
from ..place import Profile, profiles
from ..record import Installed, Record
from ..runner import Completed
from ..words import _

__all__ = ["Patient", "look"]


@dataclass(frozen=True)
class Patient:
    """The user's machine as the checks see it. record is None, with a reason, where there is none that can be read."""

    work: Installation
    home: Path
    record: Record | None
    why_no_record: str
    gimps: tuple[gimps.Gimp, ...]
    profiles: tuple[Profile, ...]

    @property
    def python(self) -> str:
        """The Python that runs the server; empty where none is known."""
        return self.record.python if self.record else ""

    def installed(self, profile: Profile) -> Installed | None:
        plugins = self.record.plugins if self.record else ()
        return next((one for one in plugins if one.profile == str(profile.path)), None)

    def tree(self, profile: Profile) -> Tree:
        return read_tree(profile.plugin)

    def run(self, argv: Sequence[str | Path], **options: Any) -> Completed:
        return self.work.runner.run(argv, **options)


def look(work: Installation) -> Patient:
    """Read what there is; never raises for a broken record."""
    why, known = "", None
    try:
        known = record.read(work.home)
        why = "" if known else _("%s is not there") % (work.home / record.FILE)
    except InstallerError as error:
        why = str(error)
    found = gimps.find(work.machine, work.runner)
    places = profiles(work.place, [(gimp.series, gimp.kind) for gimp in found])
    return Patient(work, work.home, known, why, tuple(found), tuple(places))
