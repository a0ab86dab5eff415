"""All that a plan is made from, read once; making the plan then needs nothing but these values."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Tuple

from . import flatpak, record
from .place import Place, Profile
from .plugin_folder import FOLDER, PluginFile, sha256
from .record import Record

__all__ = ["CURRENT", "MISSING", "STALE", "Facts", "Tree", "Wanted", "gather"]

CURRENT, STALE, MISSING = "current", "stale", "missing"
ASIDE = ".discard-%d"
REPLACED = "restyle-replaced"

# {path below a folder: (SHA-256, rights)}; typing's own names, for Python 3.8 reads this line.
Tree = Dict[str, Tuple[str, int]]


@dataclass(frozen=True)
class Wanted:
    """What shall be installed: version, the plug-in's files (settings included), Python, environment (None: Python is given).

    system: as of Place, for what lies beside the plug-in; "" for nothing.
    """

    version: str
    files: tuple[PluginFile, ...]
    python: str
    env: Path | None = None
    env_fingerprint: str = ""
    system: str = ""


@dataclass(frozen=True)
class Facts:
    """How the user's machine is. present: profile path → {path below the plug-in's folder: (SHA-256, rights)};
    links: paths of the profiles whose plug-in is a link to a folder elsewhere; beside: profile path → {path below it: content}.

    folders and names hold absolute paths: the folders that exist of those that matter, and what lies in them.
    """

    home: Path
    profiles: tuple[Profile, ...] = ()
    present: dict[str, Tree] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    beside: dict[str, dict[str, bytes]] = field(default_factory=dict)
    folders: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    record: Record | None = None
    env_state: str = MISSING
    flatpak_file: Path | None = None
    flatpak_text: str | None = None
    server_runs: bool = False
    leftovers: tuple[Path, ...] = ()

    def missing_folders(self, path: Path) -> list[Path]:
        """The folder and those of its parents that are not there, parents first."""
        missing = []
        while str(path) not in self.folders and path != path.parent:
            missing.append(path)
            path = path.parent
        return missing[::-1]


def gather(place: Place, home: Path, found: list[Profile], env_state: str, server_runs: bool) -> Facts:
    """Read the facts. Raises InstallerError where the record cannot be read."""
    known = record.read(home)
    all_profiles = [*found, *_recorded_only(known, found)]
    overrides = flatpak.overrides_file(place.user_home)
    targets = [home, home / "server", home / "models", overrides.parent]
    targets += [profile.plugin for profile in all_profiles]
    targets += [profile.path / name for profile in all_profiles for name in record.BESIDE]
    folders = {str(parent) for target in targets for parent in (target, *target.parents) if parent.is_dir()}
    folders |= {str(path) for profile in all_profiles for path in profile.plugin.rglob("*") if path.is_dir()}
    lists = [
        home,
        home / "models",
        *(profile.path for profile in all_profiles),
        *(profile.path / "plug-ins" for profile in all_profiles),
    ]
    names = {str(path) for folder in lists if folder.is_dir() for path in folder.iterdir()}
    return Facts(
        home=home,
        profiles=tuple(all_profiles),
        present={str(one.path): read_tree(one.plugin) for one in all_profiles if os.path.lexists(str(one.plugin))},
        links=frozenset(str(one.path) for one in all_profiles if one.plugin.is_symlink()),
        beside={str(one.path): _beside(one.path) for one in all_profiles},
        folders=frozenset(folders),
        names=frozenset(names),
        record=known,
        env_state=env_state,
        flatpak_file=overrides,
        flatpak_text=overrides.read_text(encoding="utf-8") if overrides.is_file() else None,
        server_runs=server_runs,
        leftovers=tuple(sorted(home.glob(ASIDE.replace("%d", "*")))) if home.is_dir() else (),
    )


def read_tree(folder: Path) -> Tree:
    """{path below the folder: (SHA-256, rights)} of everything in it that is not a folder."""
    found = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = (sha256(path.read_bytes()), path.stat().st_mode & 0o777)
        elif not path.is_dir():
            found[path.relative_to(folder).as_posix()] = ("", 0)
    return found


def _beside(profile: Path) -> dict[str, bytes]:
    """{path below the profile: content} of the small files in the folders beside its plug-ins."""
    paths = [path for name in record.BESIDE for path in sorted((profile / name).glob("restyle-*")) if path.is_file()]
    return {path.relative_to(profile).as_posix(): path.read_bytes() for path in paths}


def _recorded_only(known: Record | None, found: list[Profile]) -> list[Profile]:
    """Profiles that have the plug-in though nothing else points to them."""
    seen = {str(profile.path) for profile in found}
    plugins = known.plugins if known else ()
    missing = [Profile(Path(one.profile), one.series, one.kind) for one in plugins if one.profile not in seen]
    return [profile for profile in missing if (profile.path / "plug-ins" / FOLDER).is_dir()]
