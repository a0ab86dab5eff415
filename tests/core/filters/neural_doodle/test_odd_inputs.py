"""Neural Doodle on plans that nobody would draw on purpose: a useful picture, or one sentence."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image as Pillow
from scipy import ndimage
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Loaded, Style
from restyle.engine.run import run
from restyle.filters.neural_doodle import NEURAL_DOODLE, PLAN, STYLES, NeuralDoodleParams
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions.maps import read_maps

HEIGHT, WIDTH = 72, 96
SKY, GROUND = (0, 0, 255), (0, 255, 0)
UPPER, LOWER = (..., slice(4, HEIGHT // 2 - 6), slice(None)), (..., slice(HEIGHT // 2 + 6, HEIGHT - 4), slice(None))


def halves(upper: tuple[int, ...], lower: tuple[int, ...], height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    drawn = np.empty((height, width, 3), np.uint8)
    drawn[: height // 2], drawn[height // 2 :] = upper, lower
    return drawn


def picture(drawn: np.ndarray) -> Image:
    return Image(torch.from_numpy(drawn.astype(np.float32) / 255).permute(2, 0, 1).unsqueeze(0).contiguous())


def jpeg(drawn: np.ndarray) -> np.ndarray:
    written = io.BytesIO()
    Pillow.fromarray(drawn).save(written, "JPEG", quality=15)
    with Pillow.open(written) as opened:
        return np.asarray(opened.convert("RGB"))


def soft(drawn: np.ndarray) -> np.ndarray:
    return ndimage.gaussian_filter(drawn, (2.0, 2.0, 0))


def painting(height: int = HEIGHT, width: int = WIDTH) -> Image:
    """Red grain above, yellow below."""
    grain = np.random.default_rng(0).integers(-25, 25, (height, width, 1))
    return picture((halves((180, 40, 40), (190, 190, 20), height, width) + grain).clip(0, 255).astype(np.uint8))


def painted(plan: Image, theirs: Image | None, style: Image | None = None, **settings: object) -> tuple[Tensor, list[str]]:
    given = None if theirs is None else read_maps([theirs])[0]
    context = Context(pick_device("cpu", "float32"))
    inputs = Loaded({PLAN.name: plan, STYLES.name: (Style(style or painting(), 1.0, given),)})
    made = run(NEURAL_DOODLE, inputs, NeuralDoodleParams.parse({"brushwork": 0, **settings}), context)
    return made.picture.pixels, context.progress.notes


PLAIN = halves(SKY, GROUND)
LABELS = halves((0, 0, 0), (1, 1, 1))
MANY = np.kron(np.random.default_rng(1).integers(0, 255, (6, 8, 3)), np.ones((12, 12, 1))).astype(np.uint8)


@pytest.mark.parametrize(
    ("plan", "theirs"),
    [
        (PLAIN, PLAIN),
        (soft(PLAIN), PLAIN),
        (PLAIN, soft(PLAIN)),
        (jpeg(PLAIN), jpeg(PLAIN)),
        (halves((40, 30, 225), (20, 230, 30)), PLAIN),
        (LABELS, LABELS),
        (LABELS, PLAIN),
        (PLAIN, LABELS),
    ],
    ids=[
        "plain",
        "soft edges",
        "their soft edges",
        "JPEG",
        "another screen's",
        "numbers",
        "numbers by colours",
        "colours by numbers",
    ],
)
def test_what_is_above_is_painted_as_what_is_above(plan: np.ndarray, theirs: np.ndarray) -> None:
    result, _ = painted(picture(plan), picture(theirs))
    green = result[0, 1]
    assert green[UPPER].mean() < 0.3
    assert green[LOWER].mean() > 0.6


def test_of_one_colour_one_picture_is_made_of_what_that_colour_is() -> None:
    flat = picture(halves(SKY, SKY))
    in_plan, notes = painted(flat, picture(PLAIN))
    assert in_plan[0, 1].mean() < 0.3
    assert not notes
    whole, _ = painted(flat, None)
    # Without a plan of its own all of the painting is meant.
    assert whole[0, 1].min() < 0.3
    assert whole[0, 1].max() > 0.6


def test_of_more_colours_than_there_may_be_regions_the_sentence_stays_short() -> None:
    result, notes = painted(picture(MANY), picture(PLAIN))
    assert result.isfinite().all()
    assert len(notes) == 1
    assert " more; where" in notes[0]
    assert len(notes[0]) < 200


@pytest.mark.parametrize("size", [(1, 1), (2, 90), (90, 2), (16, 400), (400, 16)])
@pytest.mark.parametrize("theirs", [(3, 5), (8, 120), (120, 8)])
def test_a_plan_and_a_painting_of_very_different_shape(size: tuple[int, int], theirs: tuple[int, int]) -> None:
    plan, own = (picture(halves(SKY, GROUND, *shape)) for shape in (size, theirs))
    result, _ = painted(plan, own, painting(*theirs), working_size=64)
    assert result.shape[2:] == size
    assert result.isfinite().all()


def test_a_plan_of_noise_and_one_that_is_transparent_in_part_are_painted() -> None:
    noise = torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0))
    assert painted(Image(noise), picture(PLAIN))[0].isfinite().all()
    alpha = torch.ones(1, 1, HEIGHT, WIDTH)
    alpha[..., : WIDTH // 2] = 0
    result, _ = painted(Image(picture(PLAIN).pixels, alpha), picture(PLAIN))
    assert result[0, 1][UPPER][:, WIDTH // 2 + 6 :].mean() < 0.3
