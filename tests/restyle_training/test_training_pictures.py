"""Training pictures: their range, their variety, and that what is held back stays back."""

from pathlib import Path

import torch

from restyle.learning.crops import pictures_of
from restyle_training.training_pictures import crop_batch, split_paths

SIZE = 24


def test_a_batch_is_within_range_and_repeats_with_its_generator() -> None:
    red_and_blue = torch.zeros(3, 40, 60, dtype=torch.uint8)
    red_and_blue[0, :, :30] = red_and_blue[2, :, 30:] = 255
    pictures = pictures_of([red_and_blue], SIZE)
    batches = [crop_batch(pictures, pictures, 40, SIZE, torch.Generator().manual_seed(7)) for _ in range(2)]
    assert torch.equal(*batches)
    assert batches[0].shape == (40, 3, SIZE, SIZE)
    assert float(batches[0].min()) >= 0
    assert float(batches[0].max()) <= 1
    # Recoloured and drawn pictures bring in the green that no picture has.
    assert float(batches[0][:, 1].max()) > 0.5


def test_every_tenth_picture_is_held_back_and_none_is_in_both_parts() -> None:
    paths = [Path(f"{index:02}.png") for index in range(35)]
    kept, held = split_paths(paths)
    assert [path.name for path in held] == ["05.png", "15.png", "25.png"]
    assert sorted(kept + held) == paths
