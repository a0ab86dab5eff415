"""Core and plug-in are installed apart and must look for the user's folder in the same place."""

import os
import sys
from pathlib import Path

import pytest

from restyle.host.home import home_folder, server_folder
from restyle_plugin import home as plugin_home


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("local", [None, "/users/me/AppData/Local"])
def test_core_and_plug_in_agree_on_the_home(platform: str, local: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESTYLE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere/else")
    if local:
        monkeypatch.setenv("LOCALAPPDATA", local)
    monkeypatch.setattr(sys, "platform", platform)
    assert Path(plugin_home.home()) == home_folder(os.environ, platform)


def test_core_and_plug_in_follow_restyle_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTYLE_HOME", "/a/folder/ö")
    assert Path(plugin_home.home()) == home_folder() == Path("/a/folder/ö")
    assert Path(plugin_home.server_folder()) == server_folder()


def test_the_installer_s_settings_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESTYLE_HOME")
    monkeypatch.delenv("RESTYLE_PYTHON", raising=False)
    monkeypatch.setattr(plugin_home, "__file__", str(tmp_path / "home.py"))
    (tmp_path / "settings.json").write_text('{"python": "/venv/bin/python", "home": "/a/home"}', encoding="utf-8")
    assert (plugin_home.python(), plugin_home.home()) == ("/venv/bin/python", "/a/home")
    for damaged in ("{", "[]", "3", "null"):
        (tmp_path / "settings.json").write_text(damaged, encoding="utf-8")
        assert (plugin_home.python(), plugin_home.settings()) == (None, {})
