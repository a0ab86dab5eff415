"""Installing, updating and uninstalling on the folder layouts of every platform: all of it or nothing, and back again."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restyle_installer import flatpak
from restyle_installer.apply import apply
from restyle_installer.errors import InstallerError
from restyle_installer.plan import plan_install
from restyle_installer.plan_removal import plan_uninstall
from restyle_installer.record import FILE, read
from restyle_installer.steps import Step
from tests.installer.world import LAYOUTS, World, world_of

ALL_LAYOUTS = sorted(LAYOUTS)


def install(world: World, env_state: str = "missing", **options) -> None:
    apply(world.home, plan_install(world.facts(env_state, **options), world.wanted()).steps, world.tools())


def uninstall(world: World, *, purge: bool = False) -> None:
    apply(world.home, plan_uninstall(world.facts("current"), purge=purge).steps, world.tools())


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


def prepared(root: Path, state: str) -> tuple:
    """(world, its plan) for each kind of transaction."""
    world = world_of(root, "all of Linux")
    foreign = world.user / LAYOUTS["all of Linux"][0] / "plug-ins" / "restyle"
    foreign.mkdir(parents=True)
    (foreign / "restyle.py").write_text("somebody else's", encoding="utf-8")
    if state == "install":
        return world, plan_install(world.facts(server_runs=True), world.wanted())
    install(world)
    (world.home / "server").mkdir()
    (world.home / "server" / "server.log").write_text("log", encoding="utf-8")
    (world.home / "plugin.log").write_text("log", encoding="utf-8")
    if state == "uninstall":
        return world, plan_uninstall(world.facts("current", server_runs=True), purge=True)
    plugin = world.user / LAYOUTS["all of Linux"][1] / "plug-ins" / "restyle"
    (plugin / "restyle_plugin" / "menu.py").write_text("changed by the user", encoding="utf-8")
    (plugin / "restyle_plugin" / "__pycache__").mkdir()
    (plugin / "restyle_plugin" / "__pycache__" / "menu.cpython-311.pyc").write_bytes(b"old")
    world.release("2.0.0", restyle_plugin__menu="MENU = 2\n", restyle_plugin__new="NEW = 1\n")
    return world, plan_install(world.facts("stale", server_runs=True), world.wanted())


def step_count(state: str, root: Path) -> int:
    return len(prepared(root, state)[1].steps)


@pytest.mark.parametrize("state", ["install", "update", "uninstall"])
@pytest.mark.parametrize("interruption", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["failure", "Ctrl-C"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_whatever_ends_it_at_any_step_leaves_every_byte_as_it_was(tmp_path, monkeypatch, state, interruption, moment) -> None:
    for index in range(step_count(state, tmp_path / "count")):
        world, plan = prepared(tmp_path / str(index), state)
        before = world.snapshot()
        steps = list(plan.steps)
        place = index if moment == "before" else index + 1
        steps.insert(place, _Interruption(world.home, interruption))
        with pytest.raises(InstallerError if isinstance(interruption, OSError) else KeyboardInterrupt):
            apply(world.home, steps, world.tools())
        assert world.snapshot() == before, f"step {index}: {plan.steps[index].describe()}"


@dataclass(frozen=True)
class _Interruption(Step):
    error: BaseException

    def do(self, tools) -> None:
        raise self.error


@pytest.mark.parametrize("effect", ["pathlib.Path.mkdir", "pathlib.Path.chmod", "os.rename", "os.replace"])
def test_a_system_call_that_fails_anywhere_leaves_every_byte_as_it_was(tmp_path, effect: str) -> None:
    """Each call in turn fails, so also the second half of a step."""
    for index in range(500):
        world, plan = prepared(tmp_path / str(index), "update")
        before = world.snapshot()
        with pytest.MonkeyPatch.context() as patch:
            calls = _fail_at(patch, effect, index)
            with contextlib.suppress(InstallerError):
                apply(world.home, plan.steps, world.tools())
        if calls["count"] <= index:
            break
        assert world.snapshot() == before, f"{effect} number {index}"
        shutil.rmtree(tmp_path / str(index))
    else:
        raise AssertionError("more calls than steps")
    assert index > 0


def _fail_at(patch, name: str, index: int) -> dict:
    """Let one call of a function, and no other, fail; undoing must work after it."""
    parts = name.split(".")
    owner = importlib.import_module(parts[0])
    for part in parts[1:-1]:
        owner = getattr(owner, part)
    real, calls = getattr(owner, parts[-1]), {"count": 0}

    def call(*arguments, **options):
        calls["count"] += 1
        if calls["count"] == index + 1:
            raise PermissionError(13, "Permission denied")
        return real(*arguments, **options)

    patch.setattr(owner, parts[-1], call)
    return calls


def test_an_environment_that_cannot_be_made_leaves_the_old_one_in_place(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    install(world)
    before = world.snapshot()
    world.release("2.0.0")

    def half(path: Path, scratch: Path) -> None:
        (path / "bin").mkdir(parents=True)
        (scratch / "pip-unpack").mkdir()
        raise InstallerError("pip failed")

    tools = world.tools()
    tools.make_environment = half
    with pytest.raises(InstallerError, match="pip failed"):
        apply(world.home, plan_install(world.facts("stale"), world.wanted()).steps, tools)
    assert world.snapshot() == before


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


def test_an_update_keeps_what_the_user_changed_or_added(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    install(world)
    profile = world.user / ".config/GIMP/3.0"
    (profile / "plug-ins/restyle/restyle_plugin/menu.py").write_text("mine", encoding="utf-8")
    (profile / "plug-ins/restyle/notes.txt").write_text("my notes", encoding="utf-8")
    world.release("2.0.0", restyle_plugin__menu="MENU = 2\n")
    plan = plan_install(world.facts("stale"), world.wanted())
    apply(world.home, plan.steps, world.tools())
    assert (profile / "plug-ins/restyle/restyle_plugin/menu.py").read_text(encoding="utf-8") == "MENU = 2\n"
    assert (profile / "restyle-changed-restyle_plugin-menu.py").read_text(encoding="utf-8") == "mine"
    assert (profile / "plug-ins/restyle/notes.txt").read_text(encoding="utf-8") == "my notes"
    assert any("menu.py" in remark for remark in plan.remarks)
    assert any("notes.txt" in remark for remark in plan.remarks)


def test_uninstalling_keeps_what_the_user_changed_or_added_and_says_so(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    install(world)
    plugin = world.user / ".config/GIMP/3.0/plug-ins/restyle"
    (plugin / "restyle_plugin/menu.py").write_text("mine", encoding="utf-8")
    (plugin / "notes.txt").write_text("my notes", encoding="utf-8")
    plan = plan_uninstall(world.facts("current"))
    apply(world.home, plan.steps, world.tools())
    left = sorted(path.relative_to(plugin).as_posix() for path in plugin.rglob("*") if path.is_file())
    assert left == ["notes.txt", "restyle_plugin/menu.py"]
    assert sum("stays" in remark for remark in plan.remarks) == 2
    assert not world.home.exists()


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


def test_weights_stay_unless_they_are_to_go(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    before = world.snapshot()
    for purge in (False, True):
        install(world)
        (world.home / "models").mkdir()
        (world.home / "models" / "vgg19.safetensors").write_bytes(b"weights")
        uninstall(world, purge=purge)
        assert (world.home / "models").exists() is not purge
        shutil.rmtree(world.home, ignore_errors=True)
    for folder in (".local/share/restyle", ".local/share", ".local"):
        path = world.user / folder
        path.rmdir() if path.is_dir() else None
    assert world.snapshot() == before


def test_a_plugin_of_that_name_that_was_there_comes_back(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    foreign = world.user / ".config/GIMP/2.10/plug-ins/restyle"
    foreign.mkdir(parents=True)
    (foreign / "restyle.py").write_text("somebody else's", encoding="utf-8")
    linked = world.user / ".config/GIMP/3.0/plug-ins"
    linked.mkdir()
    (linked / "restyle").symlink_to(world.checkout.plugin, target_is_directory=True)
    before = world.snapshot()
    install(world)
    assert (foreign / "restyle_plugin").is_dir()
    assert not (linked / "restyle").is_symlink()
    world.release("2.0.0")
    install(world, "stale")
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


def test_a_permission_that_the_user_gave_stays_the_users(tmp_path: Path) -> None:
    world = world_of(tmp_path, "flatpak")
    path = flatpak.overrides_file(world.user)
    path.parent.mkdir(parents=True)
    path.write_text("[Session Bus Policy]\norg.freedesktop.Flatpak=talk\n", encoding="utf-8")
    before = world.snapshot()
    install(world)
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


def test_what_a_killed_transaction_left_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    install(world)
    (world.home / ".discard-1").mkdir()
    (world.home / ".discard-1" / "old").write_text("old", encoding="utf-8")
    install(world, "current")
    assert not list(world.home.glob(".discard-*"))


def test_an_installation_that_was_killed_is_completed_by_the_next(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    before = world.snapshot()
    install(world)
    (world.home / FILE).unlink()
    (world.user / ".config/GIMP/3.0/plug-ins/restyle/restyle_plugin/menu.py").unlink()
    plan = plan_install(world.facts("stale"), world.wanted())
    apply(world.home, plan.steps, world.tools())
    assert not list(world.user.rglob("restyle-replaced*"))
    assert (world.user / ".config/GIMP/3.0/plug-ins/restyle/restyle_plugin/menu.py").is_file()
    uninstall(world)
    assert {name for name, (kind, _, _) in world.snapshot().items() if kind != "folder"} == {
        name for name, (kind, _, _) in before.items() if kind != "folder"
    }


PROFILES = st.sets(st.sampled_from(LAYOUTS["all of Linux"]), min_size=0)
TOUCH = st.sampled_from(["nothing", "changed", "removed", "compiled", "added", "not executable"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(folders=PROFILES, foreign=st.booleans(), touches=st.lists(TOUCH, max_size=3))
def test_any_history_ends_where_it_began_but_for_what_the_user_did(tmp_path_factory, folders, foreign, touches) -> None:
    world = World(tmp_path_factory.mktemp("world")).add(*sorted(folders))
    plugins = [world.user / folder / "plug-ins" / "restyle" for folder in sorted(folders)]
    if foreign and plugins:
        plugins[0].mkdir(parents=True)
        (plugins[0] / "restyle.py").write_text("somebody else's", encoding="utf-8")
    before = world.snapshot()
    install(world)
    for number, touch in enumerate(touches):
        _touch(touch, plugins)
        world.release(f"2.{number}.0", restyle_plugin__menu=f"MENU = {number}\n")
        install(world, "stale")
        for plugin in plugins:
            assert (plugin / "restyle_plugin/menu.py").read_text(encoding="utf-8") == f"MENU = {number}\n"
            assert (plugin / "restyle.py").stat().st_mode & 0o111
    uninstall(world)
    after = world.snapshot()
    users = {name for name in after if "restyle-changed-" in name or name.endswith("added.txt")}
    kept = {parent.as_posix() for name in users for parent in Path(name).parents}
    if "added" in touches:
        # The user's own file keeps the folder, so what was there before waits in `restyle-replaced`.
        assert users or not plugins
        assert set(before) - set(after) <= {name for name in before if "/plug-ins/restyle" in name}
    else:
        assert {name: after[name] for name in set(after) - users} == before
    assert all(name in before or name in users or name in kept or "restyle-replaced" in name for name in after)


def _touch(touch: str, plugins: list) -> None:
    for plugin in plugins:
        if touch == "changed":
            (plugin / "restyle_plugin/menu.py").write_text("changed by the user", encoding="utf-8")
        elif touch == "removed":
            shutil.rmtree(plugin / "restyle_plugin/shim", ignore_errors=True)
        elif touch == "compiled":
            (plugin / "restyle_plugin/__pycache__").mkdir(exist_ok=True)
            (plugin / "restyle_plugin/__pycache__/menu.pyc").write_bytes(b"compiled")
        elif touch == "added":
            (plugin / "added.txt").write_text("the user's", encoding="utf-8")
        elif touch == "not executable":
            (plugin / "restyle.py").chmod(0o644)


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
