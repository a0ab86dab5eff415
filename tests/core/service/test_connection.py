"""Sockets, connection files and locks: private, and never fooled by what a dead server left."""

import json
import os
import socket
import stat
import sys

import pytest

from restyle.host.home import server_folder
from restyle.host.private import private_folder
from restyle.service import connection as connection_module
from restyle.service.connection import Connection, _connect, listen, read_connection, remove_connection, write_connection

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no Unix sockets in Python and no such modes")


@pytest.fixture
def home(tmp_path):
    return tmp_path


@pytest.fixture
def folder(home):
    return private_folder(server_folder(home))


@pytest.fixture
def listener(folder):
    bound = listen(folder)
    bound.socket.listen()
    yield bound
    bound.close()


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@unix_only
def test_folder_socket_and_connection_file_are_their_owners_alone(home, folder, listener):
    before = os.umask(0)
    try:
        write_connection(home, Connection.to_this_process(listener.address))
    finally:
        os.umask(before)
    assert mode(folder) == 0o700
    assert mode(listener.path) == 0o600
    assert mode(folder / "connection.json") == 0o600
    assert os.umask(before) == before


def test_what_is_published_is_what_is_read(home, listener):
    connection = Connection.to_this_process(listener.address)
    write_connection(home, connection)
    assert read_connection(home) == connection
    assert json.loads((home / "server" / "connection.json").read_text())["pid"] == os.getpid()
    assert [path.name for path in (home / "server").glob("connection*")] == ["connection.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"address": 1}', '{"address": "unix:/nowhere", "token": "x", "pid": 1}'])
def test_a_damaged_or_stale_connection_file_is_no_connection(home, folder, text):
    (folder / "connection.json").write_text(text)
    assert read_connection(home) is None


def test_a_connection_file_that_cannot_be_written_leaves_no_draft(home, folder, listener, monkeypatch):
    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(connection_module.json, "dump", full)
    with pytest.raises(OSError, match="No space"):
        write_connection(home, Connection.to_this_process(listener.address))
    assert not list(folder.glob("connection*"))


def test_no_file_is_no_connection(home):
    assert read_connection(home) is None


def test_only_the_own_connection_is_withdrawn(home, listener):
    old, new = Connection.to_this_process(listener.address), Connection.to_this_process(listener.address)
    write_connection(home, new)
    remove_connection(home, old)
    assert read_connection(home) == new
    remove_connection(home, new)
    assert read_connection(home) is None
    remove_connection(home, new)


@unix_only
def test_the_socket_of_a_dead_server_is_removed_and_one_that_still_answers_is_not(folder, listener):
    dead = listen(folder)
    dead.socket.close()
    assert dead.path.exists()
    alive = listen(folder)
    assert not dead.path.exists()
    assert listener.path.exists()
    alive.close()
    assert not alive.path.exists()


@unix_only
def test_a_server_that_leaves_late_removes_nothing_of_its_successors(folder):
    leaving = listen(folder)
    # What uvicorn does at its end: from here on the socket looks like a dead server's.
    leaving.socket.close()
    successor = listen(folder)
    successor.socket.listen()
    leaving.close()
    assert successor.is_in_place()
    _connect(successor.address).close()
    successor.close()


@unix_only
def test_a_server_of_another_user_is_none(home, listener, monkeypatch):
    connection = Connection.to_this_process(listener.address)
    write_connection(home, connection)
    monkeypatch.setattr(connection_module.os, "getuid", lambda: 12345)
    if hasattr(socket, "SO_PEERCRED"):
        assert read_connection(home) is None


def test_a_path_too_long_for_a_socket_means_tcp_on_this_computer(tmp_path):
    folder = private_folder(tmp_path / ("x" * 100))
    bound = listen(folder)
    try:
        assert bound.address == f"tcp:127.0.0.1:{bound.socket.getsockname()[1]}"
        assert bound.socket.family == socket.AF_INET
    finally:
        bound.close()


def test_tokens_are_long_and_never_alike():
    tokens = {Connection.to_this_process("unix:x").token for _ in range(10)}
    assert len(tokens) == 10
    assert min(map(len, tokens)) >= 43
