"""Pictures come from files and go to files without loss of depth, colour, place or time."""

from __future__ import annotations

import sys
import zlib

import numpy as np
import PIL.Image
import pytest
import tifffile
import torch
from PIL import ExifTags, ImageOps
from tests.core.pictures.files_written import LOSSLESS, photo, write_reference

from restyle.contract.errors import ImageTooLarge, InvalidInput, OutputUnwritable, UnreadableImage
from restyle.pictures.files import Metadata, open_image, save_image
from restyle.pictures.image import Image


def exif(orientation: int = 1) -> PIL.Image.Exif:
    written = PIL.Image.Exif()
    written[ExifTags.Base.Make] = "Kamera"
    written[ExifTags.Base.Orientation] = orientation
    details = written.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.ExposureTime] = 0.004
    details[ExifTags.Base.DateTimeOriginal] = "2024:05:06 07:08:09"
    details[ExifTags.Base.ExifImageWidth] = 34
    details[ExifTags.Base.ExifImageHeight] = 21
    return written


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize(("suffix", "dtype"), LOSSLESS)
def test_lossless_files_come_back_sample_for_sample(tmp_path, suffix, dtype, channels):
    samples = photo(channels, dtype)
    write_reference(tmp_path / f"a{suffix}", samples)
    image, metadata = open_image(tmp_path / f"a{suffix}")
    scale = 1 if dtype == np.float32 else np.iinfo(dtype).max
    expected = samples[..., :3] if channels >= 3 else samples[..., :1].repeat(3, 2)
    assert np.allclose(image.pixels[0].permute(1, 2, 0).numpy() * scale, expected, rtol=1e-5)
    assert (image.alpha is None) == (channels in (1, 3))
    save_image(image, tmp_path / f"b{suffix}", metadata)
    again, same = open_image(tmp_path / f"b{suffix}")
    assert torch.equal(again.pixels, image.pixels)
    assert same == metadata
    if image.alpha is not None:
        assert torch.equal(again.alpha, image.alpha)


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_lossy_files_come_back_nearly(tmp_path, suffix):
    smooth = np.linspace(20, 230, 64).astype(np.uint8)
    image = Image.from_bytes(np.broadcast_to(smooth[:, None, None], (64, 48, 3)).tobytes(), 48, 64, channels=3, dtype="u8")
    save_image(image, tmp_path / f"a{suffix}")
    again, _ = open_image(tmp_path / f"a{suffix}")
    # Two 8-bit steps: quality 95 on a smooth ramp.
    assert (again.pixels - image.pixels).abs().max() < 3 / 255


def test_webp_keeps_alpha_and_jpeg_shows_white_below(tmp_path):
    alpha = torch.zeros(1, 1, 32, 32)
    alpha[..., 16:] = 1
    image = Image(torch.zeros(1, 3, 32, 32), alpha)
    save_image(image, tmp_path / "a.webp")
    assert torch.equal(open_image(tmp_path / "a.webp")[0].alpha, alpha)
    save_image(image, tmp_path / "a.jpg")
    seen = open_image(tmp_path / "a.jpg")[0].pixels
    assert seen[..., :8].min() > 0.95
    assert seen[..., 24:].max() < 0.05


@pytest.mark.parametrize("mode", ["1", "P", "I;16", "CMYK", "YCbCr", "LAB", "F"])
def test_every_mode_that_pillow_knows_is_read(tmp_path, mode):
    picture = PIL.Image.fromarray(photo()).convert("L" if mode in ("I;16", "F", "1") else "RGB")
    picture = picture.convert(mode)
    path = tmp_path / ("a.tif" if mode in ("CMYK", "LAB", "F", "YCbCr") else "a.png")
    picture.save(path)
    image, _ = open_image(path)
    assert (image.width, image.height) == (34, 21)


@pytest.mark.parametrize("mode", ["P", "RGB", "L"])
def test_a_transparent_colour_becomes_alpha(tmp_path, mode):
    colour = {"P": 3, "RGB": (1, 2, 3), "L": 3}[mode]
    picture = PIL.Image.new(mode, (8, 4), colour)
    if mode == "P":
        picture.putpalette(bytes(range(12)))
    picture.save(tmp_path / "a.png", transparency=colour)
    alpha = open_image(tmp_path / "a.png")[0].alpha
    assert alpha is not None
    assert alpha.max() == 0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_orientation_is_applied_once_and_then_upright(tmp_path, suffix, orientation):
    flat = np.kron(photo()[:4, :6], np.ones((8, 8, 1), np.uint8))
    PIL.Image.fromarray(flat).save(tmp_path / f"a{suffix}", exif=exif(orientation))
    with PIL.Image.open(tmp_path / f"a{suffix}") as picture:
        seen = np.asarray(ImageOps.exif_transpose(picture).convert("RGB")).astype(float)
    image, metadata = open_image(tmp_path / f"a{suffix}")
    assert np.abs(image.pixels[0].permute(1, 2, 0).numpy() * 255 - seen).max() < 1e-3
    save_image(image, tmp_path / f"b{suffix}", metadata)
    again, _ = open_image(tmp_path / f"b{suffix}")
    assert again.pixels.shape == image.pixels.shape
    with PIL.Image.open(tmp_path / f"b{suffix}") as picture:
        assert picture.getexif().get(ExifTags.Base.Orientation, 1) == 1


def test_orientation_of_a_deep_tiff_is_applied(tmp_path):
    samples = photo(3, np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb", extratags=[(274, "H", 1, 6, True)])
    image, _ = open_image(tmp_path / "a.tif")
    expected = np.rot90(samples, -1)
    assert np.array_equal((image.pixels[0].permute(1, 2, 0).numpy() * 65535).round(), expected)


def test_broken_exif_does_not_hide_the_picture(tmp_path):
    PIL.Image.fromarray(photo()).save(tmp_path / "a.png", exif=b"Exif\0\0II*\0\xff\xff\0\0 and so on")
    image, metadata = open_image(tmp_path / "a.png")
    assert image.to_bytes(channels=3, dtype="u8") == photo().tobytes()
    assert metadata.exif is None


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_exif_and_resolution_are_kept(tmp_path, suffix, dtype):
    PIL.Image.fromarray(photo()).save(tmp_path / "a.jpg", exif=exif(6), dpi=(300, 300))
    image, metadata = open_image(tmp_path / "a.jpg")
    assert metadata.dpi == (300, 300)
    wanted = Metadata("u16" if dtype == np.uint16 else "u8", False, None, metadata.exif, metadata.dpi)
    save_image(image, tmp_path / f"b{suffix}", wanted)
    _, kept = open_image(tmp_path / f"b{suffix}")
    found = PIL.Image.Exif()
    found.load(kept.exif)
    assert found[ExifTags.Base.Make] == "Kamera"
    details = found.get_ifd(ExifTags.IFD.Exif)
    assert float(details[ExifTags.Base.ExposureTime]) == pytest.approx(0.004)
    assert details[ExifTags.Base.DateTimeOriginal] == "2024:05:06 07:08:09"
    # The picture was turned by 90 degrees, and says so.
    assert (details[ExifTags.Base.ExifImageWidth], details[ExifTags.Base.ExifImageHeight]) == (21, 34)
    if suffix != ".webp":
        # PNG counts whole pixels per metre. WebP has no place for it.
        assert kept.dpi == pytest.approx((300, 300), abs=0.02)


def test_names_in_any_script_work(tmp_path):
    folder = tmp_path / "Bilder 画像 ß"
    folder.mkdir()
    for suffix in (".png", ".jpg", ".tif", ".webp"):
        save_image(Image(torch.rand(1, 3, 8, 8)), folder / f"Gemälde 絵{suffix}", Metadata("u16"))
        assert open_image(folder / f"Gemälde 絵{suffix}")[0].width == 8
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp", "deep.png", "deep.tif"])
@pytest.mark.parametrize("keep", [0.0, 0.05, 0.5])
def test_broken_files_are_one_sentence(tmp_path, name, keep):
    samples = photo(3, np.uint16 if name.startswith("deep") else np.uint8)
    path = tmp_path / name
    write_reference(path, samples)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(UnreadableImage, match="save it anew"):
        open_image(path)


@pytest.mark.parametrize("content", [b"", b"hi", b"\x89PNG\r\n\x1a\n", b"II*\0\0\0\0\0", b"MM\0*\xff\xff\xff\xff", b"%PDF"])
def test_files_that_are_no_pictures_are_one_sentence(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(UnreadableImage):
        open_image(tmp_path / "a.png")


def test_missing_files_and_folders_are_one_sentence(tmp_path):
    with pytest.raises(InvalidInput, match="no file"):
        open_image(tmp_path / "nothing.png")
    with pytest.raises(InvalidInput, match="cannot be opened"):
        open_image(tmp_path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    header = b"IHDR" + (100_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    data = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [
        (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") for chunk in (header, data, b"IEND")
    ]
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    with pytest.raises(ImageTooLarge, match="100000 x 100000"):
        open_image(tmp_path / "a.png")
    assert PIL.Image.MAX_IMAGE_PIXELS is not None


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.webp"
    path.write_bytes(b"old")
    # WebP holds at most 16383 pixels in a row.
    with pytest.raises(OutputUnwritable):
        save_image(Image(torch.zeros(1, 3, 1, 16384)), path)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.webp"]


def test_a_form_that_nobody_knows_and_a_folder_that_is_not_there_are_one_sentence(tmp_path):
    with pytest.raises(OutputUnwritable, match="ending"):
        save_image(Image(torch.zeros(1, 3, 4, 4)), tmp_path / "a.xyz")
    with pytest.raises(OutputUnwritable, match="No such file"):
        save_image(Image(torch.zeros(1, 3, 4, 4)), tmp_path / "nowhere" / "a.png")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_an_overwritten_file_keeps_its_rights(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"")
    path.chmod(0o640)
    save_image(Image(torch.zeros(1, 3, 4, 4)), path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_associated_alpha_is_divided_out(tmp_path):
    samples = np.zeros((2, 2, 4), np.uint16)
    samples[..., 0], samples[..., 3] = 16384, 32768
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb", extrasamples=["assocalpha"])
    image, _ = open_image(tmp_path / "a.tif")
    assert image.pixels[0, 0, 0, 0].item() == pytest.approx(0.5, abs=1e-4)


def test_planes_white_is_zero_and_wide_integers_are_understood(tmp_path):
    planes = np.moveaxis(photo(3, np.uint16), -1, 0).copy()
    tifffile.imwrite(tmp_path / "a.tif", planes, photometric="rgb", planarconfig="separate")
    assert open_image(tmp_path / "a.tif")[0].to_bytes(channels=3, dtype="u16") == photo(3, np.uint16).tobytes()
    tifffile.imwrite(tmp_path / "b.tif", np.full((2, 2), 65535, np.uint16), photometric="miniswhite")
    assert open_image(tmp_path / "b.tif")[0].pixels.max() == 0
    tifffile.imwrite(tmp_path / "c.tif", np.full((2, 2), 2**31, np.uint32), photometric="minisblack")
    image, metadata = open_image(tmp_path / "c.tif")
    assert image.pixels.max().item() == pytest.approx(0.5)
    assert metadata.dtype == "f32"
