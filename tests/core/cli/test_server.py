"""``restyle server``: what runs is told and stopped, though its door be shut."""

import json
import os
import signal

import pytest

from restyle.cli import main
from restyle.service import state as state_module
from restyle.service.connection import connection_file
from restyle.service.door import open_door


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def door(home):
    opened = open_door(home)
    opened.listener.socket.listen()
    opened.publish()
    yield opened
    opened.close()


@pytest.fixture
def asked(monkeypatch):
    """What the server was asked; it answers everything with its health."""
    asked = []

    def request(connection, method, path):
        asked.append(f"{method} {path}")
        return {"state": "ready", "pid": connection.pid}

    monkeypatch.setattr(state_module, "request", request)
    monkeypatch.setattr("restyle.cli.server.request", request)
    return asked


@pytest.fixture
def signals(monkeypatch):
    sent = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    return sent


def test_without_a_server_both_say_so(home, capsys):
    assert main(["server", "status"]) == 1
    assert main(["server", "stop"]) == 0
    assert capsys.readouterr().out == 2 * "No server is running.\n"


def test_a_server_tells_its_health(door, asked, capsys):
    assert main(["server", "status"]) == 0
    assert json.loads(capsys.readouterr().out) == {"state": "ready", "pid": os.getpid()}


@pytest.mark.parametrize(("options", "at_once"), [([], "false"), (["--now"], "true")])
def test_a_server_is_asked_to_leave(door, asked, signals, options, at_once):
    assert main(["server", "stop", *options]) == 0
    assert asked[-1] == f"POST /v1/shutdown?at_once={at_once}"
    assert signals == []


@pytest.mark.parametrize("text", [None, "", '{"address": "tcp:127.0.0.1:9"'])
def test_a_server_behind_a_shut_door_is_known_and_told_to_end(door, home, asked, signals, text, capsys):
    connection_file(home).unlink()
    if text is not None:
        connection_file(home).write_text(text)
    assert main(["server", "status"]) == 1
    assert f"process {os.getpid()}" in capsys.readouterr().out
    assert main(["server", "stop"]) == 0
    assert signals == [(os.getpid(), signal.SIGTERM)]
    assert asked == []


def test_the_doctor_asks_the_lock(door, home, asked, capsys):
    assert main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["server"] == f"process {os.getpid()}, ready"
    connection_file(home).unlink()
    main(["doctor", "--json"])
    assert json.loads(capsys.readouterr().out)["server"] == f"process {os.getpid()}, cannot be reached"


@pytest.mark.parametrize("option", ["--jobs-per-user", "--memory-per-user-mb"])
def test_a_share_of_nothing_is_wrong_usage(home, capsys, option):
    with pytest.raises(SystemExit) as exit_status:
        main(["server", "start", option, "0"])
    assert exit_status.value.code == 2
    assert "0 is too few; give 1 or more" in capsys.readouterr().err


def test_a_place_that_cannot_be_listened_at_is_not_said_to_be(home, capsys):
    with pytest.raises(SystemExit) as exit_status:
        main(["server", "start", "--listen", "no.such.host.invalid:7860"])
    assert exit_status.value.code == 1
    told = capsys.readouterr().err
    assert "cannot be listened at" in told
    assert "Listening at" not in told
