"""Checks of the server: the rights of its folder, whether it starts and answers, what it last complained about."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Iterator

from .. import server_call
from ..pip import clean_environ
from ..server_call import Answer
from ..words import N_, _
from .finding import FAIL, WARN, Finding, ok
from .patient import Patient

__all__ = ["check_answers", "check_log", "check_rights", "started", "tail"]

RIGHTS, SERVER, LOG = N_("rights"), N_("server"), N_("log")
# The plug-in waits as long.
START_LIMIT_S = 60.0
POLL_S = 0.1
TAIL_BYTES = 64 << 10
# The head of a line of the server's log that is an error's.
ERROR_LINE = re.compile(r"\b(ERROR|CRITICAL)\b")


def check_rights(patient: Patient) -> list[Finding]:
    """Token and socket are for this user's eyes alone."""
    folder = patient.home / "server"
    if os.name != "posix" or not folder.is_dir():
        return []
    found = []
    for path in (folder, folder / "connection.json"):
        if not path.exists():
            continue
        status = path.stat()
        if status.st_uid != os.geteuid():
            remedy = _("Give it back: %s") % ("sudo chown -R $(id -un) %s" % folder)
            text = _("%(path)s belongs to another user (number %(number)d)") % {"path": path, "number": status.st_uid}
            found.append(Finding(RIGHTS, FAIL, text, remedy))
        elif status.st_mode & 0o077:
            text = _("%(path)s can be read by others (%(mode)04o)") % {"path": path, "mode": status.st_mode & 0o777}
            found.append(Finding(RIGHTS, FAIL, text, "chmod go= %s" % path))
    return found or [ok(RIGHTS, _("%s is closed to others") % folder)]


def check_answers(patient: Patient) -> list[Finding]:
    """Start the server as the plug-in does, unless it runs, and ask it; one that was started for this leaves again."""
    if patient.record is None:
        return []
    installed = patient.record.version
    answer = _health(patient.home)
    if answer is not None:
        return [_judge(answer, installed, _("was running"))]
    with started(patient.python, patient.home) as (answer, why):
        if answer is not None:
            return [_judge(answer, installed, _("started for this check"))]
    remedy = _("Look into %s, or report it with `doctor --report FILE`.") % (patient.home / "server" / "server.log")
    return [Finding(SERVER, FAIL, _("it does not start: %s") % why, remedy)]


def check_log(patient: Patient) -> list[Finding]:
    """The last error in the server's log."""
    path = patient.home / "server" / "server.log"
    if not path.is_file():
        return []
    lines = tail(path).splitlines()
    errors = [line for line in lines if ERROR_LINE.search(line)]
    if not errors:
        return [ok(LOG, _("no errors in %s") % path)]
    remedy = _("If it comes again, report it with `doctor --report FILE`.")
    return [Finding(LOG, WARN, _("the last error was: %s") % errors[-1][:300], remedy)]


def tail(path: Path) -> str:
    """The end of a file, as far as it is text."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return file.read().decode("utf-8", "replace")


@contextlib.contextmanager
def started(python: str, home: Path) -> Iterator[tuple[Answer | None, str]]:
    """Start this home's server; gives (its first answer, why there is none), and ends the server afterwards."""
    command = [python, "-m", "restyle.service", "--home", str(home)]
    nothing = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command,
            stdin=nothing,
            stdout=nothing,
            stderr=subprocess.PIPE,
            env=clean_environ(),
            cwd=str(home),
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        yield None, str(error)
        return
    with process:
        try:
            yield _first_answer(process, home)
        finally:
            if not server_call.stop(home) or process.poll() is None:
                process.kill()


def _health(home: Path) -> Answer | None:
    connection = server_call.read_connection(home)
    return None if connection is None else server_call.health(connection)


def _judge(answer: Answer, installed: str, how: str) -> Finding:
    if answer.get("version") == installed:
        return ok(SERVER, _("answers, version %(version)s, %(how)s") % {"version": installed, "how": how})
    text = _("the running server is %(running)s, installed is %(installed)s")
    text = text % {"running": answer.get("version"), "installed": installed}
    return Finding(SERVER, WARN, text, _("It is replaced when a filter is used next; nothing to do."))


def _first_answer(process: subprocess.Popen[bytes], home: Path) -> tuple[Answer | None, str]:
    ends = time.monotonic() + START_LIMIT_S
    while time.monotonic() < ends:
        answer = _health(home)
        if answer is not None:
            return answer, ""
        if process.poll() is not None:
            said = process.communicate()[1].decode("utf-8", "replace").strip().splitlines()
            return None, said[-1] if said else _("it ended with exit code %d") % process.returncode
        time.sleep(POLL_S)
    return None, _("it did not answer within %d s") % START_LIMIT_S
