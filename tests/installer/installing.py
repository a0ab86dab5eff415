"""Installing and uninstalling in a world of the test's own."""

from __future__ import annotations

from pathlib import Path

from restyle_installer.apply import apply
from restyle_installer.plan import plan_install
from restyle_installer.plan_removal import plan_uninstall
from tests.installer.world import LAYOUTS, World, world_of

ALL_LAYOUTS = sorted(LAYOUTS)


def install(world: World, env_state: str = "missing", **options) -> None:
    apply(world.home, plan_install(world.facts(env_state, **options), world.wanted()).steps, world.tools())


def uninstall(world: World, *, purge: bool = False) -> None:
    apply(world.home, plan_uninstall(world.facts("current"), purge=purge).steps, world.tools())


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
