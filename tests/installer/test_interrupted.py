"""Whatever ends an installation, an update or an uninstallation, every byte is as it was."""

from __future__ import annotations

import contextlib
import importlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from restyle_installer.apply import apply
from restyle_installer.errors import InstallerError
from restyle_installer.plan import plan_install
from restyle_installer.record import FILE
from restyle_installer.steps import Step
from tests.installer.installing import install, prepared, uninstall
from tests.installer.world import world_of


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
