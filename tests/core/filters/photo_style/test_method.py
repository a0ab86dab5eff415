"""Photo Style as a whole, on small pictures."""

from itertools import pairwise

import pytest
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import Cancelled
from restyle.contract.loaded import Style
from restyle.contract.progress import CallbackProgress, Report
from restyle.engine.run import run
from restyle.filters.photo_style import PHOTO_STYLE, PhotoStyleParams, method
from restyle.filters.photo_style.editing import edit_at_full_size, strengthened
from restyle.filters.photo_style.method import working_bytes
from restyle.filters.photo_style.scene import prepare_scene
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions import Regions
from restyle.regions.matching import whole
from restyle.regions.refine import refine

SIZE = (48, 72)
MODES = ("fast", "best", "published")


def landscape(sky: tuple[float, float, float], ground: tuple[float, float, float]) -> torch.Tensor:
    """A sky that pales towards the horizon, and ground with some texture."""
    height, width = SIZE
    fade = torch.linspace(0.7, 1.1, height // 2).view(1, 1, -1, 1)
    grain = 1 + 0.3 * torch.rand(1, 1, height // 2, width, generator=torch.Generator().manual_seed(0))
    parts = [torch.tensor(color).view(1, 3, 1, 1) * part for color, part in ((sky, fade), (ground, grain))]
    return torch.cat([part.expand(1, 3, height // 2, width) for part in parts], 2).clamp(0, 1)


def regions() -> Regions:
    sky = torch.zeros(1, 1, *SIZE)
    sky[:, :, : SIZE[0] // 2] = 1
    return Regions(("sky", "ground"), torch.cat((sky, 1 - sky), 1))


DAY = landscape((0.4, 0.6, 0.9), (0.2, 0.5, 0.2))
DUSK = landscape((0.8, 0.4, 0.2), (0.15, 0.1, 0.1))


def styled(photo: torch.Tensor, style: torch.Tensor, progress: object = None, **settings: object) -> torch.Tensor:
    context = Context(pick_device("cpu", "float32"))
    if progress is not None:
        context = Context(pick_device("cpu", "float32"), progress)
    params = PhotoStyleParams(**{"working_size": 64, "steps": 8, "regions": "given", **settings})
    inputs = inputs_of(Image(photo), (Style(Image(style), 1.0, regions()),), None, regions())
    return run(PHOTO_STYLE, inputs, params, context).picture.pixels


@pytest.mark.parametrize("mode", MODES)
def test_a_photo_styled_with_itself_hardly_changes(mode: str) -> None:
    # Noise of the start and the local fit leave some of it in the published mode.
    assert (styled(DAY, DAY, mode=mode) - DAY).abs().mean() < (0.03 if mode == "published" else 0.01)


@pytest.mark.parametrize("mode", ["fast", "best"])
def test_each_region_takes_its_own_colours(mode: str) -> None:
    result = styled(DAY, DUSK, mode=mode)
    for rows in (slice(0, 20), slice(28, 48)):
        wanted, before, after = (picture[:, :, rows].mean((2, 3)) for picture in (DUSK, DAY, result))
        assert (after - wanted).norm() < 0.35 * (before - wanted).norm()


def test_the_published_mode_warms_a_day_towards_dusk() -> None:
    result = styled(DAY, DUSK, mode="published", steps=10)
    day, dusk, after = (float((picture[:, 0] - picture[:, 2])[:, :20].mean()) for picture in (DAY, DUSK, result))
    # So few steps go part of the way.
    assert after - day > 0.1 * (dusk - day)


def test_no_strength_leaves_the_photo() -> None:
    assert (styled(DAY, DUSK, strength=0) - DAY).abs().max() < 2 / 255


def test_more_structure_keeps_more_and_no_step_makes_all_the_difference() -> None:
    # Contrast of the ground's grain, of which the style has little.
    grain = [float(styled(DAY, DUSK, structure=value, steps=40)[:, :, 28:].std()) for value in (0, 25, 50, 75, 100)]
    span = grain[-1] - grain[0]
    # It doubles; the weight grows tenfold with each 50, so the lowest values differ little and may by float32's rounding.
    assert grain[-1] > 1.5 * grain[0]
    steps = [after - before for before, after in pairwise(grain)]
    assert min(steps) > -0.02 * span
    # Two neighbours of the four steps share most of it where a logarithmic weight passes that of the style.
    assert max(steps) < 0.8 * span


def test_a_calm_sky_gets_no_blotches_of_the_style(monkeypatch: pytest.MonkeyPatch) -> None:
    sky = slice(0, SIZE[0] // 2)
    photo, style = DAY.clone(), DUSK.clone()
    photo[:, :, sky] = photo[:, :, sky].mean((2, 3), keepdim=True)
    style[:, :, sky, SIZE[1] // 2 :] *= 0.3
    blotches = []
    for weight in (0.0, 10.0):
        monkeypatch.setattr(method, "PATCHES_AT_50", weight)
        blotches.append(float(styled(photo, style, steps=30, structure=0)[:, :, : sky.stop - 4].std((2, 3)).max()))
    assert blotches[1] < 0.5 * blotches[0]


def test_memory_is_asked_for_photo_and_style() -> None:
    context, params = Context(pick_device("cpu", "float32")), PhotoStyleParams(working_size=64)

    def needed(photo: tuple[int, int], style: tuple[int, int]) -> int:
        inputs = inputs_of(Image(torch.zeros(1, 3, *photo)), (Style(Image(torch.zeros(1, 3, *style))),))
        return working_bytes(inputs, params, context)

    assert needed((64, 64), (64, 64)) > 1.9 * needed((64, 64), (1, 1))
    # Both are worked on at the working size, strips as wide as statistics need.
    assert needed((640, 640), (640, 640)) == needed((64, 64), (64, 64))
    strips = prepare_scene(torch.rand(1, 3, 60, 600), torch.rand(1, 3, 600, 50), whole(), 64, torch.device("cpu"))
    area = strips.photo.pixels[0, 0].numel() + strips.style.pixels[0, 0].numel()
    assert needed((60, 600), (600, 50)) / needed((64, 64), (64, 64)) == pytest.approx(area / (2 * 64 * 64))


def test_the_same_settings_give_the_same_picture() -> None:
    assert torch.equal(styled(DAY, DUSK, steps=2), styled(DAY, DUSK, steps=2))


def test_every_edge_of_a_larger_photo_stays() -> None:
    """What is found on a small copy holds for the photo: lines of one pixel, far below the working size, survive."""
    large = torch.nn.functional.interpolate(DAY, scale_factor=6, mode="bilinear", align_corners=False)
    large[..., ::16] *= 0.7
    result = styled(large, DUSK, mode="fast")
    columns = result.mean((0, 1, 2))
    assert (columns[16:-16:16] < columns[17:-15:16]).all()
    assert (columns[16:-16:16] < columns[15:-17:16]).all()


def test_bands_at_full_size_equal_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    grids = torch.randn(2, 4, 3, 4, 12, generator=torch.Generator().manual_seed(0)) * 0.3
    edges = refine(regions().masks, DAY)
    context = Context(pick_device("cpu", "float32"))
    pieces = []
    for rows in (5, 1000):
        monkeypatch.setattr("restyle.filters.photo_style.editing.BAND_ROWS", rows)
        pieces.append(edit_at_full_size(grids, edges, DAY, 0.5, context))
    torch.testing.assert_close(*pieces, atol=1e-5, rtol=1e-5)


def test_strength_goes_from_nothing_to_all() -> None:
    grids = torch.rand(1, 2, 2, 2, 12)
    assert torch.equal(strengthened(grids, 1.0), grids)
    assert torch.equal(strengthened(grids, 0.0)[0, 0, 0, 0].view(3, 4), torch.eye(3, 4))


def test_it_can_be_cancelled_at_any_step() -> None:
    seen: list[Report] = []
    progress = CallbackProgress(seen.append, lambda: len(seen) >= 5)
    with pytest.raises(Cancelled):
        styled(DAY, DUSK, progress)
    assert len(seen) == 5


def test_progress_only_grows_and_shows_previews() -> None:
    seen: list[Report] = []
    styled(DAY, DUSK, CallbackProgress(seen.append), steps=6)
    places = [report.step / report.of for report in seen]
    assert places == sorted(places)
    previews = [report.preview for report in seen if report.preview]
    assert previews[-1]().pixels.shape[:2] == (1, 3)


@pytest.mark.parametrize("style_size", [(1, 1), (3, 200)])
def test_styles_of_odd_sizes_do(style_size: tuple[int, int]) -> None:
    style = torch.full((1, 3, *style_size), 0.3)
    inputs = inputs_of(Image(DAY), (Style(Image(style)),))
    params = PhotoStyleParams(mode="fast", working_size=64, regions="given")
    result = run(PHOTO_STYLE, inputs, params, Context(pick_device("cpu", "float32"))).picture.pixels
    assert result.shape == DAY.shape
    assert result.isfinite().all()
