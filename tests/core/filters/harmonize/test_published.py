"""The paper's mappings, and its two passes."""

import pytest
import torch
from tests.core.filters.harmonize.test_method import element, harmonized, painting

from restyle.filters.harmonize.mapping import Mapping, nearest
from restyle.filters.harmonize.published import painterliness


def grid(height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    down, across = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return down.contiguous(), across.contiguous()


def features(height: int, width: int) -> torch.Tensor:
    return torch.rand(1, 6, height, width, generator=torch.Generator().manual_seed(3))


def test_each_place_is_nearest_to_itself() -> None:
    maps = features(7, 9)
    mapping = nearest(maps, maps)
    down, across = grid(7, 9)
    assert torch.equal(mapping.rows, down)
    assert torch.equal(mapping.columns, across)


def test_what_takes_something_else_than_its_neighbours_is_brought_back() -> None:
    maps = features(7, 9)
    # Features that vary slowly: what neighbours take is like what belongs there.
    smooth = torch.nn.functional.interpolate(maps[:, :, :2, :3], size=(7, 9), mode="bilinear", align_corners=True)
    rows, columns = grid(7, 9)
    rows[3, 4], columns[3, 4] = 0, 0
    mended = Mapping(rows, columns, (7, 9)).consistent(smooth)
    down, across = grid(7, 9)
    assert (int(mended.rows[3, 4]), int(mended.columns[3, 4])) == (3, 4)
    assert (mended.rows - down).abs().max() <= 1
    assert (mended.columns - across).abs().max() <= 1


def test_a_finer_layer_takes_what_lies_as_far_between() -> None:
    rows, columns = grid(4, 5)
    fine = Mapping(rows, columns, (4, 5)).at(features(8, 10), features(8, 10))
    down, across = grid(8, 10)
    assert torch.equal(fine.rows, down)
    assert torch.equal(fine.columns, across)


def test_places_are_counted_as_often_as_they_are_taken_or_once() -> None:
    rows = torch.zeros(2, 2, dtype=torch.long)
    mapping = Mapping(rows, rows, (3, 3))
    inside = torch.tensor([[True, True], [True, False]])
    assert float(mapping.counts(inside, once=False)[0, 0, 0, 0]) == 3
    assert float(mapping.counts(inside, once=True).sum()) == 1


def test_rough_paintings_are_more_painterly_than_smooth_ones() -> None:
    ramp = torch.linspace(0, 1, 64).expand(1, 3, 64, 64)
    assert painterliness(ramp) < painterliness(features(64, 64)[:, :3])
    assert painterliness(torch.full((1, 3, 8, 8), 0.5)) == pytest.approx(0)


def test_as_published_it_takes_the_painting_s_looks_too() -> None:
    content = element()
    inside = content.alpha[0, 0] > 0.5
    result = harmonized(content, mode="published", steps=6)
    own, painted = (picture.pixels[0][:, inside].mean(1) for picture in (content, result))
    mean = painting().mean((0, 2, 3))
    assert (painted - mean).norm() < 0.9 * (own - mean).norm()
