"""The project itself into an environment: built by the setuptools that is locked, run by the Python beneath the environment.

Not by pip in the environment: setuptools takes `{x}` or `$x` in the path of its own environment for a variable, and fails.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from .pip import clean_environ, pip
from .runner import Runner

__all__ = ["install"]

LIMIT_S = 300.0
ASK = "import sys, sysconfig; print(getattr(sys, '_base_executable', sys.executable)); print(sysconfig.get_path('purelib'))"
BUILD = "import sys, setuptools.build_meta as backend; getattr(backend, sys.argv[1])(sys.argv[2])"


def install(python: Path, root: Path, runner: Runner, *, editable: bool = False, scratch: Path | None = None) -> None:
    """`root` holds the sources; `editable`: they are used where they are. Its dependencies are there. Raises CommandFailed."""
    base, packages = runner.check([python, "-c", ASK], env=clean_environ()).splitlines()[:2]
    with tempfile.TemporaryDirectory(prefix="restyle-", dir=None if scratch is None else str(scratch)) as folder:
        env = dict(clean_environ(scratch), PYTHONPATH=packages)
        hook = "build_editable" if editable else "build_wheel"
        runner.check([base, "-c", BUILD, hook, folder], cwd=root, env=env, timeout_s=LIMIT_S, leashed=True)
        (wheel,) = Path(folder).glob("*.whl")
        # The version may be the one that is there, and what is in it another.
        pip(runner, python, "--no-deps", "--no-index", "--force-reinstall", wheel, scratch=scratch)
