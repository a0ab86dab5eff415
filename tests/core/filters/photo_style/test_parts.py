"""The parts of Photo Style by themselves: distance of regions, structure, colour marks, maps in closed form."""

import pytest
import torch

from restyle.filters.photo_style.colour_marks import ColourMarks
from restyle.filters.photo_style.realism import Structure, clipping
from restyle.filters.photo_style.region_maps import region_maps
from restyle.filters.photo_style.region_style import RegionStyle
from restyle.filters.photo_style.scene import Scene, Side, prepare_scene
from restyle.networks.encoder import CompactEncoder
from restyle.regions.matching import RegionPair
from restyle.regions.refine import refine

LAYERS = ("relu1_1", "relu2_1")


def picture(seed: int, height: int = 48, width: int = 64) -> torch.Tensor:
    """Soft blotches of colour."""
    noise = torch.rand(1, 3, height // 8, width // 8, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.interpolate(noise, size=(height, width), mode="bilinear", align_corners=False)


def halves(height: int = 48, width: int = 64) -> torch.Tensor:
    left = torch.zeros(1, 1, height, width)
    left[..., : width // 2] = 1
    return torch.cat((left, 1 - left), 1)


def scene(photo: torch.Tensor, style: torch.Tensor) -> Scene:
    return Scene(Side(photo, halves()), Side(style, halves()), refine(halves(), photo))


def encoder() -> CompactEncoder:
    torch.manual_seed(0)
    return CompactEncoder().requires_grad_(False)


def test_the_style_distance_is_one_unchanged_and_next_to_none_reached() -> None:
    photo, style = picture(0), picture(1) * 0.3
    measure = RegionStyle(encoder(), LAYERS, scene(photo, style))
    torch.testing.assert_close(measure(photo), torch.tensor(1.0))
    assert measure(style) < 0.05


def test_the_style_distance_of_some_positions_is_nearly_that_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, style = picture(0), picture(1) * 0.3
    found = []
    for enough in (48 * 64, 24 * 32):
        monkeypatch.setattr("restyle.filters.photo_style.region_style.ENOUGH_POSITIONS", enough)
        changed = (photo * 0.6).requires_grad_()
        distance = RegionStyle(encoder(), LAYERS, scene(photo, style))(changed)
        found.append((distance.detach(), *torch.autograd.grad(distance, changed)))
    (all_of_them, gradient), (some, its_gradient) = found
    # A quarter of the positions of soft blotches: their moments differ by some percent.
    torch.testing.assert_close(some, all_of_them, rtol=0.05, atol=0)
    assert torch.cosine_similarity(gradient.flatten(), its_gradient.flatten(), 0) > 0.8


def test_structure_minds_edges_and_not_exposure() -> None:
    photo = picture(0)
    structure = Structure(photo)
    assert structure(photo) > 0.999
    assert structure(photo * 0.5 + 0.1) > 0.99
    assert structure(photo.flip(3)) < 0.8


def test_only_what_lies_outside_is_clipping() -> None:
    assert clipping(torch.full((1, 3, 2, 2), 1.5)) == 0.25
    assert clipping(picture(0)) == 0


def test_colours_of_the_style_are_free_and_false_ones_are_not() -> None:
    grey = torch.linspace(0, 1, 64).expand(1, 3, 48, 64).contiguous()
    marks = ColourMarks(scene(picture(0), grey))
    # The left half of the style is dark, the right half bright; hue matters more than brightness.
    # Between two marks of the finely divided space lies a little distance.
    assert marks(grey) < 1e-4
    green = grey.clone()
    green[:, 1] += 0.2
    assert marks(green) > 10 * marks((grey + 0.1).clamp(0, 1))


def test_what_is_brighter_than_its_region_takes_no_colours_of_the_next() -> None:
    grey = torch.linspace(0, 1, 64).expand(1, 3, 48, 64).contiguous()
    marks = ColourMarks(scene(picture(0), grey))
    left = halves()[:, :1]
    # Beyond the brightest of the left region's colours lie, in memory, the darkest of the right one's.
    torch.testing.assert_close(marks(grey + 1.5 * left), marks(grey * (1 - left) + left), rtol=1e-3, atol=0)


def test_closed_form_gives_each_region_its_own_moments() -> None:
    photo, style = picture(0), picture(1)
    maps = region_maps(scene(photo, style), greatest_gain=100.0)
    for region, mask in enumerate(halves()[0].bool()):
        moved = maps[region, :, :3] @ photo[0][:, mask] + maps[region, :, 3:]
        # The floor under the variances leaves a little of the difference.
        torch.testing.assert_close(moved.mean(1), style[0][:, mask].mean(1), atol=1e-3, rtol=0)
        torch.testing.assert_close(torch.cov(moved), torch.cov(style[0][:, mask]), atol=5e-3, rtol=0)


def test_gains_are_bounded() -> None:
    flat = 0.5 + 0.02 * (picture(0) - 0.5)
    gains = torch.linalg.svdvals(region_maps(scene(flat, picture(1)), greatest_gain=3.0)[:, :, :3])
    assert gains.max() <= 3.0 + 1e-4


def test_regions_with_the_same_guide_become_one() -> None:
    masks, guide = halves(), torch.ones(1, 1, 1, 1)
    pairs = tuple(RegionPair(str(i), masks[:, i : i + 1], guide) for i in range(2))
    prepared = prepare_scene(picture(0), picture(1), pairs, 64, torch.device("cpu"))
    assert prepared.photo.masks.shape[1] == 1
    assert prepared.photo.masks.min() == 1
