"""The packed plug-in: what is in the ZIP, that it can set itself up, and that a set-up is done wholly or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from restyle_installer import package as packing
from restyle_installer import user_environment
from restyle_installer.apply import apply
from restyle_installer.checkout import HERE, Checkout
from restyle_installer.errors import CommandFailed
from restyle_installer.installation import Installation
from restyle_installer.po import PLURALS
from restyle_installer.set_up import Teller, plan_set_up, set_up
from restyle_installer.steps import MakeEnvironment, WriteFile
from tests.installer.world import FakeRunner, World, quiet_console


@dataclass(frozen=True)
class Elsewhere(Checkout):
    """The checkout, but for where things are built."""

    built: Path = Path()

    @property
    def build(self) -> Path:
        return self.built


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("zips")
    assert packing.package(Elsewhere(HERE.root, folder), quiet_console()) == 0
    return {path.stem.rpartition("-")[2]: path for path in (folder / "packages").glob("*.zip")}


@pytest.fixture(scope="module")
def unpacked(zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plug-ins")
    with zipfile.ZipFile(zips["linux"]) as packed:
        packed.extractall(folder)
    return folder / "restyle"


def test_there_is_one_for_each_platform_and_each_brings_uv_for_its_own(zips: dict[str, Path]) -> None:
    assert set(zips) == {"linux", "windows", "macos"}
    for platform, path in zips.items():
        with zipfile.ZipFile(path) as packed:
            kinds = json.loads(packed.read("restyle/setup/installer/uv.json"))
            assert {kind.partition("-")[0] for kind in kinds} == {platform}
            assert all(where["url"].startswith("https://files.pythonhosted.org/") for where in kinds.values())


def test_gimp_may_start_it_and_nothing_in_it_is_of_this_computer(zips: dict[str, Path]) -> None:
    with zipfile.ZipFile(zips["linux"]) as packed:
        names = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in packed.infolist()}
    assert names["restyle/restyle.py"] == 0o755
    assert not [name for name in names if name.endswith(("settings.json", ".pyc")) or "/tests/" in name or "/build/" in name]
    assert {name.split("/")[0] for name in names} == {"restyle"}


def test_the_same_sources_give_the_same_zip(zips: dict[str, Path], tmp_path: Path) -> None:
    packing.package(Elsewhere(HERE.root, tmp_path), quiet_console())
    again = next((tmp_path / "packages").glob("*-linux.zip"))
    assert again.read_bytes() == zips["linux"].read_bytes()


def test_the_packed_installer_knows_its_version_and_all_that_an_environment_is_made_of(unpacked: Path) -> None:
    packed = Checkout(unpacked / "setup")
    assert (packed.version(), packed.pin("torch")) == (HERE.version(), HERE.pin("torch"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "core/restyle/version.py", "installer/locked/run.txt"):
        assert (packed.root / name).read_bytes() == (HERE.root / name).read_bytes()


def test_the_packed_installer_speaks_the_person_s_language(unpacked: Path) -> None:
    locale = unpacked / "setup" / "installer" / "restyle_installer" / "locale"
    catalogues = {path.relative_to(locale).as_posix() for path in locale.rglob("*") if path.is_file()}
    assert catalogues == {f"{language}/LC_MESSAGES/restyle-installer.mo" for language in PLURALS}
    env = {**os.environ, "LANG": "C.UTF-8", "LANGUAGE": "de", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(unpacked / "setup" / "installer"), "doctor", "--dry-run"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env, timeout=120)
    assert "- prüfen: Speicherplatz" in done.stdout.splitlines(), done.stderr


def test_where_it_cannot_be_set_up_it_says_why_in_a_line_and_leaves_nothing(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder", encoding="utf-8")
    settings = tmp_path / "settings.json"
    env = {**os.environ, "RESTYLE_HOME": str(tmp_path / "home" / "restyle")}
    command = [sys.executable, str(unpacked / "setup" / "installer"), "set-up", "--settings", str(settings)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=120)
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert done.returncode == 1, done.stdout + done.stderr
    assert "problem" in told[-1]
    assert not settings.exists()


def work_in(world: World) -> Installation:
    return Installation(HERE, world.place, FakeRunner(), quiet_console())


def test_it_makes_the_environment_then_tells_the_plug_in(tmp_path: Path) -> None:
    world = World(tmp_path)
    settings = tmp_path / "user" / "settings.json"
    plan = plan_set_up(work_in(world), settings)
    apply(world.home, plan.steps, world.tools())
    assert [type(step) for step in plan.steps if isinstance(step, MakeEnvironment)] == [MakeEnvironment]
    assert isinstance(plan.steps[-1], WriteFile)
    told = json.loads(settings.read_text(encoding="utf-8"))
    assert told == {
        "python": str(world.env / "bin" / "python"),
        "home": str(world.home),
        "installer": str(HERE.root / "installer"),
        "version": HERE.version(),
    }
    assert Path(told["python"]).is_file()


def test_ended_on_its_way_it_puts_everything_back(tmp_path: Path) -> None:
    world = World(tmp_path)
    settings = tmp_path / "user" / "settings.json"
    before = world.snapshot()
    tools = world.tools()

    def end(path: Path, scratch: Path) -> None:
        world.make_environment(path, scratch)
        raise KeyboardInterrupt

    tools.make_environment = end  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        apply(world.home, plan_set_up(work_in(world), settings).steps, tools)
    assert world.snapshot() == before


@pytest.mark.parametrize(
    ("wrote", "problem"),
    [
        ("[Errno 28] No space left on device", "The disk is full: make room"),
        ("who knows", ""),  # the plug-in then leads to its log
    ],
)
def test_of_what_pip_could_not_do_it_tells_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrote: str, problem: str
) -> None:
    def fail(*given: object) -> None:
        raise CommandFailed(["pip", "install"], 1, wrote)

    monkeypatch.setattr(user_environment, "make", fail)
    monkeypatch.setattr(user_environment, "check_machine", lambda machine, home: None)
    world = World(tmp_path)
    before = world.snapshot()
    assert set_up(work_in(world), tmp_path / "user" / "settings.json", Teller(400.0)) == 1
    lines = capsys.readouterr().out.splitlines()
    said = json.loads(lines[-1])["problem"]
    assert said.startswith(problem)
    assert bool(said) == bool(problem)
    assert wrote in " ".join(lines[:-1]), "the log has all of it"
    assert world.snapshot() == before


PIP = """pip install --require-hashes -r run.txt
  Downloading numpy-2.2.6-cp310-manylinux.whl (16.8 MB)
  Installing collected packages: numpy
PyTorch 2.13.0, build cpu
  Downloading torch-2.13.0-cp310-manylinux.whl (184 MB)
  Downloading torchvision-0.28.0-cp310-manylinux.whl (2.1 MB)
  Installing collected packages: torch, torchvision
"""


def test_what_pip_says_is_told_in_a_person_s_words_and_the_bar_only_grows(capsys: pytest.CaptureFixture[str]) -> None:
    teller = Teller(400.0)
    teller.note(PIP)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert "Downloading torch (184 MB)" in [one["sentence"] for one in told]
    shares = [one["share"] for one in told]
    assert shares == sorted(shares)
    assert 0.4 < shares[-1] < 1
