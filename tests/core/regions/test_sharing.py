"""Sharing: each style gets the regions that it shall paint, in an order that one can tell beforehand."""

import pytest
import torch

from restyle.contract.errors import InvalidInput
from restyle.contract.loaded import Guided, Style
from restyle.pictures.image import Image
from restyle.regions import Regions
from restyle.regions.sharing import coverage, share_regions, shares_by_region

PICTURE = Image(torch.rand(1, 3, 40, 50, generator=torch.Generator().manual_seed(0)))


def bands(*names, uncovered=0):
    """Regions of equal height, from the top down; further ones below are left uncovered."""
    count = len(names) + uncovered
    return Regions(names, torch.eye(count)[: len(names)].repeat_interleave(10, 1).view(1, len(names), -1, 1).contiguous())


def style(region=None, weight=1.0, regions=None):
    return Style(PICTURE, weight, regions, region)


def painters(names, *styles):
    """For each region the styles that count there, by number."""
    shares = shares_by_region(names, styles)
    return {name: [i for i, share in enumerate(shares[name]) if share] for name in names}


def shared(context, regions, *styles, mixing="regions", source="given"):
    """(name, shares) of the regions that are painted, with the pairs of each style."""
    guides = share_regions(Guided(PICTURE, regions), styles, source, mixing, context)
    return [(pairs[0].name, tuple(pair.share for pair in pairs)) for pairs in zip(*guides, strict=True)], guides


def test_styles_take_the_regions_in_order():
    assert painters(("sky", "ground"), style(), style()) == {"sky": [0], "ground": [1]}


def test_the_last_style_paints_what_is_left():
    assert painters(("a", "b", "c", "d"), style(), style()) == {"a": [0], "b": [1], "c": [1], "d": [1]}


def test_a_named_region_goes_to_its_style_and_the_others_to_the_rest_in_order():
    found = painters(("a", "b", "c", "d"), style(), style("b"), style(), style("a"))
    assert found == {"a": [3], "b": [1], "c": [0], "d": [2]}


def test_a_style_that_names_no_region_paints_what_is_left_even_if_it_comes_first():
    assert painters(("a", "b", "c"), style(), style("a")) == {"a": [1], "b": [0], "c": [0]}


def test_where_all_name_a_region_the_last_paints_what_is_left():
    assert painters(("a", "b", "c"), style("b"), style("a")) == {"a": [1], "b": [0], "c": [1]}


def test_weights_do_not_matter_where_a_style_is_alone_and_mix_those_that_name_one_region():
    shares = shares_by_region(("a", "b"), [style("a", 3.0), style("a", 1.0), style(weight=0.1)])
    assert shares == {"a": (0.75, 0.25, 0.0), "b": (0.0, 0.0, 1.0)}


def test_a_name_that_there_is_not_is_refused_with_those_that_there_are(context):
    with pytest.raises(InvalidInput, match=r"no region woods for a style; name one of sky, ground, rest\."):
        shared(context, bands("sky", "ground"), style("woods"), style())


def test_regions_of_one_style_are_painted_as_one(context):
    found, guides = shared(context, bands("sky", "hills", "ground"), style(), style())
    assert found == [("sky", (1.0, 0.0)), ("hills and ground", (0.0, 1.0))]
    for pairs in guides:
        assert torch.equal(pairs[0].content + pairs[1].content, torch.ones(1, 1, 30, 1))
        assert all(pair.style.min() == 1 for pair in pairs)


def test_what_no_region_covers_comes_last(context):
    found, _ = shared(context, bands("sky", uncovered=2), style(), style())
    assert found == [("sky", (1.0, 0.0)), ("rest", (0.0, 1.0))]


def test_a_style_too_many_is_not_used_and_a_note_says_so(context):
    found, _ = shared(context, bands("sky", "ground"), *[style()] * 3)
    assert [shares for _, shares in found] == [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    assert context.progress.notes == ["Not used, for lack of a region in the photo: 1 of 3 styles."]


def test_a_region_that_is_too_small_keeps_its_style_from_the_next(context):
    masks = torch.zeros(1, 3, 40, 50)
    masks[:, 0, 0, 0], masks[:, 1, :20], masks[:, 2, 20:] = 1, 1, 1
    found, _ = shared(context, Regions(("speck", "sky", "ground"), masks), *[style()] * 3)
    assert [shares for _, shares in found] == [(0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]


def test_a_style_with_a_region_of_the_same_name_guides_by_it_and_else_by_all_of_it(context):
    sky = bands("sky", uncovered=1)
    _, guides = shared(context, bands("sky", "ground"), style(regions=sky), style())
    assert torch.equal(guides[0][0].style, sky.masks)
    assert torch.equal(guides[1][1].style, torch.ones(1, 1, 1, 1))


def test_mixed_styles_have_their_weights_everywhere(context):
    found, _ = shared(
        context, bands("sky", "ground"), *[style(weight=w, regions=bands("sky", "ground")) for w in (3, 1)], mixing="blend"
    )
    assert found == [("sky", (0.75, 0.25)), ("ground", (0.75, 0.25))]


def test_one_style_that_names_nothing_paints_everything_whatever_is_said(context):
    found, _ = shared(context, None, style())
    assert found == [("rest", (1.0,))]


def test_a_style_that_names_its_region_needs_no_setting(context):
    found, _ = shared(context, bands("sky", "ground"), style("ground"), style(), mixing="blend")
    assert found == [("sky", (0.0, 1.0)), ("ground", (1.0, 0.0))]


@pytest.mark.parametrize("styles", [(style(), style()), (style("sky"),)])
def test_without_regions_there_is_nothing_to_share(context, styles):
    with pytest.raises(InvalidInput, match="the photo has none"):
        shared(context, None, *styles)


def test_regions_are_found_where_that_is_asked_for(context):
    halves = torch.tensor([0.2, 0.5, 0.9]).view(1, 3, 1, 1).repeat(1, 1, 60, 80)
    halves[:, :, 30:] = halves.flip(1)[:, :, 30:]
    upper, lower = (
        coverage(pairs) for pairs in share_regions(Guided(Image(halves)), (style(), style()), "auto", "regions", context)
    )
    height = upper.shape[2]
    assert upper[:, :, : height // 3].min() == 1
    assert lower[:, :, -height // 3 :].min() == 1
