"""The deep encoder that ships: its file, and how near it is to VGG-19's Gram matrices, large forms included."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from tests.bench.judge import load_judge
from tests.restyle_training.test_shipped_encoder import held_back, relative_error

from restyle.features.gram import gram_matrix
from restyle.networks.encoder import DEEP, CompactEncoder

SHIPPED_BYTES = 8_000_000  # the promise of the box
# Relative squared errors of Gram matrices, averaged over the pictures held back: the card's figures and a fifth more.
GRAM_ERRORS = {"relu1_1": 0.022, "relu2_1": 0.03, "relu3_1": 0.08, "relu3_4": 0.065, "relu4_1": 0.1, "relu5_1": 0.45}


@pytest.fixture(scope="module")
def path(root: Path) -> Path:
    return root / "core" / "restyle" / "models" / "box" / "deep_encoder.safetensors"


@pytest.fixture(scope="module")
def encoder(path: Path) -> CompactEncoder:
    return CompactEncoder.from_file(path)


def test_the_file_is_small_in_half_precision_and_its_card_credits_vgg_19(path: Path) -> None:
    assert path.stat().st_size < SHIPPED_BYTES
    with safe_open(path, "pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.float16}  # noqa: SIM118 - no mapping
    card = path.with_suffix(".md").read_text()
    assert "CC BY 4.0" in card
    assert "--design deep" in card


def test_it_is_of_the_design_that_is_declared_for_it(encoder: CompactEncoder) -> None:
    assert encoder.design == DEEP
    assert all(bool(torch.isfinite(tensor).all()) for tensor in encoder.state_dict().values())


def test_its_gram_matrices_are_near_vgg_19s_on_pictures_held_back(encoder: CompactEncoder, path: Path, reference: Path) -> None:
    with safe_open(path, "pt") as file:
        scales = json.loads(file.metadata()["scales"])
    vgg = load_judge(reference)
    errors: dict[str, list[float]] = {layer: [] for layer in GRAM_ERRORS}
    with torch.no_grad():
        for picture in held_back(reference):
            ours, theirs = encoder(picture, GRAM_ERRORS), vgg(picture, GRAM_ERRORS)
            for layer, found in errors.items():
                target = gram_matrix(theirs[layer] / scales[layer])
                found.append(relative_error(gram_matrix(ours[layer], encoder.head(layer)), target))
    means = {layer: sum(values) / len(values) for layer, values in errors.items()}
    assert {layer: value for layer, value in means.items() if value >= GRAM_ERRORS[layer]} == {}, means
