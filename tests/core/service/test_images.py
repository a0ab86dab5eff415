"""The store of pictures: bounded in bytes and in time, and never pulling a picture away from a job."""

import pytest
from tests.core.service.fakes import RGB_2X1, Clock, FakeImage

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
    raw = bytearray(range(6))
    stored = store.add_upload(RGB_2X1, raw)
    assert store.get(stored.id).as_bytes() is raw


def test_a_picture_comes_back_in_the_form_asked_for(store):
    stored = store.add_upload(Pixels(1, 1, 3, "u8"), bytearray([0, 128, 255]))
    assert stored.as_bytes(4, "u8") == bytes([0, 128, 255, 255])
    assert stored.as_bytes(3, "u16") == bytes([0, 0, 128, 128, 255, 255])


def test_ids_are_long_and_never_alike(store):
    ids = {store.add_upload(RGB_2X1, bytearray(6)).id for _ in range(10)}
    assert len(ids) == 10
    assert min(map(len, ids)) >= 20


def test_an_unused_upload_expires_and_a_used_one_does_not(store, clock):
    used, unused = store.add_upload(RGB_2X1, bytearray(6)), store.add_upload(RGB_2X1, bytearray(6))
    clock.advance(UNUSED_S)
    store.get(used.id)
    clock.advance(1)
    store.expire()
    assert store.get(used.id)
    with pytest.raises(UnknownImage):
        store.get(unused.id)


def test_a_picture_that_a_job_holds_neither_expires_nor_vanishes_when_dropped(store, clock):
    stored = store.add_upload(RGB_2X1, bytearray(6))
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


def test_pictures_on_their_way_count_and_too_many_are_refused(store):
    store.add_upload(RGB_2X1, bytearray(60))
    with store.room_for(40):
        assert store.size_bytes == 100
        with pytest.raises(BodyTooLarge), store.room_for(1):
            pass
    assert store.size_bytes == 60


def test_a_picture_that_has_arrived_counts_once(store):
    with store.room_for(6) as room:
        assert store.size_bytes == 6
        store.add_upload(RGB_2X1, bytearray(6), room)
        assert store.size_bytes == 6
    assert store.size_bytes == 6


def test_dropping_what_is_unknown_is_no_error(store):
    store.drop("unknown")
    store.drop(None)
