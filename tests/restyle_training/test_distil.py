"""Distillation as a program: it learns, stops, goes on exactly, and exports an encoder that loads."""

import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage

from restyle.features.gram import gram_matrix
from restyle.learning.synthetic import draw_picture
from restyle.networks.encoder import CompactEncoder
from restyle.networks.features import LAYERS
from restyle.networks.vgg import VGG19_WIDTHS, vgg19_from_caffe_arrays
from restyle_training import distil
from restyle_training.distillation import Distillation, Recipe
from restyle_training.replay_buffer import Compared, ReplayBuffer, objective
from restyle_training.teacher import CompressedVGG, Teacher

TINY = Recipe(size=32, fresh=2, painted=1, replayed=2, start_pictures=8, agreement_every=2)


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """Command-line arguments for drawn pictures and a VGG-19 of random weights up to relu2_2."""
    generator = torch.Generator().manual_seed(0)
    for folder in ("photos", "paintings"):
        (tmp_path / folder).mkdir()
        for index in range(3):
            pixels = (draw_picture(48, generator) * 255).byte().permute(1, 2, 0).numpy()
            PillowImage.fromarray(pixels).save(tmp_path / folder / f"{index}.png")
    np.savez(tmp_path / "vgg.npz", **{name: tensor.numpy() for name, tensor in random_arrays(4, generator).items()})
    paths = {"--photos": "photos", "--paintings": "paintings", "--vgg": "vgg.npz", "--out": "encoder.safetensors"}
    named = [text for option, name in paths.items() for text in (option, str(tmp_path / name))]
    return [*named, "--device", "cpu", "--precision", "float32"]


def random_arrays(layers: int, generator: torch.Generator) -> dict[str, torch.Tensor]:
    arrays, previous = {}, 3
    for layer in LAYERS[:layers]:
        name, width = layer.replace("relu", "conv"), VGG19_WIDTHS[layer]
        arrays[f"{name}.weight"] = torch.randn((width, previous, 3, 3), generator=generator) * (2 / 9 / previous) ** 0.5
        arrays[f"{name}.bias"] = torch.zeros(width)
        previous = width
    return arrays


def tensors(path: Path) -> dict[str, torch.Tensor]:
    return dict(CompactEncoder.from_file(path).state_dict())


def test_a_stopped_training_goes_on_exactly_as_if_it_had_not_stopped(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distil.main([*options, "--steps", "4"], TINY)
    whole = tensors(tmp_path / "encoder.safetensors")
    (tmp_path / "encoder.checkpoint").unlink()

    step = Distillation.step

    def step_and_be_told_to_stop(self: Distillation, progress: float) -> None:
        step(self, progress)
        if self.steps == 2:
            signal.raise_signal(signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr(Distillation, "step", step_and_be_told_to_stop)
        distil.main([*options, "--steps", "4"], TINY)
    assert torch.load(tmp_path / "encoder.checkpoint", weights_only=True)["steps"] == 2
    half = tensors(tmp_path / "encoder.safetensors")

    distil.main([*options, "--steps", "4", "--resume"], TINY)
    resumed = tensors(tmp_path / "encoder.safetensors")
    assert all(torch.equal(resumed[name], tensor) for name, tensor in whole.items())
    assert not all(torch.equal(half[name], tensor) for name, tensor in whole.items())


def test_a_budget_of_time_ends_the_training(options: list[str], tmp_path: Path) -> None:
    distil.main([*options, "--budget-minutes", "0.0001"], TINY)
    state = torch.load(tmp_path / "encoder.checkpoint", weights_only=True)
    assert state["steps"] == 1
    assert state["seconds"] >= 0.006


def test_steps_bring_the_student_nearer_to_its_teacher(options: list[str]) -> None:
    training = distil.build(distil._parser().parse_args(options), TINY)
    pictures = training.fresh(6, torch.Generator().manual_seed(42))
    target = gram_matrix(training.teacher(pictures, ["relu2_1"])["relu2_1"])

    def error() -> float:
        with torch.no_grad():
            features = training.student(pictures, ["relu2_1"])["relu2_1"]
            return float((gram_matrix(features, training.student.head("relu2_1")) - target).norm() / target.norm())

    random = error()
    training.start()
    fitted = error()
    for _ in range(30):
        training.step(0.5)
    assert fitted < 0.5 * random
    assert error() < fitted


def test_a_student_is_fitted_to_what_was_painted_through_it(options: list[str]) -> None:
    training = distil.build(distil._parser().parse_args(options), replace(TINY, start_strokes=2))
    before = training.replay.paintings.clone()
    training.start()
    assert not torch.equal(training.replay.paintings, before)
    assert all(bool(torch.isfinite(tensor).all()) for tensor in training.student.state_dict().values())


def test_exported_features_have_unit_mean_square(options: list[str], tmp_path: Path) -> None:
    training = distil.build(distil._parser().parse_args(options), TINY)
    training.start()
    training.export(tmp_path / "exported.safetensors")
    encoder = CompactEncoder.from_file(tmp_path / "exported.safetensors")
    pictures = training.fresh(16, torch.Generator().manual_seed(TINY.seed))
    size = encoder(pictures, ["relu2_2"])["relu2_2"].square().mean(dim=(0, 2, 3)).sqrt()
    assert float(size.median()) == pytest.approx(1, abs=0.01)  # float16's rounding of two layers
    assert float(size.max()) < 1.01


def test_a_calibrated_teacher_has_unit_mean_square() -> None:
    generator = torch.Generator().manual_seed(1)
    network = vgg19_from_caffe_arrays(random_arrays(3, generator))
    teacher = Teacher({network: network.layers})
    pictures = torch.rand((4, 3, 32, 32), generator=generator)
    teacher.calibrate(pictures)
    for features in teacher(pictures, teacher.layers).values():
        assert float(features.square().mean()) == pytest.approx(1, rel=1e-3)


def test_the_compressed_teacher_answers_in_vggs_widths(reference: Path) -> None:
    state = torch.load(reference / "vgg" / "vgg19_distilled16x_wct.pt", weights_only=True)["E5"]
    features = CompressedVGG(state)(torch.rand(1, 3, 32, 32), CompressedVGG.layers)
    assert [values.shape[1] for values in features.values()] == [512, 128, 128, 128, 512]
    assert all(float(values.min()) >= 0 for values in features.values())


def test_painting_in_the_replay_buffer_lowers_the_objective() -> None:
    generator = torch.Generator().manual_seed(2)
    torch.manual_seed(2)
    student = CompactEncoder().requires_grad_(False)
    replay = ReplayBuffer(
        3, lambda source: torch.rand((3, 32, 32), generator=source), lambda source: draw_picture(32, source), generator
    )
    replay.strides.fill_(0.02)
    compared = Compared(TINY.style_layers, TINY.content_layer, LAYERS)
    indices = torch.arange(3)

    def value(paintings: torch.Tensor) -> torch.Tensor:
        return objective(student, paintings, replay.photos, replay.styles, torch.ones(3), compared)

    before = float(value(replay.paintings))
    for _ in range(20):
        paintings = replay.paintings[indices].requires_grad_()
        replay.step(indices, torch.autograd.grad(value(paintings), paintings)[0])
    assert float(value(replay.paintings)) < 0.7 * before
    assert float(replay.paintings.min()) >= 0
    assert float(replay.paintings.max()) <= 1
