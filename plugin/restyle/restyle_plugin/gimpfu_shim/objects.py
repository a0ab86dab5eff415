# -*- coding: utf-8 -*-
"""gimp objects of a value's kind, as GIMP's database has it."""

from __future__ import absolute_import, unicode_literals

from . import backend
from .image import Display, Image
from .items import Parasite, item

__all__ = ["object_of_kind", "plain_of"]


def object_of_kind(kind, ID):
    """Return the gimp object of a kind ("image", "layer", …) for an id; None for "none" or for what is gone."""
    if kind == "image":
        return Image.of_id(ID if ID and backend.current().image_is_valid(ID) else 0)
    if kind == "display":
        return Display.of_id(ID)
    if not ID or ID < 0 or not backend.current().item_is_valid(ID):
        return None
    return item(ID)


def plain_of(argument):
    """Return the backend's form of what a script passes: ids for objects, (r, g, b, a) for a colour, a parasite's parts."""
    if argument is None:
        return 0
    if isinstance(argument, Parasite):
        return argument.name, argument.flags, argument.data
    if hasattr(argument, "ID"):
        return argument.ID
    if hasattr(argument, "luminance"):  # gimpcolor.RGB, ours or the real one
        return argument.r, argument.g, argument.b, argument.a
    if isinstance(argument, (list, tuple)):
        return type(argument)(plain_of(part) for part in argument)
    return argument
