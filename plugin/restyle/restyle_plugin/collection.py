# -*- coding: utf-8 -*-
"""A person's styles in order: favourites, those used last, the rest; and the own ones renamed and deleted."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import struct

from .compat import encode_path, to_bytes, to_text
from .gimpfu_shim.errors import error
from .languages import _
from .models import LONGEST_TITLE, files_of, own_models
from .remembered import recall, remember, replace_file

_FAVOURITES, _RECENT = "favourite styles", "recent styles"
_MOST_RECENT = 6
_CHUNK_BYTES = 1 << 20
_ALIGNED = 8  # a header's length, as those who wrote it have it
_NO_TITLE = _("Give the style a name.")
_NOT_RENAMED = _("%(name)s cannot be renamed (%(reason)s).")
_NOT_DELETED = _("%(name)s cannot be deleted (%(reason)s).")

__all__ = ["Collection", "arranged", "note_used"]


def arranged(choices, default):
    """Return ((title, word), \u2026): favourites, then those used last, latest first, the default, the rest as it was."""
    favourites, recent = _words(_FAVOURITES), _words(_RECENT)
    order = favourites + [word for word in recent if word not in favourites] + [default]
    return tuple(sorted(choices, key=lambda choice: order.index(choice[1]) if choice[1] in order else len(order)))


def note_used(word):
    """Remember that a style was painted in."""
    remember(_RECENT, ([word] + [other for other in _words(_RECENT) if other != word])[:_MOST_RECENT])


class Collection(object):
    """The models of one folder, as registry.describe asks for it; what cannot be done raises `error` with a sentence."""

    def __init__(self, folder=None):
        self._folder = folder

    def is_own(self, word):
        """Whether a style is the person's own, to rename and delete."""
        return word in own_models(self._folder)

    def is_favourite(self, word):
        """Whether a style stands in front."""
        return word in _words(_FAVOURITES)

    def favour(self, word, is_favourite):
        """Let a style stand in front from the next dialog on, or no longer."""
        others = [other for other in _words(_FAVOURITES) if other != word]
        remember(_FAVOURITES, others + [word] if is_favourite else others)

    def rename(self, word, title):
        """Give an own style another title; return it. What asks for the style by its word still finds it."""
        title = " ".join(title.split())[:LONGEST_TITLE]
        if not title:
            raise error(_NO_TITLE)
        try:
            for path in files_of(word, self._folder):
                if path.endswith(".safetensors"):
                    _write_title(path, title)
                    return title
        except (EnvironmentError, ValueError, LookupError, struct.error) as problem:
            raise error(_NOT_RENAMED % {"name": word, "reason": to_text(problem)})
        raise error(_NOT_RENAMED % {"name": word, "reason": _("another program's file has no title")})

    def delete(self, word):
        """Delete an own style, with its picture."""
        try:
            for path in files_of(word, self._folder):
                os.remove(encode_path(path))
        except EnvironmentError as problem:
            raise error(_NOT_DELETED % {"name": word, "reason": problem.strerror or to_text(problem)})
        self.favour(word, False)
        remember(_RECENT, [other for other in _words(_RECENT) if other != word])


def _words(name):
    found = recall(name, [])
    return [word for word in found if isinstance(word, type(""))] if isinstance(found, list) else []


def _write_title(path, title):
    """Write a model's file anew with another title in its header, and put it in the old one's place."""
    part = path + ".part"
    with io.open(encode_path(path), "rb") as old, io.open(encode_path(part), "wb") as new:
        (length,) = struct.unpack(str("<Q"), old.read(8))
        header = json.loads(to_text(old.read(length)))
        header.setdefault("__metadata__", {})["title"] = title
        data = to_bytes(json.dumps(header))
        data += b" " * (-len(data) % _ALIGNED)
        new.write(struct.pack(str("<Q"), len(data)) + data)
        for chunk in iter(lambda: old.read(_CHUNK_BYTES), b""):
            new.write(chunk)
    replace_file(part, path)
