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
_FOREIGN = (".t7", ".pth", ".pt", ".npz", ".onnx", ".index")
# Published networks that lie in the same folder and are no styles; tests/contract holds this list to the core's.
_OTHERS = frozenset(
    (
        "LUTs.pth",
        "blackberry_orig.index",
        "classifier.pth",
        "espnetv2_s_2.0_city_1024x512.pth",
        "espnetv2_s_2.0_pascal_384x384.pth",
        "iphone_orig.index",
        "sony_orig.index",
        "vgg19-dcbb9e9d.pth",
    )
)
_PICTURE = ".jpg"
_FOLDER = "fast_style"

# A header is a list of tensors, their places and some words; a larger one is another file's.
_MOST_HEADER_BYTES = 4 << 20
_LONGEST_TITLE = 80

__all__ = ["own_models", "thumbnails", "title_of"]


def own_models(folder=None):
    """Return the names of the models in the user's folder of models and in one below it, sorted; [] where there is none."""
    found = set(_stems(_place(folder), (_LEARNED,) + _FOREIGN))
    found.update(_stems(os.path.dirname(_place(folder)), _FOREIGN))
    return sorted(found, key=lambda name: (name.lower(), name))


def title_of(name, folder=None):
    """Return the title that one of the user's own models gives itself, else its name."""
    try:
        with io.open(encode_path(os.path.join(_place(folder), name + _LEARNED)), "rb") as stream:
            (length,) = struct.unpack(str("<Q"), stream.read(8))
            header = json.loads(to_text(stream.read(length))) if length <= _MOST_HEADER_BYTES else {}
        title = header["__metadata__"]["title"]
    except (EnvironmentError, struct.error, ValueError, LookupError, TypeError, RuntimeError):
        return name  # of another form, damaged, or without a title; reading it will tell
    return (isinstance(title, text_type) and " ".join(title.split())[:_LONGEST_TITLE]) or name


def thumbnails(names, folder=None):
    """Return {name: path} of the pictures that there are for models."""
    found = {}
    for place in (os.path.join(os.path.dirname(decode_path(os.path.abspath(__file__))), "thumbnails"), _place(folder)):
        files = set(_files(place))
        found.update((name, os.path.join(place, name + _PICTURE)) for name in names if name + _PICTURE in files)
    return found


def _place(folder):
    return os.path.join(home(), "models", folder or _FOLDER)


def _stems(place, endings):
    """Yield the names of a folder's files with one of these endings, without it."""
    for name in _files(place):
        stem, ending = os.path.splitext(name)
        if ending.lower() in endings and not stem.startswith(".") and name not in _OTHERS:
            yield stem


def _files(place):
    try:
        return [decode_path(name) for name in os.listdir(encode_path(place))]
    except OSError:
        return []
