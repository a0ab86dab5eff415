# -*- coding: utf-8 -*-
"""What lies beneath a layer, as one picture: the painting that a cut-out is put on."""

from __future__ import absolute_import, unicode_literals

from .errors import PluginError
from .gimpfu_shim.errors import BackendError
from .languages import _

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
            _hide(gimp, [_siblings(gimp, copy, hidden)[hidden[-1]]])
        for depth in range(len(place)):
            # Of groups that it is in, what lies above it; of its own, itself as well.
            is_own = depth == len(place) - 1
            _hide(gimp, _siblings(gimp, copy, place[: depth + 1])[: place[depth] + is_own])
        # GIMP 2.10 merges nothing into a layer all the same.
        if not _shows(gimp, gimp.image_layers(copy)):
            raise BackendError("nothing is visible")
        merged = gimp.call("gimp-image-merge-visible-layers", [copy, _CLIP_TO_IMAGE])[0]
        for each in gimp.image_layers(copy):
            if each != merged:
                gimp.image_remove_layer(copy, each)
        return copy
    except BackendError:
        gimp.image_delete(copy)
        raise PluginError(
            "no-backdrop", _("Nothing is visible beneath the layer: put it above a picture, and start the filter again.")
        )


def _hide(gimp, found):
    for layer in found:
        gimp.call("gimp-item-set-visible", [layer, False])


def _siblings(gimp, image, place):
    """Return the layers among which the last of some positions counts."""
    found = gimp.image_layers(image)
    for position in place[:-1]:
        found = gimp.item_children(found[position])
    return found


def _shows(gimp, found):
    """Whether anything is visible of layers and all that is in them."""
    for layer in found:
        is_group = gimp.item_kind(layer) == "group"
        if gimp.call("gimp-item-get-visible", [layer])[0] and (not is_group or _shows(gimp, gimp.item_children(layer))):
            return True
    return False


def _position(gimp, image, layer):
    """Return the positions that lead to a layer from the top; () for none."""
    place = []
    while layer:
        place.insert(0, gimp.item_position(layer))
        layer = gimp.item_parent(layer)
    return tuple(place)
