"""The GIMPs that a test asks for: where there is none it is skipped with the reason, or fails where one was promised."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from tests.availability import lacking
from tests.gimp.gimp2_driver import Gimp2, pythons
from tests.gimp.gimp3_driver import Installation, find_installation

from restyle_installer.place import Profile
from restyle_installer.python_fu import files

__all__ = ["gimp3_of", "need_gimp2", "put_path", "python_of"]


def gimp3_of(series: str) -> Installation:
    """The GIMP of that series, 3.0 or 3.2."""
    found = _found(series)
    if isinstance(found, str):
        lacking(f"gimp-{series}", found)
    return found


def need_gimp2() -> None:
    """There is a GIMP 2.10."""
    if reason := Gimp2.available():
        lacking("gimp-2.10", reason)


def python_of(version: str) -> str:
    """A Python, 3 or 2.7, that a GIMP 2.10 runs plug-ins with; no machine has to have the old one."""
    if version not in pythons():
        pytest.skip(f"no Python {version} with ctypes")
    return pythons()[version]


def put_path(profile: Path, series: str) -> None:
    """Write into a profile what the installer does: GIMP's plug-ins find the modules of Python-Fu, and a Python."""
    for name, text in files("linux", Profile(profile, series)).items():
        (profile / name).parent.mkdir(exist_ok=True)
        (profile / name).write_text(text)


@functools.cache
def _found(series: str) -> Installation | str:
    return find_installation(series)
