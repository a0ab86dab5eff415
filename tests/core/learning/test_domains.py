"""Domains: two folders without pairs teach the way between them, both ways; what is stopped goes on as if it had not been."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from restyle.contract.errors import Cancelled, TrainingInProgress
from restyle.host.device import Device
from restyle.learning import domains
from restyle.learning.checkpoint import only_one
from restyle.learning.discriminators import Discriminator, judged_as
from restyle.learning.domain_training import FULL_RECIPE, SMALL_RECIPE
from restyle.learning.domains import DomainJob, DomainState, learn_domains, recipe_for, reduced, shown
from restyle.learning.image_pool import ImagePool
from restyle.models.own_models import read_style_model
from restyle.networks.domain_generators import full_generator, new_generator, small_generator

RECIPE = replace(SMALL_RECIPE, size=24, picture_px=48, batch=2, discriminator_width=8)
SHIFT = 0.3
"""How much less blue the second domain has."""


@pytest.fixture(autouse=True)
def steps_of_one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job of N / 60 minutes takes N steps, however fast the machine is."""
    step = domains.DomainTraining.step

    def counted(self: domains.DomainTraining, progress: float) -> None:
        step(self, progress)
        self.seconds = float(self.steps)

    monkeypatch.setattr(domains.DomainTraining, "step", counted)


def drawn(seed: int, count: int = 6) -> tuple[Tensor, ...]:
    """Patches of all colours: a few drawings would differ by chance more than the domains do."""
    colours = torch.rand(count, 3, 12, 12, generator=torch.Generator().manual_seed(seed))
    return tuple((colours.repeat_interleave(5, 2).repeat_interleave(5, 3) * 255).byte())


def yellowed(pictures: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    less = torch.tensor([1.0, 1.0, 1 - SHIFT]).view(3, 1, 1)
    return tuple((picture * less).byte() for picture in pictures)


def a_job(steps: int, seed: int = 1) -> DomainJob:
    return DomainJob(reduced(drawn(seed), RECIPE), reduced(yellowed(drawn(seed + 9)), RECIPE), "Yellow", steps / 60, RECIPE)


def learned(job: DomainJob, out: Path, device: Device, on_step: Callable[[DomainState], None] = lambda _: None) -> list[dict]:
    return [read_style_model(path).state for path in learn_domains(job, out, device, on_step)]


def test_both_ways_are_written_as_worlds_and_lead_where_they_should(tmp_path: Path, device: Device) -> None:
    seen: list[DomainState] = []
    learn_domains(a_job(80), tmp_path / "yellow.safetensors", device, seen.append)
    models = [read_style_model(tmp_path / name) for name in ("yellow.safetensors", "yellow-back.safetensors")]
    assert [model.metadata["title"] for model in models] == ["Yellow", "Yellow, back"]
    assert {model.family for model in models} == {"domain"}
    forth, back = seen[-1].generators()
    photo = torch.stack([picture.float() / 255 for picture in reduced(drawn(77), RECIPE)])
    with torch.no_grad():
        there, here = forth(photo) - photo, back(photo) - photo
    # Blue goes on the way there and comes on the way back, more than other colours do.
    assert float(there[:, 2].mean()) < float(there[:, :2].mean()) - 0.02
    assert float(here[:, 2].mean()) > float(here[:, :2].mean()) + 0.02
    assert not [path for path in tmp_path.iterdir() if "part" in path.name or "checkpoint" in path.name]


def test_a_stopped_training_goes_on_as_if_it_had_not_been(tmp_path: Path, device: Device) -> None:
    whole = learned(a_job(4), tmp_path / "whole.safetensors", device)

    def cancel_after_two(state: DomainState) -> None:
        if state.seconds >= 2:
            raise Cancelled

    out = tmp_path / "mine.safetensors"
    with pytest.raises(Cancelled):
        learn_domains(a_job(4), out, device, cancel_after_two)
    assert not out.exists()
    seconds: list[float] = []
    resumed = learned(a_job(4), out, device, lambda state: seconds.append(state.seconds))
    assert seconds == [2, 3]
    for one, other in zip(whole, resumed, strict=True):
        assert all(torch.equal(other[name], tensor) for name, tensor in one.items())


def test_other_pictures_begin_anew(tmp_path: Path, device: Device) -> None:
    def cancel_at_once(state: DomainState) -> None:
        if state.seconds >= 1:
            raise Cancelled

    out = tmp_path / "mine.safetensors"
    with pytest.raises(Cancelled):
        learn_domains(a_job(2), out, device, cancel_at_once)
    seconds: list[float] = []
    learn_domains(a_job(2, seed=5), out, device, lambda state: seconds.append(state.seconds))
    assert seconds == [0, 1]


def test_two_trainings_of_one_model_are_refused(tmp_path: Path, device: Device) -> None:
    with only_one(tmp_path / "mine.safetensors"), pytest.raises(TrainingInProgress):
        learn_domains(a_job(1), tmp_path / "mine.safetensors", device, lambda _: None)


def test_a_preview_shows_both_ways_there_and_back(tmp_path: Path, device: Device) -> None:
    seen: list[DomainState] = []
    job = a_job(1)
    learn_domains(job, tmp_path / "mine.safetensors", device, seen.append)
    assert shown(job, seen[0]).shape == (1, 3, 2 * domains.SHOWN_PX, 3 * domains.SHOWN_PX)


def test_the_small_generator_begins_as_the_identity_and_the_full_one_does_not() -> None:
    photo = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        assert torch.allclose(new_generator(small_generator())(photo), photo, atol=1e-6)
        full = new_generator(full_generator(width=4, blocks=1))(photo)
    assert full.shape == photo.shape
    assert float((full - photo).abs().mean()) > 0.05
    assert sum(tensor.numel() for tensor in new_generator(full_generator()).parameters()) == pytest.approx(11.4e6, rel=0.01)


def test_a_cpu_learns_the_small_one(device: Device) -> None:
    assert recipe_for(device) == SMALL_RECIPE
    assert recipe_for(replace(device, torch_device=torch.device("cuda")), 3) == replace(FULL_RECIPE, seed=3)


def test_a_pool_gives_the_newest_or_one_that_it_has_kept() -> None:
    generator = torch.Generator().manual_seed(0)
    pool = ImagePool(3)
    given = [pool.exchanged(torch.full((1, 3, 2, 2), float(number)), generator).mean().item() for number in range(40)]
    assert given[:3] == [0, 1, 2]
    older = [number for number, value in enumerate(given) if value != number]
    assert 8 < len(older) < 32
    assert all(given[number] < number for number in older)
    assert len(pool.pictures) == 3


def test_a_judgement_is_nought_where_it_is_as_it_should_be() -> None:
    ones = torch.ones(1, 1, 4, 4)
    assert float(judged_as((ones, ones), 1.0)) == 0
    assert float(judged_as((ones, 0 * ones), 1.0)) == 0.5
    patches, pixels = Discriminator(4)(torch.rand(2, 3, 32, 24))
    assert patches.shape == (2, 1, 4, 3)
    assert pixels.shape == (2, 1, 32, 24)
