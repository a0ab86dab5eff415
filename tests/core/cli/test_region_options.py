"""Regions on the command line: maps and named masks guide, and what does not fit is said in one sentence."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restyle.cli import main

QUICK = ["--working-size", "96", "--steps", "40", "--device", "cpu"]


def halves(one, other, *, upright, size=(96, 64)):
    """A picture of two colours, side by side or one above the other."""
    width, height = size
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = one
    if upright:
        pixels[:, width // 2 :] = other
    else:
        pixels[height // 2 :] = other
    return Image.fromarray(pixels)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A grey photo, a style that is red above and blue below, maps of both, and a mask for each region."""
    noise = np.random.default_rng(1).integers(-20, 20, (64, 96, 3))
    Image.fromarray((120 + noise).astype(np.uint8)).save(tmp_path / "photo.png")
    style = np.asarray(halves((200, 40, 40), (40, 40, 200), upright=False), int) + noise
    Image.fromarray(style.clip(0, 255).astype(np.uint8)).save(tmp_path / "style.png")
    halves((255, 255, 0), (0, 255, 0), upright=True).save(tmp_path / "photo_map.png")
    # As large as it pleases, and a JPEG file.
    halves((255, 255, 0), (0, 255, 0), upright=False, size=(200, 120)).save(tmp_path / "style_map.jpg", quality=60)
    for name, upright in (("photo", True), ("style", False)):
        halves((255,) * 3, (0,) * 3, upright=upright).convert("L").save(tmp_path / f"{name}_mask.png")
    return tmp_path


def paint(folder, *options):
    out = folder / "out.png"
    arguments = [option.replace("{dir}", str(folder)) for option in options]
    status = main(
        ["neural-style", str(folder / "photo.png"), "--style", str(folder / "style.png"), "-o", str(out), *QUICK, *arguments]
    )
    return status, out


@pytest.mark.parametrize(
    "options",
    [
        ["--content-regions", "{dir}/photo_map.png", "--style-regions", "{dir}/style_map.jpg"],
        ["--content-region", "sky={dir}/photo_mask.png", "--style-region", "sky={dir}/style_mask.png"],
    ],
    ids=["maps", "masks"],
)
def test_each_half_of_the_photo_takes_the_colour_of_its_region(folder, options):
    status, out = paint(folder, *options)
    assert status == 0
    painted = np.asarray(Image.open(out), float)
    redness = painted[..., 0] - painted[..., 2]
    # Red less blue is 160 in the one half of the style and -160 in the other; some steps from grey go a part of the way.
    assert redness[:, :40].mean() > redness[:, 56:].mean() + 80


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--content-regions", "{dir}/absent.png"], "absent.png"),
        (["--style-regions", "{dir}/style_map.jpg", "--style-regions", "{dir}/style_map.jpg"], "1 styles and 2 maps"),
        (["--content-regions", "{dir}/photo_map.png", "--content-region", "sky={dir}/photo_mask.png"], "both a map"),
        (["--style", "{dir}/style.png", "--style-region", "sky={dir}/style_mask.png"], "single style"),
        (["--style-in", "sky", "--style-in", "ground"], "1 styles and 2 --style-in"),
        (["--content-regions", "{dir}/photo_map.png", "--style-in", "sky"], "no region sky for a style; name one of "),
        (["--style", "{dir}/style.png", "--mixing", "regions"], "the photo has none"),
        ([option for i in range(33) for option in ("--content-region", f"part{i}={{dir}}/photo_mask.png")], "more than 32"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(folder, capsys, options, sentence):
    status, _ = paint(folder, *options)
    assert status == 1
    assert sentence in capsys.readouterr().err


def test_a_mask_without_a_name_is_wrong_usage(folder, capsys):
    with pytest.raises(SystemExit) as ended:
        paint(folder, "--content-region", "{dir}/photo_mask.png")
    assert ended.value.code == 2
    assert "NAME=MASK" in capsys.readouterr().err


@pytest.mark.parametrize("is_named", [False, True])
def test_each_style_paints_its_half_of_the_photo(folder, is_named):
    for name, color in (("first", (200, 40, 40)), ("second", (40, 40, 200))):
        noise = np.random.default_rng(2).integers(-20, 20, (64, 96, 3))
        Image.fromarray((np.array(color) + noise).clip(0, 255).astype(np.uint8)).save(folder / f"{name}.png")
    # The left half is yellow, the right one green; in order the first style paints the left.
    options = ["--style-in", "green", "--style-in", "yellow"] if is_named else ["--mixing", "regions"]
    out = folder / "out.png"
    styles = [option for name in ("first", "second") for option in ("--style", str(folder / f"{name}.png"))]
    regions = ["--content-regions", str(folder / "photo_map.png")]
    assert main(["neural-style", str(folder / "photo.png"), *styles, "-o", str(out), *QUICK, *regions, *options]) == 0
    painted = np.asarray(Image.open(out), float)
    redness = painted[..., 0] - painted[..., 2]
    first, second = (redness[:, 56:], redness[:, :40]) if is_named else (redness[:, :40], redness[:, 56:])
    assert first.mean() > second.mean() + 80


def test_a_filter_of_one_style_has_no_regions_to_share_out(capsys):
    with pytest.raises(SystemExit):
        main(["photo-style", "photo.png", "--style", "style.png", "-o", "out.png", "--style-in", "sky"])
    assert "--style-in" in capsys.readouterr().err


def test_a_filter_without_regions_has_no_such_options(capsys):
    with pytest.raises(SystemExit):
        main(["fast-style", "photo.png", "-o", "out.png", "--content-regions", "map.png"])
    assert "--content-regions" in capsys.readouterr().err
