# -*- coding: utf-8 -*-
"""GIMP 2.10's layers, channels, masks and paths, by id."""

from __future__ import absolute_import, unicode_literals

import ctypes

from .gimp2_ids import item_is_valid, read_ids, valid_drawable, valid_image, valid_item, valid_layer
from .gimp2_lib import GIMP
from .gimp2_structs import ParasiteStruct

__all__ = [
    "drawable_has_alpha",
    "drawable_height",
    "drawable_offsets",
    "drawable_type",
    "drawable_width",
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
]


def item_kind(item):
    """Return "layer", "group", "text", "mask", "selection", "channel" or "vectors"."""
    valid_item(item)
    # The special kinds first: GIMP calls a group a layer, and the selection a channel.
    for kind, question in (
        ("group", GIMP.gimp_item_is_group),
        ("text", GIMP.gimp_item_is_text_layer),
        ("layer", GIMP.gimp_item_is_layer),
        ("mask", GIMP.gimp_item_is_layer_mask),
        ("selection", GIMP.gimp_item_is_selection),
        ("channel", GIMP.gimp_item_is_channel),
    ):
        if question(item):
            return kind
    return "vectors"


def item_name(item):
    """Return the name that the dock shows."""
    return GIMP.gimp_item_get_name(valid_item(item))


def item_set_name(item, name):
    """Name it; GIMP adds "#1" where the name is taken."""
    GIMP.gimp_item_set_name(valid_item(item), name)


def item_parent(item):
    """Return the id of the group that it is in, 0 for none."""
    return max(GIMP.gimp_item_get_parent(valid_item(item)), 0)


def item_children(item):
    """Return the ids of what is directly in a group, the topmost first; [] for anything but a group."""
    return read_ids(GIMP.gimp_item_get_children, valid_item(item)) if GIMP.gimp_item_is_group(valid_item(item)) else []


def item_image(item):
    """Return the id of its image."""
    return GIMP.gimp_item_get_image(valid_item(item))


def item_position(item):
    """Return its place among its siblings, 0 on top."""
    return GIMP.gimp_image_get_item_position(item_image(item), item)


def item_attach_parasite(item, name, flags, data):
    """Attach bytes under a name; flags: 1 = saved with the image, 2 = undoable."""
    data = bytes(data)
    parasite = ParasiteStruct(name.encode("utf-8"), flags, len(data), ctypes.cast(data, ctypes.c_void_p))
    GIMP.gimp_item_attach_parasite(valid_item(item), ctypes.byref(parasite))


def item_parasite(item, name):
    """Return the bytes attached under that name, None for none."""
    address = GIMP.gimp_item_get_parasite(valid_item(item), name)
    if not address:
        return None
    parasite = ParasiteStruct.from_address(address)
    data = ctypes.string_at(parasite.data, parasite.size) if parasite.size else b""
    GIMP.gimp_parasite_free(address)
    return data


def drawable_width(drawable):
    """Return its width in pixels."""
    return GIMP.gimp_drawable_width(valid_drawable(drawable))


def drawable_height(drawable):
    """Return its height in pixels."""
    return GIMP.gimp_drawable_height(valid_drawable(drawable))


def drawable_offsets(drawable):
    """Return (x, y) of its upper left corner on the canvas."""
    x, y = ctypes.c_int(), ctypes.c_int()
    GIMP.gimp_drawable_offsets(valid_drawable(drawable), ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value


def drawable_has_alpha(drawable):
    """Whether it has an alpha channel."""
    return GIMP.gimp_drawable_has_alpha(valid_drawable(drawable))


def drawable_type(drawable):
    """Return 0 RGB, 1 RGBA, 2 grey, 3 grey with alpha, 4 indexed, 5 indexed with alpha."""
    return GIMP.gimp_drawable_type(valid_drawable(drawable))


def layer_new(image, name, width, height, drawable_type, opacity, mode):
    """Return the id of a new layer that is not in the stack yet; opacity 0 to 100, mode by GIMP 2.10's numbers."""
    return GIMP.gimp_layer_new(valid_image(image), name, width, height, drawable_type, opacity, mode)


def layer_set_offsets(layer, x, y):
    """Put its upper left corner at (x, y) of the canvas."""
    GIMP.gimp_layer_set_offsets(valid_layer(layer), x, y)


def layer_add_alpha(layer):
    """Give it an alpha channel."""
    GIMP.gimp_layer_add_alpha(valid_layer(layer))


def layer_mask(layer):
    """Return the id of its mask, 0 for none."""
    return max(GIMP.gimp_layer_get_mask(valid_layer(layer)), 0)


def layer_create_mask(layer, mask_type):
    """Return the id of a new mask, not yet added: 0 white, 1 black, 2 alpha, 4 selection, 5 grey copy."""
    return GIMP.gimp_layer_create_mask(valid_layer(layer), mask_type)


def layer_add_mask(layer, mask):
    """Make a new mask the layer's."""
    GIMP.gimp_layer_add_mask(valid_layer(layer), valid_item(mask))


def layer_edit_mask(layer, edit):
    """Choose what the user paints on next: the mask (True) or the layer (False)."""
    GIMP.gimp_layer_set_edit_mask(valid_layer(layer), bool(edit))
