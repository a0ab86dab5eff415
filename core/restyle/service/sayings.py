"""Sayings: on the wire beside each finished sentence, what it was made of, for clients in other languages."""

from __future__ import annotations

from pydantic import BaseModel

from restyle.contract.sentence import as_json

__all__ = ["Said"]


class Said(BaseModel):
    """A sentence's English ``template``, with {places}, and what is to be put into them: ``values`` by the places' names."""

    template: str
    values: dict[str, Said | int | float | str]

    @classmethod
    def of(cls, text: str) -> Said | None:
        """What a sentence was made of; None of a text that is none."""
        made_of = as_json(text)
        return None if made_of is None else cls.model_validate(made_of)
