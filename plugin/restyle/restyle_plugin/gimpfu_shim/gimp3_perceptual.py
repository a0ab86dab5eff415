"""GIMP 3.x's changes done as 2.10's procedures did them: on the numbers as they are stored, not on linear light.

Measured: in 3.0.4 gimp-drawable-levels and a Gaussian blur work in linear light, 2.10's gimp-levels and plug-in-gauss do not.
"""

from . import gimp3_images as images
from . import gimp3_items as items
from .gimp3_pixels import drawable_merge, drawable_read, drawable_write

_FLOAT_LINEAR = 600
_NORMAL = 28
# type of drawable → (its pixels as stored, the same numbers taken for linear ones)
_FORMATS = {
    0: ("R'G'B' float", "RGB float"),
    1: ("R'G'B'A float", "RGBA float"),
    2: ("Y' float", "Y float"),
    3: ("Y'A float", "YA float"),
}
_CHANNELS = ("mask", "channel", "selection")

__all__ = ["as_stored"]


def as_stored(drawable, change):
    """Call change(drawable), or change(copy) of which the result is merged, where the numbers as stored count."""
    kind = items.drawable_type(drawable)
    if items.item_kind(drawable) in _CHANNELS or kind not in _FORMATS:
        change(drawable)
        return
    stored, linear = _FORMATS[kind]
    width, height = items.drawable_width(drawable), items.drawable_height(drawable)
    image = images.image_new(width, height, kind // 2, _FLOAT_LINEAR)
    try:
        layer = items.layer_new(image, "", width, height, kind, 100.0, _NORMAL)
        images.image_insert_layer(image, layer, 0, 0)
        drawable_write(layer, 0, 0, width, height, linear, drawable_read(drawable, 0, 0, width, height, stored))
        change(layer)
        drawable_merge(drawable, stored, drawable_read(layer, 0, 0, width, height, linear))
    finally:
        images.image_delete(image)
