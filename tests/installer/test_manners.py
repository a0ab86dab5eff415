"""What a person is asked and told: no GIMP, a running GIMP, what a dry run costs, styles of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from restyle_installer import gimps, telling
from restyle_installer.apply import apply
from restyle_installer.errors import Refused
from restyle_installer.installation import Installation, install
from restyle_installer.machine import Machine
from restyle_installer.plan import plan_install
from restyle_installer.plan_removal import plan_uninstall
from tests.installer.world import FakeRunner, World, quiet_console, world_of

LINUX = Machine("linux")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("bash\ngimp-2.10\n", True),
        ("/usr/bin/gimp-3.0\n", True),
        ("gimp\n", True),
        ("gimp-console-3.0\n", False),
        ("gimpressionist\nbash\n", False),
    ],
)
def test_a_gimp_with_windows_is_seen(said: str, answer: bool) -> None:
    assert gimps.is_running(LINUX, FakeRunner({"ps": (0, said)})) is answer
    assert gimps.is_running(Machine("windows"), FakeRunner({"tasklist": (0, "gimp-3.0.exe   4711 Console")}))


def test_without_a_gimp_it_says_so_before_anything_is_fetched(tmp_path: Path) -> None:
    world = World(tmp_path)
    work = Installation(world.checkout, world.place, FakeRunner({"python": (0, "restyle\n1.0.0\n")}), quiet_console())
    with pytest.raises(Refused, match="--anyway"):
        install(work, python="/opt/python")
    assert world.snapshot() == {}
    install(work, python="/opt/python", anyway=True, as_json=True)
    assert (world.home / "install.json").is_file()


def test_a_dry_run_says_what_it_costs_and_no_file_by_name(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    lines = telling.summary(plan_install(world.facts(), world.wanted()), LINUX)
    assert any("GB to download" in line for line in lines)
    assert any("files (" in line and line.endswith("3.0/plug-ins/restyle") for line in lines)
    assert not any("menu.py" in line for line in lines)


@pytest.fixture
def with_styles(tmp_path: Path) -> World:
    """Installed, with a fetched model, a learned style and one that was brought along."""
    world = world_of(tmp_path, "linux")
    apply(world.home, plan_install(world.facts(), world.wanted()).steps, world.tools())
    for name in ("vgg19.safetensors", "styles/grandmother.safetensors", "mosaic.t7"):
        path = world.home / "models" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return world


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({}, ["mosaic.t7", "styles", "styles/grandmother.safetensors", "vgg19.safetensors"]),
        ({"purge": True}, ["mosaic.t7", "styles", "styles/grandmother.safetensors"]),
        ({"purge": True, "purge_styles": True}, []),
    ],
)
def test_styles_of_ones_own_go_only_when_that_is_asked_for(with_styles: World, options: dict, left: list) -> None:
    plan = plan_uninstall(with_styles.facts("current"), **options)
    apply(with_styles.home, plan.steps, with_styles.tools())
    models = with_styles.home / "models"
    assert sorted(path.relative_to(models).as_posix() for path in models.rglob("*")) == left
    assert any("styles of your own" in remark for remark in plan.remarks) is bool(left)
