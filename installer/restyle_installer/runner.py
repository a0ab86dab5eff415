"""The only module that starts programs; tests put a fake in its place."""

from __future__ import annotations

import _thread
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, Sequence, TextIO, Union

from .errors import CommandFailed
from .words import _

__all__ = ["Command", "Completed", "Runner", "Tell", "interrupt_when_closed"]

Command = Sequence[Union[str, Path]]
Tell = Callable[[str], None]

# The exit code of coreutils' timeout; 127 is the shell's for a program that is not there.
TIMED_OUT = 124
NOT_FOUND = 127
LOOK_S = 0.2
LEASH = str(Path(__file__).with_name("leash.py"))


def interrupt_when_closed(stream: TextIO) -> None:
    """From now on, end this process as Ctrl-C does once whoever holds the other end of `stream` closes it, or has ended."""

    def watch() -> None:
        while stream.read(1):
            pass
        _thread.interrupt_main()

    threading.Thread(target=watch, daemon=True).start()


@dataclass(frozen=True)
class Completed:
    """A program that has ended: its exit code and what it wrote (stdout and stderr together)."""

    argv: tuple[str, ...]
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

    def run(
        self,
        argv: Command,
        *,
        cwd: Path | str | None = None,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
        show: bool = False,
        leashed: bool = False,
        tell: Tell = lambda line: None,
    ) -> Completed:
        """Run to the end and never raise for its failure.

        `show` lets the program write to this terminal itself; `tell` hears each line as it comes, from another thread. One that
        is `leashed` ends, with all that it has started, when this process ends, even by SIGKILL (not on Windows).
        """
        words = [str(part) for part in argv]
        own_session = os.name == "posix" and (leashed or not show)
        output = None if show else subprocess.PIPE
        with _leash(leashed) as (before, stdin):
            try:
                process = subprocess.Popen(
                    [*before, *words],
                    cwd=None if cwd is None else str(cwd),
                    env=env,
                    stdin=stdin,
                    stdout=output,
                    stderr=None if show else subprocess.STDOUT,
                    start_new_session=own_session,
                )
            except OSError as error:
                return Completed(tuple(words), NOT_FOUND, str(error))
            code, written = _wait(process, timeout_s, own_session, tell)
        return Completed(tuple(words), code, written)

    def check(self, argv: Command, **options: Any) -> str:
        """Run and return what was written. Raises CommandFailed."""
        completed = self.run(argv, **options)
        if not completed.succeeded:
            raise CommandFailed(list(completed.argv), completed.code, completed.output)
        return completed.output


def _wait(process: subprocess.Popen[bytes], timeout_s: float, own_session: bool, tell: Tell) -> tuple[int, str]:
    """(exit code, what it wrote) of a program that has ended or was ended for it took too long."""
    lines: list[str] = []
    reader = threading.Thread(target=_read, args=(process, lines, tell), daemon=True)
    reader.start()
    note = ""
    limit = time.monotonic() + timeout_s
    try:
        # As long as somebody may still write, a program that it has left behind too.
        while reader.is_alive() and time.monotonic() < limit:
            reader.join(LOOK_S)  # in short turns: while it waits nothing interrupts it, on Windows not even Ctrl-C
        if reader.is_alive():
            note = "\n" + _("(ended after %g s)") % timeout_s
            _end(process, own_session)
    except BaseException:
        _end(process, own_session)
        raise
    finally:
        process.wait()
        reader.join()
    return TIMED_OUT if note else process.returncode, "".join(lines) + note


def _read(process: subprocess.Popen[bytes], lines: list[str], tell: Tell) -> None:
    """Until it has ended; where it writes to the terminal itself there is nothing to read."""
    with process:
        for line in process.stdout or ():
            lines.append(line.decode("utf-8", "replace"))
            tell(lines[-1].rstrip())


@contextlib.contextmanager
def _leash(leashed: bool) -> Iterator[tuple[list[str], int]]:
    """(what stands before the command line, its standard input); without a leash nothing, and no input."""
    if not leashed or os.name != "posix":
        yield [], subprocess.DEVNULL
        return
    theirs, ours = os.pipe()
    try:
        yield [sys.executable, "-I", LEASH], theirs
    finally:
        os.close(theirs)
        os.close(ours)


def _end(process: subprocess.Popen[bytes], own_session: bool) -> None:
    """End a program, and with it what it has started where it has a session of its own."""
    if own_session:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
