"""Where profiles and Restyle's own folder are, on each platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from restyle_installer.place import Place, is_supported, profiles, restyle_home
from tests.installer.world import LAYOUTS, world_of


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_every_profile_of_a_layout_is_found(tmp_path: Path, layout: str) -> None:
    world = world_of(tmp_path, layout)
    found = profiles(world.place)
    assert {profile.path for profile in found} == {world.user / folder for folder in LAYOUTS[layout]}
    for profile in found:
        assert profile.series == profile.path.name
        kinds = {".var": "flatpak", "snap": "snap"}
        assert profile.kind == kinds.get(profile.path.relative_to(world.user).parts[0], "native")
        assert profile.exists


def test_a_gimp_that_was_never_started_gets_the_profile_that_it_will_make(tmp_path: Path) -> None:
    place = world_of(tmp_path, "linux").place
    found = profiles(place, [("3.2", "native"), ("3.0", "flatpak"), ("2.10", "native")])
    assert [(one.series, one.kind, one.exists) for one in found] == [
        ("2.10", "native", True),
        ("3.0", "flatpak", False),
        ("3.0", "native", True),
        ("3.2", "native", False),
    ]
    assert found[1].path == place.user_home / ".var/app/org.gimp.GIMP/config/GIMP/3.0"


def test_variables_of_gimp_and_of_the_desktop_are_followed(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "GIMP3_DIRECTORY": str(tmp_path / "three")}
    (tmp_path / "config/GIMP/2.10").mkdir(parents=True)
    found = profiles(Place("linux", environ, tmp_path), [("3.2", "native")])
    assert [(one.path, one.series) for one in found] == [(tmp_path / "config/GIMP/2.10", "2.10"), (tmp_path / "three", "3.2")]


@pytest.mark.parametrize(
    ("series", "supported"),
    [("2.10", True), ("3.0", True), ("3.2", True), ("2.8", False), ("2.99", False), ("backup", False), ("3", False)],
)
def test_profiles_of_other_gimps_are_left_alone(series: str, supported: bool) -> None:
    assert is_supported(series) is supported


@pytest.mark.parametrize(
    ("system", "environ", "expected"),
    [
        ("linux", {"XDG_DATA_HOME": "/elsewhere"}, "/home/ada/.local/share/restyle"),
        ("macos", {}, "/home/ada/Library/Application Support/restyle"),
        ("windows", {"LOCALAPPDATA": "/local"}, "/local/restyle"),
        ("windows", {}, "/home/ada/AppData/Local/restyle"),
        ("linux", {"RESTYLE_HOME": "/data/restyle"}, "/data/restyle"),
    ],
)
def test_restyles_own_folder_is_the_one_of_the_platform(system: str, environ: dict, expected: str) -> None:
    assert restyle_home(Place(system, environ, Path("/home/ada"))) == Path(expected)


@pytest.mark.parametrize("system", ["linux", "macos", "windows"])
def test_installer_and_core_mean_the_same_folder(system: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from restyle.host.home import home_folder

    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    platform = {"linux": "linux", "macos": "darwin", "windows": "win32"}[system]
    for environ in ({}, {"LOCALAPPDATA": "/local", "XDG_DATA_HOME": "/elsewhere"}, {"RESTYLE_HOME": "/data/restyle"}):
        assert restyle_home(Place(system, environ, tmp_path)) == home_folder(environ, platform)
