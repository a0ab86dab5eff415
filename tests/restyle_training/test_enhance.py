"""The enhancer's training as a program: it learns, stops, goes on exactly, and exports what loads; DPED's generator, too."""

import argparse
import logging
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage
from tests.golden.scenes import scene
from tests.restyle_training.test_distil import random_arrays

from restyle.contract.errors import InvalidInput
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.enhancer import Enhancer
from restyle.pictures.image import luma
from restyle_training import enhance
from restyle_training.enhancement import Enhancement, Recipe
from restyle_training.good_photos import HELD_BACK, load_good_photos, wholes
from restyle_training.paired import PairedRecipe, PairedTraining, load_pairs
from restyle_training.photo_losses import Discriminator, LossWeights, PhotoLosses, blurred

TINY = Recipe(
    light_size=32, light_batch=2, detail_size=32, detail_batch=2, calibration_pictures=2, texture_from=0.0, content_every=1
)
TINY_PAIRED = PairedRecipe(size=32, batch=2, width=8, blocks=1)


@pytest.fixture(autouse=True)
def quiet():
    logging.getLogger("restyle").setLevel(logging.WARNING)


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """Command-line arguments for drawn photos and a VGG-19 of random weights up to relu2_2."""
    (tmp_path / "photos").mkdir()
    for index in range(3):
        save(scene(112, 120 + 8 * index), tmp_path / "photos" / f"{index}.png")
    arrays = random_arrays(4, torch.Generator().manual_seed(0))
    np.savez(tmp_path / "vgg.npz", **{name: tensor.numpy() for name, tensor in arrays.items()})
    named = ["--photos", tmp_path / "photos", "--vgg", tmp_path / "vgg.npz", "--out", tmp_path / "enhancer.safetensors"]
    return [*map(str, named), "--device", "cpu", "--precision", "float32"]


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    folder = tmp_path / "pairs"
    for side, gain in (("phone", 0.5), ("camera", 1.0)):
        (folder / side).mkdir(parents=True)
        for index in range(2):
            save(scene(110, 120 + index) * gain, folder / side / f"{index}.{'jpg' if side == 'phone' else 'png'}")
    return folder


def save(pixels: torch.Tensor, path: Path) -> None:
    PillowImage.fromarray((pixels[0].permute(1, 2, 0) * 255).byte().numpy()).save(path)


def parsed(arguments: list[str]) -> argparse.Namespace:
    return enhance._parser().parse_args(arguments)


def trained(arguments: list[str], steps: int, training: Enhancement | PairedTraining | None = None):
    training = training or enhance.build(parsed(arguments), TINY, TINY_PAIRED)
    while training.steps < steps:
        training.step(training.steps / 6)
    return training


def test_the_program_writes_an_enhancer_that_loads(options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enhance, "Recipe", lambda seed: TINY)
    assert enhance.main([*options, "--steps", "3"]) == 0
    enhancer = Enhancer.from_file(tmp_path / "enhancer.safetensors")
    assert any(parameter.abs().sum() > 0 for parameter in (enhancer.judge.decision.weight, enhancer.detail.tail.weight))
    assert (tmp_path / "enhancer.checkpoint").exists()
    assert enhance.main([*options, "--steps", "4", "--resume"]) == 0


def test_a_stopped_training_goes_on_exactly_as_if_it_had_not_stopped(options: list[str]) -> None:
    whole = trained(options, 6)
    halved = trained(options, 4)
    state = halved.state_dict()
    resumed = enhance.build(parsed(options), TINY)
    average = resumed.average
    resumed.load_state_dict(state)
    assert resumed.average is average  # on its device, not where the checkpoint was read
    trained(options, 6, resumed)
    assert isinstance(whole, Enhancement)
    for name, tensor in whole.enhancer.state_dict().items():
        assert torch.equal(tensor, resumed.enhancer.state_dict()[name]), name


def test_both_parts_and_the_discriminator_learn(options: list[str]) -> None:
    training = enhance.build(parsed(options), TINY)
    before = {name: tensor.clone() for name, tensor in training.enhancer.state_dict().items()}
    judged = training.losses.discriminator.answer.weight.clone()
    trained(options, 5, training)
    after = training.enhancer.state_dict()
    for part in ("judge", "detail"):
        assert any(not torch.equal(before[name], after[name]) for name in before if name.startswith(part))
    assert not torch.equal(judged, training.losses.discriminator.answer.weight)
    assert {"light colour", "light content", "light tv", "detail texture", "discrimination"} <= set(training.errors)


def test_what_is_held_back_is_not_trained_on(options: list[str], tmp_path: Path) -> None:
    save(scene(112, 112), tmp_path / "photos" / f"{min(HELD_BACK)}.png")
    assert len(load_good_photos(tmp_path / "photos", 64)) == 3
    looks = wholes(load_good_photos(tmp_path / "photos", 64), 20, 32, torch.Generator().manual_seed(0))
    assert looks.shape == (20, 3, 32, 32)
    assert looks.min() >= 0
    assert looks.max() <= 1


def test_dpeds_generator_learns_from_aligned_pairs(options: list[str], pairs: Path, tmp_path: Path) -> None:
    arguments = ["--pairs", str(pairs), *options[2:]]
    training = trained(arguments, 6)
    assert isinstance(training, PairedTraining)
    assert {"colour", "texture", "content", "tv", "discrimination"} == set(training.errors)
    state = trained(arguments, 4).state_dict()
    resumed = enhance.build(parsed(arguments), paired=TINY_PAIRED)
    resumed.load_state_dict(state)
    trained(arguments, 6, resumed)
    resumed.export(tmp_path / "generator.safetensors")
    exported = read_state_dict(tmp_path / "generator.safetensors")
    assert all(torch.equal(tensor, exported[name]) for name, tensor in training.network.state_dict().items())


def test_pairs_that_are_none_are_refused(pairs: Path, tmp_path: Path) -> None:
    assert len(load_pairs(pairs)) == 2
    with pytest.raises(InvalidInput, match="no pairs"):
        load_pairs(tmp_path)
    save(scene(110, 100), pairs / "camera" / "0.png")
    with pytest.raises(InvalidInput, match="differ in size"):
        load_pairs(pairs)


def test_each_loss_is_least_where_the_pictures_agree(options: list[str]) -> None:
    training = enhance.build(parsed(options), TINY)
    good = scene(32, 48)
    weights = LossWeights(colour=1.0, content=1.0, pixel=1.0)
    same, other = (training.losses(made, good, weights) for made in (good, good * 0.8 + 0.1))
    assert all(same[name] < other[name] for name in same)
    noisy = good + torch.randn(good.shape, generator=torch.Generator().manual_seed(0)) * 0.1
    assert training.losses(noisy, good, LossWeights(tv=1.0))["tv"] > training.losses(good, good, LossWeights(tv=1.0))["tv"]
    assert set(training.losses(good, good, LossWeights())) == set()


def test_the_colour_loss_is_blind_to_detail() -> None:
    flat = torch.full((1, 3, 48, 48), 0.5)
    checks = flat + 0.2 * (torch.arange(48) % 2 * 2 - 1)
    assert (blurred(checks) - flat).abs().max() < 0.01


def test_a_discriminator_learns_to_tell_noise() -> None:
    torch.manual_seed(0)
    losses = PhotoLosses(None, Discriminator())  # type: ignore[arg-type]
    good = luma(scene(64, 64)).expand(4, 3, -1, -1)
    optimizer = torch.optim.Adam(losses.discriminator.parameters(), 5e-3)
    first = float(losses.discrimination(good + 0.2 * torch.randn(good.shape), good).detach())
    for _ in range(12):
        loss = losses.discrimination(good + 0.2 * torch.randn(good.shape), good)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert float(loss.detach()) < 0.8 * first
