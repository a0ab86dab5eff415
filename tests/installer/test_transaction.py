"""Installing, updating and uninstalling on the folder layouts of every platform: all of it or nothing, and back again."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from restyle_installer import flatpak
from restyle_installer.apply import apply
from restyle_installer.errors import InstallerError
from restyle_installer.plan import plan_install
from restyle_installer.record import FILE, read
from tests.installer.installing import ALL_LAYOUTS, install, uninstall
from tests.installer.world import LAYOUTS, World, world_of


@pytest.mark.parametrize("layout", ALL_LAYOUTS)
def test_every_profile_gets_the_plugin_complete_and_executable(tmp_path: Path, layout: str) -> None:
    world = world_of(tmp_path, layout)
    install(world)
    for folder in LAYOUTS[layout]:
        plugin = world.user / folder / "plug-ins" / "restyle"
        for file in world.wanted().files:
            assert (plugin / file.path).read_bytes() == file.data
        assert (plugin / "restyle.py").stat().st_mode & 0o111
        settings = json.loads((plugin / "restyle_plugin/settings.json").read_text(encoding="utf-8"))
        installer = str(world.checkout.root / "installer")
        assert settings == {"python": world.wanted().python, "home": str(world.home), "installer": installer}
    assert Path(world.wanted().python).is_file()


@pytest.mark.parametrize("layout", ALL_LAYOUTS)
def test_uninstalling_leaves_the_folder_as_it_was_before(tmp_path: Path, layout: str) -> None:
    world = world_of(tmp_path, layout)
    before = world.snapshot()
    install(world)
    assert world.snapshot() != before
    uninstall(world)
    assert world.snapshot() == before


@pytest.mark.parametrize("layout", ALL_LAYOUTS)
def test_installing_twice_does_nothing_the_second_time(tmp_path: Path, layout: str) -> None:
    world = world_of(tmp_path, layout)
    install(world)
    plan = plan_install(world.facts("current"), world.wanted())
    assert plan.steps == ()
    assert plan.remarks == ()


@pytest.mark.parametrize("layout", ALL_LAYOUTS)
def test_a_dry_run_says_exactly_what_is_done(tmp_path: Path, layout: str) -> None:
    """The described steps, played on a snapshot, give the snapshot that the real run leaves."""
    world = world_of(tmp_path, layout)
    (world.user / LAYOUTS[layout][0] / "plug-ins" / "restyle").mkdir(parents=True)
    plan = plan_install(world.facts(), world.wanted())
    described = plan.describe()["steps"]
    expected = played(world, described)
    again = plan_install(world.facts(), world.wanted())
    assert again == plan, "planning changed something"
    apply(world.home, again.steps, world.tools())
    after = world.snapshot()
    assert {name for name in after if not _is_in(name, expected["environments"])} == expected["names"] - expected["environments"]
    for name, digest in expected["digests"].items():
        assert _sha256(after[name][1]) == digest


def played(world: World, described: list) -> dict:
    """What the descriptions alone say about the folder afterwards."""
    names, digests, environments = set(world.snapshot()), {}, set()

    def name_of(path: str) -> str:
        return Path(path).relative_to(world.user).as_posix()

    for step in described:
        name, kind = name_of(step["path"]), step["step"]
        if kind in ("make-folder", "write-file"):
            assert Path(name).parent.as_posix() in names | {"."}, f"{name} before its folder"
            names.add(name)
            digests.update({name: step["sha256"]} if kind == "write-file" else {})
        elif kind == "make-environment":
            environments.add(name)
        elif kind == "move":
            moved = {one for one in names if one == name or one.startswith(name + "/")}
            names = (names - moved) | {name_of(step["to"]) + one[len(name) :] for one in moved}
        else:
            raise AssertionError(f"unexpected step {kind}")
    return {"names": names, "digests": digests, "environments": environments}


def _is_in(name: str, folders: set) -> bool:
    return any(name == folder or name.startswith(folder + "/") for folder in folders)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_an_update_removes_what_the_new_version_no_longer_has(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    world.release("1.0.0", restyle_plugin__old__gone="OLD = 1\n")
    install(world)
    plugin = world.user / ".config/GIMP/2.10/plug-ins/restyle"
    (plugin / "restyle_plugin/old/__pycache__").mkdir()
    (plugin / "restyle_plugin/old/__pycache__/gone.cpython-311.pyc").write_bytes(b"compiled")
    world.release("2.0.0", restyle_plugin__menu="MENU = 2\n")
    install(world, "stale", server_runs=True)
    assert not (plugin / "restyle_plugin/old").exists()
    assert (plugin / "restyle_plugin/menu.py").read_text(encoding="utf-8") == "MENU = 2\n"
    assert read(world.home).version == "2.0.0"
    assert world.stopped == [world.home], "the server of the old version was not asked to leave"
    assert Path(world.wanted().python).read_text(encoding="utf-8") == "python of 2.0.0\n"
    assert not list(world.home.glob(".discard-*"))


def test_uninstalling_removes_compiled_files_log_and_server_folder(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    before = world.snapshot()
    install(world)
    cache = world.user / ".config/GIMP/2.10/plug-ins/restyle/restyle_plugin/__pycache__"
    cache.mkdir()
    (cache / "menu.cpython-313.pyc").write_bytes(b"compiled")
    (world.home / "plugin.log").write_text("log", encoding="utf-8")
    (world.home / "server").mkdir()
    (world.home / "server" / "server.log").write_text("log", encoding="utf-8")
    uninstall(world)
    assert world.snapshot() == before


def test_a_profile_that_has_gone_is_forgotten(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    install(world)
    shutil.rmtree(world.user / ".config/GIMP/2.10")
    install(world, "current")
    assert [plugin.series for plugin in read(world.home).plugins] == ["3.0"]


def test_a_flatpak_gimp_is_allowed_to_start_the_server_and_its_other_overrides_survive(tmp_path: Path) -> None:
    world = world_of(tmp_path, "flatpak")
    path = flatpak.overrides_file(world.user)
    path.parent.mkdir(parents=True)
    path.write_text("[Context]\nfilesystems=/data;\n", encoding="utf-8")
    before = world.snapshot()
    install(world)
    assert flatpak.is_allowed(path.read_text(encoding="utf-8"))
    uninstall(world)
    assert world.snapshot() == before


def test_a_python_of_the_users_own_needs_no_environment(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    install(world)
    steps = list(plan_install(world.facts("current"), world.wanted(with_environment=False)).steps)
    apply(world.home, steps, world.tools())
    assert not world.env.exists()
    assert read(world.home).env == ""


def test_a_record_that_cannot_be_read_stops_before_anything_is_touched(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    install(world)
    (world.home / FILE).write_text('{"schema": 1, "plugins": [', encoding="utf-8")
    before = world.snapshot()
    with pytest.raises(InstallerError, match="cannot be read"):
        world.facts()
    (world.home / FILE).write_text('{"schema": 99, "version": "9.0"}', encoding="utf-8")
    with pytest.raises(InstallerError, match="newer installer"):
        world.facts()
    (world.home / FILE).write_bytes(before[(world.home / FILE).relative_to(world.user).as_posix()][1])
    assert world.snapshot() == before


def test_other_plugins_find_gimpfu_and_an_own_file_of_that_name_stays(tmp_path: Path) -> None:
    world = World(tmp_path).add(*LAYOUTS["all of Linux"])
    changed = world.user / ".config/GIMP/3.2/environ/restyle-python-fu.env"
    changed.parent.mkdir()
    changed.write_text("my own\n", encoding="utf-8")
    install(world)
    text = (world.user / ".config/GIMP/2.10/environ/restyle-python-fu.env").read_text(encoding="utf-8")
    assert ": PYTHONPATH=${gimp_plug_in_dir}/python:${gimp_dir}/plug-ins/restyle/python_fu\n" in text
    assert changed.read_text(encoding="utf-8") == "my own\n"
    assert (world.user / ".config/GIMP/3.2/interpreters/restyle-python-fu.interp").is_file()
    assert not (world.user / ".config/GIMP/2.10/interpreters").exists()
    uninstall(world)
    assert changed.read_text(encoding="utf-8") == "my own\n"
    assert not (world.user / ".config/GIMP/2.10/environ").exists()
