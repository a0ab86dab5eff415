"""The clients: a warm server does what this process would do, and tells and takes the same; PyTorch stays out of it."""

import os
import stat
import subprocess
import sys
from dataclasses import replace

import pytest
from tests.core.service.process import LIMIT_S, connection_of

from restyle.contract.errors import Refused
from restyle.contract.progress import CallbackProgress, SilentProgress
from restyle.contract.request import Request, check
from restyle.filters import find_filter
from restyle.service.clients import warm, warm_client
from restyle.service.connection import request

READY = {"state": "ready", "jobs": 0}


@pytest.fixture
def client(served, home):
    connection_of(served(), home)
    while (found := warm_client(home)) is None:
        pass  # it warms up for a moment
    return found


@pytest.fixture
def use(tmp_path, monkeypatch):
    """Fast Style on a file, named as seen from the working folder."""
    monkeypatch.chdir(tmp_path)

    def use_of(name="photo.png"):
        (tmp_path / name).write_bytes(b"a photo")
        return check(find_filter("fast-style"), Request(filter="fast-style", inputs={"content": name}))

    return use_of


def active_jobs(client):
    return request(client._connection, "GET", "/v1/health")["jobs"]


def test_what_the_server_makes_is_written_noted_and_told_of(client, use, tmp_path):
    reports = []
    progress = CallbackProgress(reports.append)
    done = client.perform(use(), tmp_path / "out.png", progress)
    assert (tmp_path / "out.png").read_bytes() == b"a photo"
    assert done.device == "fake:0"
    assert progress.notes == ["A copy."]
    assert reports
    assert active_jobs(client) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_result_has_the_rights_that_files_of_this_process_have(client, use, tmp_path):
    before = os.umask(0o027)
    try:
        client.perform(use(), tmp_path / "out.png", SilentProgress())
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.png").stat().st_mode) == 0o640


def test_what_fails_there_is_said_in_the_servers_own_words(client, use, tmp_path):
    with pytest.raises(Refused, match=r"bad\.png cannot be read as a picture") as caught:
        client.perform(use("bad.png"), tmp_path / "out.png", SilentProgress())
    assert caught.value.problem == "unreadable-image"
    assert not (tmp_path / "out.png").exists()


def test_what_ends_the_work_here_ends_it_there(client, use, tmp_path):
    def interrupt(report):
        if report.step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.perform(use("wait.png"), tmp_path / "out.png", CallbackProgress(interrupt))
    # The next one is done at once, so the first is not waited for.
    client.perform(use(), tmp_path / "out.png", SilentProgress())


def test_a_server_that_stops_meanwhile_is_one_sentence(client, use, tmp_path):
    def stop(report):
        if report.step:
            request(client._connection, "POST", "/v1/shutdown?at_once=true")

    with pytest.raises(Refused, match="stopped"):
        client.perform(use("wait.png"), tmp_path / "out.png", CallbackProgress(stop))


def test_without_a_server_there_is_no_warm_client(home):
    assert warm_client(home) is None


@pytest.mark.parametrize("change", [{"version": "0.0.9"}, {"protocol": 99}])
def test_a_server_of_another_version_or_protocol_is_not_used(client, home, monkeypatch, change):
    monkeypatch.setattr(warm, "read_connection", lambda home: replace(client._connection, **change))
    assert warm_client(home) is None


@pytest.mark.parametrize(
    "health", [{"state": "starting", "jobs": 0}, {"state": "leaving", "jobs": 0}, {"state": "ready", "jobs": 1}]
)
def test_a_server_that_is_cold_or_at_work_is_not_waited_for(client, home, monkeypatch, health):
    monkeypatch.setattr(warm, "request", lambda *asked: {**READY, **health})
    assert warm_client(home) is None


PROGRAM = """
import sys
from restyle.cli import main
status = main(sys.argv[1:])
assert "torch" not in sys.modules and "fastapi" not in sys.modules
sys.exit(status)
"""


def test_a_command_beside_a_warm_server_imports_no_torch(client, use, home, tmp_path):
    use()
    command = [sys.executable, "-c", PROGRAM, "fast-style", "photo.png", "-o", "out.png"]
    environment = {**os.environ, "RESTYLE_HOME": str(home)}
    answer = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "out.png" in answer.stdout
    assert answer.stderr == "A copy.\n"
    assert (tmp_path / "out.png").read_bytes() == b"a photo"
