# -*- coding: utf-8 -*-
"""What a server says, in the person's language: its templates by the catalogue, filled in with its values.

All of it comes from another program, which may be of another version or worse: a template's {names} are replaced by texts and
numbers, nothing else of it is formatted, and what does not fit is shown in the server's own English.
"""

from __future__ import absolute_import, unicode_literals

import re

from .compat import integer_types, text_type
from .languages import _

_PLACE = re.compile(r"\{(\w+)\}")
# A sentence has a reason, and that one of its own; the core nests no deeper.
_MOST_NESTED = 4

__all__ = ["detail_of", "message_of", "notes_of", "translated"]


def translated(text, said):
    """Return a text of a server's; said: {"template", "values"} that it was made of, None where the server does not tell."""
    try:
        return _filled(said, _MOST_NESTED) if said else _(text)
    except (AttributeError, KeyError, TypeError, ValueError):
        return text


def message_of(job):
    """Return what a job is doing, "" where it does not say."""
    return translated(job["message"], job.get("message_said"))


def notes_of(job):
    """Return a job's notes."""
    said = job.get("notes_said") or [None] * len(job["notes"])
    return [translated(note, made_of) for note, made_of in zip(job["notes"], said)]


def detail_of(problem):
    """Return the sentence of a problem, "" where there is none."""
    return translated(problem.get("detail") or "", problem.get("said"))


def _filled(said, most_nested):
    """ValueError for what is nested more deeply or no template; what else is amiss raises as it likes."""
    if not most_nested or not isinstance(said["template"], text_type):
        raise ValueError("no template, or one nested too deeply")
    values = {name: _shown(value, most_nested) for name, value in said["values"].items()}
    return _PLACE.sub(lambda place: values[place.group(1)], _(said["template"]))


def _shown(value, most_nested):
    if isinstance(value, text_type):
        return value
    if isinstance(value, integer_types):
        return "%d" % value
    return "%g" % value if isinstance(value, float) else _filled(value, most_nested - 1)
