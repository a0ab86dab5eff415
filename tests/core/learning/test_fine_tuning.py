"""Fine-tuning: a style is learned by the whole network; what stops a job costs a minute at most, and no file is half-written."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError

from restyle.contract.errors import Cancelled, OutputUnwritable, TrainingInProgress
from restyle.host.device import Device
from restyle.learning import checkpoint, fine_tuning, resumable
from restyle.learning.checkpoint import load_checkpoint, only_one, save_checkpoint
from restyle.learning.fine_tuning import FineTuning, FineTuningState, fine_tune
from restyle.learning.style_training import StyleRecipe
from restyle.learning.synthetic import draw_picture
from restyle.networks.encoder import CompactEncoder
from restyle.networks.multi_style import StyleName, multi_style_network, read_multi_style, trunk_hash
from restyle_training.style_network import ENCODER

RECIPE = StyleRecipe(small_size=32, size=32, batch=2, learning_rate=5e-3)
STEP_S = 1.0
"""What a step counts for: the clock of a training stands still in these tests."""


@pytest.fixture(autouse=True)
def steps_of_one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job of N / 60 minutes takes N steps, however fast the machine is."""
    step = fine_tuning.StyleTraining.step

    def counted(self: fine_tuning.StyleTraining, progress: float) -> None:
        step(self, progress)
        self.seconds = self.steps * STEP_S

    monkeypatch.setattr(fine_tuning.StyleTraining, "step", counted)
    monkeypatch.setattr(fine_tuning, "MEASURED_PHOTOS", 2)
    monkeypatch.setattr(fine_tuning, "LEAST_STYLE_PX", 48)


@pytest.fixture
def shipped() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return dict(multi_style_network(2).state_dict())


def photo(size: int, generator: torch.Generator) -> torch.Tensor:
    return draw_picture(size, generator)


def a_job(steps: int, seed: int = 5, features: str = "compact") -> FineTuning:
    picture = draw_picture(64, torch.Generator().manual_seed(seed))[None]
    return FineTuning(picture, StyleName("mine", "Mine"), steps / 60, scale=0.01, features=features, recipe=RECIPE)


def teach(
    steps: int,
    shipped: dict[str, torch.Tensor],
    out: Path,
    device: Device,
    on_step: Callable[[FineTuningState], None] = lambda _: None,
    seed: int = 5,
) -> dict[str, torch.Tensor]:
    return fine_tune(a_job(steps, seed), photo, CompactEncoder.from_file(ENCODER), shipped, out, device, on_step)


def test_a_job_changes_the_whole_network_and_comes_nearer_to_the_style(
    shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device
) -> None:
    distances: list[float] = []
    out = tmp_path / "mine.safetensors"
    weights = teach(12, shipped, out, device, lambda state: distances.append(state.distance))
    assert all(not torch.equal(weights[name], tensor) for name, tensor in shipped.items() if tensor.ndim == 4)
    network, names = read_multi_style(out)
    assert names == (StyleName("mine", "Mine"),)
    assert trunk_hash(network.state_dict()) == trunk_hash(weights)
    assert distances[-1] < distances[1]
    assert not list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob(".*.checkpoint"))


def test_a_cancelled_job_goes_on_where_it_stopped(shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device) -> None:
    whole = teach(4, shipped, tmp_path / "whole.safetensors", device)
    out = tmp_path / "mine.safetensors"

    def cancel_after_two(state: FineTuningState) -> None:
        if state.seconds >= 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        teach(4, shipped, out, device, cancel_after_two)
    assert not out.exists()
    # The time spent is part of a job, not of what it is about, so the same checkpoint serves.
    seen: list[float] = []
    resumed = teach(4, shipped, out, device, lambda state: seen.append(state.seconds))
    assert seen == [2, 3]
    assert all(torch.equal(resumed[name], tensor) for name, tensor in whole.items())


def cancel_at_once(state: FineTuningState) -> None:
    if state.seconds >= 1:
        raise Cancelled


def test_another_style_of_the_same_name_begins_anew_and_costs_the_first_nothing(
    shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device
) -> None:
    out = tmp_path / "mine.safetensors"
    with pytest.raises(Cancelled):
        teach(2, shipped, out, device, cancel_at_once)
    seen: list[float] = []
    teach(2, shipped, out, device, lambda state: seen.append(state.seconds), seed=6)
    assert seen[0] == 0
    # The name is the other style's now, so the first one goes on under a number.
    seen.clear()
    teach(2, shipped, tmp_path / "mine-2.safetensors", device, lambda state: seen.append(state.seconds))
    assert seen[0] == 1


def test_what_was_learned_through_or_from_another_network_is_not_gone_on_with(shipped: dict[str, torch.Tensor]) -> None:
    origin = a_job(1).origin(shipped)
    assert a_job(9).origin(shipped) == origin
    assert a_job(1, features="vgg19").origin(shipped) != origin
    newer = {name: tensor + 1 for name, tensor in shipped.items()}
    assert a_job(1).origin(newer) != origin


def test_a_checkpoint_of_another_form_is_left_aside(shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device) -> None:
    out = tmp_path / "mine.safetensors"
    with pytest.raises(Cancelled):
        teach(2, shipped, out, device, cancel_at_once)
    (path,) = tmp_path.glob(".*.checkpoint")
    kept = torch.load(path, weights_only=True)
    name = next(name for name in reversed(kept["network"]) if kept["network"][name].ndim == 4)
    kept["network"][name] = kept["network"][name][:1]
    torch.save(kept, path)
    seen: list[float] = []
    learned = teach(2, shipped, out, device, lambda state: seen.append(state.seconds))
    assert seen == [0, 1]
    anew = teach(2, shipped, tmp_path / "anew.safetensors", device)
    assert all(torch.equal(learned[name], tensor) for name, tensor in anew.items())


def test_a_job_can_be_cancelled_while_it_is_prepared(shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device) -> None:
    told: list[str] = []

    def cancel_at_the_second_style(message: str) -> None:
        told.append(message)
        if message.endswith("2 of 2"):
            raise Cancelled

    encoder, out = CompactEncoder.from_file(ENCODER), tmp_path / "mine.safetensors"
    with pytest.raises(Cancelled):
        fine_tune(a_job(1), photo, encoder, shipped, out, device, lambda _: None, cancel_at_the_second_style)
    assert told[0] == "Measuring the style"
    assert not out.exists()


def test_a_second_training_of_the_same_model_is_refused_in_a_sentence(
    shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device
) -> None:
    def start_another(_: FineTuningState) -> None:
        teach(1, shipped, tmp_path / "mine.safetensors", device)

    with pytest.raises(TrainingInProgress, match="is being learned already; wait"):
        teach(1, shipped, tmp_path / "mine.safetensors", device, start_another)
    assert not (tmp_path / "mine.safetensors").exists()


def test_a_full_disk_ends_a_job_with_a_sentence_and_nothing_half_written(
    shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise SafetensorError("I/O error: No space left on device")

    out = tmp_path / "mine.safetensors"
    with monkeypatch.context() as patched:
        patched.setattr("restyle.networks.saving.save_file", full)
        with pytest.raises(OutputUnwritable, match="disk is full"):
            teach(2, shipped, out, device)
    assert not list(tmp_path.glob("*.safetensors"))
    assert not list(tmp_path.glob(".*.part"))
    # Nothing that was learned is lost: the same call has but to write.
    seen: list[float] = []
    teach(2, shipped, out, device, lambda state: seen.append(state.seconds))
    assert seen == []
    assert out.is_file()


def fill_the_disk(_: object, part: Path) -> None:
    part.write_bytes(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_within_a_job_ends_it_with_a_sentence_and_leaves_what_was_kept(
    shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "mine.safetensors"
    with pytest.raises(Cancelled):
        teach(4, shipped, out, device, cancel_at_once)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(resumable, "CHECKPOINT_EVERY_S", 0.0)
    with monkeypatch.context() as patched:
        patched.setattr(checkpoint.torch, "save", fill_the_disk)
        with pytest.raises(OutputUnwritable, match="disk is full"):
            teach(4, shipped, out, device)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    seen: list[float] = []
    teach(4, shipped, out, device, lambda state: seen.append(state.seconds))
    assert seen == [1, 2, 3]


def test_a_checkpoint_too_large_for_the_disk_does_not_keep_a_finished_model_from_it(
    shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint.torch, "save", fill_the_disk)
    teach(1, shipped, tmp_path / "mine.safetensors", device)
    assert [path.name for path in tmp_path.glob("*.safetensors")] == ["mine.safetensors"]


@pytest.mark.parametrize("place", ["folder", "file/mine.safetensors"])
def test_a_place_that_cannot_be_written_to_is_noticed_before_a_job(
    place: str, shipped: dict[str, torch.Tensor], tmp_path: Path, device: Device
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    steps: list[FineTuningState] = []
    with pytest.raises(OutputUnwritable, match=place):
        teach(1, shipped, tmp_path / place, device, steps.append)
    assert steps == []


def test_a_checkpoint_that_does_not_fit_on_the_disk_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checkpoint"
    save_checkpoint(path, {"origin": "a", "value": 1})

    monkeypatch.setattr(checkpoint.torch, "save", fill_the_disk)
    with pytest.raises(OutputUnwritable, match="disk is full"):
        save_checkpoint(path, {"origin": "a", "value": 2})
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint"]
    assert load_checkpoint(path, "a") == {"origin": "a", "value": 1}


def test_a_damaged_checkpoint_is_left_aside(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    path.write_bytes(b"PK\x03\x04 and not much else")
    assert load_checkpoint(path, "a") is None


def test_the_lock_is_free_again_after_a_training(tmp_path: Path) -> None:
    for _ in range(2):
        with only_one(tmp_path / "lock"):
            pass
