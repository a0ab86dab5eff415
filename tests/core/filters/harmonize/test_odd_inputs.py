"""Harmonize on what nobody would draw on purpose: a useful picture, or one sentence that says what to do."""

from __future__ import annotations

import pytest
import torch
from tests.core.filters.harmonize.test_method import HEIGHT, SIZE, WIDTH, X, Y, element, harmonized, painting
from torch import Tensor

from restyle.contract.errors import InvalidInput
from restyle.pictures.image import Image
from restyle.pictures.transparency import laid_on

WHOLE = (1, 1, HEIGHT, WIDTH)


def cover_of(rows: slice, columns: slice, size: tuple[int, int] = (SIZE, SIZE)) -> Tensor:
    found = torch.zeros(1, 1, *size)
    found[..., rows, columns] = 1
    return found


def photo(height: int, width: int) -> Tensor:
    """Reddish from corner to corner."""
    down, across = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    return torch.stack((0.3 + 0.5 * down, 0.2 * across, 0.1 + 0.1 * down)).unsqueeze(0)


ALL, ONE = slice(None), slice(20, 21)
CASES = {
    "covers all of the painting": (Image(photo(HEIGHT, WIDTH)), (0, 0), Image(painting())),
    "is larger than the painting": (Image(photo(HEIGHT + 40, WIDTH + 60)), (-20, -30), Image(painting())),
    "is one pixel": (Image(photo(SIZE, SIZE), cover_of(ONE, ONE)), (X, Y), Image(painting())),
    "is a line": (Image(photo(SIZE, SIZE), cover_of(ONE, ALL)), (X, Y), Image(painting())),
    "is nearly transparent": (Image(photo(SIZE, SIZE), torch.full((1, 1, SIZE, SIZE), 0.02)), (X, Y), Image(painting())),
    "lies at a corner": (element(), (WIDTH - 12, HEIGHT - 12), Image(painting())),
    "lies on a painting with a hole": (element(), (X, Y), Image(painting(), cover_of(ALL, slice(0, X + 20), (HEIGHT, WIDTH)))),
    "lies beside what there is of the painting": (
        element(),
        (0, 0),
        Image(painting(), cover_of(ALL, slice(100, None), (HEIGHT, WIDTH))),
    ),
    "lies on a painting that fades": (
        element(),
        (X, Y),
        Image(painting(), torch.linspace(1, 0, WIDTH).expand(WHOLE).contiguous()),
    ),
    "is larger than a tiny painting": (element(), (-10, -10), Image(painting()[:, :, :9, :7].contiguous())),
    "lies on one pixel": (element(), (-10, -10), Image(painting()[:, :, :1, :1].contiguous())),
    "lies on one colour": (element(), (X, Y), Image(torch.full((1, 3, HEIGHT, WIDTH), 0.4))),
    "is of one colour": (Image(torch.full((1, 3, SIZE, SIZE), 0.7)), (X, Y), Image(painting())),
    "is far wider than high": (Image(photo(4, 120)), (4, 50), Image(painting())),
}


@pytest.mark.parametrize("name", CASES)
def test_an_element_that(name: str) -> None:
    content, at, ground = CASES[name]
    result = harmonized(content, at, ground=ground, steps=2)
    assert (result.width, result.height) == (content.width, content.height)
    assert result.pixels.isfinite().all()
    assert result.alpha is not None
    assert result.pixels.min() >= 0
    assert result.pixels.max() <= 1
    # What is not covered stays as it was, to the last bit.
    finished = laid_on(ground, result, *at)
    shown = laid_on(
        Image(torch.zeros(1, 3, ground.height, ground.width)), Image(torch.ones_like(result.pixels), result.alpha), *at
    )
    untouched = (shown.pixels == 0).expand_as(ground.pixels)
    assert torch.equal(finished.pixels[untouched], ground.pixels[untouched])


def test_strokes_do_not_go_where_the_painting_is_not() -> None:
    """A rim of guessed painting on nothing is a halo."""
    content = element()
    hole = cover_of(ALL, slice(0, X + SIZE // 2), (HEIGHT, WIDTH))
    result = harmonized(content, ground=Image(painting(), hole), edge_softness=100, steps=2)
    beyond = (content.alpha == 0)[0, 0]
    left, right = slice(0, SIZE // 2), slice(SIZE // 2, None)
    assert result.alpha[0, 0][:, left][beyond[:, left]].max() > 0.2
    assert result.alpha[0, 0][:, right][beyond[:, right]].max() == 0


@pytest.mark.parametrize(
    ("content", "at", "ground", "said"),
    [
        (Image(photo(9, 9), torch.zeros(1, 1, 9, 9)), (0, 0), Image(painting()), "Nothing of the element can be seen"),
        (element(), (WIDTH, 0), Image(painting()), "beside the painting"),
        (element(), (0, -SIZE), Image(painting()), "beside the painting"),
        (element(), (WIDTH - 5, HEIGHT - 5), Image(painting()), "beside the painting"),
        (element(), (0, 0), Image(painting(), torch.zeros(WHOLE)), "Nothing can be seen beneath the layer: make"),
    ],
    ids=["nothing of it", "to the right", "above", "its empty corner", "nothing beneath"],
)
def test_what_cannot_be_done_is_said_in_one_sentence(content: Image, at: tuple[int, int], ground: Image, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        harmonized(content, at, ground=ground)
    assert str(caught.value).count(".") == 1


def test_as_published_an_element_of_one_pixel_and_a_tiny_painting_do_too() -> None:
    speck = Image(photo(SIZE, SIZE), cover_of(ONE, ONE))
    assert harmonized(speck, mode="published", steps=2).pixels.isfinite().all()
    tiny = Image(painting()[:, :, :9, :7].contiguous())
    assert harmonized(element(), (-10, -10), ground=tiny, mode="published", steps=2).pixels.isfinite().all()
