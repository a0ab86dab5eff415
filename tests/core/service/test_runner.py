"""The runner before and between jobs: what it warms up, when it leaves that, and what it gives back."""

from dataclasses import replace

import pytest

from restyle.contract.filter import Needs
from restyle.contract.settings import CONTENT
from restyle.filters import find_filter
from restyle.host.memory import give_back_freed
from restyle.service import runner as runner_module
from restyle.service.runner import BREATH_S, CoreRunner

NEURAL_STYLE = find_filter("neural-style")
STARTED = []


def stylize(inputs, params, context):
    """A method that notes its start; no warm-up may take it beyond its first step."""
    STARTED.append(inputs[CONTENT].width)
    context.progress.step(1, of=2)
    raise AssertionError("the warm-up went on after the first step")


@pytest.fixture
def declared():
    STARTED.clear()
    return replace(NEURAL_STYLE, method=f"{__name__}:stylize")


def test_filters_are_taken_to_their_first_step_and_no_further(declared, tmp_path):
    CoreRunner(tmp_path, (declared, declared)).warm_up(lambda: False)
    assert len(STARTED) == 2


def test_a_waiting_job_ends_the_warm_up(declared, tmp_path):
    name = CoreRunner(tmp_path, (declared, declared)).warm_up(lambda: True)
    assert STARTED == []
    assert name


def test_a_job_that_comes_meanwhile_ends_the_warm_up_at_the_next_step(declared, tmp_path):
    CoreRunner(tmp_path, (declared, declared)).warm_up(lambda: bool(STARTED))
    assert len(STARTED) == 1


def test_what_writes_files_is_not_warmed_up(declared, tmp_path):
    CoreRunner(tmp_path, (replace(declared, needs=Needs(warm_up=False)),)).warm_up(lambda: False)
    assert STARTED == []


def test_what_was_freed_is_given_back_once_no_job_has_come_for_a_moment(tmp_path, monkeypatch):
    now, times = [0.0], []
    monkeypatch.setattr(runner_module, "give_back_freed", lambda: times.append(now[0]))
    runner = CoreRunner(tmp_path, (), clock=lambda: now[0])
    runner.warm_up(lambda: False)
    for now[0] in (BREATH_S / 2, BREATH_S, 2 * BREATH_S):
        runner.rest()
    assert times == [BREATH_S]


def test_memory_can_be_given_back_on_every_system(monkeypatch):
    for platform in ("linux", "darwin", "win32"):
        monkeypatch.setattr("sys.platform", platform)
        give_back_freed()
