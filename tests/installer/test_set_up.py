"""Setting up: which Python, which packages, which environment; with programs that are answered for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from restyle_installer import debian, environment, interpreter, torch_build
from restyle_installer.checkout import HERE, Checkout
from restyle_installer.console import Console
from restyle_installer.errors import CommandFailed, InstallerError, NoPython
from restyle_installer.interpreter import Interpreter
from restyle_installer.machine import Machine
from restyle_installer.runner import Runner
from tests.installer.world import FakeRunner, quiet_console

ROOT_ON_DEBIAN = Machine("linux", is_root=True, has_apt=True)


def said(console: Console) -> str:
    return console._stream.getvalue()


# which Python


def test_the_running_python_is_taken_when_it_fits() -> None:
    running, other = Interpreter("/a", (3, 11, 7)), Interpreter("/b", (3, 13, 0))
    assert interpreter.choose([running, other]) is running


def test_an_older_one_gives_way_to_a_newer_one_on_path() -> None:
    old, other = Interpreter("/a", (3, 8, 10)), Interpreter("/b", (3, 12, 1))
    assert interpreter.choose([old, Interpreter("/c", (3, 11, 0), bits=32), other]) is other


def test_without_one_that_fits_it_says_what_is_needed_and_what_there_is() -> None:
    with pytest.raises(NoPython, match=r"3\.10 to 3\.15.*/a \(3\.8\.10\).*apt-get install"):
        interpreter.choose([Interpreter("/a", (3, 8, 10))])


def test_what_does_not_run_is_left_out() -> None:
    runner = FakeRunner({"python3.13": (1, "no such version"), "python3.12": (0, "3.12.1 64 /opt/python3.12\n")})
    assert interpreter.find(runner) == [Interpreter("/opt/python3.12", (3, 12, 1), 64)]


def test_the_running_python_is_found_by_really_running_it() -> None:
    found = interpreter.find(Runner())
    assert found[0].version == tuple(sys.version_info[:3])


# packages


def test_only_missing_packages_are_installed() -> None:
    installed = {"gimp"}

    def dpkg(argv, options):
        return (0, "install ok installed") if argv[-1] in installed else (1, "no packages found")

    def apt(argv, options):
        assert options["env"]["DEBIAN_FRONTEND"] == "noninteractive"
        if "install" in argv:
            installed.update(argv[argv.index("--no-install-recommends") + 1 :])
        return 0, ""

    runner = FakeRunner({"dpkg-query": dpkg, "apt-get": apt})
    assert debian.ensure(["gimp", "xvfb"], ROOT_ON_DEBIAN, runner, quiet_console())
    assert [argv[-2:] for argv in runner.ran if "install" in argv] == [("--no-install-recommends", "xvfb")]
    count = len(runner.ran)
    assert debian.ensure(["gimp", "xvfb"], ROOT_ON_DEBIAN, runner, quiet_console())
    assert all(argv[0] == "dpkg-query" for argv in runner.ran[count:])


def test_a_package_that_was_removed_but_left_its_settings_counts_as_missing() -> None:
    runner = FakeRunner({"dpkg-query": (0, "deinstall ok config-files"), "apt-get": (100, "E: Unable to locate package gimp")})
    console = quiet_console()
    assert not debian.ensure(["gimp"], ROOT_ON_DEBIAN, runner, console)
    assert "Unable to locate" in said(console)


@pytest.mark.parametrize(("machine", "words"), [(Machine("linux", has_apt=True), "Not root"), (Machine("macos"), "no apt")])
def test_where_packages_cannot_be_installed_it_says_so_and_goes_on(machine: Machine, words: str) -> None:
    console = quiet_console()
    runner = FakeRunner({"dpkg-query": (1, "")})
    assert not debian.ensure(["gimp"], machine, runner, console)
    assert words in said(console)
    assert not any(argv[0] == "apt-get" for argv in runner.ran)


# the environment


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    checkout = Checkout(tmp_path / "checkout")
    (checkout.root / "installer").mkdir(parents=True)
    checkout.constraints.write_text("numpy==2.0\ntorch==2.13.0\ntorchvision==0.28.0\n", encoding="utf-8")
    (checkout.root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return checkout


class Python:
    """Answers for the system's Python and the environment's: makes the environment, and remembers what pip was asked."""

    def __init__(self, checkout: Checkout, *, unreachable: str = "") -> None:
        self.checkout = checkout
        self.installed: list = []
        self.unreachable = unreachable

    def __call__(self, argv, options):
        if "venv" in argv:
            path = environment.python_of(self.checkout.venv)
            path.parent.mkdir(parents=True)
            path.write_text("", encoding="utf-8")
            return 0, ""
        if "pip" in argv:
            if self.unreachable and self.unreachable in argv:
                return 1, "ERROR: no matching distribution"
            self.installed.append(argv[argv.index("--progress-bar") + 2 :])
            return 0, ""
        if "importlib.metadata" in argv[2]:
            return (0 if any("torch==2.13.0" in one for one in self.installed) else 1), ""
        if "sys.prefix" in argv[2]:
            return (0, str(self.checkout.venv)) if environment.python_of(self.checkout.venv).is_file() else (1, "")
        return 0, "3.11.9 64 /usr/bin/python3\n"


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> None:
    build = torch_build.TorchBuild("cpu", "https://index/cpu", "no GPU")
    monkeypatch.setattr(torch_build, "pick", lambda machine, version: (build, f"PyTorch {version} from the index"))


def runner_for(python: Python) -> FakeRunner:
    return FakeRunner({"python3": python, "python": python, Path(sys.executable).name: python})


def test_a_new_environment_gets_torch_from_its_index_and_then_the_project(checkout: Checkout, index: None) -> None:
    python = Python(checkout)
    result = environment.prepare(checkout, ("test",), Machine("linux"), runner_for(python), quiet_console())
    assert result == environment.python_of(checkout.venv)
    constraints = str(checkout.constraints)
    assert python.installed == [
        ("--index-url", "https://index/cpu", "-c", constraints, "torch==2.13.0", "torchvision==0.28.0"),
        ("-c", constraints, "--editable", f"{checkout.root}[test]"),
    ]


def test_a_complete_environment_is_left_alone_until_its_sources_change(checkout: Checkout, index: None) -> None:
    python = Python(checkout)
    for _ in range(2):
        environment.prepare(checkout, (), Machine("linux"), runner_for(python), quiet_console())
    assert len(python.installed) == 2
    (checkout.root / "pyproject.toml").write_text("[project]\nname='other'\n", encoding="utf-8")
    environment.prepare(checkout, (), Machine("linux"), runner_for(python), quiet_console())
    assert len(python.installed) == 3, "torch was installed again, or the project was not"


def test_an_index_that_fails_after_all_gives_way_to_the_default_one_and_it_says_so(checkout: Checkout, index: None) -> None:
    python = Python(checkout, unreachable="--index-url")
    console = quiet_console()
    environment.prepare(checkout, (), Machine("linux"), runner_for(python), console)
    assert python.installed[0] == ("-c", str(checkout.constraints), "torch==2.13.0", "torchvision==0.28.0")
    assert "default index is used" in said(console)


def test_an_environment_that_was_not_finished_is_not_taken_for_a_complete_one(checkout: Checkout, index: None) -> None:
    python = Python(checkout, unreachable="--editable")
    with pytest.raises(CommandFailed):
        environment.prepare(checkout, (), Machine("linux"), runner_for(python), quiet_console())
    python.unreachable = ""
    environment.prepare(checkout, (), Machine("linux"), runner_for(python), quiet_console())
    assert python.installed[-1][-2] == "--editable"


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
    environment.prepare(checkout, (), ROOT_ON_DEBIAN, runner, quiet_console())
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


# programs


def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import signal; signal.pause()'])"
    completed = Runner().run([sys.executable, "-c", code], timeout_s=2)
    assert completed.code == 124
    assert "ended after 2 s" in completed.output


def test_a_program_that_is_not_there_is_an_answer_not_an_exception() -> None:
    assert Runner().run(["/no/such/program"]).code == 127
    with pytest.raises(CommandFailed, match="/no/such/program"):
        Runner().check(["/no/such/program"])


def test_each_phase_is_timed_even_when_it_fails() -> None:
    times = iter([0.0, 1.0, 3.5, 10.0])
    console = Console(quiet_console()._stream, clock=lambda: next(times))
    with pytest.raises(InstallerError), console.phase("first"):
        raise InstallerError("no")
    assert console.times() == ["     2.5 s  first", "    10.0 s  in all"]


# the way in


def interpreters() -> list:
    """Every Python at hand that can run the installer, or must be refused."""
    folders = [Path.home() / ".pyenv" / "versions", Path("/usr/bin"), Path("/usr/local/bin")]
    names = ["2.7", "3.6", "3.7", "3.8", "3.9"]
    found = [path for name in names for path in folders[0].glob(f"{name}.*/bin/python{name}")]
    return found + [folder / f"python{name}" for folder in folders[1:] for name in names if (folder / f"python{name}").is_file()]


@pytest.mark.parametrize("python", interpreters() or [None], ids=str)
def test_an_older_python_is_refused_clearly_and_one_that_will_do_runs_it(python: Path | None) -> None:
    if python is None:
        pytest.skip("no Python older than 3.10 here")
    done = subprocess.run([str(python), str(HERE.root / "installer"), "--help"], capture_output=True, text=True, timeout=60)
    if python.name in ("python2.7", "python3.6", "python3.7"):
        assert done.returncode == 2
        assert "needs Python 3.8 or newer" in done.stderr
        assert "Traceback" not in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert "doctor" in done.stdout


def test_every_module_loads_on_the_oldest_python_that_is_promised() -> None:
    python = next((path for path in interpreters() if path.name == "python3.8"), None)
    if python is None:
        pytest.skip("no Python 3.8 here")
    names = [path.relative_to(HERE.root / "installer").with_suffix("") for path in (HERE.root / "installer").rglob("*.py")]
    code = "; ".join("import " + ".".join(name.parts).replace(".__init__", "") for name in names if name.name != "__main__")
    command = [str(python), "-W", "error", "-c", code]
    env = dict(os.environ, PYTHONPATH=str(HERE.plugin))
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=HERE.root / "installer", env=env)
    assert done.returncode == 0, done.stderr


def test_a_wrong_command_line_is_explained() -> None:
    done = subprocess.run([sys.executable, str(HERE.root / "installer"), "instal"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "install" in done.stderr
