"""What a machine lacks: a reason to skip a test, or a failure where the set-up promised that it would be there."""

import os

import pytest

REQUIRED_VARIABLE = "RESTYLE_REQUIRE"
"""Names that `python3 installer test` has set up, joined by commas: gimp2, gimp3, window."""

__all__ = ["REQUIRED_VARIABLE", "lacking"]


def lacking(name: str, reason: str) -> None:
    """Skip the test that needs ``name``; fail it where the set-up promised it, so that no coverage is lost unseen."""
    if name in os.environ.get(REQUIRED_VARIABLE, "").split(","):
        pytest.fail(f"{name} was set up, but: {reason}")
    pytest.skip(reason)
