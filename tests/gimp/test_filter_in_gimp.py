"""Neural Style through the procedure database of real GIMPs with a real server: one set of checks, the same for each.

The checks are functions of the filter_*.py modules; all of them run in one start of each GIMP.
"""

from __future__ import annotations

import pytest
from tests.gimp.inside import GIMPS, Outcome, check_names, outcome_in

# The server is killed in the last one.
MODULES = (
    "filter_layers",
    "filter_painting",
    "filter_regions",
    "filter_others",
    "filter_again",
    "filter_edit",
    "filter_harmonize",
    "filter_focus",
    "filter_folder",
    "filter_troubles",
)


@pytest.fixture(scope="module", params=GIMPS)
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What a GIMP said, and what came of each check."""
    return outcome_in(request.param, tmp_path_factory.mktemp("checks"), MODULES)


@pytest.mark.parametrize("name", check_names(MODULES))
def test_inside_gimp(outcome: Outcome, name: str) -> None:
    output, results = outcome
    assert name in results, output
    assert results[name] is None, results[name]


def test_gimp_found_nothing_to_complain_about(outcome: Outcome) -> None:
    """GIMP says it where a plug-in ends and leaves an image's undo group open."""
    output, _ = outcome
    # GIMP 3 itself ends with one about an object that it has freed.
    lines = [line for line in output.splitlines() if "CRITICAL" in line and not line.startswith("(gimp:")]
    assert not lines
    assert "undo" not in output
