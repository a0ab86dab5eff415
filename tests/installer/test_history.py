"""Whatever was done in between, only what the user did is left in the end."""

from __future__ import annotations

import shutil
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restyle_installer import flatpak
from restyle_installer.apply import apply
from restyle_installer.plan import plan_install
from restyle_installer.plan_removal import plan_uninstall
from tests.installer.installing import install, uninstall
from tests.installer.world import LAYOUTS, World, world_of


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


def test_a_permission_that_the_user_gave_stays_the_users(tmp_path: Path) -> None:
    world = world_of(tmp_path, "flatpak")
    path = flatpak.overrides_file(world.user)
    path.parent.mkdir(parents=True)
    path.write_text("[Session Bus Policy]\norg.freedesktop.Flatpak=talk\n", encoding="utf-8")
    before = world.snapshot()
    install(world)
    uninstall(world)
    assert world.snapshot() == before


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
