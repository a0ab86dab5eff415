"""Matching: equal names guide each other, orphans take what is most like them, and nothing is left without a guide."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from restyle.regions import MAXIMUM_REGIONS, REST, Regions
from restyle.regions.matching import completed, match


def stripes(**shares):
    """Regions of these shares of the width of 1000 pixels, from left to right."""
    edges = [round(1000 * edge) for edge in np.cumsum([0, *shares.values()])]
    place = torch.arange(1000)
    masks = [((place >= low) & (place < high)).float().expand(4, 1000) for low, high in pairwise(edges)]
    return Regions(tuple(shares), torch.stack(masks).unsqueeze(0))


def never(content, style):
    raise AssertionError("names say it all")


def table(*rows):
    return lambda content, style: np.array(rows, np.float32)


def partners(pairs, style):
    names = [(*style.names, REST)[i] for i in [_found(pair.style, style) for pair in pairs]]
    return dict(zip([pair.name for pair in pairs], names, strict=True))


def _found(mask, style):
    masks = torch.cat((style.masks, (1 - style.masks.sum(1, keepdim=True)).clamp_min(0)), 1)
    return int((masks - mask).abs().mean((0, 2, 3)).argmin())


def assert_complete(pairs):
    total = sum(pair.content for pair in pairs)
    assert torch.allclose(total, torch.ones_like(total), atol=1e-6)


def test_equal_names_go_together_in_any_order():
    content, style = stripes(sky=0.5, tree=0.3, road=0.2), stripes(road=0.4, sky=0.2, tree=0.4)
    pairs = match(content, style, never)
    assert partners(pairs, style) == {"sky": "sky", "tree": "tree", "road": "road"}
    assert_complete(pairs)


def test_an_orphan_takes_the_most_similar_region_though_it_is_taken_already():
    content, style = stripes(sky=0.5, lake=0.3, road=0.2), stripes(sky=0.6, road=0.4)
    unlikeness = table([9, 9], [0.5, 0.7], [9, 9])
    assert partners(match(content, style, unlikeness), style)["lake"] == "sky"


def test_regions_of_the_style_alone_guide_nothing():
    content, style = stripes(sky=1.0), stripes(sky=0.5, road=0.5)
    assert partners(match(content, style, never), style) == {"sky": "sky"}


def test_what_no_region_covers_is_the_rest_in_both_pictures():
    content, style = stripes(sky=0.5), stripes(sky=0.25)
    pairs = match(content, style, never)
    assert [pair.name for pair in pairs] == ["sky", REST]
    assert pairs[1].style.mean() == pytest.approx(0.75)
    assert_complete(pairs)


def test_a_region_too_small_for_statistics_is_dropped_and_what_is_around_takes_its_place():
    content = stripes(sky=0.2, speck=0.004, more=0.1, road=0.696)
    content = Regions(("sky", "speck", "sky2", "road"), content.masks)
    pairs = match(content, stripes(sky=0.5, sky2=0.2, road=0.3), never)
    assert [pair.name for pair in pairs] == ["sky", "sky2", "road"]
    assert_complete(pairs)
    # Not the largest, which lies elsewhere.
    assert pairs[2].content.mean() == pytest.approx(0.696, abs=1e-6)


def test_gaps_between_masks_are_no_region():
    content = stripes(sky=0.5, gap=0.003, road=0.497)
    content = Regions(("sky", "road"), content.masks[:, [0, 2]])
    pairs = match(content, stripes(sky=0.5, road=0.5), never)
    assert [pair.name for pair in pairs] == ["sky", "road"]
    assert_complete(pairs)


def test_as_many_regions_as_are_allowed_may_leave_a_rest():
    given = stripes(**{f"part {i}": 0.0302 if i else 0.0115 for i in range(MAXIMUM_REGIONS)})
    made = completed(given)
    assert made.names == (*given.names[1:], REST)
    assert torch.allclose(made.masks.sum(1), torch.ones(1))


def test_empty_masks_leave_the_rest():
    empty = Regions(("a", "b"), torch.zeros(1, 2, 5, 5))
    (pair,) = match(empty, empty, never)
    assert pair.name == REST
    assert pair.content.min() == pair.style.min() == 1


def test_overlapping_masks_share_what_they_overlap():
    full = Regions(("a", "b"), torch.ones(1, 2, 3, 3))
    pairs = match(full, full, never)
    assert [pair.content.mean() for pair in pairs] == [0.5, 0.5]


def test_without_a_common_name_all_are_assigned_so_that_together_they_are_alike():
    content, style = stripes(a=0.5, b=0.5), stripes(c=0.5, d=0.5)
    assert partners(match(content, style, table([1, 2], [2, 1])), style) == {"a": "c", "b": "d"}


def test_one_region_of_the_style_guides_two_found_ones_at_most_where_there_are_others():
    content, style = stripes(a=0.3, b=0.3, c=0.4), stripes(d=0.5, e=0.5)
    found = partners(match(content, style, table([1, 5], [1, 5], [1, 2])), style)
    assert found == {"a": "d", "b": "d", "c": "e"}


def test_a_style_of_one_region_guides_all():
    content, style = stripes(a=0.3, b=0.3, c=0.4), stripes(d=1.0)
    assert len(match(content, style, table([1], [2], [3]))) == 3
