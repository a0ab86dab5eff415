"""TIFF and raw files of strange cameras and broken programs are read as the photo that they show, or refused in a sentence."""

from __future__ import annotations

import struct
import time

import numpy as np
import PIL.Image
import pytest
import tifffile
from tests.core.pictures.files_made import photo, stored_as, write

from restyle.contract.errors import UnreadableImage
from restyle.pictures.files import open_image


@pytest.mark.parametrize("byte_order", ["<", ">"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("is_big", [False, True])
def test_tiff_and_bigtiff_of_both_byte_orders_are_read(tmp_path, byte_order, dtype, is_big):
    samples = photo(dtype=np.uint16).astype(np.float32) / 65535 if dtype == np.float32 else photo(dtype=dtype)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb", byteorder=byte_order, bigtiff=is_big, compression="zlib")
    image, metadata = open_image(tmp_path / "a.tif")
    name = {np.uint8: "u8", np.uint16: "u16", np.float32: "f32"}[dtype]
    assert metadata.dtype == name
    assert image.to_bytes(channels=3, dtype=name) == samples.tobytes()


def test_the_photo_of_a_tiff_is_taken_and_not_its_thumbnail(tmp_path):
    thumbnail, whole = photo(6, 4), photo()
    with tifffile.TiffWriter(tmp_path / "pages.tif") as tiff:
        tiff.write(thumbnail, photometric="rgb", subfiletype=1)
        tiff.write(whole, photometric="rgb")
    with tifffile.TiffWriter(tmp_path / "below.tif") as tiff:
        tiff.write(thumbnail, photometric="rgb", subfiletype=1, subifds=1)
        tiff.write(whole, photometric="rgb")
    for name in ("pages.tif", "below.tif"):
        assert stored_as(tmp_path / name) == whole.tobytes()
        assert open_image(tmp_path / name)[1].notes == ()


@pytest.mark.parametrize("mode", ["RGB", "P", "CMYK"])
def test_the_first_of_equal_pages_is_taken_and_a_note_says_so(tmp_path, mode):
    first, second = (PIL.Image.fromarray(photo(seed=seed)).convert(mode) for seed in (1, 2))
    first.save(tmp_path / "a.tif", save_all=True, append_images=[second])
    image, metadata = open_image(tmp_path / "a.tif")
    assert image.to_bytes(channels=3, dtype="u8") == first.convert("RGB").tobytes()
    assert any("2 pictures; the first" in note for note in metadata.notes)


def test_the_largest_of_pages_is_found_where_only_pillow_reads_it(tmp_path):
    small, whole = (PIL.Image.fromarray(photo(*size)).convert("P") for size in ((6, 4), (60, 40)))
    small.save(tmp_path / "a.tif", save_all=True, append_images=[whole])
    assert stored_as(tmp_path / "a.tif") == whole.convert("RGB").tobytes()


@pytest.mark.parametrize("photometric", [32803, 34892])
def test_a_raw_file_without_a_developed_picture_is_one_sentence(tmp_path, photometric):
    sensor = photo(120, 80, np.uint16)[..., 0] if photometric == 32803 else photo(120, 80, np.uint16)
    with tifffile.TiffWriter(tmp_path / "a.dng") as tiff:
        tiff.write(photo(12, 8), photometric="rgb", subfiletype=1, subifds=1)
        extra = [(33421, "H", 2, (2, 2), True), (33422, "B", 4, (0, 1, 1, 2), True)] if photometric == 32803 else []
        tiff.write(sensor, photometric=photometric, extratags=extra, planarconfig=None if extra else "contig")
    with pytest.raises(UnreadableImage, match=r"raw file.*develop"):
        open_image(tmp_path / "a.dng")


def test_a_raw_file_with_its_developed_picture_gives_that(tmp_path):
    developed = photo(118, 78)
    with tifffile.TiffWriter(tmp_path / "a.dng") as tiff:
        tiff.write(photo(12, 8), photometric="rgb", subfiletype=1, subifds=2)
        tiff.write(photo(120, 80, np.uint16)[..., 0], photometric=32803)
        tiff.write(developed, photometric="rgb", subfiletype=1)
    assert stored_as(tmp_path / "a.dng") == developed.tobytes()


def test_directories_that_point_to_one_another_end(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, photo(), photometric="rgb")
    data = bytearray(path.read_bytes())
    with tifffile.TiffFile(path) as tiff:
        place = tiff.pages[0].offset
    count = struct.unpack_from("<H", data, place)[0]
    struct.pack_into("<I", data, place + 2 + 12 * count, place)
    assert stored_as(write(path, bytes(data))) == photo().tobytes()


def test_a_tiff_that_lacks_most_of_its_tiles_is_refused_at_once(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, photo(), photometric="rgb", tile=(16, 16))
    with tifffile.TiffFile(path, mode="r+") as tiff:
        tiff.pages[0].tags["ImageLength"].overwrite(5_000_000)
    started = time.process_time()
    with pytest.raises(UnreadableImage):
        open_image(path)
    # Two seconds: what it takes is milliseconds, and its tiles are over a million.
    assert time.process_time() - started < 2


def test_samples_of_other_dimensions_than_the_picture_s_are_one_sentence(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, photo(dtype=np.uint16), photometric="rgb")
    with tifffile.TiffFile(path, mode="r+") as tiff:
        tiff.pages[0].tags["ImageLength"].overwrite(0)
    with pytest.raises(UnreadableImage):
        open_image(path)
