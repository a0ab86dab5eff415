# -*- coding: utf-8 -*-
"""A layer as bytes: which form its pixels travel in, read and written in strips, and where a result belongs."""

from __future__ import absolute_import, unicode_literals

from collections import namedtuple

from .errors import PluginError
from .gimpfu_shim.layers import LAYER_KINDS
from .languages import _

# Bytes of a strip: large enough to cost no time, small enough that no layer, whatever its size, fills the memory.
_STRIP_BYTES = 16 << 20
_NORMAL_MODE = 28  # LAYER_MODE_NORMAL in GIMP 2.10's numbers
_CLIP_TO_IMAGE = 1
_INDEXED = 2
_GREY = 1
_REGIONS = "regions"
_DTYPE_BYTES = {"u8": 1, "u16": 2, "f32": 4}
_BABL_DTYPES = {"u8": "u8", "u16": "u16", "f32": "float"}
# sRGB-encoded values on the wire lose nothing of these; linear ones need the next wider type.
_DTYPES = {150: "u8", 100: "u16", 250: "u16"}

Form = namedtuple("Form", "channels dtype babl pixel_bytes")
"""How pixels travel: channels 1 to 4, wire dtype, babl format, bytes per pixel."""

Mask = namedtuple("Mask", "babl data")
"""A selection at a layer's place: linear babl format and bytes."""

Place = namedtuple("Place", "width height x y alpha")
"""A layer's size, offset in the image, and 1 if it has alpha, else 0."""

MASK_FORM = Form(1, "u8", "Y u8", 1)

__all__ = [
    "MASK_FORM",
    "Form",
    "Mask",
    "Place",
    "all_layers",
    "drop",
    "form_of",
    "is_layer",
    "is_painted_regions",
    "layer_of",
    "load_picture",
    "mask_form",
    "mask_format",
    "mask_of",
    "named",
    "new_layer",
    "place_of",
    "read",
    "selection_box",
    "selection_of",
    "strips",
    "write",
]


def form_of(gimp, drawable):
    """Return the Form that keeps a drawable's precision, grey or colour, and alpha; indexed pixels travel as RGB."""
    image = gimp.item_image(drawable)
    base, alpha = divmod(gimp.drawable_type(drawable), 2)
    dtype = "u8" if base == _INDEXED else _DTYPES.get(gimp.image_precision(image), "f32")
    model = ("Y'" if base == _GREY else "R'G'B'") + ("A" if alpha else "")
    channels = (1 if base == _GREY else 3) + alpha
    return Form(channels, dtype, "%s %s" % (model, _BABL_DTYPES[dtype]), channels * _DTYPE_BYTES[dtype])


def layer_of(gimp, image, drawable):
    """Return the layer that an active drawable stands for: itself, or a mask's layer; PluginError for channels."""
    kind = gimp.item_kind(drawable) if drawable and gimp.item_is_valid(drawable) else "none"
    if kind in LAYER_KINDS:
        return drawable
    if kind == "mask":
        for layer in all_layers(gimp, gimp.image_layers(image)):
            if gimp.layer_mask(layer) == drawable:
                return layer
    raise PluginError("no-layer", _("Choose a layer first: this filter paints layers, and a channel or nothing is active."))


def strips(width, height, pixel_bytes):
    """Yield (y, rows) of the strips that cover an image."""
    rows = max(1, _STRIP_BYTES // (width * pixel_bytes))
    for y in range(0, height, rows):
        yield y, min(rows, height - y)


def read(gimp, drawable, form):
    """Yield a drawable's pixels as bytes, strip by strip."""
    width, height = gimp.drawable_width(drawable), gimp.drawable_height(drawable)
    for y, rows in strips(width, height, form.pixel_bytes):
        yield gimp.drawable_read(drawable, 0, y, width, rows, form.babl)


def write(gimp, drawable, form, parts):
    """Write strips, in the order of `strips`, into a drawable."""
    width, height = gimp.drawable_width(drawable), gimp.drawable_height(drawable)
    for (y, rows), data in zip(strips(width, height, form.pixel_bytes), parts):
        gimp.drawable_write(drawable, 0, y, width, rows, form.babl, data)


def selection_of(gimp, image, layer):
    """Return (8-bit bytes, Mask in the image's own depth) of the selection over a layer; None where nothing is selected.

    PluginError if the selection does not touch the layer.
    """
    box = selection_box(gimp, image, layer)
    if box is None:
        return None
    x, y, width, height = box
    channel = gimp.image_selection(image)
    data = gimp.drawable_read(channel, x, y, width, height, MASK_FORM.babl)
    babl = mask_format(gimp, image)
    if babl == MASK_FORM.babl:
        return data, Mask(babl, data)
    return data, Mask(babl, gimp.drawable_read(channel, x, y, width, height, babl))


def mask_of(gimp, layer):
    """Return (8-bit bytes, Mask in the image's own depth) of a layer's mask; None where it has none."""
    mask = gimp.layer_mask(layer)
    if not mask:
        return None
    size = gimp.drawable_width(layer), gimp.drawable_height(layer)
    babl = mask_format(gimp, gimp.item_image(layer))
    data = gimp.drawable_read(mask, 0, 0, size[0], size[1], MASK_FORM.babl)
    return data, Mask(babl, gimp.drawable_read(mask, 0, 0, size[0], size[1], babl))


def mask_format(gimp, image):
    """Return the linear babl format that keeps the masks of an image."""
    return MASK_FORM.babl if _DTYPES.get(gimp.image_precision(image)) == "u8" else "Y u16"


def mask_form(gimp, image):
    """Return the Form that the masks of an image travel in."""
    babl = mask_format(gimp, image)
    return MASK_FORM if babl == MASK_FORM.babl else Form(1, "u16", babl, 2)


def selection_box(gimp, image, layer):
    """Return (x, y, width, height) of a layer over which something is selected, None where nothing is.

    PluginError if the selection does not touch the layer.
    """
    if gimp.selection_is_empty(image):
        return None
    x, y = gimp.drawable_offsets(layer)
    width, height = gimp.drawable_width(layer), gimp.drawable_height(layer)
    __, x1, y1, x2, y2 = gimp.selection_bounds(image)
    if x1 >= x + width or y1 >= y + height or x2 <= x or y2 <= y:
        raise PluginError(
            "selection-outside", _("The selection does not touch the layer: move it, or select nothing (Select > None).")
        )
    return x, y, width, height


def is_layer(gimp, drawable):
    """Whether an id is that of a layer or other drawable that is there."""
    return bool(drawable) and drawable > 0 and gimp.item_is_valid(drawable)


def is_painted_regions(gimp, layer):
    """Whether a layer is one of regions, by its name; GIMP itself calls a second one "regions #1"."""
    return gimp.item_name(layer).strip().lower().partition(" #")[0] == _REGIONS


def load_picture(gimp, path):
    """Load a picture file; return (image, layer that shows all of it, its layer of regions or 0). The caller deletes the image.

    BackendError where GIMP cannot open it or shows nothing of it; then no image stays behind.
    """
    image = gimp.load_image(path)
    try:
        found = gimp.image_layers(image)
        painted = [layer for layer in found if is_painted_regions(gimp, layer)][: len(found) - 1]
        for layer in painted:
            gimp.call("gimp-item-set-visible", [layer, False])
        regions = painted[0] if painted else 0
        if len(found) - len(painted) == 1:
            return image, next(layer for layer in found if layer not in painted), regions
        return image, gimp.call("gimp-image-merge-visible-layers", [image, _CLIP_TO_IMAGE])[0], regions
    except BaseException:
        gimp.image_delete(image)
        raise


def place_of(gimp, layer):
    """Return the Place of a layer."""
    x, y = gimp.drawable_offsets(layer)
    alpha = 1 if gimp.drawable_has_alpha(layer) else 0
    return Place(gimp.drawable_width(layer), gimp.drawable_height(layer), x, y, alpha)


def new_layer(gimp, image, place, name, fill):
    """Make a layer at a Place; `fill(layer, form)` gives it pixels while the image does not yet have it.

    Nothing of the image changes, and no layer stays behind, if anything fails.
    """
    layer_type = 2 * gimp.image_base_type(image) + place.alpha
    layer = gimp.layer_new(image, name, place.width, place.height, layer_type, 100.0, _NORMAL_MODE)
    try:
        gimp.layer_set_offsets(layer, place.x, place.y)
        fill(layer, form_of(gimp, layer))
    except BaseException:
        drop(gimp, layer)
        raise
    return layer


def drop(gimp, layer):
    """Delete a layer that is in no image."""
    if gimp.item_is_valid(layer):
        gimp.call("gimp-item-delete", [layer])


def named(gimp, name):
    """Return a layer of that name in any open image, 0 where there is none."""
    for image in gimp.image_list():
        for layer in all_layers(gimp, gimp.image_layers(image)):
            if gimp.item_name(layer) == name:
                return layer
    return 0


def all_layers(gimp, layers):
    """Yield layers and all that is in them."""
    for layer in layers:
        yield layer
        if gimp.item_kind(layer) == "group":
            for child in all_layers(gimp, gimp.item_children(layer)):
                yield child
