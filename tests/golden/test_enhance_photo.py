"""What Enhance Photo must do to photos, with the enhancer that ships: claims about results, not about code."""

from pathlib import Path

import numpy as np
import pytest
import torch
from skimage import data
from tests.loading import inputs_of
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.engine.run import run
from restyle.filters.enhance import ENHANCE_PHOTO, EnhancePhotoParams
from restyle.host.device import pick_device
from restyle.learning.crops import read_picture
from restyle.models.store import Store
from restyle.networks.enhancer import Enhancer
from restyle.pictures.image import Image, luma
from restyle_training.camera import Augmentation, photograph

SHIPPED_BYTES = 2_000_000  # the promise of the box
CONTEXT = Context(pick_device("cpu", "float32"))


@pytest.fixture(scope="module")
def cat() -> Tensor:
    """A good photo that nothing was trained on, 256 x 192."""
    samples = torch.from_numpy(data.chelsea().copy()).permute(2, 0, 1)[None].float() / 255
    return F.interpolate(samples, (192, 256), mode="bilinear", antialias=True)


def enhanced(photo: Tensor, **params: object) -> Tensor:
    return run(ENHANCE_PHOTO, inputs_of(Image(photo)), EnhancePhotoParams.parse(params), CONTEXT).picture.pixels


def psnr(made: Tensor, good: Tensor) -> float:
    return float(-10 * (made - good).square().mean().log10())


def change(made: Tensor, photo: Tensor) -> float:
    return float((made - photo).abs().mean()) * 255


def test_the_file_is_as_small_as_promised(root: Path) -> None:
    assert (root / "core/restyle/models/box/enhancer.safetensors").stat().st_size < SHIPPED_BYTES
    assert (root / "core/restyle/models/box/enhancer.md").is_file()


def test_a_phone_photo_comes_nearer_to_the_good_one(cat: Tensor) -> None:
    shots = photograph(cat.expand(6, -1, -1, -1), torch.Generator().manual_seed(0), Augmentation(good_light=0.0, good_detail=0.0))
    gains = [psnr(enhanced(shot[None]), cat) - psnr(shot[None], cat) for shot in shots.photo]
    assert sum(gains) / len(gains) > 0.5


def test_noise_blur_and_blocks_become_less(cat: Tensor) -> None:
    detail = Enhancer.from_file(Store().path("enhancer")).detail
    shot = photograph(cat.expand(8, -1, -1, -1), torch.Generator().manual_seed(1), Augmentation(good_light=1.0, good_detail=0.0))
    assert psnr(shot.photo + detail(shot.photo), shot.clean) > psnr(shot.photo, shot.clean) + 0.3
    noise = torch.randn(cat.shape, generator=torch.Generator().manual_seed(2)) * 0.03
    smooth = F.interpolate(F.avg_pool2d(cat, 16), cat.shape[2:], mode="bilinear")
    noisy = (smooth + noise).clamp(0, 1)
    assert psnr(noisy + detail(noisy), smooth) > psnr(noisy, smooth) + 0.7


@pytest.mark.parametrize("look", ["natural", "vivid", "open-shadows"])
def test_enhancing_again_and_again_changes_less_and_less(cat: Tensor, look: str) -> None:
    made, changes = cat, []
    for _ in range(4):
        again = enhanced(made, look=look)
        changes.append(change(again, made))
        made = again
    assert changes[-1] < changes[0] / 2


def test_no_highlight_is_clipped_and_no_grey_tinted(cat: Tensor) -> None:
    bright = (cat * 0.4 + 0.58).clamp(0, 1)
    for look in ("natural", "vivid"):
        made = enhanced(bright, look=look, change="light_and_colour")
        assert (made >= 1).float().mean() <= (bright >= 1).float().mean() + 1e-4
        grey = luma(cat).expand(-1, 3, -1, -1).contiguous()
        made = enhanced(grey, look=look)
        assert torch.equal(made[:, :1], made[:, 1:2])


def test_edges_get_no_halos(cat: Tensor) -> None:
    edge = torch.full((1, 3, 64, 128), 0.25)
    edge[..., 64:] = 0.7
    blurred = F.avg_pool2d(F.pad(edge, (2, 2, 2, 2), mode="replicate"), 5, 1)
    made = luma(enhanced(blurred))[0, 0, 32]
    # Far from the edge is what the sides became; near it nothing is much darker or lighter than that.
    assert made[40:64].min() > made[20:40].mean() - 0.03
    assert made[64:88].max() < made[88:108].mean() + 0.03


def test_good_photos_of_kodak_hardly_change(reference: Path) -> None:
    paths = sorted((reference / "photos" / "kodak").glob("kodim*.png"))
    photos = [read_picture(path)[None].float() / 255 for path in paths]
    assert len(photos) == 24
    changes = [change(enhanced(photo), photo) for photo in photos]
    assert np.mean(changes) < 5
    assert max(changes) < 15


def test_vivid_is_the_stronger_look(cat: Tensor) -> None:
    dull = cat * 0.5 + 0.2
    natural, vivid = (enhanced(dull, look=look) for look in ("natural", "vivid"))
    colours = [(made - luma(made)).abs().mean() for made in (dull, natural, vivid)]
    assert colours == sorted(colours)
