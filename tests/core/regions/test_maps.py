"""Colour maps: what is painted in one colour is one region, however the map was saved."""

import io

import numpy as np
import PIL.Image
import pytest
import torch
from torch.nn import functional as F

from restyle.pictures.image import Image
from restyle.regions import MAXIMUM_REGIONS
from restyle.regions.maps import COLORS, colors_for, read_maps


def painted(*colors, size=60, alpha=None):
    """A map of vertical stripes of these colours (0..255), each ``size`` pixels wide and high."""
    stripes = [torch.tensor(color).view(3, 1, 1).expand(3, size, size) for color in colors]
    return Image((torch.cat(stripes, 2).float() / 255).unsqueeze(0), alpha)


def as_jpeg(image, quality):
    array = (image.pixels[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
    buffer = io.BytesIO()
    PIL.Image.fromarray(array).save(buffer, "jpeg", quality=quality)
    again = np.asarray(PIL.Image.open(buffer).convert("RGB"), np.float32) / 255
    return Image(torch.from_numpy(again).permute(2, 0, 1).unsqueeze(0).contiguous())


def shares(regions):
    return {name: regions.mask(name).mean().item() for name in regions.names}


def test_the_nine_colours_of_the_paper_have_their_names():
    (regions,) = read_maps([painted(*COLORS.values())])
    assert shares(regions) == pytest.approx(dict.fromkeys(COLORS, 1 / 9), abs=1e-3)
    assert regions.mask("green")[0, 0, :, 60:120].mean() == 1
    assert torch.equal(regions.masks.sum(1), torch.ones(1, 60, 540))


@pytest.mark.parametrize("quality", [95, 60, 30])
def test_noise_of_jpeg_changes_nothing_but_a_few_pixels_at_the_borders(quality):
    exact = painted(*COLORS.values())
    (regions,), (noisy,) = read_maps([exact]), read_maps([as_jpeg(exact, quality)])
    assert set(noisy.names) == set(regions.names)
    for name in regions.names:
        # Chroma comes in blocks of 16 pixels, a quarter of a stripe's width.
        assert (noisy.mask(name) - regions.mask(name)).abs().mean() < 0.02


def test_soft_edges_are_no_regions_of_their_own():
    # Half way from black to white lies the paper's grey, half way from blue to red is nearest to its magenta.
    sharp = painted(COLORS["black"], COLORS["white"], COLORS["blue"], COLORS["red"])
    blurred = Image(F.avg_pool2d(F.pad(sharp.pixels, (4,) * 4, mode="replicate"), 9, stride=1))
    (regions,) = read_maps([blurred])
    assert shares(regions) == pytest.approx(dict.fromkeys(("black", "white", "blue", "red"), 0.25), abs=0.02)


@pytest.mark.parametrize("scale", [1, 4])
def test_a_painted_part_of_another_colour_is_a_region_beside_the_colours_of_the_paper(scale):
    image = painted(*[COLORS["blue"]] * 12, *[COLORS["green"]] * 7, (255, 128, 0), size=10 * scale)
    (regions,) = read_maps([image])
    assert shares(regions) == pytest.approx({"blue": 0.6, "green": 0.35, "#ff8000": 0.05}, abs=2e-3)


def test_wide_soft_edges_are_no_regions_beside_the_colours_of_the_paper():
    # 21 of 800 pixels wide: flat enough for spots of half way colours.
    sharp = painted(COLORS["blue"], COLORS["red"], COLORS["green"], COLORS["yellow"], size=200)
    blurred = Image(F.avg_pool2d(F.pad(sharp.pixels, (10,) * 4, mode="replicate"), 21, stride=1))
    (regions,) = read_maps([blurred])
    assert set(regions.names) == {"blue", "red", "green", "yellow"}


def test_colours_for_a_few_names_stay_apart_in_a_grey_image():
    linear = (np.array(colors_for([f"part {i}" for i in range(7)])) / 255) ** 2.2
    greys = 255 * (linear @ [0.2126, 0.7152, 0.0722]) ** (1 / 2.2)
    assert np.diff(np.sort(greys)).min() >= 30
    (regions,) = read_maps([painted(*[(round(grey),) * 3 for grey in greys], size=30)])
    assert len(regions.names) == 7


def test_other_flat_colours_are_named_alike_in_maps_that_belong_together():
    content, style = read_maps([painted((200, 120, 40), (20, 90, 60)), painted((24, 86, 62), (196, 124, 36), (20, 90, 60))])
    assert len(content.names) == 2
    assert set(content.names) == set(style.names)
    assert all(name.startswith("#") for name in content.names)


def test_more_colours_than_there_may_be_regions_are_joined_to_the_most_similar():
    levels = (0, 85, 170, 255)
    colors = [(red, green, blue) for red in levels for green in levels for blue in levels]
    (regions,) = read_maps([painted(*colors, size=12)])
    assert len(regions.names) <= MAXIMUM_REGIONS
    assert torch.equal(regions.masks.sum(1), torch.ones(1, 12, 12 * 64))


def test_one_colour_is_one_region():
    (regions,) = read_maps([painted(COLORS["red"])])
    assert shares(regions) == {"red": 1.0}


@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_map_of_a_few_pixels_is_read(width):
    (regions,) = read_maps([Image(torch.eye(3)[:, :width].reshape(1, 3, 1, width).contiguous())])
    assert torch.equal(regions.masks.sum(1), torch.ones(1, 1, width))


def test_specks_are_no_regions():
    image = painted(COLORS["black"], size=200)
    image.pixels[:, :, 50:54, 50:54] = 1
    (regions,) = read_maps([image])
    assert regions.names == ("black",)


def test_what_is_transparent_is_the_rest():
    alpha = torch.ones(1, 1, 60, 120)
    alpha[..., :60] = 0
    (regions,) = read_maps([painted((0, 0, 0), COLORS["red"], alpha=alpha)])
    assert shares(regions) == {"red": 0.5, "rest": 0.5}
    (regions,) = read_maps([painted((0, 0, 0), COLORS["red"], alpha=torch.zeros(1, 1, 60, 120))])
    assert shares(regions) == {"rest": 1.0}


def test_maps_in_the_colours_for_some_names_are_read_back():
    names = ("sky", "blue", "water", "#204060", *(f"part {i}" for i in range(12)))
    (regions,) = read_maps([painted(*colors_for(names), size=8)])
    assert len(regions.names) == 16
    assert {"blue", "#204060"} <= set(regions.names)
    assert shares(regions) == pytest.approx(dict.fromkeys(regions.names, 1 / 16))


def test_there_are_colours_for_as_many_names_as_there_may_be_regions():
    assert len(set(colors_for([f"part {i}" for i in range(MAXIMUM_REGIONS)]))) == MAXIMUM_REGIONS


def test_colours_come_in_reading_order_and_what_is_unpainted_comes_last():
    colors = [COLORS[name] for name in ("green", "blue", "white", "red")]
    assert read_maps([painted(*colors)])[0].names == ("green", "blue", "white", "red")
    upright = (
        painted(COLORS["red"], COLORS["blue"], COLORS["green"], COLORS["white"], size=20).pixels.transpose(2, 3).contiguous()
    )
    # Red, at the top, is wiped out.
    alpha = (torch.arange(80) >= 20).float().view(1, 1, 80, 1).expand(1, 1, 80, 20)
    assert read_maps([Image(upright)])[0].names == ("red", "blue", "green", "white")
    assert read_maps([Image(upright, alpha)])[0].names == ("blue", "green", "white", "rest")
