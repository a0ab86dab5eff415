"""The published networks through the filter, from the authors' own files: the same picture as their own code makes."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage
from tests.loading import inputs_of

from restyle.context import Context
from restyle.engine.run import run
from restyle.filters.enhance import ENHANCE_PHOTO, EnhancePhotoParams
from restyle.host.device import pick_device
from restyle.learning.crops import read_picture
from restyle.models.foreign.readers import read_state_dict
from restyle.models.store import Store
from restyle.pictures.image import Image

MEAN_TOLERANCE, MAX_TOLERANCE = 1e-4, 2e-3
"""Float32 in another order of summing, through 12 layers."""


@pytest.mark.parametrize("phone", ["iphone", "sony", "blackberry"])
def test_checkpoints_of_tensorflow_are_imported_whole(reference: Path, phone: str) -> None:
    store = Store()
    store.import_file(f"dped-{phone}", reference / "dped" / "original" / f"{phone}_orig.index")
    tensors = read_state_dict(store.path(f"dped-{phone}"))
    with np.load(reference / "dped" / f"dped_{phone}_orig.npz") as arrays:
        assert all(np.array_equal(tensors[name].numpy(), arrays[name]) for name in arrays.files if name.startswith("generator/"))


def test_dpeds_look_is_what_its_authors_code_gives(reference: Path) -> None:
    store = Store()
    store.import_file("dped-blackberry", reference / "dped" / "original" / "blackberry_orig.index")
    with PillowImage.open(reference / "dped" / "expected" / "input.png") as opened:
        photo = torch.from_numpy(np.array(opened.convert("RGB"))).permute(2, 0, 1)[None].float() / 255
    params = EnhancePhotoParams(look="dped-blackberry", strength=100, protect_skin=0, protect_highlights=0)
    made = run(ENHANCE_PHOTO, inputs_of(Image(photo)), params, Context(pick_device("cpu", "float32"), store=store)).picture.pixels
    # Theirs is not clipped; a layer of an image is.
    expected = np.load(reference / "dped" / "expected" / "blackberry.npy").clip(0, 1)
    difference = np.abs(made[0].permute(1, 2, 0).numpy() - expected)
    assert difference.mean() < MEAN_TOLERANCE
    assert difference.max() < MAX_TOLERANCE


def test_the_lookup_table_brings_a_photo_near_the_experts(reference: Path) -> None:
    store = Store()
    store.import_file("adaptive-lut", reference / "lut" / "sRGB" / "LUTs.pth")
    photo, expert = (read_picture(reference / "fivek" / f"a2803_{side}.png")[None].float() / 255 for side in ("input", "expertC"))
    params = EnhancePhotoParams(look="adaptive-lut", strength=100, protect_skin=0, protect_highlights=0)
    made = run(ENHANCE_PHOTO, inputs_of(Image(photo)), params, Context(pick_device("cpu", "float32"), store=store)).picture.pixels
    # 29.7 dB with the authors' weights; the photo itself has 14.6 dB.
    assert -10 * (made - expert).square().mean().log10() > 29
