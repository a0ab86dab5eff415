"""The door of a server that lives: put back where somebody tidied up, given up where it cannot be."""

import sys
import threading

import pytest

from restyle.host.home import server_folder
from restyle.service import door as door_module
from restyle.service.connection import connection_file, published_connection, read_connection
from restyle.service.door import open_door, server_process

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no Unix sockets in Python")


@pytest.fixture
def door(tmp_path):
    opened = open_door(tmp_path)
    opened.listener.socket.listen()
    opened.publish()
    yield opened
    opened.close()


@pytest.mark.parametrize("text", [None, "", '{"address": "uni', "[1]", '{"address": "unix:/else", "token": "t", "pid": 1}'])
def test_a_connection_file_that_is_gone_or_wrong_is_put_back(door, tmp_path, text):
    if text is None:
        connection_file(tmp_path).unlink()
    else:
        connection_file(tmp_path).write_text(text)
    assert read_connection(tmp_path) is None
    assert door.is_found()
    assert read_connection(tmp_path) == door.connection


@unix_only
@pytest.mark.parametrize("name", ["lock", "server*.sock"])
def test_without_its_socket_or_its_lock_a_server_is_found_by_nobody(door, tmp_path, name):
    for path in server_folder(tmp_path).glob(name):
        path.unlink()
    assert not door.is_found()


@unix_only
def test_another_lock_in_the_place_of_its_own_is_not_its_own(door, tmp_path):
    lock = server_folder(tmp_path) / "lock"
    lock.unlink()
    lock.touch()
    assert not door.is_found()


def test_a_door_that_was_withdrawn_is_not_put_back(door, tmp_path):
    door.withdraw()
    assert door.is_found()
    assert published_connection(tmp_path) is None


def test_the_holder_of_the_lock_is_known_though_nothing_is_published(door, tmp_path):
    connection_file(tmp_path).unlink()
    assert server_process(tmp_path) == door.connection.pid
    door.withdraw()
    assert server_process(tmp_path) is None


def test_a_second_server_ends_at_once_where_the_first_can_be_reached(door, tmp_path):
    assert open_door(tmp_path) is None


def test_a_second_server_takes_over_from_one_that_cannot_be_reached_and_leaves(door, tmp_path):
    connection_file(tmp_path).unlink()
    leaves = threading.Timer(0.2, door.withdraw)
    leaves.start()
    second = open_door(tmp_path)
    leaves.join()
    second.close()


def test_a_second_server_does_not_wait_for_ever(door, tmp_path, monkeypatch):
    monkeypatch.setattr(door_module, "PATIENCE_S", 0.1)
    connection_file(tmp_path).unlink()
    assert open_door(tmp_path) is None
