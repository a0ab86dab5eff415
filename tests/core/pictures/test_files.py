"""Pictures come from files and go to files without loss of depth, colour, place or time."""

from __future__ import annotations

import sys
import zlib
from io import BytesIO
from pathlib import Path

import imagecodecs
import numpy as np
import PIL.Image
import pytest
import tifffile
import torch
from PIL import ExifTags, ImageCms, ImageOps

from restyle.contract.errors import ImageTooLarge, InvalidInput, OutputUnwritable, UnreadableImage
from restyle.pictures.files import Metadata, open_image, save_image
from restyle.pictures.image import Image

ADOBE_RGB = imagecodecs.cms_profile("adobergb")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GREY_GAMMA = imagecodecs.cms_profile("gray", gamma=1.8)

LOSSLESS = [(".png", np.uint8), (".png", np.uint16), (".tif", np.uint8), (".tif", np.uint16), (".tif", np.float32)]


def photo(channels: int = 3, dtype: type = np.uint8, seed: int = 0) -> np.ndarray:
    """Random samples of an odd size."""
    random = np.random.default_rng(seed)
    if dtype == np.float32:
        return random.random((21, 34, channels), np.float32)
    return random.integers(0, np.iinfo(dtype).max, (21, 34, channels), dtype, endpoint=True)


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


def squeeze(samples: np.ndarray) -> np.ndarray:
    return samples[..., 0] if samples.shape[2] == 1 else samples


def write_reference(path: Path, samples: np.ndarray) -> None:
    """By other libraries than what reads it, where there is another."""
    if path.suffix == ".tif":
        extra = ["unassalpha"] if samples.shape[2] in (2, 4) else None
        kind = "rgb" if samples.shape[2] >= 3 else "minisblack"
        tifffile.imwrite(path, squeeze(samples), photometric=kind, extrasamples=extra, planarconfig="contig" if extra else None)
    elif samples.dtype == np.uint16:
        path.write_bytes(imagecodecs.png_encode(squeeze(samples)))
    else:
        PIL.Image.fromarray(squeeze(samples)).save(path)


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


def stored(path: Path) -> np.ndarray:
    return tifffile.imread(path) if path.suffix == ".tif" else imagecodecs.png_decode(path.read_bytes())


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


@pytest.mark.parametrize(("suffix", "dtype"), LOSSLESS)
def test_a_colour_profile_is_converted_and_given_back(tmp_path, suffix, dtype):
    samples = photo(3, dtype)
    scale = 1 if dtype == np.float32 else np.iinfo(dtype).max
    write_reference(tmp_path / f"a{suffix}", samples)
    image, metadata = open_image(tmp_path / f"a{suffix}")
    save_image(image, tmp_path / f"b{suffix}", Metadata(metadata.dtype, icc_profile=ADOBE_RGB))
    # b now shows the same colours, in other numbers.
    tagged, found = open_image(tmp_path / f"b{suffix}")
    assert found.icc_profile == ADOBE_RGB
    # 8 bits of Adobe RGB are coarse where it is dark; 16 bits are not.
    assert (tagged.pixels - image.pixels).abs().max() < (12 / 255 if dtype == np.uint8 else 1e-3)
    save_image(tagged, tmp_path / f"c{suffix}", found)
    first, second = (stored(tmp_path / f"{name}{suffix}") for name in "bc")
    # The whole way there and back again costs less than 1e-4 of the range: nothing in 8 bits.
    assert np.abs(first.astype(float) - second).max() / scale < (1e-9 if dtype == np.uint8 else 1e-4)


def test_colours_beyond_srgb_survive_the_way_there_and_back(tmp_path):
    green = np.zeros((4, 4, 3), np.uint8)
    green[..., 1] = 255
    PIL.Image.fromarray(green).save(tmp_path / "a.png", icc_profile=ADOBE_RGB)
    image, metadata = open_image(tmp_path / "a.png")
    assert image.pixels[:, 0].max() < 0
    save_image(image, tmp_path / "b.png", metadata)
    assert np.array_equal(imagecodecs.png_decode((tmp_path / "b.png").read_bytes()), green)


def test_conversion_agrees_with_pillow_s_in_8_bits(tmp_path):
    picture = PIL.Image.fromarray(photo())
    picture.save(tmp_path / "a.png", icc_profile=ADOBE_RGB)
    profiles = [ImageCms.ImageCmsProfile(BytesIO(profile)) for profile in (ADOBE_RGB, SRGB)]
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    expected = np.asarray(ImageCms.profileToProfile(picture, *profiles, renderingIntent=intent), float)
    image, _ = open_image(tmp_path / "a.png")
    # Little CMS's own 8-bit shortcut is off by up to a step.
    assert np.abs(image.pixels[0].permute(1, 2, 0).clamp(0, 1).numpy() * 255 - expected).max() < 1.6


def test_an_srgb_profile_changes_no_number_and_is_kept(tmp_path):
    PIL.Image.fromarray(photo()).save(tmp_path / "a.png", icc_profile=SRGB)
    image, metadata = open_image(tmp_path / "a.png")
    assert metadata.icc_profile == SRGB
    assert image.to_bytes(channels=3, dtype="u8") == photo().tobytes()


def test_a_grey_profile_is_followed_and_given_back_to_grey_results_only(tmp_path):
    samples = photo(1)
    PIL.Image.fromarray(samples[..., 0]).save(tmp_path / "a.png", icc_profile=GREY_GAMMA)
    image, metadata = open_image(tmp_path / "a.png")
    save_image(image, tmp_path / "b.png", metadata)
    with PIL.Image.open(tmp_path / "b.png") as picture:
        assert picture.info["icc_profile"] == GREY_GAMMA
        assert np.abs(np.asarray(picture).astype(int) - samples[..., 0]).max() <= 1
    painted = image.with_pixels(image.pixels * torch.tensor([1.0, 0.5, 0.2]).view(1, 3, 1, 1))
    save_image(painted, tmp_path / "c.png", metadata)
    with PIL.Image.open(tmp_path / "c.png") as picture:
        assert picture.mode == "RGB"
        assert "icc_profile" not in picture.info


PROFILES = {"words": b"nonsense", "zeros": b"\0" * 200, "cut off": SRGB[:100], "of greys": GREY_GAMMA}
"""By names: what is in them tells the second in which it was made, and workers must agree on the tests that there are."""


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES.keys())
def test_a_profile_that_does_not_fit_is_left_out(tmp_path, profile):
    PIL.Image.fromarray(photo()).save(tmp_path / "a.png", icc_profile=profile)
    image, metadata = open_image(tmp_path / "a.png")
    assert metadata.icc_profile is None
    assert any("profile cannot be used" in note for note in metadata.notes)
    assert image.to_bytes(channels=3, dtype="u8") == photo().tobytes()


def test_a_coloured_result_of_a_grey_photo_is_saved_in_colour(tmp_path):
    save_image(Image(torch.rand(1, 3, 8, 8)), tmp_path / "a.png", Metadata(is_grey=True))
    with PIL.Image.open(tmp_path / "a.png") as picture:
        assert picture.mode == "RGB"


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
