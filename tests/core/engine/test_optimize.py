"""The coarse-to-fine loop, on objectives whose minimum is known."""

from dataclasses import replace

import pytest
import torch

from restyle.contract.errors import Cancelled
from restyle.engine.optimize import QUICK, STEADY, Stage, descend, plan_stages
from restyle.pictures.resizing import resized

QUIET = lambda *_: None  # noqa: E731


def squared_distance_to(wanted):
    """An objective at any size: the distance to ``wanted`` in that size."""
    return lambda stage: lambda picture: (picture - resized(wanted, stage.height, stage.width)).square().mean() * 100


@pytest.fixture
def wanted():
    return torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(1)).repeat_interleave(4, 2).repeat_interleave(4, 3)


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_the_loop_comes_near_the_minimum(wanted, optimizer):
    schedule = replace(STEADY, optimizer=optimizer)
    stages = (Stage(16, 16, 30, schedule), Stage(32, 32, 60, schedule))

    found = descend(torch.full((1, 3, 32, 32), 0.5), stages, squared_distance_to(wanted), QUIET)

    # Two 8-bit steps: Adam's last step is 0.006.
    assert (found - wanted).abs().mean() < 2 / 255


def test_the_result_has_the_last_stages_size_and_stays_in_range(wanted):
    found = descend(torch.rand(1, 3, 5, 7), (Stage(9, 11, 3), Stage(20, 30, 3)), squared_distance_to(wanted + 2), QUIET)

    assert found.shape == (1, 3, 20, 30)
    assert 0 <= found.min() <= found.max() <= 1
    assert not found.requires_grad


def test_every_step_is_reported_before_it_is_taken_and_the_end_too(wanted):
    reports = []

    descend(wanted, (Stage(8, 8, 2), Stage(16, 16, 3)), squared_distance_to(wanted), lambda i, of, *_: reports.append((i, of)))

    assert reports == [(i, 5) for i in range(6)]


def test_what_a_report_raises_ends_the_loop(wanted):
    def cancel(i, of, stage, picture):
        if i == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        descend(wanted, (Stage(8, 8, 10),), squared_distance_to(wanted), cancel)


def test_the_start_is_left_as_it_was(wanted):
    start = torch.zeros(1, 3, 32, 32)

    descend(start, (Stage(32, 32, 3),), squared_distance_to(wanted), QUIET)

    assert start.abs().max() == 0


def test_a_picture_is_enlarged_between_stages_in_the_way_asked_for(wanted):
    sizes = []

    def enlarge(picture, stage):
        sizes.append((picture.shape[2], stage.height))
        return torch.zeros(1, 3, stage.height, stage.width)

    stages = (Stage(8, 8, 1), Stage(16, 16, 1), Stage(32, 32, 1))
    descend(torch.ones(1, 3, 32, 32), stages, squared_distance_to(wanted), QUIET, enlarge=enlarge)

    assert sizes == [(8, 16), (16, 32)]


def test_pixels_in_channels_last_memory_are_taken_by_lbfgs(wanted):
    start = torch.rand(1, 3, 16, 16).contiguous(memory_format=torch.channels_last)

    stage = Stage(16, 16, 2, replace(STEADY, optimizer="lbfgs"))
    assert descend(start, (stage,), squared_distance_to(wanted), QUIET).isfinite().all()


def test_stages_go_from_coarse_to_the_size_asked_for_and_take_fewer_steps_each():
    stages = plan_stages(341, 512, 100)

    assert [(stage.height, stage.width) for stage in stages] == [(85, 128), (170, 256), (341, 512)]
    assert [stage.steps for stage in stages] == sorted((stage.steps for stage in stages), reverse=True)
    assert stages[0].steps == 100


def test_a_quick_schedule_takes_fewer_steps_where_they_cost_more():
    stages = plan_stages(341, 512, 8, QUICK)

    assert [stage.steps for stage in stages] == [8, 6, 5]
    assert {stage.schedule for stage in stages} == {QUICK}


def test_where_the_objective_hardly_cares_the_quick_pace_leaves_the_picture_alone():
    weights = torch.ones(1, 1, 32, 32)
    weights[..., 16:] = 1e-4

    def objective(_):
        return lambda picture: ((picture - 1).square() * weights).mean()

    moved = descend(torch.full((1, 3, 32, 32), 0.5), (Stage(32, 32, 4, QUICK),), objective, QUIET) - 0.5

    assert moved[..., 16:].mean() < 0.1 * moved[..., :16].mean()


def test_in_few_steps_the_quick_pace_comes_nearer(wanted):
    start = torch.full((1, 3, 32, 32), 0.5)

    found = [descend(start, plan_stages(32, 32, 4, schedule), squared_distance_to(wanted), QUIET) for schedule in (QUICK, STEADY)]

    quick, steady = ((picture - wanted).abs().mean() for picture in found)
    # The way is a quarter of the range; four steps of either schedule go 0.07 and 0.05 of it.
    assert quick < 0.96 * steady


@pytest.mark.parametrize("size", [(1, 1), (64, 64), (1, 3000), (100, 128)])
def test_every_size_gets_stages_of_at_least_a_pixel_and_a_step(size):
    stages = plan_stages(*size, 1)

    assert (stages[-1].height, stages[-1].width) == size
    assert all(min(stage.height, stage.width, stage.steps) >= 1 for stage in stages)


def test_a_flat_picture_stays_flat_when_resized():
    flat = torch.full((1, 3, 10, 10), 0.25)

    # Rounding of float32 in the sums of a cubic's weights.
    assert (resized(flat, 33, 4) - 0.25).abs().max() < 1e-6
