# -*- coding: utf-8 -*-
"""GIMP 2.10 without Python-Fu: the backend functions, by ctypes on libgimp-2.0 (Python 2.7 and 3).

Every function but the dialog and the plug-in's life works in the real gimpfu's process too.
"""

from __future__ import absolute_import, unicode_literals

from .gimp2_dialog import dialog
from .gimp2_images import (
    image_active_drawable,
    image_base_type,
    image_channels,
    image_delete,
    image_filename,
    image_height,
    image_insert_layer,
    image_is_valid,
    image_layers,
    image_list,
    image_name,
    image_new,
    image_precision,
    image_remove_layer,
    image_selection,
    image_undo_group_end,
    image_undo_group_start,
    image_width,
    load_image,
    selection_bounds,
    selection_is_empty,
)
from .gimp2_items import (
    drawable_has_alpha,
    drawable_height,
    drawable_offsets,
    drawable_type,
    drawable_width,
    item_attach_parasite,
    item_children,
    item_image,
    item_is_valid,
    item_kind,
    item_name,
    item_parasite,
    item_parent,
    item_position,
    item_set_name,
    layer_add_alpha,
    layer_add_mask,
    layer_create_mask,
    layer_edit_mask,
    layer_mask,
    layer_new,
    layer_set_offsets,
)
from .gimp2_lib import GIMP
from .gimp2_pixels import drawable_read, drawable_write
from .gimp2_procedures import call, get_data, main, procedure_exists, procedure_signature, set_data

KEEPS_LAST_VALUES = False  # the shared code keeps them, with set_data

__all__ = [
    "KEEPS_LAST_VALUES",
    "call",
    "dialog",
    "displays_flush",
    "drawable_has_alpha",
    "drawable_height",
    "drawable_offsets",
    "drawable_read",
    "drawable_type",
    "drawable_width",
    "drawable_write",
    "get_data",
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
    "item_attach_parasite",
    "item_children",
    "item_image",
    "item_is_valid",
    "item_kind",
    "item_name",
    "item_parasite",
    "item_parent",
    "item_position",
    "item_set_name",
    "layer_add_alpha",
    "layer_add_mask",
    "layer_create_mask",
    "layer_edit_mask",
    "layer_mask",
    "layer_new",
    "layer_set_offsets",
    "load_image",
    "main",
    "message",
    "procedure_exists",
    "procedure_signature",
    "progress_end",
    "progress_init",
    "progress_pulse",
    "progress_text",
    "progress_update",
    "selection_bounds",
    "selection_is_empty",
    "set_data",
]


def progress_init(text):
    GIMP.gimp_progress_init(text)


def progress_text(text):
    GIMP.gimp_progress_set_text(text)


def progress_update(fraction):
    GIMP.gimp_progress_update(fraction)


def progress_pulse():
    GIMP.gimp_progress_pulse()


def progress_end():
    GIMP.gimp_progress_end()


def displays_flush():
    GIMP.gimp_displays_flush()


def message(text):
    GIMP.gimp_message(text)
