"""Files of strange cameras and broken programs are read as the picture that they show, or refused in a sentence."""

from __future__ import annotations

import os
import struct
import time
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import PIL.Image
import pytest
import tifffile
from PIL import ImageCms
from tests.core.pictures.files_made import jpeg_bytes, photo, stored_as, write

from restyle.contract.errors import ImageTooLarge, InvalidInput, RestyleError, UnreadableImage
from restyle.pictures.files import open_image, save_image

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def png_with(*chunks: tuple[bytes, bytes], wrong_sum: bool = False) -> bytes:
    """A PNG with chunks before its pixels, their checksums wrong if asked."""
    buffer = BytesIO()
    PIL.Image.fromarray(photo()).save(buffer, "PNG")
    written = b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content) ^ wrong_sum)
        for name, content in chunks
    )
    return buffer.getvalue()[:33] + written + buffer.getvalue()[33:]


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_of_an_animation_the_first_frame_is_taken_and_a_note_says_so(tmp_path, suffix):
    frames = [PIL.Image.new("RGB", (8, 8), (value, value, value)) for value in (255, 0)]
    frames[0].save(tmp_path / f"a{suffix}", save_all=True, append_images=frames[1:], duration=100)
    image, metadata = open_image(tmp_path / f"a{suffix}")
    assert image.pixels.min() > 0.98
    assert any("animated" in note for note in metadata.notes)


@pytest.mark.parametrize("name", ["holiday.jpg", "a.eps", "a.png"])
def test_postscript_is_refused_whatever_its_name(tmp_path, name, monkeypatch):
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("another program was started"))
    path = write(tmp_path / name, b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n")
    with pytest.raises(UnreadableImage):
        open_image(path)


@pytest.mark.parametrize("exif", [b"", b"\xff" * 40, b"II*\0\x08\0\0\0\xff\xff", b"MM\0*\0\0\0\x08\0\x01\x01\x12", bytes(30)])
def test_garbage_in_the_place_of_exif_costs_the_exif_alone(tmp_path, exif):
    for path in (
        write(tmp_path / "a.png", png_with((b"eXIf", exif))),
        write(tmp_path / "b.png", png_with((b"eXIf", exif), wrong_sum=True)),
        write(tmp_path / "c.jpg", jpeg_bytes(exif=b"Exif\0\0" + exif)),
    ):
        image, metadata = open_image(path)
        assert (image.width, metadata.exif) == (60, None)


@pytest.mark.parametrize(
    "content", [b"", b"x", b"ICC\0\0nonsense", b"ICC\0\0" + zlib.compress(bytes(64 << 20)), b"ICC\0\0" + zlib.compress(SRGB)[:99]]
)
def test_a_broken_profile_in_png_costs_the_profile_alone(tmp_path, content):
    path = write(tmp_path / "a.png", png_with((b"iCCP", content)))
    assert stored_as(path) == photo().tobytes()
    assert open_image(path)[1].icc_profile is None


def test_a_text_that_unpacks_to_much_costs_nothing(tmp_path):
    bomb = b"Comment\0\0" + zlib.compress(bytes(200 << 20))
    assert stored_as(write(tmp_path / "a.png", png_with((b"zTXt", bomb)))) == photo().tobytes()


@pytest.mark.parametrize("damage", [slice(0, 8), slice(128, 400), slice(30, None)])
def test_inks_with_a_broken_profile_are_read_as_common_inks_with_a_note(tmp_path, damage):
    profile = bytearray(SRGB)
    profile[16:20] = b"CMYK"
    profile[damage] = b"\xaa" * len(profile[damage])
    inks = PIL.Image.fromarray(photo()).convert("CMYK")
    for name in ("a.jpg", "a.tif"):
        inks.save(tmp_path / name, icc_profile=bytes(profile))
        image, metadata = open_image(tmp_path / name)
        assert image.width == 60
        assert len(metadata.notes) == 1
        assert "profile is broken" in metadata.notes[0]


@pytest.mark.parametrize("dpi", [(0, 0), (1e9, 1e9), (1e-9, 1e-9), (300, 0)])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_an_absurd_resolution_is_left_out(tmp_path, suffix, dpi):
    tifffile.imwrite(tmp_path / "a.tif", photo(), photometric="rgb", resolution=(1, 1), resolutionunit="inch")
    with tifffile.TiffFile(tmp_path / "a.tif", mode="r+") as tiff:
        for name, value in zip(("XResolution", "YResolution"), dpi, strict=True):
            top, bottom = (int(value), 1) if value >= 1 or value == 0 else (1, int(1 / value))
            tiff.pages[0].tags[name].overwrite((top, bottom))
    image, metadata = open_image(tmp_path / "a.tif")
    assert metadata.dpi is None
    save_image(image, tmp_path / f"b{suffix}", metadata)
    assert open_image(tmp_path / f"b{suffix}")[0].width == 60


def test_resolutions_that_are_no_numbers_are_left_out(tmp_path):
    inch = struct.pack(">IIB", 2**32 - 1, 2**32 - 1, 1)
    assert open_image(write(tmp_path / "a.png", png_with((b"pHYs", inch))))[1].dpi is None
    assert open_image(write(tmp_path / "b.png", png_with((b"pHYs", b"\0"))))[1].dpi is None


def with_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated."""
    data = jpeg_bytes(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


def test_a_jpeg_of_three_thousand_scans_is_refused_at_once(tmp_path):
    path = write(tmp_path / "a.jpg", with_scans(3000))
    started = time.process_time()
    with pytest.raises(UnreadableImage, match="rounds to unpack"):
        open_image(path)
    # Two seconds: reading the file is milliseconds, the scans of a large one are minutes.
    assert time.process_time() - started < 2


def test_a_usual_progressive_jpeg_is_read(tmp_path):
    path = write(tmp_path / "a.jpg", jpeg_bytes(progressive=True))
    with PIL.Image.open(path) as picture:
        assert stored_as(path) == picture.tobytes()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_sixty_megabytes_of_exif_cost_the_exif_and_little_time(tmp_path, suffix):
    much, path = bytes(60 << 20), tmp_path / f"a{suffix}"
    if suffix == ".jpg":
        plain = jpeg_bytes()
        segment = b"\xff\xe1" + struct.pack(">H", 65535) + b"Exif\0\0" + bytes(65527)
        path.write_bytes(plain[:2] + segment * (len(much) // 65527) + plain[2:])
    elif suffix == ".png":
        path.write_bytes(png_with((b"eXIf", much)))
    else:
        PIL.Image.fromarray(photo()).save(path, exif=much)
    started = time.process_time()
    image, metadata = open_image(path)
    # Five seconds: what it takes is a tenth of one; quadratic copies take minutes.
    assert time.process_time() - started < 5
    assert (image.width, metadata.exif) == (60, None)
    assert any("EXIF" in note for note in metadata.notes)


def test_what_follows_a_jpeg_s_end_is_no_part_of_it(tmp_path):
    path = write(tmp_path / "a.jpg", jpeg_bytes() + bytes(1000) + jpeg_bytes()[2:])
    with PIL.Image.open(path) as picture:
        assert stored_as(path) == picture.tobytes()


@pytest.mark.parametrize("suffix", [".tif", ".gif", ".bmp"])
def test_bombs_of_other_forms_are_refused_before_they_are_unpacked(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    PIL.Image.fromarray(photo()).save(path)
    data = bytearray(path.read_bytes())
    if suffix == ".tif":
        with tifffile.TiffFile(path, mode="r+") as tiff:
            for name in ("ImageWidth", "ImageLength"):
                tiff.pages[0].tags[name].overwrite(60000)
    elif suffix == ".gif":
        struct.pack_into("<HH", data, 6, 60000, 60000)
        path.write_bytes(data)
    else:
        struct.pack_into("<ii", data, 18, 60000, 60000)
        path.write_bytes(data)
    with pytest.raises(ImageTooLarge, match="60000 x 60000"):
        open_image(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(InvalidInput, match="no file"):
        open_image(tmp_path / "a.png")


def test_mutated_files_are_read_or_refused_in_a_sentence(tmp_path):
    random = np.random.default_rng(11)
    originals = [png_with((b"eXIf", b"II*\0")), jpeg_bytes(), jpeg_bytes(progressive=True, icc_profile=SRGB)]
    for options in ({}, {"compression": "zlib"}, {"bigtiff": True}, {"byteorder": ">"}):
        tifffile.imwrite(tmp_path / "a.tif", photo(dtype=np.uint16), photometric="rgb", **options)
        originals.append((tmp_path / "a.tif").read_bytes())
    for number in range(40 * len(originals)):
        data = bytearray(originals[number % len(originals)])
        for place in random.integers(0, min(len(data), 700), 3):
            data[place] = random.integers(256)
        with suppress(RestyleError):
            open_image(write(tmp_path / "mutated", bytes(data)))
