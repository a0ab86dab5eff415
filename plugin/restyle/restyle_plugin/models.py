# -*- coding: utf-8 -*-
"""The models that a filter can choose from: names, titles and thumbnails of those in the box and of the user's own."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import struct

from .compat import decode_path, encode_path, text_type, to_text
from .home import home

_LEARNED = ".safetensors"
# What other programs write: the server finds out what is in them when one is used.
_FOREIGN = (".t7", ".pth", ".pt", ".model", ".npz", ".onnx", ".index")
# Beside this module: names of networks that lie in the same folder and are no styles, made by `restyle catalogue --write`.
_OTHERS = "no_styles.json"
_PUBLISHED = "published.json"  # what is known of the networks that a dialog may download
_PICTURE = ".jpg"
_FOLDER = "fast_style"

# A header is a list of tensors, their places and some words; a larger one is another file's.
_MOST_HEADER_BYTES = 4 << 20
LONGEST_TITLE = 80

__all__ = ["LONGEST_TITLE", "files_of", "is_here", "own_models", "published", "thumbnails", "title_of"]


def own_models(folder=None):
    """Return the names of the user's models in a folder of them, sorted; [] where there is none.

    Those of Fast Style may also lie loose, in the folder above.
    """
    if (folder or _FOLDER) == _FOLDER:
        others = _others()
        found = set(_stems(_place(folder), others)) | set(_stems(os.path.dirname(_place(folder)), others))
    else:
        found = set(_stems(_place(folder), ()))
    return sorted(found, key=lambda name: (name.lower(), name))


def files_of(name, folder=None):
    """Return the paths of the files that one of the user's own models consists of, its picture among them."""
    endings, found = (_LEARNED, _PICTURE) + _FOREIGN, []
    for place in (_place(folder), os.path.dirname(_place(folder))):
        named = [file for file in _files(place) if os.path.splitext(file)[0] == name]
        found += [os.path.join(place, file) for file in named if os.path.splitext(file)[1].lower() in endings]
    return found


def title_of(name, folder=None):
    """Return the title that one of the user's own models gives itself, else its name."""
    for place in (_place(folder), os.path.dirname(_place(folder))):
        path = os.path.join(place, name + _LEARNED)
        # Not a pipe: it would be waited for.
        if os.path.isfile(encode_path(path)):
            return _title_in(path) or name
    return name


def thumbnails(names, folder=None):
    """Return {name: path} of the pictures that there are for models."""
    found = {}
    for place in (os.path.join(_here(), "thumbnails"), _place(folder)):
        files = set(_files(place))
        found.update((name, os.path.join(place, name + _PICTURE)) for name in names if name + _PICTURE in files)
    return found


def published():
    """Return {id: {"filename", "licence", "place", "size_bytes", "title"}} of the networks that can be downloaded."""
    try:
        with io.open(encode_path(os.path.join(_here(), _PUBLISHED)), encoding="utf-8") as file:
            return dict(json.load(file))
    except (EnvironmentError, ValueError, TypeError):
        return {}  # then none is offered, and the server says what is missing


def is_here(filename):
    """Whether this computer has what is kept of a published network."""
    return os.path.isfile(encode_path(os.path.join(home(), "models", filename)))


def _place(folder):
    return os.path.join(home(), "models", folder or _FOLDER)


def _title_in(path):
    """Return what a file's header calls it; "" where that is of another form, damaged, or without a title."""
    try:
        with io.open(encode_path(path), "rb") as stream:
            (length,) = struct.unpack(str("<Q"), stream.read(8))
            header = json.loads(to_text(stream.read(length))) if length <= _MOST_HEADER_BYTES else {}
        title = header["__metadata__"]["title"]
    except (EnvironmentError, struct.error, ValueError, LookupError, TypeError, RuntimeError):
        return ""
    return " ".join(title.split())[:LONGEST_TITLE] if isinstance(title, text_type) else ""


def _others():
    try:
        with io.open(encode_path(os.path.join(_here(), _OTHERS)), encoding="utf-8") as file:
            return frozenset(json.load(file))
    except (EnvironmentError, ValueError, TypeError):
        return frozenset()  # then such networks are offered, too, and the server says what they are


def _here():
    return os.path.dirname(decode_path(os.path.abspath(__file__)))


def _stems(place, others):
    """Yield the names of the models among a folder's files, without their endings."""
    for name in _files(place):
        stem, ending = os.path.splitext(name)
        if ending.lower() in (_LEARNED,) + _FOREIGN and not stem.startswith(".") and name not in others:
            yield stem


def _files(place):
    try:
        return [decode_path(name) for name in os.listdir(encode_path(place))]
    except OSError:
        return []
