"""`package`: the plug-in as a ZIP for each platform, to be unpacked into GIMP's plug-ins; it sets itself up from within GIMP."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Iterator

from restyle_plugin.words import amount

from . import user_environment
from .checkout import PACKED, Checkout
from .console import Console
from .plugin_folder import EXECUTABLE, FOLDER, ORDINARY, TRANSLATORS_SUFFIXES, PluginFile, own_files

__all__ = ["PLATFORMS", "contents", "package"]

PLATFORMS = ("linux", "windows", "macos")
UV = "installer/uv.json"
INSTALLER = ("installer",)
# The same files give the same ZIP on whatever day it is made; the format begins in 1980.
DAY = (1980, 1, 1, 0, 0, 0)
UNIX = 3


def package(checkout: Checkout, console: Console) -> int:
    """Write build/packages/restyle-VERSION-PLATFORM.zip for each platform."""
    folder = checkout.build / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    for platform in PLATFORMS:
        path = folder / ("restyle-%s-%s.zip" % (checkout.version(), platform))
        with zipfile.ZipFile(str(path), "w", zipfile.ZIP_DEFLATED) as packed:
            for file in contents(checkout, platform):
                packed.writestr(_entry(file), file.data)
        console.say("%s (%s)" % (path, amount(path.stat().st_size)))
    return 0


def contents(checkout: Checkout, platform: str) -> list[PluginFile]:
    """The files, below the plug-in's folder: the plug-in, and in setup/ what its environment is made of."""
    return sorted([*own_files(checkout.plugin), *_setup_files(checkout, platform)], key=lambda file: file.path)


def _setup_files(checkout: Checkout, platform: str) -> Iterator[PluginFile]:
    for name in (*user_environment.SOURCES, *INSTALLER):
        top = checkout.root / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not user_environment.is_made(path) and path.suffix not in TRANSLATORS_SUFFIXES:
                place = path.relative_to(checkout.root).as_posix()
                yield PluginFile("%s/%s" % (PACKED, place), _data(path, place, platform), ORDINARY)


def _data(path: Path, place: str, platform: str) -> bytes:
    """A file's contents; of the places of uv those for the platform alone."""
    if place != UV:
        return path.read_bytes()
    known = json.loads(path.read_text(encoding="utf-8"))
    here = {kind: where for kind, where in known.items() if kind.startswith(platform + "-")}
    return json.dumps(here, indent=1, sort_keys=True).encode("utf-8")


def _entry(file: PluginFile) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("%s/%s" % (FOLDER, file.path), DAY)
    entry.create_system, entry.compress_type = UNIX, zipfile.ZIP_DEFLATED
    entry.external_attr = (0o100000 | (EXECUTABLE if file.mode == EXECUTABLE else ORDINARY)) << 16
    return entry
