"""Where things of a user's lie: Restyle's own folder, and the profiles of each GIMP. Facts; nothing is changed."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Mapping

from .machine import SYSTEMS

__all__ = ["Place", "Profile", "env_python", "here", "is_supported", "profiles", "restyle_home"]

SERIES = re.compile(r"^(\d+)\.(\d+)$")
FLATPAK_APP = "org.gimp.GIMP"


@dataclass(frozen=True)
class Place:
    """Where to look: the kind of system, the environment variables, the user's own folder. Tests make their own."""

    system: str
    environ: Mapping[str, str]
    user_home: Path


@dataclass(frozen=True)
class Profile:
    """A GIMP profile: its folder, GIMP's series (2.10, 3.0, …), native, flatpak or snap, and whether it is there yet."""

    path: Path
    series: str
    kind: str = "native"
    exists: bool = True

    @property
    def name(self) -> str:
        return "GIMP %s" % self.series if self.kind == "native" else "GIMP %s (%s)" % (self.series, self.kind)

    @property
    def plugin(self) -> Path:
        """The plug-in's folder in this profile."""
        return self.path / "plug-ins" / "restyle"


def here() -> Place:
    """The place of the user who runs this."""
    import sys

    return Place(SYSTEMS.get(sys.platform, "linux"), dict(os.environ), Path.home())


def restyle_home(place: Place) -> Path:
    """Restyle's own folder: the same one that the core and the plug-in compute."""
    named = place.environ.get("RESTYLE_HOME")
    if named:
        return Path(os.path.abspath(named))
    if place.system == "windows":
        local = place.environ.get("LOCALAPPDATA")
        return (Path(local) if local else place.user_home / "AppData" / "Local") / "restyle"
    if place.system == "macos":
        return place.user_home / "Library" / "Application Support" / "restyle"
    # Not XDG_DATA_HOME: inside a Flatpak it is another folder, and GIMP's plug-in and the server must agree.
    return place.user_home / ".local" / "share" / "restyle"


def env_python(env: Path, system: str) -> Path:
    """The Python of a virtual environment."""
    return env / "Scripts" / "python.exe" if system == "windows" else env / "bin" / "python"


def profiles(place: Place, started: Iterable[tuple[str, str]] = ()) -> list[Profile]:
    """The profiles that are there, and those that the GIMPs in `started`, pairs (series, kind), will make when first used."""
    started = list(started)
    found: dict[tuple[str, str], Profile] = {}
    for kind, parent in _parents(place):
        for folder in sorted(parent.iterdir()) if parent.is_dir() else ():
            if folder.is_dir() and is_supported(folder.name):
                found[(folder.name, kind)] = Profile(folder, folder.name, kind)
    parents = dict(_parents(place))
    for series, kind in started:
        if is_supported(series) and kind in parents:
            found.setdefault((series, kind), Profile(parents[kind] / series, series, kind, exists=False))
    found.update(_named(place, [series for series, kind in started if kind == "native"]))
    return [found[key] for key in sorted(found, key=lambda key: (_numbers(key[0]), key[1]))]


def _named(place: Place, native: list[str]) -> dict[tuple[str, str], Profile]:
    """The profiles that GIMP's own environment variables name; they are used instead of the usual ones."""
    found = {}
    for variable, usual in (("GIMP2_DIRECTORY", "2.10"), ("GIMP3_DIRECTORY", "3.0")):
        named = place.environ.get(variable)
        if named:
            series = next((one for one in native if one[0] == usual[0]), usual)
            path = Path(os.path.abspath(named))
            found[(series, "native")] = Profile(path, series, exists=path.is_dir())
    return found


def is_supported(series: str) -> bool:
    """2.10, and 3.0 and newer; 2.99 was a preview whose interface is gone."""
    match = SERIES.match(series)
    return bool(match) and ((numbers := _numbers(series)) == (2, 10) or numbers >= (3, 0))


def _numbers(series: str) -> tuple[int, ...]:
    return tuple(int(part) for part in series.split("."))


def _parents(place: Place) -> list[tuple[str, Path]]:
    """(kind, folder that holds one profile per series), the preferred one of a kind first."""
    home, environ = place.user_home, place.environ
    if place.system == "windows":
        roaming = environ.get("APPDATA")
        return [("native", (Path(roaming) if roaming else home / "AppData" / "Roaming") / "GIMP")]
    if place.system == "macos":
        return [("native", home / "Library" / "Application Support" / "GIMP")]
    config = environ.get("XDG_CONFIG_HOME")
    return [
        ("native", (Path(config) if config else home / ".config") / "GIMP"),
        ("flatpak", home / ".var" / "app" / FLATPAK_APP / "config" / "GIMP"),
        # snapd links `current` to the revision in use and copies its folder when the snap is refreshed.
        ("snap", home / "snap" / "gimp" / "current" / ".config" / "GIMP"),
    ]
