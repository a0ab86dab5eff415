# -*- coding: utf-8 -*-
"""Finished layers on their way into the image, with their masks or in the place of one that is there, as one undo step."""

from __future__ import absolute_import, unicode_literals

from . import layers, provenance
from .errors import PluginError
from .languages import _

_MASK_BLACK = 1  # ADD_MASK_BLACK

__all__ = ["add_mask", "insert", "insert_above", "put_into"]


def insert_above(gimp, image, painted):
    """Insert finished layers, each above its original (on top if that is gone), with their masks, as one undo step.

    painted: values with layer, original, mask, is_guide and hidden, the layers that are hidden then; a guide is itself, and its
    original stays active. Where one cannot be inserted none of them stays.
    """
    gimp.image_undo_group_start(image)
    inserted = []
    try:
        for one in painted:
            insert(gimp, image, one.layer, one.original)
            inserted.append(one.layer)
            if one.mask is not None:
                add_mask(gimp, one.layer, one.mask)
            if one.is_guide:
                _put_aside(gimp, image, one.layer, one.original)
        _hide(gimp, {layer for one in painted for layer in one.hidden})
    except BaseException:
        for layer in inserted:
            gimp.image_remove_layer(image, layer)
        for one in painted[len(inserted) :]:
            layers.drop(gimp, one.layer)
        raise
    finally:
        gimp.image_undo_group_end(image)


def put_into(gimp, image, layer, painted):
    """Let a layer of the stack look like the finished one that takes its place, and remember its making, as one undo step.

    All else is the layer's own and stays: its place, mask, opacity, mode and effects, and its name where a person gave it one.
    painted: values with layer and output; the one of the layer's own output counts. None of them stays. PluginError where the
    layer is gone.
    """
    if not layers.is_layer(gimp, layer):
        for one in painted:
            layers.drop(gimp, one.layer)
        raise PluginError("layer-gone", _("The layer was deleted meanwhile, so its new painting was dropped."))
    was = provenance.provenance_of(gimp, layer)
    new = ([one.layer for one in painted if one.output == was.get("output")] or [painted[0].layer])[0]
    gimp.image_undo_group_start(image)
    try:
        if gimp.drawable_has_alpha(new) and not gimp.drawable_has_alpha(layer):
            gimp.layer_add_alpha(layer)
        _keep_for_undo(gimp, layer)
        form = layers.form_of(gimp, layer)
        layers.write(gimp, layer, form, layers.read(gimp, new, form))
        provenance.hand_over(gimp, layer, new)
        # GIMP itself calls a second layer of one name "name #1".
        if gimp.item_name(layer).partition(" #")[0] == was.get("title"):
            gimp.item_set_name(layer, provenance.provenance_of(gimp, new)["title"])
    finally:
        gimp.image_undo_group_end(image)
        for one in painted:
            layers.drop(gimp, one.layer)


def _keep_for_undo(gimp, layer):
    """Have GIMP keep a layer's pixels, which it does not when they are written: it gives a layer that is resized new ones.

    Unlike all that paints, this asks neither for the selection nor for locks of the alpha channel.
    """
    width, height = gimp.drawable_width(layer), gimp.drawable_height(layer)
    gimp.call("gimp-layer-resize", [layer, width + 1, height, 0, 0])
    gimp.call("gimp-layer-resize", [layer, width, height, 0, 0])


def insert(gimp, image, layer, original):
    """Put a new layer above another, on top if that is gone."""
    if gimp.item_is_valid(original) and gimp.item_image(original) == image:
        gimp.image_insert_layer(image, layer, gimp.item_parent(original), gimp.item_position(original))
    else:
        gimp.image_insert_layer(image, layer, 0, 0)


def _hide(gimp, found):
    for layer in found:
        if gimp.item_is_valid(layer):
            gimp.call("gimp-item-set-visible", [layer, False])


def _put_aside(gimp, image, layer, original):
    _hide(gimp, [layer])
    if gimp.item_is_valid(original):
        gimp.image_select_layer(image, original)


def add_mask(gimp, layer, mask):
    """Give a layer of the stack a layers.Mask as its mask."""
    channel = gimp.layer_create_mask(layer, _MASK_BLACK)
    gimp.layer_add_mask(layer, channel)
    gimp.drawable_write(channel, 0, 0, gimp.drawable_width(layer), gimp.drawable_height(layer), mask.babl, mask.data)
    gimp.layer_edit_mask(layer, False)
