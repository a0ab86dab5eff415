# -*- coding: utf-8 -*-
"""Finished layers on their way into the image, with their masks, as one undo step."""

from __future__ import absolute_import, unicode_literals

from . import layers

_MASK_BLACK = 1  # ADD_MASK_BLACK

__all__ = ["insert_above"]


def insert_above(gimp, image, painted):
    """Insert finished layers, each above its original (on top if that is gone), with their masks, as one undo step.

    painted: values with layer, original, mask and is_guide; a guide is hidden, and its original stays active. Where one cannot be
    inserted none of them stays.
    """
    gimp.image_undo_group_start(image)
    inserted = []
    try:
        for one in painted:
            _insert(gimp, image, one.layer, one.original)
            inserted.append(one.layer)
            if one.mask is not None:
                _add_mask(gimp, one.layer, one.mask)
            if one.is_guide:
                _put_aside(gimp, image, one.layer, one.original)
    except BaseException:
        for layer in inserted:
            gimp.image_remove_layer(image, layer)
        for one in painted[len(inserted) :]:
            layers.drop(gimp, one.layer)
        raise
    finally:
        gimp.image_undo_group_end(image)


def _insert(gimp, image, layer, original):
    if gimp.item_is_valid(original) and gimp.item_image(original) == image:
        gimp.image_insert_layer(image, layer, gimp.item_parent(original), gimp.item_position(original))
    else:
        gimp.image_insert_layer(image, layer, 0, 0)


def _put_aside(gimp, image, layer, original):
    gimp.call("gimp-item-set-visible", [layer, False])
    if gimp.item_is_valid(original):
        gimp.image_select_layer(image, original)


def _add_mask(gimp, layer, mask):
    channel = gimp.layer_create_mask(layer, _MASK_BLACK)
    gimp.layer_add_mask(layer, channel)
    gimp.drawable_write(channel, 0, 0, gimp.drawable_width(layer), gimp.drawable_height(layer), mask.babl, mask.data)
    gimp.layer_edit_mask(layer, False)
