"""The runner before any job: what it warms up, and when it leaves that."""

from dataclasses import replace

import pytest

from restyle.contract.filter import Needs
from restyle.contract.settings import CONTENT
from restyle.filters import find_filter
from restyle.service.runner import CoreRunner

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
