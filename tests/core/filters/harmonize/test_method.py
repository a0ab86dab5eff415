"""Harmonize on small paintings and elements that are drawn here."""

import pytest
import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import Cancelled, InvalidInput, MissingInput
from restyle.contract.loaded import Loaded, PlacedPicture
from restyle.contract.progress import CallbackProgress, Progress, Report, SilentProgress
from restyle.engine.run import run
from restyle.features.perceptual import load_perceptual
from restyle.filters.harmonize import HARMONIZE, HarmonizeParams
from restyle.filters.harmonize.matching import NearestPatches, how_often_matched
from restyle.filters.harmonize.site import Site
from restyle.host.device import pick_device
from restyle.pictures.image import Image, luma
from restyle.pictures.transparency import laid_on
from restyle.pictures.windows import box_mean

HEIGHT, WIDTH = 96, 128
SIZE = 48
X, Y = 40, 20


def painting() -> Tensor:
    """Slanting strokes in blue and yellow."""
    down, across = torch.meshgrid(torch.arange(HEIGHT), torch.arange(WIDTH), indexing="ij")
    strokes = (torch.sin((down + across) / 3) + 1) / 2
    blue, yellow = torch.tensor([0.1, 0.2, 0.7]).view(3, 1, 1), torch.tensor([0.9, 0.8, 0.2]).view(3, 1, 1)
    return (blue + (yellow - blue) * strokes).unsqueeze(0)


def element(size: int = SIZE) -> Image:
    """A smooth red disc, cut out."""
    place = torch.linspace(-1, 1, size)
    radius = (place.view(-1, 1) ** 2 + place**2).sqrt()
    shade = (1 - radius / 2).clamp(0, 1)
    pixels = torch.stack((0.4 + 0.5 * shade, 0.2 * shade, 0.1 + 0.1 * shade)).unsqueeze(0)
    return Image(pixels.contiguous(), (radius < 0.9).float().view(1, 1, size, size))


def harmonized(
    content: Image,
    at: tuple[int, int] = (X, Y),
    selection: Tensor | None = None,
    ground: Image | None = None,
    progress: Progress | None = None,
    **settings: object,
) -> Image:
    params = HarmonizeParams.parse({"working_size": 128, "steps": 3, **settings})
    values = {"content": content, "backdrop": PlacedPicture(ground or Image(painting()), *at), "selection": selection}
    return run(HARMONIZE, Loaded(values), params, Context(pick_device("cpu"), progress or SilentProgress())).picture


def within(content: Image, result: Image) -> tuple[Tensor, Tensor]:
    """Mean colours (3,) inside the element, before and after."""
    inside = content.alpha[0, 0] > 0.5
    return content.pixels[0][:, inside].mean(1), result.pixels[0][:, inside].mean(1)


def roughness(picture: Tensor) -> float:
    """How much brightness varies within a stroke's reach."""
    brightness = luma(picture)
    return float((brightness - box_mean(brightness, 4)).std())


def test_a_smooth_photo_gets_the_painting_s_strokes_and_colours() -> None:
    content = element()
    result = harmonized(content, steps=12)
    middle = (..., slice(12, 36), slice(12, 36))
    assert roughness(content.pixels[middle]) < 0.05 * roughness(painting())
    assert roughness(result.pixels[middle]) > 0.5 * roughness(painting())
    own, painted = within(content, result)
    mean = painting().mean((0, 2, 3))
    assert (painted - mean).norm() < 0.4 * (own - mean).norm()


def test_only_what_its_alpha_shows_differs_from_the_painting() -> None:
    result = harmonized(element())
    assert result.alpha is not None
    covered = result.alpha[0, 0]
    assert covered[SIZE // 2, SIZE // 2] == 1
    assert covered[0, 0] == 0
    # The edge is soft: between nothing and everything there is something.
    assert ((covered > 0.05) & (covered < 0.95)).any()
    finished = laid_on(Image(painting()), result, X, Y).pixels
    untouched = torch.ones(HEIGHT, WIDTH, dtype=torch.bool)
    untouched[Y : Y + SIZE, X : X + SIZE] = covered == 0
    assert torch.equal(finished[0][:, untouched], painting()[0][:, untouched])


def test_without_softness_it_ends_where_the_element_ends() -> None:
    content = element()
    result = harmonized(content, edge_softness=0)
    assert torch.equal(result.alpha > 0, content.alpha > 0)


def test_beyond_the_edge_lies_the_painting() -> None:
    content = element()
    result = harmonized(content, edge_softness=50)
    around = (result.alpha > 0.5) & (content.alpha == 0)
    here = painting()[:, :, Y : Y + SIZE, X : X + SIZE]
    missed = (result.pixels - here).abs().mean(1, keepdim=True)
    assert float(missed[around].mean()) < 0.2


def test_it_can_keep_its_own_colours() -> None:
    content = element()
    own, kept = within(content, harmonized(content, keep_colors=100))
    _, moved = within(content, harmonized(content, keep_colors=0))
    assert (kept - own).norm() < 0.6 * (moved - own).norm()


def test_the_selection_says_what_belongs_to_it() -> None:
    square = torch.zeros(1, 1, SIZE, SIZE)
    square[..., 10:30, 14:30] = 1
    result = harmonized(Image(element().pixels), selection=square, edge_softness=0)
    assert torch.equal(result.alpha, square)


def test_a_seed_gives_the_same_picture_and_another_gives_another() -> None:
    first, again, other = (harmonized(element(), steps=2, seed=seed).pixels for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("at", [(-30, -20), (100, 70)])
def test_part_of_it_may_lie_beside_the_painting(at: tuple[int, int]) -> None:
    content = element()
    result = harmonized(content, at)
    assert (result.width, result.height) == (SIZE, SIZE)
    assert result.pixels.isfinite().all()
    beside = laid_on(Image(torch.zeros(1, 3, SIZE, SIZE)), Image(torch.ones(1, 3, HEIGHT, WIDTH)), -at[0], -at[1]).pixels == 0
    assert torch.equal(result.alpha[beside[:, :1]], content.alpha[beside[:, :1]])


@pytest.mark.parametrize("size", [1, 3, 200])
def test_any_size_does(size: int) -> None:
    content = Image(element(200).pixels[:, :, 80 : 80 + size, 80 : 80 + size].contiguous())
    result = harmonized(content, (60, 40) if size < 200 else (-20, -50), steps=2)
    assert (result.width, result.height) == (min(size, 120), min(size, 120))
    assert result.pixels.isfinite().all()


def test_the_painting_may_be_tiny() -> None:
    result = harmonized(element(), (-10, -10), ground=Image(painting()[:, :, :20, :24].contiguous()), steps=2)
    assert result.pixels.isfinite().all()


def test_strokes_may_be_larger_than_the_painting_s() -> None:
    assert harmonized(element(), steps=2, brush_size=2.5).pixels.isfinite().all()


@pytest.mark.parametrize(
    ("content", "at", "said"),
    [
        (Image(torch.ones(1, 3, 9, 9), torch.zeros(1, 1, 9, 9)), (0, 0), "Nothing of the element can be seen"),
        (element(), (200, 0), "beside the painting"),
        (element(), (0, -60), "beside the painting"),
    ],
)
def test_what_cannot_be_done_is_said(content: Image, at: tuple[int, int], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        harmonized(content, at)


def test_it_needs_a_painting() -> None:
    with pytest.raises(MissingInput, match="Painting"):
        run(HARMONIZE, Loaded({"content": element()}), HarmonizeParams(), Context(pick_device("cpu")))


def test_it_can_be_cancelled_at_any_step() -> None:
    seen: list[Report] = []
    with pytest.raises(Cancelled):
        harmonized(element(), progress=CallbackProgress(seen.append, lambda: len(seen) >= 4))
    assert len(seen) == 4


def test_a_site_goes_there_and_back() -> None:
    planes = torch.rand(1, 2, SIZE, SIZE)
    site = Site.of(torch.ones(1, 1, SIZE, SIZE), PlacedPicture(Image(painting()), -8, 60))
    there = site.from_layer(planes)
    assert there.shape[2:] == (site.place.height, site.place.width)
    back = site.to_layer(there, SIZE, SIZE)
    # 8 columns and 12 rows lie beside the painting.
    assert torch.equal(back[:, :, : HEIGHT - 60, 8:], planes[:, :, : HEIGHT - 60, 8:])
    assert not back[:, :, HEIGHT - 60 :].any()


def test_each_place_is_matched_with_what_is_like_it() -> None:
    network = load_perceptual("compact", Context(pick_device("cpu", "float32")))
    noise = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    half_rough = torch.cat((noise, torch.full_like(noise, 0.5)), 3)
    left = torch.cat((torch.ones(1, 1, 64, 64), torch.zeros(1, 1, 64, 64)), 3)
    found = how_often_matched(network, half_rough, left, half_rough.flip(3))
    assert found.sum() == pytest.approx(1, abs=1e-4)
    # What is rough lies at the right of the mirrored picture.
    assert found[..., 8:].sum() > 0.8


def test_patches_of_the_painting_itself_are_no_way_off() -> None:
    features = torch.rand(1, 4, 12, 12)
    unlike = NearestPatches(features, torch.ones(1, 1, 12, 12))
    assert float(unlike(features)) == pytest.approx(0, abs=1e-5)
    assert float(unlike(torch.rand(1, 4, 12, 12))) > 0.05
    assert float(NearestPatches(features, torch.zeros(1, 1, 12, 12))(features)) == 0
