"""The plug-in's folder as it goes into a GIMP profile: which files, with which contents and rights."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from . import help_pages

__all__ = ["FOLDER", "SETTINGS", "TRANSLATORS_SUFFIXES", "PluginFile", "files", "own_files", "settings_text", "sha256"]

# GIMP skips a plug-in whose folder and file are named differently.
FOLDER = "restyle"
SETTINGS = "restyle_plugin/settings.json"
EXECUTABLE, ORDINARY = 0o755, 0o644
IGNORED_FOLDERS = ("__pycache__",)
# Translators' sources are no use in a profile.
TRANSLATORS_SUFFIXES = (".po", ".pot")
IGNORED_SUFFIXES = (".pyc", ".pyo", *TRANSLATORS_SUFFIXES)


@dataclass(frozen=True)
class PluginFile:
    """One file: path below the plug-in's folder (with `/`), contents, rights."""

    path: str
    data: bytes
    mode: int

    @property
    def sha256(self) -> str:
        return sha256(self.data)


def files(source: Path, python: str, home: str) -> list[PluginFile]:
    """All files of an installed plug-in, in the order of their paths: the source's own, the guide as its help, the settings."""
    settings = PluginFile(
        SETTINGS, settings_text(python, home, source.absolute().parents[1] / "installer").encode("utf-8"), ORDINARY
    )
    return sorted([*own_files(source), settings], key=lambda file: file.path)


def own_files(source: Path) -> list[PluginFile]:
    """The same without the settings, which each computer has its own of."""
    found = [
        PluginFile(path.relative_to(source).as_posix(), path.read_bytes(), _mode(path, source))
        for path in source.rglob("*")
        if path.is_file() and not _is_ignored(path.relative_to(source))
    ]
    guide = help_pages.pages(source.parents[1] / "docs", source)
    found += [PluginFile("%s/%s" % (help_pages.FOLDER, path), data, ORDINARY) for path, data in guide.items()]
    return sorted(found, key=lambda file: file.path)


def settings_text(python: str, home: str, installer: Path, version: str = "") -> str:
    """What tells the plug-in which Python runs the server, in which folder it lives, and where the installer with its doctor is;
    a packed one, for which version."""
    told = {"python": python, "home": home, "installer": str(installer), **({"version": version} if version else {})}
    return json.dumps(told, indent=2, sort_keys=True) + "\n"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _mode(path: Path, source: Path) -> int:
    """GIMP starts plug-ins/restyle/restyle.py itself, and only if it may be executed."""
    return EXECUTABLE if path.parent == source and path.stem == FOLDER else ORDINARY


def _is_ignored(path: Path) -> bool:
    named = path.as_posix()
    return path.suffix in IGNORED_SUFFIXES or named == SETTINGS or any(part in IGNORED_FOLDERS for part in path.parts)
