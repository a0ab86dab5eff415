"""`python3 installer test`: checks first, pytest's closing line last, and nothing failed that the exit code hides."""

from __future__ import annotations

from pathlib import Path

import pytest

from restyle_installer import environment, provisions, suite
from restyle_installer.checkout import HERE
from tests.installer.world import FakeRunner, quiet_console


@pytest.fixture(autouse=True)
def everything_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provisions, "provide", lambda *arguments: ["gimp-2.10", "window"])
    monkeypatch.setattr(environment, "prepare", lambda *arguments: Path("/env/bin/python"))


class Python:
    """The environment's Python: everything succeeds but what has one of these words among its arguments."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.calls: list = []

    def __call__(self, argv, options):
        self.calls.append((argv[1:], options["env"]))
        return (1, "failed") if set(self.failing) & set(argv) else (0, "fine")


def run(python: Python, *arguments: str) -> int:
    return suite.test(HERE, arguments, FakeRunner({"python": python}), quiet_console())


def test_the_suite_comes_last_shared_among_processes() -> None:
    python = Python()
    assert run(python) == 0
    last, env = python.calls[-1]
    assert last[:2] == ("-m", "pytest")
    assert last[2:] == ("--numprocesses", last[3], "--dist", "loadscope")
    assert int(env["OMP_NUM_THREADS"]) >= 1
    assert env["RESTYLE_REQUIRE"] == "gimp-2.10,window"


def test_numbers_are_compared_on_the_least_processor_too() -> None:
    python = Python()
    run(python)
    (numbers,) = [(argv, env) for argv, env in python.calls if env.get("ATEN_CPU_CAPABILITY") == "avx2"]
    assert set(suite.NUMBERS) < set(numbers[0])
    assert all((HERE.root / name).exists() for name in suite.NUMBERS)
    assert "ATEN_CPU_CAPABILITY" not in python.calls[-1][1]


def test_what_a_person_asks_for_runs_as_it_is() -> None:
    python = Python()
    run(python, "-k", "one")
    assert python.calls[-1][0] == ("-m", "pytest", "-k", "one")
    assert not any("ATEN_CPU_CAPABILITY" in env for _, env in python.calls)


@pytest.mark.parametrize("word", ["ruff", "mypy", suite.LICENCES, "tests/core/features"])
def test_a_check_that_fails_lets_the_suite_run_and_is_in_the_exit_code(word: str) -> None:
    python = Python(word)
    assert run(python) == 1
    assert python.calls[-1][0][:2] == ("-m", "pytest")
