"""DPED's generator against what its authors' own code gives."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage

from restyle.networks.dped import dped_from_arrays

MEAN_TOLERANCE, MAX_TOLERANCE = 1e-4, 2e-3
"""Float32 in another order of summing, through 12 layers."""


@pytest.mark.parametrize("name", ["iphone", "sony", "blackberry"])
def test_the_generator_gives_what_its_authors_code_gives(reference: Path, name: str) -> None:
    network = dped_from_arrays(np.load(reference / "dped" / f"dped_{name}_orig.npz"))
    picture = np.asarray(PillowImage.open(reference / "dped" / "expected" / "input.png").convert("RGB"), dtype=np.float32) / 255
    expected = np.load(reference / "dped" / "expected" / f"{name}.npy")
    # A third of the picture would not do: the norms look at all of it.
    with torch.no_grad():
        result = network(torch.from_numpy(picture).permute(2, 0, 1)[None])[0].permute(1, 2, 0).numpy()
    difference = np.abs(result - expected)
    assert difference.mean() < MEAN_TOLERANCE
    assert difference.max() < MAX_TOLERANCE


def test_a_variable_of_another_shape_is_refused(reference: Path) -> None:
    arrays = dict(np.load(reference / "dped" / "dped_iphone_orig.npz"))
    arrays["generator/W5"] = np.zeros((3, 3, 64, 32), np.float32)
    with pytest.raises(ValueError, match="shape"):
        dped_from_arrays(arrays)
