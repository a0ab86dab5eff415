# -*- coding: utf-8 -*-
"""GIMP 2.10's images and their selections, by id."""

from __future__ import absolute_import, unicode_literals

import ctypes

from .gimp2_ids import image_is_valid, read_ids, valid_image, valid_item
from .gimp2_lib import GIMP

_NONINTERACTIVE = 1

__all__ = [
    "given_drawables",
    "image_active_drawable",
    "image_base_type",
    "image_channels",
    "image_delete",
    "image_filename",
    "image_height",
    "image_insert_layer",
    "image_is_valid",
    "image_layers",
    "image_list",
    "image_name",
    "image_new",
    "image_precision",
    "image_remove_layer",
    "image_select_layer",
    "image_selection",
    "image_undo_group_end",
    "image_undo_group_start",
    "image_width",
    "load_image",
    "selection_bounds",
    "selection_is_empty",
]


def given_drawables(drawable):
    """Return the drawable alone: GIMP 2.10 knows one active one."""
    return [drawable]


def image_list():
    """Return the ids of all open images."""
    return read_ids(GIMP.gimp_image_list)


def image_width(image):
    """Return the canvas's width in pixels."""
    return GIMP.gimp_image_width(valid_image(image))


def image_height(image):
    """Return the canvas's height in pixels."""
    return GIMP.gimp_image_height(valid_image(image))


def image_base_type(image):
    """Return 0 for RGB, 1 for grey, 2 for indexed."""
    return GIMP.gimp_image_base_type(valid_image(image))


def image_precision(image):
    """Return GIMP 2.10's number: 100 u8, 200 u16, 300 u32, 500 half, 600 float, 700 double; 50 more when not linear."""
    return GIMP.gimp_image_get_precision(valid_image(image))


def image_layers(image):
    """Return the ids of the top-level layers, the topmost first."""
    return read_ids(GIMP.gimp_image_get_layers, valid_image(image))


def image_channels(image):
    """Return the ids of the channels, the topmost first."""
    return read_ids(GIMP.gimp_image_get_channels, valid_image(image))


def image_active_drawable(image):
    """Return the id of the (first) selected layer or channel, 0 for none."""
    return max(GIMP.gimp_image_get_active_drawable(valid_image(image)), 0)


def image_name(image):
    """Return the name that the window's title shows."""
    return GIMP.gimp_image_get_name(valid_image(image))


def image_filename(image):
    """Return the path (or URI, if it has no path) of the image's file; None where it has none."""
    return GIMP.gimp_image_get_filename(valid_image(image)) or None


def image_undo_group_start(image):
    """Open a group of changes that one undo takes back."""
    GIMP.gimp_image_undo_group_start(valid_image(image))


def image_undo_group_end(image):
    """Close the group of changes."""
    GIMP.gimp_image_undo_group_end(valid_image(image))


def image_insert_layer(image, layer, parent, position):
    """Put a new layer into the stack: in the group `parent` (0: top level), at `position` from the top."""
    GIMP.gimp_image_insert_layer(valid_image(image), valid_item(layer), valid_item(parent) if parent > 0 else -1, position)


def image_select_layer(image, layer):
    """Make a layer of the stack the active one."""
    GIMP.gimp_image_set_active_layer(valid_image(image), valid_item(layer))


def image_remove_layer(image, layer):
    """Take a layer out of the stack."""
    GIMP.gimp_image_remove_layer(valid_image(image), valid_item(layer))


def image_new(width, height, base_type, precision):
    """Return the id of a new image without display."""
    return GIMP.gimp_image_new_with_precision(width, height, base_type, precision)


def image_delete(image):
    """Free an image that has no display."""
    GIMP.gimp_image_delete(valid_image(image))


def load_image(path):
    """Return the id of a new image without display, read from a file of any kind that GIMP knows."""
    return GIMP.gimp_file_load(_NONINTERACTIVE, path, path)


def image_selection(image):
    """Return the id of the selection, a channel as large as the canvas."""
    return GIMP.gimp_image_get_selection(valid_image(image))


def selection_is_empty(image):
    """Whether nothing is selected."""
    return GIMP.gimp_selection_is_empty(valid_image(image))


def selection_bounds(image):
    """Return (whether something is selected, x1, y1, x2, y2); x2 and y2 lie just outside."""
    numbers = [ctypes.c_int() for _ in range(5)]
    GIMP.gimp_selection_bounds(valid_image(image), *[ctypes.byref(number) for number in numbers])
    values = [number.value for number in numbers]
    return (bool(values[0]),) + tuple(values[1:])
