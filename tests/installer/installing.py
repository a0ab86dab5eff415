"""Installing and uninstalling in a world of the test's own."""

from __future__ import annotations

from restyle_installer.apply import apply
from restyle_installer.plan import plan_install
from restyle_installer.plan_removal import plan_uninstall
from tests.installer.world import LAYOUTS, World

ALL_LAYOUTS = sorted(LAYOUTS)


def install(world: World, env_state: str = "missing", **options) -> None:
    apply(world.home, plan_install(world.facts(env_state, **options), world.wanted()).steps, world.tools())


def uninstall(world: World, *, purge: bool = False) -> None:
    apply(world.home, plan_uninstall(world.facts("current"), purge=purge).steps, world.tools())
