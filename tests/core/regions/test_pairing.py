"""Pairing: regions that are given are used, others are found, and found ones are what a person would see."""

import pytest
import torch
from tests.golden.scenes import scene

from restyle.context import Context
from restyle.contract.errors import Cancelled
from restyle.contract.loaded import Guided, Style
from restyle.contract.progress import CallbackProgress
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions import Regions
from restyle.regions.automatic import MOST_REGIONS, find_regions
from restyle.regions.pairing import load_eyes, pair_regions
from restyle.regions.patches import cut_into_patches


def halves_of(names, height, width):
    upper = (torch.arange(height) < height // 2).float().view(1, 1, -1, 1).expand(1, 1, height, width)
    return Regions(names, torch.cat((upper, 1 - upper), 1))


def two_textures(height=90, width=120, swapped=False):
    """Smooth blue over grainy green; swapped, the green lies above and is grey."""
    generator = torch.Generator().manual_seed(2)
    smooth = torch.tensor([0.4, 0.6, 0.9]).view(3, 1, 1).expand(3, height // 2, width)
    base = torch.tensor([0.45, 0.45, 0.4] if swapped else [0.25, 0.45, 0.15]).view(3, 1, 1)
    grainy = base + 0.15 * torch.randn(1, height // 2, width, generator=generator)
    return torch.cat((grainy, smooth) if swapped else (smooth, grainy), 1).clamp(0, 1).unsqueeze(0)


def pairs_of(context, source, content, *styles):
    guided = [Style(image, regions=regions) for image, regions in styles]
    return pair_regions(Guided(*content), guided, source, context)


def test_without_regions_and_search_each_style_gets_one_pair_for_everything(context):
    image = Image(torch.rand(1, 3, 40, 50))
    found = pairs_of(context, "given", (image, None), (image, None), (image, None))
    assert [len(pairs) for pairs in found] == [1, 1]
    assert found[0][0].content.min() == found[0][0].style.min() == 1


def test_given_regions_are_used_whatever_is_said_of_finding_some(context):
    image, regions = Image(torch.rand(1, 3, 40, 50)), halves_of(("sky", "land"), 40, 50)
    for source in ("auto", "given"):
        (pairs,) = pairs_of(context, source, (image, regions), (image, regions))
        assert [pair.name for pair in pairs] == ["sky", "land"]
        assert torch.equal(pairs[0].content, regions.mask("sky"))


def test_parts_of_a_picture_are_found_from_its_top_down(context):
    regions = find_regions(cut_into_patches(two_textures(), load_eyes(context).textures))
    assert 2 <= len(regions.names) <= MOST_REGIONS
    assert torch.equal(regions.masks.sum(1), torch.ones(1, regions.height, regions.width))
    # A patch may straddle the border in the middle: a tenth of the height is one patch.
    upper = round(regions.height * 0.4)
    assert regions.masks[:, :1, :upper].mean() > 0.98
    assert regions.masks[:, :1, -upper:].mean() < 0.02


def test_a_clear_sky_is_one_region(context):
    # From a deep to a pale blue: far apart in colour, and no edge between.
    ramp = torch.linspace(0, 1, 100).view(1, 1, 100, 1)
    sky = torch.lerp(torch.tensor([0.1, 0.3, 0.7]).view(1, 3, 1, 1), torch.tensor([0.8, 0.9, 1.0]).view(1, 3, 1, 1), ramp)
    regions = find_regions(cut_into_patches(sky.expand(1, 3, 100, 140).contiguous(), load_eyes(context).textures))
    assert len(regions.names) == 1


def test_found_regions_match_by_what_they_show_and_not_by_where_they_lie(context):
    (pairs,) = pairs_of(context, "auto", (Image(two_textures()), None), (Image(two_textures(swapped=True)), None))
    sky = max(pairs, key=lambda pair: pair.content[:, :, :20].mean())
    assert sky.style[:, :, -20:].mean() > sky.style[:, :, :20].mean()


def test_where_one_picture_has_regions_those_of_the_other_are_found(context):
    content, style = Image(two_textures()), Image(two_textures())
    regions = halves_of(("sky", "grass"), 90, 120)
    for source in ("auto", "given"):
        (pairs,) = pairs_of(context, source, (content, regions), (style, None))
        assert [pair.name for pair in pairs] == ["sky", "grass"]
        assert pairs[0].style[:, :, :20].mean() > 0.9
        assert pairs[1].style[:, :, :20].mean() < 0.1
    (pairs,) = pairs_of(context, "given", (content, None), (style, regions))
    assert len(pairs) >= 2


def test_the_regions_of_the_content_are_the_same_for_every_style(context):
    content = (Image(scene(72, 96)), None)
    given = (Image(two_textures()), halves_of(("sky", "grass"), 90, 120))
    first, second = pairs_of(context, "auto", content, given, (Image(scene(60, 80)), None))
    assert [pair.name for pair in first] == [pair.name for pair in second]
    assert all(torch.equal(one.content, other.content) for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (32, 32), (3, 500)])
def test_odd_pictures_have_regions_too(context, size):
    image = Image(torch.full((1, 3, *size), 0.5))
    (pairs,) = pairs_of(context, "auto", (Image(two_textures()), None), (image, None))
    assert all(pair.style.sum() > 0 for pair in pairs)


def test_finding_regions_can_be_cancelled():
    context = Context(pick_device("cpu", "float32"), CallbackProgress(lambda report: None, lambda: True))
    image = Image(torch.rand(1, 3, 40, 50))
    with pytest.raises(Cancelled):
        pairs_of(context, "auto", (image, None), (image, None))
