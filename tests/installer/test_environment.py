"""The Python environment: locked files alone, the PyTorch that fits, and nothing half-made taken for a whole one."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import re
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

from restyle_installer import environment, locks, project, torch_build
from restyle_installer.checkout import HERE, Checkout
from restyle_installer.errors import CommandFailed, InstallerError, Refused
from restyle_installer.machine import Machine
from restyle_installer.runner import Runner
from tests.installer.world import FakeRunner, quiet_console, said

ROOT_ON_DEBIAN = Machine("linux", is_root=True, has_apt=True)
LOCK = "numpy==2.0 \\\n    --hash=sha256:" + "a" * 64 + "\n"
RESOLVED = {"numpy==2.0": "aa", "nvidia-cublas==13": "bb", "torch==2.13.0": "cc"}
PROJECT = """
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
[project]
name = "thing"
version = "1"
[tool.setuptools.packages.find]
where = ["core"]
"""
WHEELS = ("--only-binary", ":all:")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    checkout = Checkout(tmp_path / "checkout")
    (checkout.root / "installer" / "locked").mkdir(parents=True)
    for name in (locks.PIP, locks.RUN, locks.TEST, locks.TORCH):
        locks.file_of(checkout, name).write_text(LOCK, encoding="utf-8")
    checkout.constraints.write_text("numpy==2.0\ntorch==2.13.0\ntorchvision==0.28.0\n", encoding="utf-8")
    (checkout.root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return checkout


class Python:
    """Answers for the system's Python and the environment's: makes the environment, and remembers what pip was asked."""

    def __init__(self, checkout: Checkout, *, unreachable: str = "", reported: Sequence[dict] = ()) -> None:
        self.checkout = checkout
        self.reported = list(reported)
        self.installed: list = []
        self.built: list = []
        self.unreachable = unreachable

    def __call__(self, argv, options):
        if argv[2] == project.ASK:
            return 0, "/usr/bin/python3\n/packages\n"
        if argv[2] == project.BUILD:
            return self.build(argv[3], Path(argv[4]), options)
        if "venv" in argv:
            path = environment.python_of(self.checkout.venv)
            path.parent.mkdir(parents=True)
            path.write_text("", encoding="utf-8")
            return 0, ""
        if "pip" in argv:
            return self.pip(list(argv[argv.index("--progress-bar") + 2 :]))
        if "importlib.metadata" in argv[2]:
            return (0 if any("torch==2.13.0" in one for one in self.installed) else 1), ""
        if "sys.prefix" in argv[2]:
            return (0, str(self.checkout.venv)) if environment.python_of(self.checkout.venv).is_file() else (1, "")
        return 0, "3.11.9 64 /usr/bin/python3\n"

    def build(self, hook: str, folder: Path, options: dict):
        self.built.append((hook, options["cwd"], options["env"]["PYTHONPATH"]))
        (folder / "restyle-1-py3-none-any.whl").touch()
        return (1, "no setuptools") if self.unreachable == "setuptools" else (0, "")

    def pip(self, asked: list):
        if self.unreachable and self.unreachable in asked:
            return 1, "ERROR: no matching distribution"
        if "--report" in asked:
            at = asked.index("--report")
            Path(asked[at + 1]).write_text(json.dumps({"install": self.reported}), encoding="utf-8")
            del asked[at : at + 2]
        asked[-1] = Path(asked[-1]).name if asked[-1].endswith(".whl") else asked[-1]
        self.installed.append(tuple(asked))
        return 0, ""


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> None:
    build = torch_build.TorchBuild("cpu", "https://index/cpu", "no GPU")
    monkeypatch.setattr(torch_build, "pick", lambda machine, version: (build, f"PyTorch {version} from the index"))


def runner_for(python: Python) -> FakeRunner:
    return FakeRunner({"python3": python, "python": python, Path(sys.executable).name: python})


def test_a_new_environment_gets_what_is_locked_then_torch_then_the_project(checkout: Checkout, index: None) -> None:
    python = Python(checkout)
    result = environment.prepare(checkout, "test", Machine("linux"), runner_for(python), quiet_console())
    assert result == environment.python_of(checkout.venv)
    constraints = str(checkout.constraints)
    assert python.installed == [
        ("--require-hashes", "--no-deps", "-r", str(locks.file_of(checkout, "pip"))),
        ("--require-hashes", "--no-deps", "-r", str(locks.file_of(checkout, "test"))),
        ("--index-url", "https://index/cpu", *WHEELS, "-c", constraints, "torch==2.13.0", "torchvision==0.28.0"),
        ("--no-deps", "--no-index", "--force-reinstall", "restyle-1-py3-none-any.whl"),
    ]
    assert python.built == [("build_editable", checkout.root, "/packages")]


def test_a_complete_environment_is_left_alone_until_its_sources_change(checkout: Checkout, index: None) -> None:
    python = Python(checkout)
    for _ in range(2):
        environment.prepare(checkout, "run", Machine("linux"), runner_for(python), quiet_console())
    assert len(python.installed) == 4
    (checkout.root / "pyproject.toml").write_text("[project]\nname='other'\n", encoding="utf-8")
    environment.prepare(checkout, "run", Machine("linux"), runner_for(python), quiet_console())
    assert len(python.installed) == 7, "torch was installed again, or the project was not"


def test_an_index_that_fails_after_all_gives_way_to_the_default_one_and_it_says_so(checkout: Checkout, index: None) -> None:
    python = Python(checkout, unreachable="--index-url")
    console = quiet_console()
    environment.prepare(checkout, "run", Machine("linux"), runner_for(python), console)
    assert python.installed[2] == (*WHEELS, "-c", str(checkout.constraints), "torch==2.13.0", "torchvision==0.28.0")
    assert "default index is used" in said(console)


def reported(url: str, sha256: str) -> dict:
    return {"download_info": {"url": url, "archive_info": {"hashes": {"sha256": sha256}}}}


@pytest.mark.parametrize(
    ("url", "sha256", "is_taken"),
    [
        ("https://files.example/torch.whl", "a" * 64, True),
        ("https://files.example/torch.whl", "b" * 64, False),
        ("https://download.pytorch.org.example/torch.whl", "b" * 64, False),
        ("https://download.pytorch.org/whl/cu130/torch.whl", "b" * 64, True),
        ("file:///wheels/torch.whl", locks.EXTRA_TORCH_HASHES[0], True),
    ],
)
def test_a_pytorch_that_is_not_the_tested_one_is_not_used(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, url: str, sha256: str, is_taken: bool
) -> None:
    monkeypatch.setattr(torch_build, "pick", lambda machine, version: (torch_build.DEFAULT, "from the default index"))
    python = Python(checkout, reported=[reported(url, sha256)])
    with contextlib.nullcontext() if is_taken else pytest.raises(Refused, match=re.escape(url)):
        environment.prepare(checkout, "run", Machine("linux"), runner_for(python), quiet_console())
    assert checkout.venv.exists() == is_taken, "the next try would take what this one refused for what is there"


def test_an_environment_that_was_not_finished_is_not_taken_for_a_complete_one(checkout: Checkout, index: None) -> None:
    python = Python(checkout, unreachable="setuptools")
    with pytest.raises(CommandFailed):
        environment.prepare(checkout, "run", Machine("linux"), runner_for(python), quiet_console())
    python.unreachable = ""
    environment.prepare(checkout, "run", Machine("linux"), runner_for(python), quiet_console())
    assert python.installed[-1][-1] == "restyle-1-py3-none-any.whl"


def test_any_character_in_a_path_will_do(tmp_path: Path) -> None:
    """setuptools takes some for variables of its own, pip others for parts of an address."""
    folder = tmp_path / 'we{x}ird a[b] $HOME 100%s it\'s "é" #1'
    env, root = folder / "env", folder / "sources[c]"
    venv.create(env)
    for name in ("pip", "setuptools"):
        packages = next(env.glob("[lL]ib/**/site-packages"))
        (packages / name).symlink_to(Path(importlib.util.find_spec(name).origin).parent)
    (root / "core" / "thing").mkdir(parents=True)
    (root / "core" / "thing" / "__init__.py").write_text("VALUE = 7\n")
    (root / "pyproject.toml").write_text(PROJECT)
    python = environment.python_of(env)
    for editable in (True, False):
        project.install(python, root, Runner(), editable=editable)
        assert Runner().check([python, "-c", "import thing; print(thing.VALUE)"], cwd=tmp_path).strip() == "7"


def test_a_missing_venv_module_is_installed_on_debian(checkout: Checkout, index: None) -> None:
    python, installed = Python(checkout), set()

    def without_ensurepip(argv, options):
        if "venv" in argv and not installed:
            return 1, "The virtual environment was not created successfully because ensurepip is not available."
        return python(argv, options)

    def apt(argv, options):
        installed.update({"python3.11-venv"} & set(argv))
        return 0, ""

    def dpkg(argv, options):
        return (0, "install ok installed") if argv[-1] in installed else (1, "")

    programs = dict.fromkeys(("python3", "python", Path(sys.executable).name), without_ensurepip)
    runner = FakeRunner(dict(programs, **{"apt-get": apt, "dpkg-query": dpkg}))
    environment.prepare(checkout, "run", ROOT_ON_DEBIAN, runner, quiet_console())
    assert installed == {"python3.11-venv"}
    installed.clear()
    with pytest.raises(CommandFailed, match="ensurepip"):
        environment.make(checkout.venv, Machine("linux"), FakeRunner(programs), quiet_console())


def test_every_pin_is_an_exact_version_without_a_build() -> None:
    lines = [line for line in HERE.constraints.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        assert "==" in line.split(";")[0]
        assert "+" not in line
    assert HERE.pin("torch")


def test_the_pinned_torch_is_the_one_that_the_project_asks_for() -> None:
    text = (HERE.root / "pyproject.toml").read_text(encoding="utf-8")
    for requirement in environment.torch_requirements(HERE):
        assert f'"{requirement}"' in text


def test_the_pins_are_what_these_tests_run_with() -> None:
    from importlib.metadata import PackageNotFoundError, version

    for name in ("torch", "numpy", "pydantic", "fastapi", "pytest"):
        try:
            assert version(name).split("+")[0] == HERE.pin(name)
        except PackageNotFoundError:
            raise AssertionError(f"{name} is pinned but not installed") from None


@pytest.mark.parametrize("name", [locks.PIP, locks.RUN, locks.TEST, locks.TORCH])
def test_every_locked_requirement_is_an_exact_version_with_hashes(name: str) -> None:
    for block in blocks_of(name):
        assert re.match(r"[a-z0-9-]+==[\w.]+( ;.*)? \\\n", block), block
        assert locks.HASH.search(block), block


def blocks_of(name: str) -> list:
    return locks._blocks(locks.file_of(HERE, name).read_text(encoding="utf-8"))


def test_the_locks_hold_the_pins_and_all_that_the_project_asks_for() -> None:
    """Where this fails after a change of either, `python3 installer lock` makes them anew."""
    names = (locks.PIP, locks.TEST, locks.TORCH)
    locked = {tuple(block.split(" ")[0].split("==")) for name in names for block in blocks_of(name)}
    lines = HERE.constraints.read_text(encoding="utf-8").splitlines()
    pinned = {tuple(canonical(line.split(" ")[0]).split("==")) for line in lines if not line.startswith("#")}
    assert pinned <= locked
    run = {block.split("==")[0] for name in (locks.RUN, locks.TORCH) for block in blocks_of(name)}
    asked = re.search(
        r"^dependencies = \[(.*?)\]", (HERE.root / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert {re.split(r"[<>=\[]", name)[0] for name in re.findall(r'"([^"]+)"', asked.group(1))} <= run


def canonical(name: str) -> str:
    project, _, version = name.partition("==")
    return re.sub(r"[-_.]+", "-", project).lower() + "==" + version


def test_users_get_what_is_tested() -> None:
    assert set(blocks_of(locks.RUN)) <= set(blocks_of(locks.TEST))


def test_making_locks_needs_uv_and_says_so(checkout: Checkout) -> None:
    with pytest.raises(InstallerError, match="pip install uv"):
        locks.make(checkout, FakeRunner(), quiet_console())


def test_locks_are_made_of_what_uv_resolves_with_pytorchs_family_apart(checkout: Checkout) -> None:
    blocks = [f"{name} \\\n    --hash=sha256:{digest}\n" for name, digest in RESOLVED.items()]
    resolved = "".join(blocks)
    assert locks.make(checkout, FakeRunner({"uv": (0, resolved)}), quiet_console()) == 0
    assert locks.file_of(checkout, "run").read_text(encoding="utf-8") == blocks[0]
    assert "cublas" in locks.file_of(checkout, "torch").read_text(encoding="utf-8")
    assert "torch==" in locks.file_of(checkout, "torch").read_text(encoding="utf-8")
