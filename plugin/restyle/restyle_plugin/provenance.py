# -*- coding: utf-8 -*-
"""How a layer was made, as it remembers it itself, and of which photo: so that a second style paints the photo again."""

from __future__ import absolute_import, unicode_literals

import json
from collections import OrderedDict

from . import layers
from .compat import to_bytes, to_text

_PARASITE = "restyle"
_PARASITE_TEMPORARY, _PARASITE_PERSISTENT, _PARASITE_UNDOABLE = 0, 1, 2
LAYER_MASK = "layer mask"
"""What a layer remembers of the selection: it became the layer's mask."""
_PHOTO = "photo"  # what is gone on with, see the outputs of the core's contract

__all__ = [
    "LAYER_MASK",
    "attach",
    "attach_growing",
    "hand_over",
    "is_growing",
    "mark_of",
    "photo_of",
    "provenance_of",
    "source_of",
    "to_paint",
    "was_selected",
]


def attach(gimp, layer, made):
    """Let a layer remember how it was made: a value that JSON has, saved with the image."""
    gimp.item_attach_parasite(layer, _PARASITE, _PARASITE_PERSISTENT, to_bytes(json.dumps(made, sort_keys=True)))


def hand_over(gimp, old, new):
    """Let a layer of the stack remember what a new one does, as a change that can be undone."""
    gimp.item_attach_parasite(old, _PARASITE, _PARASITE_PERSISTENT | _PARASITE_UNDOABLE, gimp.item_parasite(new, _PARASITE))


def attach_growing(gimp, layer, photo):
    """Let a layer that shows a painting in the making stand for its photo as long as it is there; no file keeps that."""
    made = {"source": mark_of(gimp, photo), "is_growing": True}
    gimp.item_attach_parasite(layer, _PARASITE, _PARASITE_TEMPORARY, to_bytes(json.dumps(made)))


def is_growing(gimp, layer):
    """Whether a layer shows a painting in the making."""
    return bool(provenance_of(gimp, layer).get("is_growing"))


def provenance_of(gimp, layer):
    """Return what `attach` was given; {} for a layer of somebody else's, or none."""
    data = gimp.item_parasite(layer, _PARASITE) if layers.is_layer(gimp, layer) else None
    try:
        made = json.loads(to_text(data)) if data else {}
    except ValueError:
        return {}
    return made if isinstance(made, dict) else {}


def mark_of(gimp, photo):
    """Return what a painting remembers of its photo: {"tattoo", "name"}; {} of one that is gone.

    GIMP saves tattoos; ids change when a file is opened.
    """
    if not layers.is_layer(gimp, photo):
        return {}
    return {"tattoo": _tattoo(gimp, photo), "name": gimp.item_name(photo)}


def source_of(gimp, layer):
    """Return the layer that a painting was made of, while it is in its image; 0 where it is not, and for anything else.

    A layer of another size is not the photo: GIMP gives the same tattoos in every image.
    """
    source = provenance_of(gimp, layer).get("source") or {}
    if "tattoo" not in source:
        return 0
    for each in layers.all_layers(gimp, gimp.image_layers(gimp.item_image(layer))):
        if each != layer and _tattoo(gimp, each) == source["tattoo"] and _size(gimp, each) == _size(gimp, layer):
            return each
    return 0


def photo_of(gimp, layer, filter_id):
    """Return what a filter paints where a layer is chosen: the photo of a painting, and anything else as it is.

    What another filter made is a photo to go on with where that filter says so.
    """
    made = provenance_of(gimp, layer)
    if made.get("role") == _PHOTO and made.get("request", {}).get("filter") != filter_id:
        return layer
    return source_of(gimp, layer) or layer


def to_paint(gimp, chosen, filter_id, as_they_are):
    """Return [(photo, layer that its painting goes above)] of the layers that were chosen, the topmost first; each photo once.

    as_they_are: paint paintings, too, as if they were photos.
    """
    found = OrderedDict()
    # One that is still growing is gone when its painting comes.
    for layer in [(is_growing(gimp, one) and source_of(gimp, one)) or one for one in chosen]:
        found.setdefault(layer if as_they_are else photo_of(gimp, layer, filter_id), layer)
    return list(found.items())


def was_selected(gimp, layer):
    """Whether a layer was made of what was selected, which its mask tells."""
    return LAYER_MASK in provenance_of(gimp, layer).get("request", {}).get("inputs", {}).values()


def _tattoo(gimp, item):
    return gimp.call("gimp-item-get-tattoo", [item])[0]


def _size(gimp, drawable):
    return gimp.drawable_width(drawable), gimp.drawable_height(drawable)
