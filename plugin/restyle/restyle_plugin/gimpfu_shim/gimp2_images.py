# -*- coding: utf-8 -*-
"""GIMP 2.10's images and their selections, by id."""

from __future__ import absolute_import, unicode_literals

import ctypes

from .gimp2_ids import image_is_valid, read_ids, valid_image, valid_item
from .gimp2_lib import GIMP

_NONINTERACTIVE = 1

__all__ = [
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
    "image_selection",
    "image_undo_group_end",
    "image_undo_group_start",
    "image_width",
    "load_image",
    "selection_bounds",
    "selection_is_empty",
]


def image_list():
    return read_ids(GIMP.gimp_image_list)


def image_width(image):
    return GIMP.gimp_image_width(valid_image(image))


def image_height(image):
    return GIMP.gimp_image_height(valid_image(image))


def image_base_type(image):
    return GIMP.gimp_image_base_type(valid_image(image))


def image_precision(image):
    return GIMP.gimp_image_get_precision(valid_image(image))


def image_layers(image):
    return read_ids(GIMP.gimp_image_get_layers, valid_image(image))


def image_channels(image):
    return read_ids(GIMP.gimp_image_get_channels, valid_image(image))


def image_active_drawable(image):
    return max(GIMP.gimp_image_get_active_drawable(valid_image(image)), 0)


def image_name(image):
    return GIMP.gimp_image_get_name(valid_image(image))


def image_filename(image):
    return GIMP.gimp_image_get_filename(valid_image(image)) or None


def image_undo_group_start(image):
    GIMP.gimp_image_undo_group_start(valid_image(image))


def image_undo_group_end(image):
    GIMP.gimp_image_undo_group_end(valid_image(image))


def image_insert_layer(image, layer, parent, position):
    GIMP.gimp_image_insert_layer(valid_image(image), valid_item(layer), valid_item(parent) if parent > 0 else -1, position)


def image_remove_layer(image, layer):
    GIMP.gimp_image_remove_layer(valid_image(image), valid_item(layer))


def image_new(width, height, base_type, precision):
    return GIMP.gimp_image_new_with_precision(width, height, base_type, precision)


def image_delete(image):
    GIMP.gimp_image_delete(valid_image(image))


def load_image(path):
    return GIMP.gimp_file_load(_NONINTERACTIVE, path, path)


def image_selection(image):
    return GIMP.gimp_image_get_selection(valid_image(image))


def selection_is_empty(image):
    return GIMP.gimp_selection_is_empty(valid_image(image))


def selection_bounds(image):
    numbers = [ctypes.c_int() for _ in range(5)]
    GIMP.gimp_selection_bounds(valid_image(image), *[ctypes.byref(number) for number in numbers])
    values = [number.value for number in numbers]
    return (bool(values[0]),) + tuple(values[1:])
