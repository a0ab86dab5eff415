"""The matte of a rough mask."""

import torch
from torch.nn import functional as F

from restyle.filters.focus.matte import Matte

HEIGHT, WIDTH = 120, 160
DARK, LIGHT = 0.1, 0.9


def scene(left, right):
    """A light bar from one column to another on dark ground, its edges soft, with its matte."""
    bar = torch.zeros(1, 1, HEIGHT, WIDTH)
    bar[:, :, 20:100, left:right] = 1
    matte = F.avg_pool2d(bar, 3, 1, 1)
    return (DARK + (LIGHT - DARK) * matte).expand(1, 3, -1, -1).contiguous(), matte


def around(left, right, margin):
    mask = torch.zeros(1, 1, HEIGHT, WIDTH)
    mask[:, :, 20 - margin : 100 + margin, left - margin : right + margin] = 1
    return mask


def found(photo, mask, reach):
    matte = Matte.of(mask, photo, photo, reach)
    assert matte is not None
    return matte.rows(photo, slice(0, HEIGHT))


def test_a_rough_mask_becomes_the_matte_that_the_photo_shows():
    photo, truth = scene(60, 100)
    # Of a pixel a tenth is not seen; the small slack around full and none is cut off by then.
    assert float((found(photo, around(60, 100, 4), 1.0) - truth).abs().max()) < 0.1


def test_a_thing_thinner_than_the_search_does_not_vanish():
    photo, truth = scene(76, 84)
    assert float((found(photo, around(76, 84, 2), 1.0) - truth).abs().max()) < 0.15


def test_a_dark_mark_on_a_thing_thinner_than_the_search_is_no_hole_in_it():
    photo, _ = scene(77, 83)
    photo[:, :, 50:70, 80] = DARK
    assert float(found(photo, around(77, 83, 1), 1.0)[:, :, 52:68, 80].min()) == 1


def test_without_reach_the_mask_is_kept_as_it_is():
    photo, truth = scene(60, 100)
    assert torch.equal(found(photo, truth, 0.0), truth)


def test_bands_give_the_whole():
    photo, _ = scene(60, 100)
    matte = Matte.of(around(60, 100, 4), photo, photo, 0.5)
    assert matte is not None
    parts = [matte.rows(photo[:, :, first : first + 30], slice(first, first + 30)) for first in range(0, HEIGHT, 30)]
    torch.testing.assert_close(torch.cat(parts, 2), matte.rows(photo, slice(0, HEIGHT)))
