"""What pydantic says of a value that does not fit, as a part of a sentence."""

from __future__ import annotations

from typing import Any

from restyle.contract.sentence import Sentence, said

__all__ = ["reason_of"]

_REASONS = {
    "bool_type": said("input should be a valid boolean"),
    "extra_forbidden": said("extra inputs are not permitted"),
    "finite_number": said("input should be a finite number"),
    "float_type": said("input should be a valid number"),
    "greater_than": said("input should be greater than {gt}"),
    "greater_than_equal": said("input should be greater than or equal to {ge}"),
    "int_type": said("input should be a valid integer"),
    "less_than": said("input should be less than {lt}"),
    "less_than_equal": said("input should be less than or equal to {le}"),
    "literal_error": said("input should be {expected}"),
    "missing": said("field required"),
    "string_too_long": said("string should have at most {max_length} characters"),
    "string_type": said("input should be a valid string"),
}
"""By pydantic's types of errors, the values by its own names; what else there is stays in its words."""


def reason_of(found: Any) -> str:
    """Why a value was refused, by one of a ValidationError's ``errors()``; it goes on behind a colon."""
    known, context = _REASONS.get(found["type"]), found.get("ctx", {})
    if known is not None:
        return Sentence(known.template, context)
    own = context.get("error")
    if isinstance(own, ValueError) and own.args and isinstance(own.args[0], Sentence):
        return own.args[0]
    message = str(found["msg"])
    return message[:1].lower() + message[1:]
