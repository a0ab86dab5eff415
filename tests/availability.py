"""What a machine lacks: a reason to skip a test, or a failure where it was promised that it would be there."""

import os

import pytest

REQUIRED_VARIABLE = "RESTYLE_REQUIRE"
"""Names joined by commas: what `python3 installer test` has set up, or would have but for a mirror or a package that failed.

gimp-2.10, gimp-3.0, gimp-3.2, window, reference.
"""

REQUIRED_IN_CI = frozenset({"reference"})
"""Names that are promised wherever the environment variable CI is set."""

__all__ = ["REQUIRED_IN_CI", "REQUIRED_VARIABLE", "is_promised", "lacking"]


def is_promised(name: str) -> bool:
    """Whether a test may count on it."""
    named = name in os.environ.get(REQUIRED_VARIABLE, "").split(",")
    return named or (name in REQUIRED_IN_CI and bool(os.environ.get("CI")))


def lacking(name: str, reason: str) -> None:
    """Skip the test that needs ``name``; fail it where that was promised, so that no coverage is lost unseen."""
    if is_promised(name):
        pytest.fail(f"{name} should be here, but: {reason}")
    pytest.skip(reason)
