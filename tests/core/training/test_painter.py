"""The painter's training as a program: it learns, stops, goes on exactly, and writes a painter that loads."""

import signal
from pathlib import Path

import pytest
import torch
from PIL import Image as PillowImage

from restyle.networks.encoder import CompactEncoder
from restyle.networks.painter import Painter
from restyle.training import painter as program
from restyle.training.apprenticeship import Apprenticeship, Recipe, edge_similarity
from restyle.training.synthetic import draw_picture

TINY = Recipe(size=32, batch=2, own_share=0.3)


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """Command-line arguments for drawn pictures and an encoder of random weights."""
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    CompactEncoder().save(tmp_path / "encoder.safetensors")
    for folder in ("photos", "paintings"):
        (tmp_path / folder).mkdir()
        for index in range(3):
            pixels = (draw_picture(48, generator) * 255).byte().permute(1, 2, 0).numpy()
            PillowImage.fromarray(pixels).save(tmp_path / folder / f"{index}.png")
    paths = {"--photos": "photos", "--paintings": "paintings", "--encoder": "encoder.safetensors", "--out": "painter.safetensors"}
    named = [text for option, name in paths.items() for text in (option, str(tmp_path / name))]
    return [*named, "--device", "cpu", "--precision", "float32"]


def tensors(path: Path) -> dict[str, torch.Tensor]:
    return dict(Painter.from_file(path).state_dict())


def test_a_stopped_training_goes_on_exactly_as_if_it_had_not_stopped(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.main([*options, "--steps", "4"], TINY)
    whole = tensors(tmp_path / "painter.safetensors")
    (tmp_path / "painter.checkpoint").unlink()
    step = Apprenticeship.step

    def step_and_be_told_to_stop(self: Apprenticeship, progress: float) -> None:
        step(self, progress)
        if self.steps == 2:
            signal.raise_signal(signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr(Apprenticeship, "step", step_and_be_told_to_stop)
        program.main([*options, "--steps", "4"], TINY)
    assert torch.load(tmp_path / "painter.checkpoint", weights_only=True)["steps"] == 2
    program.main([*options, "--steps", "4", "--resume"], TINY)
    resumed = tensors(tmp_path / "painter.safetensors")
    assert all(torch.equal(resumed[name], tensor) for name, tensor in whole.items())


def test_a_resumed_average_stays_in_its_own_tensors(options: list[str]) -> None:
    training, other = (program.build(program._parser().parse_args(options), TINY) for _ in range(2))
    other.step(0.5)
    before = dict(training.average)
    training.load_state_dict(other.state_dict())
    assert all(training.average[name] is tensor for name, tensor in before.items())
    assert all(torch.equal(training.average[name], tensor) for name, tensor in other.average.items())


def test_what_is_held_back_is_not_trained_on(options: list[str]) -> None:
    parsed = program._parser().parse_args([*options, "--hold-back", "0", "1"])
    training = program.build(parsed, TINY)
    (pictures, _), _ = training.photos.args, training.styles.args
    assert len(pictures) == 1


def test_steps_bring_the_painter_nearer_to_photos_that_are_their_own_style(options: list[str]) -> None:
    training = program.build(program._parser().parse_args(options), Recipe(size=32, batch=2, own_share=1.0))
    photos = training._placed(training.photos(4, torch.Generator().manual_seed(1)))
    before = float(training._own(photos).detach())
    for _ in range(30):
        training.step(0.1)
    assert float(training._own(photos).detach()) < 0.5 * before


def test_edges_are_similar_to_themselves_alone() -> None:
    first, second = (draw_picture(48, torch.Generator().manual_seed(seed))[None] for seed in (1, 2))
    assert float(edge_similarity(first, first)) == pytest.approx(1, abs=1e-5)
    assert float(edge_similarity(first, second)) < 0.9
