"""Where a user's files lie on each platform."""

from __future__ import annotations

from pathlib import Path

from restyle.host.home import home_folder, models_folder, server_folder


def test_the_environment_names_the_folder_before_everything_else():
    for platform in ("linux", "darwin", "win32"):
        assert home_folder({"RESTYLE_HOME": "/somewhere"}, platform) == Path("/somewhere")


def test_each_platform_has_its_usual_place():
    assert home_folder({}, "linux") == Path.home() / ".local/share/restyle"
    assert home_folder({}, "darwin") == Path.home() / "Library/Application Support/restyle"
    assert home_folder({"LOCALAPPDATA": "C:/Local"}, "win32") == Path("C:/Local") / "restyle"
    assert home_folder({}, "win32") == Path.home() / "AppData/Local/restyle"


def test_a_flatpak_s_data_folder_is_not_followed():
    assert home_folder({"XDG_DATA_HOME": "/var/elsewhere"}, "linux") == Path.home() / ".local/share/restyle"


def test_models_and_server_lie_in_the_folder(tmp_path):
    assert models_folder(tmp_path) == tmp_path / "models"
    assert server_folder(tmp_path) == tmp_path / "server"
    assert models_folder() == home_folder() / "models"
