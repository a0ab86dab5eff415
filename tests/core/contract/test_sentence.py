"""A sentence is its English, and carries what it was made of through all that a text goes through."""

from __future__ import annotations

import copy
import errno
import json
import pickle

import pytest

from restyle.contract.errors import InvalidParameter, MissingInput, SystemRefused
from restyle.contract.refusals import reason_of
from restyle.contract.sentence import Sentence, as_declared, as_json, few_of, said, said_by_system, span
from restyle.filters.any_style import AnyStyleParams

NESTED = said("{path} cannot be used ({reason}).", path="a {reason}.png", reason=said("it takes {size} GB", size=1.5))


def test_it_is_the_text_filled_in_once() -> None:
    assert NESTED == "a {reason}.png cannot be used (it takes 1.5 GB)."
    assert said("{number} of {number}", number=3) == "3 of 3"
    assert said("a {place} that nobody fills") == "a {place} that nobody fills"


def test_values_that_are_no_numbers_are_texts() -> None:
    assert said("{error}", error=ValueError("odd")).values == {"error": "odd"}


@pytest.mark.parametrize("through", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_it_travels_whole(through: object) -> None:
    there = through(NESTED)  # type: ignore[operator]
    assert (there, type(there), as_json(there)) == (NESTED, Sentence, as_json(NESTED))


def test_its_json_has_templates_and_values() -> None:
    assert json.loads(json.dumps(as_json(NESTED))) == {
        "template": "{path} cannot be used ({reason}).",
        "values": {"path": "a {reason}.png", "reason": {"template": "it takes {size} GB", "values": {"size": 1.5}}},
    }
    assert as_json("a plain text") is None


def test_an_error_keeps_its_sentence() -> None:
    error = MissingInput("Style pictures", 1, 4)
    assert str(error) == error.sentence == "Style pictures: choose 1 to 4."
    assert as_json(error.sentence) == {
        "template": "{title}: choose {minimum} to {maximum}.",
        "values": {"title": as_json(as_declared("Style pictures")), "minimum": 1, "maximum": 4},
    }


def test_what_the_system_says_is_known_by_its_number() -> None:
    known, unknown = OSError(errno.ENOSPC, "No room at all", "/a/b"), OSError(errno.EXDEV, "Odd")
    assert as_json(said_by_system(known)) == {"template": "No space left on device", "values": {}}
    assert said_by_system(unknown) == "Odd"
    assert (
        str(SystemRefused(known)) == "The system refused (No space left on device: /a/b); make room or allow it, and try again."
    )


def test_a_bound_says_its_number() -> None:
    with pytest.raises(InvalidParameter) as raised:
        AnyStyleParams.parse({"strength": 101})
    assert str(raised.value) == "The setting strength cannot be used: input should be less than or equal to 100."
    assert as_json(raised.value.sentence) == {
        "template": "The setting {name} cannot be used: {reason}.",
        "values": {
            "name": "strength",
            "reason": {"template": "input should be less than or equal to {le}", "values": {"le": 100}},
        },
    }


def test_an_unheard_of_refusal_stays_in_its_words() -> None:
    assert reason_of({"type": "ip_v4_address", "msg": "Input is not a valid IPv4 address"}) == "input is not a valid IPv4 address"


def test_few_names_are_named_and_the_others_counted() -> None:
    assert few_of(["a", "b"], 2) == "a, b"
    assert few_of(["a", "b", "c", "d"], 2) == "a, b and 2 more"


def test_a_time_is_a_sentence_with_a_number() -> None:
    assert [as_json(span(seconds)) for seconds in (41.2, 600.0, 9000.0)] == [
        {"template": "{number} s", "values": {"number": 41}},
        {"template": "{number} min", "values": {"number": 10}},
        {"template": "{number} h", "values": {"number": 2.5}},
    ]
