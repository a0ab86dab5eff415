"""Parameters: untrusted values become typed ones, or one sentence."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import Field, ValidationError

from restyle.contract.errors import InvalidParameter
from restyle.contract.params import Params, choice, number


class Sample(Params):
    """One of each kind."""

    share: float = number(0.5, ge=0, le=1, step=0.1, title="Share", description="A share.")
    count: int = number(3, ge=1, le=10, step=1, title="Count", description="A count.", unit="px")
    way: Literal["up", "down"] = choice("up", title="Way", description="A way.", labels={"up": "Up", "down": "Down"})
    fast: bool = Field(False, title="Fast", description="Whether.")


def test_nothing_given_is_all_defaults():
    assert Sample.parse({}) == Sample(share=0.5, count=3, way="up", fast=False)


def test_whole_floats_are_integers_and_integers_are_floats():
    parsed = Sample.parse({"count": 4.0, "share": 1})
    assert (parsed.count, parsed.share) == (4, 1.0)
    assert isinstance(parsed.count, int)
    assert isinstance(parsed.share, float)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("share", 1.5), ("share", -0.1), ("share", "0.5"), ("share", True), ("share", float("nan")), ("share", None),
        ("count", 0), ("count", 11), ("count", 2.5), ("count", "3"), ("count", True),
        ("way", "left"), ("way", 1),
        ("fast", 0), ("fast", 1), ("fast", "yes"),
        ("unknown", 1),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(name, value):
    with pytest.raises(InvalidParameter, match=f"The setting {name} cannot be used: ") as caught:
        Sample.parse({name: value})
    assert caught.value.name == name


def test_parameters_cannot_be_changed_afterwards():
    parsed = Sample.parse({})
    with pytest.raises(ValidationError):
        parsed.share = 0.1


def test_bounds_and_texts_are_part_of_the_schema():
    schema = Sample.model_json_schema()["properties"]
    assert (schema["share"]["minimum"], schema["share"]["maximum"]) == (0, 1)
    assert (schema["count"]["unit"], schema["count"]["step"]) == ("px", 1)
    assert schema["way"]["labels"]["down"] == "Down"


def test_a_choice_may_be_better_with_several_networks():
    field = choice("a", title="T", description="D.", labels={"a": "A"}, better_with={"a": ("one", "two")})
    published = [(item["value"], item["id"], item["is_needed"]) for item in field.json_schema_extra["weights"]]
    assert published == [("a", "one", False), ("a", "two", False)]
