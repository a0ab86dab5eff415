"""`test` and `bench`: set up all that the tests run with, check the sources, run the suite."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Sequence

from . import environment, locks, provisions
from .checkout import Checkout
from .chroot import cache_folder
from .console import Console
from .machine import look_at
from .pip import clean_environ
from .runner import Command, Runner

__all__ = ["CHECKS", "bench", "licences", "test"]

CHECK_LIMIT_S = 1200.0
PYTEST = ("-m", "pytest")
ON_AVX2 = "numbers on a processor with AVX2 alone"
SUITE_LIMIT_S = 4200.0
# Each holds PyTorch, and some GIMPs and servers: up to 3 GB.
MAXIMUM_WORKERS = 4
LICENCES = "installer/restyle_installer/licences.py"
# (what it is, arguments of the environment's Python)
CHECKS = (
    ("lint", ("-m", "ruff", "check", ".")),
    ("format", ("-m", "ruff", "format", "--check", ".")),
    ("types", ("-m", "mypy", "--strict")),
    ("import contracts", ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")),
    ("catalogue", ("-m", "restyle", "catalogue", "--check")),
    ("licences", (LICENCES, "--check")),
)
# What computes most, and compares numbers: no expectation may hang on one processor's kernels, so these run on the least
# processor that is promised, too, whatever this machine has.
NUMBERS = ("tests/core/features", "tests/core/networks", "tests/core/regions", "tests/core/filters/enhance")
AVX2 = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}


def test(checkout: Checkout, arguments: Sequence[str], runner: Runner, console: Console) -> int:
    """Returns the exit code; pytest's closing line comes last. `arguments` go to pytest."""
    python, env = _set_up(checkout, runner, console)
    failed = [title for title, command in CHECKS if not _check(title, [python, *command], checkout, env, runner, console)]
    # What a person asks for, a single test or the debugger, runs as pytest alone runs it.
    options = list(arguments)
    if not arguments:
        options, env = _shared_out(env)
        numbers: Command = [python, *PYTEST, *options, *NUMBERS]
        failed += [] if _check(ON_AVX2, numbers, checkout, {**env, **AVX2}, runner, console) else [ON_AVX2]
    for line in console.times():
        console.say(line)
    if failed:
        console.say("These checks failed, see above: " + ", ".join(failed))
    command: Command = [python, *PYTEST, *options]
    console.say("== pytest " + " ".join(shlex.quote(part) for part in options))
    suite = runner.run(command, cwd=checkout.root, env=env, timeout_s=SUITE_LIMIT_S, show=True)
    if suite.output:
        console.say(suite.output)
    return suite.code or (1 if failed else 0)


def licences(checkout: Checkout, runner: Runner, console: Console) -> int:
    """Write docs/licences.md anew; returns the exit code."""
    python = environment.prepare(checkout, locks.TEST, look_at(runner), runner, console)
    return runner.run([python, LICENCES], cwd=checkout.root, env=clean_environ(), show=True).code


def bench(checkout: Checkout, arguments: Sequence[str], runner: Runner, console: Console) -> int:
    """Run the measurements of tests/bench; returns the exit code."""
    python, env = _set_up(checkout, runner, console)
    with console.phase("measurements"):
        command: Command = [python, "-m", "tests.bench", *arguments]
        return runner.run(command, cwd=checkout.root, env=env, timeout_s=4 * SUITE_LIMIT_S, show=True).code


def _set_up(checkout: Checkout, runner: Runner, console: Console) -> tuple[Path, dict[str, str]]:
    """(the environment's Python, the environment variables for the tests)"""
    machine = look_at(runner)
    promised = provisions.provide(machine, runner, console)
    with console.phase("Python environment"):
        python = environment.prepare(checkout, locks.TEST, machine, runner, console)
    env = clean_environ()
    env["PATH"] = os.pathsep.join([str(python.parent), env.get("PATH", os.defpath)])
    env["RESTYLE_TEST_CACHE"] = str(cache_folder())
    # What was promised must not be skipped: tests/availability.py.
    env["RESTYLE_REQUIRE"] = ",".join(promised)
    return python, env


def _shared_out(env: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """(pytest's options, environment) with which processes share the tests, and the processor's cores, among them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(cores, MAXIMUM_WORKERS)
    return ["--numprocesses", str(workers), "--dist", "loadscope"], dict(env, OMP_NUM_THREADS=str(cores // workers))


def _check(title: str, command: Command, checkout: Checkout, env: dict[str, str], runner: Runner, console: Console) -> bool:
    with console.phase("check: " + title):
        completed = runner.run(command, cwd=checkout.root, env=env, timeout_s=CHECK_LIMIT_S)
        if not completed.succeeded:
            console.note(completed.output.rstrip() + "\nFAILED (exit code %d)" % completed.code)
    return completed.succeeded
