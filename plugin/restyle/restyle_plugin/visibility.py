# -*- coding: utf-8 -*-
"""What of a layer can be seen: whether it has anything to paint, and the mask that its result is to have."""

from __future__ import absolute_import, unicode_literals

from array import array

from . import layers
from .errors import NothingToPaint
from .languages import _

_ALPHA_LAST = (2, 4)  # grey or colour, and alpha

__all__ = ["check_on_canvas", "read_filled", "result_mask"]


def check_on_canvas(gimp, image, layer):
    """Raise NothingToPaint where nothing of a layer is inside the image."""
    place = layers.place_of(gimp, layer)
    is_beside = place.x >= gimp.image_width(image) or place.x + place.width <= 0
    if is_beside or place.y >= gimp.image_height(image) or place.y + place.height <= 0:
        raise NothingToPaint(
            _("The layer \u201c%s\u201d lies outside the image: move it onto the canvas, or use Image > Fit Canvas to Layers.")
            % gimp.item_name(layer)
        )


def read_filled(gimp, layer, form):
    """Yield a layer's pixels as layers.read does; NothingToPaint before the last of them where all are transparent."""
    is_filled, before = form.channels not in _ALPHA_LAST, None
    for part in layers.read(gimp, layer, form):
        if before is not None:
            yield before
        is_filled = is_filled or _has_alpha(part, form)
        before = part
    if not is_filled:
        raise NothingToPaint(
            _("The layer \u201c%s\u201d is empty, all of it is transparent: choose a layer with a picture.")
            % gimp.item_name(layer)
        )
    yield before


def result_mask(gimp, layer, selected):
    """Return the Mask of a layer's result: what is selected (a Mask, None for everything) and what the layer's own mask shows.

    None where both show everything, or the layer's mask is switched off and nothing is selected.
    """
    own = gimp.layer_mask(layer)
    if not own or not gimp.call("gimp-layer-get-apply-mask", [layer])[0]:
        return selected
    babl = layers.mask_format(gimp, gimp.item_image(layer))
    data = gimp.drawable_read(own, 0, 0, gimp.drawable_width(layer), gimp.drawable_height(layer), babl)
    return layers.Mask(babl, data if selected is None else _darker(babl, data, selected.data))


def _has_alpha(part, form):
    """Whether any pixel is not fully transparent. All bytes of the alphas are looked at: the first of a float may be 0."""
    data, size = bytes(part), form.pixel_bytes // form.channels
    return any(data[place :: form.pixel_bytes].strip(b"\0") for place in range(form.pixel_bytes - size, form.pixel_bytes))


def _darker(babl, one, other):
    """Return the smaller of each two values as bytes."""
    code = str("B" if babl.endswith("u8") else "H")
    smaller = array(code, map(min, array(code, bytes(one)), array(code, bytes(other))))
    return getattr(smaller, "tobytes", getattr(smaller, "tostring", None))()
