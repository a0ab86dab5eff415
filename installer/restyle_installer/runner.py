"""The only module that starts programs; tests put a fake in its place."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass

from .errors import CommandFailed

__all__ = ["Completed", "Runner"]

# The exit code of coreutils' timeout; 127 is the shell's for a program that is not there.
TIMED_OUT = 124
NOT_FOUND = 127


@dataclass(frozen=True)
class Completed:
    """A program that has ended: its exit code and what it wrote (stdout and stderr together)."""

    argv: tuple
    code: int
    output: str

    @property
    def succeeded(self) -> bool:
        return self.code == 0


class Runner:
    """Starts programs without a terminal to read from, each with a time limit."""

    def which(self, name: str) -> str | None:
        """The absolute path of a program, or None where PATH has none."""
        found = shutil.which(name)
        return os.path.abspath(found) if found else None

    def run(self, argv, *, cwd=None, env=None, timeout_s=60.0, show=False) -> Completed:
        """Run to the end and never raise for its failure. `show` lets the program write to this terminal itself."""
        argv = [str(part) for part in argv]
        try:
            process = subprocess.Popen(
                argv,
                cwd=None if cwd is None else str(cwd),
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=None if show else subprocess.PIPE,
                stderr=None if show else subprocess.STDOUT,
                start_new_session=not show and os.name == "posix",
            )
        except OSError as error:
            return Completed(tuple(argv), NOT_FOUND, str(error))
        try:
            written, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            _end(process, whole_session=not show)
            written, _ = process.communicate()
            return Completed(tuple(argv), TIMED_OUT, _text(written) + "\n(ended after %g s)" % timeout_s)
        except BaseException:
            _end(process, whole_session=not show)
            process.wait()
            raise
        return Completed(tuple(argv), process.returncode, _text(written))

    def check(self, argv, **options) -> str:
        """Run and return what was written. Raises CommandFailed."""
        completed = self.run(argv, **options)
        if not completed.succeeded:
            raise CommandFailed(list(completed.argv), completed.code, completed.output)
        return completed.output


def _end(process: subprocess.Popen, *, whole_session: bool) -> None:
    """End a program, and with it what it has started where it has a session of its own."""
    if whole_session and os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _text(written: bytes | None) -> str:
    return (written or b"").decode("utf-8", "replace")
