"""The lock on a file: one holder, known by its process."""

import os

import pytest

from restyle.host.lock import Lock, holder_of


@pytest.fixture
def path(tmp_path):
    return tmp_path / "lock"


def test_a_lock_has_one_owner_until_it_is_released(path):
    first, second = (Lock(path) for _ in range(2))
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    first.release()
    second.release()


def test_the_holder_is_known_if_it_signed_and_nobody_is_where_nobody_holds_it(path):
    assert holder_of(path) is None
    lock = Lock(path)
    lock.acquire()
    assert holder_of(path) == 0
    lock.sign()
    assert holder_of(path) == os.getpid()
    lock.release()
    assert holder_of(path) is None


def test_to_ask_for_the_holder_takes_nothing(path):
    lock = Lock(path)
    lock.acquire()
    lock.release()
    holder_of(path)
    assert lock.acquire()
    lock.release()


def test_a_lock_whose_file_was_removed_or_replaced_is_not_in_place(path):
    lock = Lock(path)
    assert not lock.is_in_place()
    lock.acquire()
    assert lock.is_in_place()
    path.unlink()
    assert not lock.is_in_place()
    path.touch()
    assert not lock.is_in_place()
    lock.release()
