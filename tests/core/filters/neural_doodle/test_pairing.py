"""Pairing: what a colour of the plan means in the painting, and what is said where it means nothing."""

from dataclasses import replace

import torch

from restyle.context import Context
from restyle.contract.loaded import Style
from restyle.contract.progress import CallbackProgress
from restyle.filters.neural_doodle.pairing import pair_plans
from restyle.filters.neural_doodle.shading import with_near
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions.maps import read_maps

SIZE = 48
CONTEXT = Context(pick_device("cpu", "float32"))


def bands(*colors):
    """A plan of bands of equal height, from the top down."""
    rows = SIZE // len(colors)
    return Image(torch.cat([torch.tensor(color).view(1, 3, 1, 1).expand(1, 3, rows, SIZE) for color in colors], 2).contiguous())


BLUE, GREEN, RED, ORANGE = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (1.0, 0.2, 0.1)
PAINTING = bands((0.3, 0.4, 0.7), (0.2, 0.5, 0.2))


def paired(plan, theirs, painting=PAINTING):
    notes = []
    progress = CallbackProgress(lambda report: None)
    progress.note = notes.append
    regions = None if theirs is None else read_maps([theirs])[0]
    context = replace(CONTEXT, progress=progress)
    pairs = pair_plans(plan, Style(painting, 1.0, regions), context).regions
    return {pair.name: pair for pair in pairs}, notes


def is_upper(mask):
    half = mask.shape[2] // 2
    return float(mask[:, :, :half].mean()) > 0.95 and float(mask[:, :, half:].mean()) < 0.05


def test_equal_colours_mean_each_other():
    pairs, notes = paired(bands(GREEN, BLUE), bands(BLUE, GREEN))
    assert is_upper(pairs["blue"].style)
    assert is_upper(pairs["green"].content)
    assert not notes


def test_a_colour_nearly_the_same_is_the_same_and_not_worth_a_word():
    pairs, notes = paired(bands(RED, BLUE), bands(ORANGE, BLUE))
    assert is_upper(pairs["red"].style)
    assert not notes


def test_a_colour_that_the_painting_lacks_takes_the_nearest_and_says_so():
    pairs, notes = paired(bands(BLUE, (0.0, 1.0, 1.0)), bands(BLUE, RED))
    assert set(pairs) == {"blue", "cyan"}
    assert is_upper(pairs["cyan"].style)
    assert len(notes) == 1
    assert "cyan" in notes[0]


def test_without_a_plan_of_its_own_the_painting_s_parts_are_found():
    generator = torch.Generator().manual_seed(0)
    noisy = Image((PAINTING.pixels + 0.05 * torch.randn(PAINTING.pixels.shape, generator=generator)).clamp(0, 1))
    pairs, notes = paired(bands(BLUE, GREEN), None, noisy)
    assert is_upper(pairs["blue"].style)
    assert "Find Regions" in notes[0]


def test_one_colour_alone_means_all_of_the_painting():
    pairs, notes = paired(bands(BLUE, BLUE), None)
    assert [float(pair.style.mean()) for pair in pairs.values()] == [1.0]
    assert not notes


def test_what_shades_is_one_region_and_what_has_an_edge_is_not():
    shading = torch.linspace(0, 1, SIZE * 8).view(1, 1, -1, 1).expand(1, 1, SIZE * 8, SIZE * 8)
    sky = torch.cat((torch.zeros_like(shading), torch.zeros_like(shading), shading), 1)
    ground = torch.tensor(GREEN).view(1, 3, 1, 1).expand(1, 3, SIZE * 4, SIZE * 8)
    plan = Image(torch.cat((sky, ground), 2))
    pairs, _ = paired(plan, bands(BLUE, GREEN))
    assert len(pairs) == 2
    assert set(pairs) >= {"green"}
    # Where in the gradient a place lies is still known.
    regions = read_maps([plan])[0]
    assert len(regions.names) > 2
    ours, theirs = pair_plans(plan, Style(PAINTING, 1.0, regions), CONTEXT).shades
    assert torch.equal(ours, theirs)
    assert ours[0, 2, len(ours[0, 2]) // 2 - 16, 0] > 3 * ours[0, 2, 16, 0]


def test_a_gradient_read_in_other_steps_is_the_same_gradient():
    names = ("blue", "#0101b6", "#010178", "green")
    groups = (names[:3], names[3:])
    assert with_near(groups, ("#0001c7", "blue", "green", "red")) == ((*names[:3], "#0001c7"), ("green",))


def test_numbers_stand_for_colours():
    plan, theirs = (Image(torch.tensor(values).view(1, 1, 2, 1).repeat_interleave(24, 2).expand(1, 3, 48, 48) / 255)
                    for values in ((1.0, 0.0), (0.0, 1.0)))  # fmt: skip
    pairs, notes = paired(plan, theirs)
    assert is_upper(pairs["0"].style)
    assert not notes
