"""Sockets, connection files and locks: private, and never fooled by what a dead server left."""

import json
import os
import socket
import stat
import sys

import pytest

from restyle.host.lock import Lock
from restyle.service.connection import (
    LOCK_FILE,
    Connection,
    listen,
    private_folder,
    read_connection,
    remove_connection,
    write_connection,
)

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no Unix sockets in Python and no such modes")


@pytest.fixture
def home(tmp_path):
    return tmp_path


@pytest.fixture
def folder(home):
    return private_folder(home)


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


@unix_only
def test_a_folder_that_others_could_read_is_closed(home):
    (home / "server").mkdir()
    (home / "server").chmod(0o755)
    assert mode(private_folder(home)) == 0o700


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
def test_the_socket_of_a_dead_server_is_replaced(folder):
    dead = listen(folder)
    dead.socket.close()
    assert dead.path.exists()
    alive = listen(folder)
    assert alive.path == dead.path
    alive.close()
    assert not alive.path.exists()


@unix_only
def test_beside_a_server_that_still_serves_another_name_is_taken(folder, listener):
    second = listen(folder)
    assert second.path != listener.path
    assert listener.path.exists()
    second.close()
    assert not second.path.exists()
    assert listener.path.exists()


def test_a_path_too_long_for_a_socket_means_tcp_on_this_computer(tmp_path):
    folder = private_folder(tmp_path / ("x" * 100))
    bound = listen(folder)
    try:
        assert bound.address == f"tcp:127.0.0.1:{bound.socket.getsockname()[1]}"
        assert bound.socket.family == socket.AF_INET
    finally:
        bound.close()


def test_a_lock_has_one_owner_until_it_is_released(folder):
    first, second = (Lock(folder / LOCK_FILE) for _ in range(2))
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    first.release()
    second.release()


def test_tokens_are_long_and_never_alike():
    tokens = {Connection.to_this_process("unix:x").token for _ in range(10)}
    assert len(tokens) == 10
    assert min(map(len, tokens)) >= 43
