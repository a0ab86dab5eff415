# -*- coding: utf-8 -*-
"""What lies beneath a layer, as one picture: the painting that a cut-out is put on."""

from __future__ import absolute_import, unicode_literals

from .errors import PluginError
from .gimpfu_shim.errors import BackendError

_CLIP_TO_IMAGE = 1

__all__ = ["beneath"]


def beneath(gimp, image, layer, without=0):
    """Return a new image of one layer: what is visible beneath a layer (of everything for 0), as composed, without another.

    The caller deletes it. PluginError where nothing is there.
    """
    place, hidden = _position(gimp, image, layer), _position(gimp, image, without)
    copy = gimp.call("gimp-image-duplicate", [image])[0]
    try:
        if hidden:
            found = gimp.image_layers(copy)
            for position in hidden[:-1]:
                found = gimp.item_children(found[position])
            gimp.call("gimp-item-set-visible", [found[hidden[-1]], False])
        siblings = gimp.image_layers(copy)
        for depth, position in enumerate(place):
            covering = siblings[: position + (depth == len(place) - 1)]
            for each in covering:
                gimp.call("gimp-item-set-visible", [each, False])
            siblings = gimp.item_children(siblings[position]) if depth < len(place) - 1 else []
        merged = gimp.call("gimp-image-merge-visible-layers", [copy, _CLIP_TO_IMAGE])[0]
        for each in gimp.image_layers(copy):
            if each != merged:
                gimp.image_remove_layer(copy, each)
        return copy
    except BackendError:
        gimp.image_delete(copy)
        raise PluginError(
            "no-backdrop", "Nothing is visible beneath the layer: put it above a picture, and start the filter again."
        )


def _position(gimp, image, layer):
    """Return the positions that lead to a layer from the top; () for none."""
    place = []
    while layer:
        place.insert(0, gimp.item_position(layer))
        layer = gimp.item_parent(layer)
    return tuple(place)
