"""What was installed, file by file, with hashes: written last, read by update, uninstall and doctor."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from .errors import InstallerError
from .words import _

__all__ = ["BESIDE", "FILE", "Installed", "Record", "read"]

FILE = "install.json"
SCHEMA = 1
BESIDE = ("environ", "interpreters")
"""Folders of a profile, besides its plug-ins, that something is put into."""


@dataclass(frozen=True)
class Installed:
    """The plug-in in one profile: files maps a path below the plug-in's folder to the SHA-256 of what was written."""

    profile: str
    series: str
    kind: str
    files: dict[str, str]
    # What was in the plug-in's place before, and where it lies now; empty where nothing was.
    replaced_by: str = ""
    # What lies elsewhere in the profile: path below the profile → SHA-256.
    beside: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """One installation. Paths are absolute. folders: those that it made, parents first."""

    version: str
    home: str
    python: str
    env: str = ""
    env_fingerprint: str = ""
    plugins: tuple[Installed, ...] = ()
    folders: tuple[str, ...] = ()
    flatpak_override: str = ""
    schema: int = field(default=SCHEMA)

    def text(self) -> str:
        """As JSON; the same record is always the same text."""
        data = dict(self.__dict__, plugins=[plugin.__dict__ for plugin in self.plugins], folders=list(self.folders))
        return json.dumps(data, indent=2, sort_keys=True) + "\n"


def read(home: Path) -> Record | None:
    """The record in this home, None where there is none. Raises InstallerError where it cannot be understood."""
    path = home / FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["schema"] > SCHEMA:
            text = _("%(file)s was written by a newer installer (version %(version)s); use that one.")
            raise InstallerError(text % {"file": path, "version": data["version"]})
        plugins = tuple(Installed(**plugin) for plugin in data.pop("plugins"))
        return Record(plugins=plugins, folders=tuple(data.pop("folders")), **data)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        text = _(
            "%(file)s cannot be read (%(reason)s). Restore it, or remove it together with the folder plug-ins/restyle of each "
            "GIMP profile and install again."
        )
        raise InstallerError(text % {"file": path, "reason": error}) from error
