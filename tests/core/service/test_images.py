"""The store of pictures: bounded in bytes and in time, and never pulling a picture away from a job."""

import hashlib

import pytest
from tests.core.service.fakes import RGB_2X1, Clock, FakeImage, upload

from restyle.contract.errors import BodyTooLarge, UnknownImage
from restyle.pictures.image import PIXEL_DTYPES
from restyle.service.images import BYTES_PER_SAMPLE, UNUSED_S, ImageStore, Pixels


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(clock):
    return ImageStore(maximum_bytes=100, clock=clock)


def test_sample_sizes_are_those_of_the_core():
    assert {name: dtype.itemsize for name, dtype in PIXEL_DTYPES.items()} == BYTES_PER_SAMPLE


def test_a_picture_comes_back_as_the_same_bytes_without_a_copy(store):
    stored = upload(store, raw=bytes(range(6)))
    assert store.get(stored.id).as_bytes() is stored.content
    assert stored.content == bytes(range(6))


def test_a_picture_comes_back_in_the_form_asked_for(store):
    stored = upload(store, Pixels(1, 1, 3, "u8"), bytes([0, 128, 255]))
    assert stored.as_bytes(4, "u8") == bytes([0, 128, 255, 255])
    assert stored.as_bytes(3, "u16") == bytes([0, 0, 128, 128, 255, 255])


def test_a_picture_is_made_small_where_that_is_asked_for(store):
    stored = upload(store, Pixels(4, 2, 3, "u8"), bytes([0, 128, 255] * 8))
    assert stored.as_small_bytes(2) == (2, 1, bytes([0, 128, 255] * 2))
    for most_px in (0, 4, 9):
        assert stored.as_small_bytes(most_px) == (4, 2, stored.content)


def test_an_uploads_id_is_the_hash_of_its_form_and_content(store):
    stored = upload(store, Pixels(2, 1, 3, "u8"), b"abcdef")
    assert stored.id == hashlib.sha256(b"2 1 3 u8\nabcdef").hexdigest()
    assert len({upload(store, form, b"abcdef").id for form in (RGB_2X1, Pixels(1, 2, 3, "u8"), Pixels(3, 2, 1, "u8"))}) == 3


def test_results_have_ids_that_nobody_guesses(store):
    ids = {store.add_result(FakeImage(bytes(6), 2, 1)).id for _ in range(10)}
    assert len(ids) == 10
    assert min(map(len, ids)) >= 20


def test_equal_uploads_are_kept_once_until_the_last_claim_is_given_back(store):
    first, second = upload(store), upload(store)
    assert first is second
    assert store.size_bytes == 6
    assert store.claim(first.id) is first
    for _ in range(2):
        store.drop(first.id)
        assert store.get(first.id)
    store.drop(first.id)
    assert store.size_bytes == 0
    with pytest.raises(UnknownImage):
        store.claim(first.id)


def test_a_picture_that_only_a_job_still_holds_is_unknown_until_it_is_sent_again(store):
    held = store.hold(upload(store).id)
    store.drop(held.id)
    with pytest.raises(UnknownImage):
        store.claim(held.id)
    assert upload(store) is held
    store.release(held)
    assert store.get(held.id) is held


def test_a_result_cannot_be_claimed(store):
    result = store.add_result(FakeImage(bytes(6), 2, 1))
    with pytest.raises(UnknownImage):
        store.claim(result.id)


def test_an_unused_upload_expires_and_a_used_one_does_not(store, clock):
    used, unused = upload(store, raw=b"abcdef"), upload(store)
    clock.advance(UNUSED_S)
    store.get(used.id)
    clock.advance(1)
    store.expire()
    assert store.get(used.id)
    with pytest.raises(UnknownImage):
        store.get(unused.id)


def test_a_picture_that_a_job_holds_neither_expires_nor_vanishes_when_dropped(store, clock):
    stored = upload(store)
    held = store.hold(stored.id)
    clock.advance(10 * UNUSED_S)
    store.expire()
    assert store.get(stored.id) is held
    store.drop(stored.id)
    assert store.size_bytes == 6
    with pytest.raises(UnknownImage):
        store.get(stored.id)
    store.release(held)
    assert store.size_bytes == 0


def test_results_expire_with_their_job_only(store, clock):
    result = store.add_result(FakeImage(bytes(6), 2, 1))
    clock.advance(10 * UNUSED_S)
    store.expire()
    assert store.get(result.id)


def test_what_is_announced_takes_no_memory_and_what_has_come_does(store):
    large = Pixels(90, 1, 1, "u8")
    with store.arrival(large) as first, store.arrival(large) as second:
        assert store.size_bytes == 0
        first.add(bytes(90))
        assert store.size_bytes == 90
        second.add(bytes(10))
        with pytest.raises(BodyTooLarge):
            second.add(b"x")
    assert store.size_bytes == 0


def test_what_can_never_have_room_is_refused_before_it_comes(store):
    upload(store, Pixels(60, 1, 1, "u8"), bytes(60))
    with pytest.raises(BodyTooLarge), store.arrival(Pixels(41, 1, 1, "u8")):
        pass


def test_dropping_what_is_unknown_is_no_error(store):
    store.drop("unknown")
    store.drop(None)
