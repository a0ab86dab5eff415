"""Sentence: English for who reads it here, a template and its values for who shows it in another language.

What the core says to a person is written where it is said: ``said("There is no file {path}; …", path=path)``. The templates are
gathered from there, and translated by whoever shows them. A value may be a sentence itself. What can only be heard on the command
line, from Python or of a video is English alone, and a plain text.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

__all__ = ["Sentence", "Value", "as_declared", "as_json", "few_of", "said", "said_by_system", "span"]

Value: TypeAlias = "str | int | float"
"""Of a place in a template: what is no number and no sentence is shown as it is."""

_PLACE = re.compile(r"\{(\w+)\}")


class Sentence(str):
    """The English text, filled in; ``template`` and ``values`` are what it was made of."""

    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, values: Mapping[str, Value]) -> Sentence:
        """A place without a value stays as it is written."""
        sentence = super().__new__(cls, _PLACE.sub(lambda place: _shown(values.get(place[1], place[0])), template))
        sentence.template, sentence.values = template, MappingProxyType(dict(values))
        return sentence

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, dict[str, Value]]]:
        """As it travels between processes."""
        return Sentence, (self.template, dict(self.values))


def said(template: str, /, **values: object) -> Sentence:
    """A sentence, or a part of one; ``template`` is a literal with ``{places}``, which ``values`` are named after."""
    return Sentence(
        template, {name: value if isinstance(value, str | int | float) else str(value) for name, value in values.items()}
    )


def as_declared(text: str) -> Sentence:
    """A title or another text of a filter's declaration, all of which are translated."""
    return Sentence(text, {})


def few_of(names: Sequence[str], most: int) -> str:
    """The first ``most`` of some names, and how many more there are."""
    first = ", ".join(names[:most])
    return said("{names} and {count} more", names=first, count=len(names) - most) if len(names) > most else first


def said_by_system(error: OSError) -> str:
    """Why the system refused something, in a few words."""
    return _BY_SYSTEM.get(error.errno or 0) or error.strerror or str(error)


def span(seconds: float) -> str:
    """A time that is left, as a person says it."""
    if seconds < 90:
        return said("{number} s", number=round(seconds))
    if seconds < 90 * 60:
        return said("{number} min", number=round(seconds / 60))
    return said("{number} h", number=round(seconds / 3600, 1))


def as_json(text: str) -> dict[str, Any] | None:
    """A sentence as JSON, {"template", "values"}, in which values are numbers, texts or such sentences; None for a plain text."""
    if not isinstance(text, Sentence):
        return None
    return {
        "template": text.template,
        "values": {name: as_json(value) or value if isinstance(value, str) else value for name, value in text.values.items()},
    }


def _shown(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


_BY_SYSTEM = {
    errno.EACCES: said("Permission denied"),
    errno.ECONNREFUSED: said("Connection refused"),
    errno.EIO: said("Input/output error"),
    errno.EISDIR: said("Is a directory"),
    errno.ENAMETOOLONG: said("File name too long"),
    errno.ENOENT: said("No such file or directory"),
    errno.ENOSPC: said("No space left on device"),
    errno.ENOTDIR: said("Not a directory"),
    errno.EPERM: said("Operation not permitted"),
    errno.EROFS: said("Read-only file system"),
    errno.ETIMEDOUT: said("Connection timed out"),
}
