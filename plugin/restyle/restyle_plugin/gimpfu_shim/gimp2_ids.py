# -*- coding: utf-8 -*-
"""Ids of GIMP 2.10's images and items, checked before they are used."""

from __future__ import absolute_import, unicode_literals

import ctypes

from ..languages import _
from .errors import BackendError
from .gimp2_lib import GIMP, GLIB

__all__ = [
    "image_is_valid",
    "item_is_valid",
    "read_ids",
    "valid_drawable",
    "valid_image",
    "valid_item",
    "valid_layer",
]


def image_is_valid(image):
    """Whether the image is still there."""
    return image > 0 and GIMP.gimp_image_is_valid(image)


def item_is_valid(item):
    """Whether the item is still there."""
    return item > 0 and GIMP.gimp_item_is_valid(item)


def read_ids(function, *arguments):
    """Call a function that returns an array of ids and stores their number; it is ours to free."""
    count = ctypes.c_int()
    address = function(*(arguments + (ctypes.byref(count),)))
    if not address:
        return []
    values = list((ctypes.c_int32 * count.value).from_address(address))
    GLIB.g_free(address)
    return values


# libgimp answers a wrong id with a line on stderr and a number that looks like an answer: so ask first.
def valid_image(image):
    """Return the id of an image that is there; BackendError where it is not."""
    if not image_is_valid(image):
        raise BackendError(_("There is no image %d in GIMP any more.") % image)
    return image


def valid_item(item):
    """Return the id of an item that is there; BackendError where it is not."""
    if not item_is_valid(item):
        raise BackendError(_("There is no layer or channel %d in GIMP any more.") % item)
    return item


def valid_drawable(item):
    """Return the id of an item with pixels; BackendError where it has none or is gone."""
    if not GIMP.gimp_item_is_drawable(valid_item(item)):
        raise BackendError("Item %d has no pixels." % item)
    return item


def valid_layer(item):
    """Return the id of a layer; BackendError where it is none or is gone."""
    if not GIMP.gimp_item_is_layer(valid_item(item)):
        raise BackendError("Item %d is not a layer." % item)
    return item
