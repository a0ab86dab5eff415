"""Restyle's processes in tests: a server started on this side where a GIMP's own side cannot run it, ended in any case."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
from tests.gimp.desktop import eventually

from restyle.service.connection import read_connection, request

__all__ = ["end_server", "open_jobs", "plugin_runs", "server_pid", "start_server"]

# Seconds on an idle machine; on a busy one PyTorch alone was seen to take a minute.
START_S = 300
END_S = 60


def plugin_runs(profile: Path) -> bool:
    """Whether the plug-in that is installed in a GIMP's profile runs."""
    entry = str(profile / "plug-ins" / "restyle" / "restyle.py")
    return any(entry in (process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))


def server_pid(home: Path) -> int:
    """The process id of the server of that home, 0 for none."""
    try:
        pid = int(json.loads((home / "server" / "connection.json").read_text())["pid"])
    except (OSError, ValueError, KeyError):
        return 0
    return pid if psutil.pid_exists(pid) else 0


def open_jobs(home: Path) -> int:
    """How many jobs the server of that home has queued or running, 0 where there is none."""
    connection = read_connection(home)
    return int(request(connection, "GET", "/v1/health")["jobs"]) if connection else 0


def start_server(home: Path, *options: str) -> None:
    """Start the server and wait until it can be found. ``options``: its own."""
    home.mkdir(parents=True, exist_ok=True)
    # A session of its own, as the plug-in gives it; setsid itself ends at once.
    command = ["setsid", "--fork", sys.executable, "-m", "restyle.service", "--home", str(home), *options]
    with (home / "test-server.log").open("ab") as log:
        subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=home, check=True)
    eventually(lambda: server_pid(home), START_S, "server")


def end_server(home: Path) -> None:
    """End the server of that home, if there is one."""
    pid = server_pid(home)
    if not pid:
        return
    with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
        process = psutil.Process(pid)
        os.kill(pid, signal.SIGTERM)
        with contextlib.suppress(psutil.TimeoutExpired):
            process.wait(END_S)
            return
        process.kill()
