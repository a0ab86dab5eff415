"""EXIF goes from file to file byte for byte, whatever language it is in."""

from __future__ import annotations

import struct

import numpy as np
import PIL.Image
import pytest
import tifffile
from PIL import ExifTags

from restyle.pictures.files import Metadata, open_image, save_image
from restyle.pictures.files.exif import Exif, orientation_in_xmp, read_exif
from restyle.pictures.files.tiff_directories import Entry
from restyle.pictures.image import Image

ARTIST, COPYRIGHT, XP_TITLE = int(ExifTags.Base.Artist), int(ExifTags.Base.Copyright), int(ExifTags.Base.XPTitle)
USER_COMMENT, MAKER_NOTE, EXPOSURE = int(ExifTags.Base.UserComment), int(ExifTags.Base.MakerNote), int(ExifTags.Base.ExposureTime)
SUFFIXES = [".png", ".jpg", ".tif", ".webp"]

TEXTS = {
    "Latin-1": "Jörg Müller ©".encode("latin-1"),
    "UTF-8": "Jörg Müller 画像".encode(),
    "Shift JIS": "山田太郎".encode("shift_jis"),
    "EUC-KR": "한국어".encode("euc_kr"),
}


def text(value: bytes) -> Entry:
    return Entry(2, len(value) + 1, value + b"\0")


def full(order: str, artist: bytes) -> Exif:
    title, comment = "題名 é".encode("utf-16-le"), b"UNICODE\0" + "説明".encode("utf-16-be")
    fraction = Entry(5, 1, struct.pack(order + "II", 1, 250))
    details = {
        USER_COMMENT: Entry(7, len(comment), comment),
        EXPOSURE: fraction,
        MAKER_NOTE: Entry(7, 300, bytes(range(150)) * 2),
    }
    degrees = Entry(5, 3, struct.pack(order + "6I", 48, 1, 8, 1, 3013, 100))
    main = {ARTIST: text(artist), COPYRIGHT: text(artist * 9), XP_TITLE: Entry(1, len(title), title)}
    return Exif(order, main, details, {1: text(b"N"), 2: degrees, 3: text(b"E"), 4: degrees})


def photo() -> PIL.Image.Image:
    return PIL.Image.fromarray(np.random.default_rng(0).integers(0, 255, (24, 32, 3), np.uint8))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("source", SUFFIXES)
def test_texts_places_and_makers_notes_are_kept_byte_for_byte(tmp_path, source, suffix, order):
    written = full(order, TEXTS["Latin-1"])
    save_image(small_image(), tmp_path / f"a{source}", Metadata(exif=written.to_bytes()))
    image, metadata = open_image(tmp_path / f"a{source}")
    assert read_exif(metadata.exif).details == written.details
    save_image(image, tmp_path / f"b{suffix}", metadata)
    found = read_exif(open_image(tmp_path / f"b{suffix}")[1].exif)
    assert (found.order, found.details, found.place) == (order, written.details, written.place)
    assert {tag: found.main[tag] for tag in written.main} == written.main


def small_image() -> Image:
    return Image.from_bytes(photo().tobytes(), 32, 24, channels=3, dtype="u8")


@pytest.mark.parametrize("artist", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_names_in_any_encoding_stay_the_bytes_they_were(tmp_path, suffix, artist):
    save_image(small_image(), tmp_path / f"a{suffix}", Metadata(exif=full("<", artist).to_bytes()))
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert artist + b"\0" in data
    assert artist * 9 in data


def test_other_programs_read_what_is_written_into_tiff(tmp_path):
    save_image(small_image(), tmp_path / "a.tif", Metadata("u16", exif=full(">", b"Ada").to_bytes(), dpi=(300, 300)))
    with PIL.Image.open(tmp_path / "a.tif") as picture:
        found = picture.getexif()
        assert found[ARTIST] == "Ada"
        assert float(found.get_ifd(ExifTags.IFD.Exif)[EXPOSURE]) == pytest.approx(0.004)
        assert [float(part) for part in found.get_ifd(ExifTags.IFD.GPSInfo)[2]] == pytest.approx([48, 8, 30.13])
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        assert len(tiff.pages) == 1
        assert np.array_equal(tiff.asarray() >> 8, np.asarray(photo()))
        assert tiff.pages[0].tags["GPSTag"].value["GPSLatitudeRef"] == "N"


def test_a_place_that_another_program_wrote_is_read():
    exif = PIL.Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 30.13)
    assert read_exif(exif.tobytes()).place[int(ExifTags.GPS.GPSLatitude)].count == 3


def test_broken_entries_are_left_out_alone():
    whole = full("<", b"Ada").to_bytes()
    place = whole.index(struct.pack("<HH", COPYRIGHT, 2)) + 8
    damaged = whole[:place] + struct.pack("<I", 2**31) + whole[place + 4 :]
    assert ARTIST in read_exif(damaged).main
    assert COPYRIGHT not in read_exif(damaged).main


def test_values_that_all_lie_at_one_place_do_not_add_up_to_gigabytes():
    entries = b"".join(struct.pack("<HHII", tag, 7, 3_000_000, 8) for tag in range(4000))
    blob = b"II*\0" + struct.pack("<IH", 8, 4000) + entries + bytes(3_000_100)
    # Sixteen megabytes are read at most, and five values of three are as many.
    assert len(read_exif(blob).main) <= 5


@pytest.mark.parametrize("form", ['tiff:Orientation="6"', "<tiff:Orientation>6</tiff:Orientation>"])
def test_an_orientation_that_stands_in_xmp_alone_counts(tmp_path, form):
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description {form}/></x:xmpmeta>'.encode()
    assert orientation_in_xmp(packet) == 6
    photo().save(tmp_path / "a.jpg", xmp=packet)
    photo().save(tmp_path / "a.webp", xmp=packet)
    for suffix in (".jpg", ".webp"):
        image, _ = open_image(tmp_path / f"a{suffix}")
        assert (image.width, image.height) == (24, 32)
