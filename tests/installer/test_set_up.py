"""Setting up: which Python, which packages, which environment; with programs that are answered for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from restyle_installer import debian, interpreter
from restyle_installer.checkout import HERE
from restyle_installer.console import Console
from restyle_installer.errors import CommandFailed, InstallerError, NoPython, Refused
from restyle_installer.interpreter import Interpreter
from restyle_installer.machine import Machine
from restyle_installer.runner import Runner
from tests.installer.world import FakeRunner, quiet_console, said

ROOT_ON_DEBIAN = Machine("linux", is_root=True, has_apt=True)


# which Python


def test_the_running_python_is_taken_when_it_fits() -> None:
    running, other = Interpreter("/a", (3, 11, 7)), Interpreter("/b", (3, 13, 0))
    assert interpreter.choose([running, other]) is running


def test_an_older_one_gives_way_to_a_newer_one_on_path() -> None:
    old, other = Interpreter("/a", (3, 8, 10)), Interpreter("/b", (3, 12, 1))
    assert interpreter.choose([old, Interpreter("/c", (3, 11, 0), bits=32), other]) is other


def test_one_that_is_newer_than_the_packages_or_that_writes_where_nobody_looks_gives_way() -> None:
    newer, other = Interpreter("/a", (3, 15, 0)), Interpreter("/b", (3, 14, 1))
    store = Interpreter(r"C:\Users\she\AppData\Local\Microsoft\WindowsApps\python.exe", (3, 13, 2))
    assert interpreter.choose([newer, store, other]) is other


def test_a_python_that_writes_where_nobody_looks_may_not_install() -> None:
    interpreter.refuse_hidden(r"C:\Program Files\Python313\python.exe")
    with pytest.raises(Refused, match=r"python\.org"):
        interpreter.refuse_hidden(r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.13\python3.13.exe")


def test_without_one_that_fits_it_says_what_is_needed_and_what_there_is() -> None:
    with pytest.raises(NoPython, match=r"3\.10 to 3\.14.*/a \(3\.8\.10\).*apt-get install"):
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


# programs


def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import signal; signal.pause()'])"
    completed = Runner().run([sys.executable, "-c", code], timeout_s=2)
    assert completed.code == 124
    assert "ended after 2 s" in completed.output


LEASHED = """import sys
from restyle_installer.runner import Runner, interrupt_when_closed
interrupt_when_closed(sys.stdin)
code = "import signal; print('began', flush=True); signal.pause()"
try:
    Runner().run([sys.executable, "-c", code], timeout_s=600, tell=lambda line: print(line, flush=True))
except KeyboardInterrupt:
    print("undone")
"""


def test_what_is_leashed_is_interrupted_when_its_input_is_closed_even_while_a_program_runs() -> None:
    env = dict(os.environ, PYTHONPATH=os.pathsep.join(map(str, [HERE.root / "installer", HERE.plugin])))
    with subprocess.Popen([sys.executable, "-c", LEASHED], stdin=-1, stdout=-1, text=True, env=env) as process:
        assert process.stdout.readline() == "began\n"
        process.stdin.close()
        assert process.stdout.readline() == "undone\n"
        assert process.wait(60) == 0


def test_each_line_is_told_as_it_comes(tmp_path: Path) -> None:
    told: list = []
    go_on = tmp_path / "go on"
    code = (
        "import os, sys, time; print('first', flush=True)\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.01)\nprint('last')"
    )

    def tell(line: str) -> None:
        told.append((line, go_on.exists()))
        go_on.touch()

    completed = Runner().run([sys.executable, "-c", code, str(go_on)], tell=tell)
    assert told == [("first", False), ("last", True)]
    assert completed.output == "first\nlast\n"


def test_a_program_that_is_not_there_is_an_answer_not_an_exception() -> None:
    assert Runner().run(["/no/such/program"]).code == 127
    with pytest.raises(CommandFailed, match="/no/such/program"):
        Runner().check(["/no/such/program"])


@pytest.mark.parametrize(
    ("wrote", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError()'\nERROR: No matching", "HTTPS_PROXY"),
        (
            "ERROR: … an OSError: HTTPConnectionPool(host='127.0.0.1'): Max retries exceeded (too many 503)",
            "look after the connection",
        ),
        (
            "× Download failed after 6 attempts because not enough bytes were received (8.5 MB/16.9 MB)",
            "look after the connection",
        ),
        ("ERROR: Could not find a version that satisfies pip==26.3 (from versions: none)", "look after the connection"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not what was published"),
        ("because ensurepip is not\navailable", "python3-venv"),
    ],
)
def test_of_a_program_that_fails_it_says_what_to_do(wrote: str, words: str) -> None:
    error = CommandFailed(["pip"], 1, wrote)
    assert words in error.advice
    assert str(error).endswith(error.advice)


def test_of_a_failure_that_nobody_knows_it_says_what_was_written() -> None:
    error = CommandFailed(["pip"], 1, "who knows")
    assert (error.advice, str(error).splitlines()[-1].strip()) == ("", "who knows")


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
