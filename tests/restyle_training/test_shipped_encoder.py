"""The encoder that ships: its file, and how near it is to VGG-19 on pictures that its training left out."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from restyle.features.gram import gram_matrix
from restyle.learning.crops import picture_paths, read_picture
from restyle.learning.synthetic import draw_picture
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.encoder import CompactEncoder
from restyle.networks.features import LAYERS
from restyle.networks.vgg import vgg19_from_caffe_arrays
from restyle_training.training_pictures import split_paths

SHIPPED_BYTES = 4_000_000  # the promise of the box
SIDE = 256
# Relative squared errors, averaged over the pictures held back: the card's figures and a fifth more.
FEATURE_ERRORS = {
    "relu1_1": 0.035,
    "relu1_2": 0.067,
    "relu2_1": 0.210,
    "relu2_2": 0.244,
    "relu3_1": 0.301,
    "relu3_2": 0.283,
    "relu3_3": 0.172,
    "relu3_4": 0.216,
}
GRAM_ERRORS = {
    "relu1_1": 0.011,
    "relu1_2": 0.014,
    "relu2_1": 0.060,
    "relu2_2": 0.078,
    "relu3_1": 0.123,
    "relu3_2": 0.103,
    "relu3_3": 0.060,
    "relu3_4": 0.102,
}


@pytest.fixture(scope="module")
def path(root: Path) -> Path:
    return root / "core" / "restyle" / "models" / "box" / "compact_encoder.safetensors"


@pytest.fixture(scope="module")
def encoder(path: Path) -> CompactEncoder:
    return CompactEncoder.from_file(path)


def test_the_file_is_small_in_half_precision_and_has_a_card(path: Path) -> None:
    assert path.stat().st_size < SHIPPED_BYTES
    with safe_open(path, "pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.float16}  # noqa: SIM118 - no mapping
    assert "python -m restyle_training.distil" in path.with_suffix(".md").read_text()


def test_every_number_is_finite_and_only_channels_dead_in_the_teacher_are_dead(encoder: CompactEncoder) -> None:
    assert all(bool(torch.isfinite(tensor).all()) for tensor in encoder.state_dict().values())
    generator = torch.Generator().manual_seed(0)
    pictures = torch.stack([draw_picture(96, generator) for _ in range(24)])
    dead = {layer: int((features.amax(dim=(0, 2, 3)) == 0).sum()) for layer, features in encoder(pictures, LAYERS).items()}
    # The compressed teacher has 78 and 63 live channels of 128 in these two: there was nothing for the others to learn.
    assert {layer: count for layer, count in dead.items() if count} == {"relu4_2": 96 - 78, "relu4_3": 96 - 63}


def test_features_are_of_unit_size_on_photographs(encoder: CompactEncoder, reference: Path) -> None:
    pictures = held_back(reference)
    for layer in LAYERS:
        size = torch.stack([encoder(picture, [layer])[layer].square().mean() for picture in pictures]).mean().sqrt()
        assert 0.5 < float(size) < 2, layer


def test_it_stays_near_vgg_19_on_pictures_held_back(encoder: CompactEncoder, path: Path, reference: Path) -> None:
    with safe_open(path, "pt") as file:
        scales = json.loads(file.metadata()["scales"])
    vgg = vgg19_from_caffe_arrays(read_state_dict(reference / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    errors: dict[str, list[tuple[float, float]]] = {layer: [] for layer in vgg.layers}
    with torch.no_grad():
        for picture in held_back(reference):
            ours, theirs = encoder(picture, vgg.layers), vgg(picture, vgg.layers)
            for layer in vgg.layers:
                target, head = theirs[layer] / scales[layer], encoder.heads[layer]
                errors[layer].append(
                    (
                        relative_error(head(ours[layer]), target),
                        relative_error(gram_matrix(ours[layer], encoder.head(layer)), gram_matrix(target)),
                    )
                )
    means = {layer: tuple(sum(values) / len(values) for values in zip(*pairs, strict=True)) for layer, pairs in errors.items()}
    for layer, (features, gram) in means.items():
        assert features < FEATURE_ERRORS[layer], means
        assert gram < GRAM_ERRORS[layer], means


def relative_error(value: Tensor, target: Tensor) -> float:
    return float((value - target).square().sum() / target.square().sum())


def held_back(reference: Path) -> list[Tensor]:
    """The centres, (1, 3, SIDE, SIDE) in 0..1, of the photos and paintings that training left out."""
    pictures = []
    for folder in ("photos", "paintings"):
        for path in split_paths(picture_paths(reference / folder))[1]:
            picture = read_picture(path)
            top, left = ((side - SIDE) // 2 for side in picture.shape[1:])
            pictures.append(picture[None, :, top : top + SIDE, left : left + SIDE].float() / 255)
    return pictures
