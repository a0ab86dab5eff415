"""Regions as values: names and masks that fit together, at any size, and of a part of a picture."""

import pytest
import torch

from restyle.contract.errors import InvalidInput
from restyle.pictures.image import Image
from restyle.regions import MAXIMUM_REGIONS, Regions
from restyle.regions.cutting import cut


def halves(height=8, width=12):
    left = (torch.arange(width) < width // 2).float().expand(1, 1, height, width)
    return Regions(("left", "right"), torch.cat((left, 1 - left), 1))


@pytest.mark.parametrize(
    ("names", "shape"),
    [
        (("a",), (1, 2, 4, 4)),
        (("a", "b"), (2, 4, 4)),
        (("a",), (2, 1, 4, 4)),
        (("a",), (1, 1, 0, 4)),
        (("a", "a"), (1, 2, 4, 4)),
        (("a", ""), (1, 2, 4, 4)),
        (tuple(map(str, range(MAXIMUM_REGIONS + 1))), (1, MAXIMUM_REGIONS + 1, 4, 4)),
    ],
)
def test_names_and_masks_that_do_not_fit_together_are_refused_in_a_sentence(names, shape):
    with pytest.raises(InvalidInput, match=r"[.;]"):
        Regions(names, torch.zeros(shape))


def test_masks_are_averaged_where_they_shrink_and_stay_in_range_where_they_grow():
    small = halves(8, 12).resized(4, 3)
    assert small.mask("left")[0, 0, 0].tolist() == pytest.approx([1, 0.5, 0], abs=0.07)
    large = halves().resized(50, 70)
    assert large.masks.min() >= 0
    assert large.masks.max() <= 1
    assert (large.height, large.width) == (50, 70)


def test_within_bounds_the_longer_side_and_enlarges_nothing():
    assert halves(8, 12).within(6).masks.shape == (1, 2, 4, 6)
    assert halves(8, 12).within(100).masks.shape == (1, 2, 8, 12)


def test_clamped_masks_are_in_range_whatever_they_held():
    wild = Regions(("a",), torch.tensor([[[[float("nan"), -3.0, 7.0, 0.25]]]]))
    assert wild.clamped().masks.flatten().tolist() == [0, 0, 1, 0.25]


def test_reading_order_begins_at_the_top_left_corner_and_ends_with_the_rest():
    left, right = halves().masks.split(1, 1)
    given = Regions(("rest", "right", "left"), torch.cat((left, right, left), 1))
    assert given.in_reading_order().names == ("left", "right", "rest")
    assert torch.equal(given.in_reading_order().mask("right"), right)


def test_an_unknown_name_has_no_mask():
    with pytest.raises(KeyError):
        halves().mask("middle")


@pytest.mark.parametrize("scale", [1, 4])
def test_regions_of_a_part_lie_where_the_part_lies(scale):
    picture = Image(torch.zeros(1, 3, 80, 120))
    part = cut(halves(80 // scale, 120 // scale), picture, slice(20, 60), slice(40, 120))
    assert part.masks.shape == (1, 2, 40 // scale, 80 // scale)
    # The border at 60 of 120 is at 20 of 80.
    border = 20 // scale
    assert part.mask("left")[..., :border].min() == 1
    assert part.mask("left")[..., border:].max() == 0


def test_regions_of_the_whole_are_the_regions():
    regions = halves()
    assert cut(regions, Image(torch.zeros(1, 3, 30, 40)), slice(0, 30), slice(0, 40)) is regions
