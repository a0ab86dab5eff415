# -*- coding: utf-8 -*-
"""gimpfu's parameter types (PF_*) and what each one is to GIMP's procedure database."""

from __future__ import absolute_import

# The numbers are those of gimpfu in GIMP 2.10.
PF_INT8, PF_INT16, PF_INT32 = 2, 1, 0
PF_INT = PF_INT32
PF_FLOAT = 3
PF_STRING = PF_VALUE = 4
PF_COLOR = PF_COLOUR = 10
PF_ITEM, PF_DISPLAY, PF_IMAGE, PF_LAYER, PF_CHANNEL, PF_DRAWABLE, PF_VECTORS = 11, 12, 13, 14, 15, 16, 19
PF_TOGGLE = PF_BOOL = 1000
PF_SLIDER = 1001
PF_SPINNER = PF_ADJUSTMENT = 1002
PF_FONT, PF_FILE, PF_BRUSH, PF_PATTERN, PF_GRADIENT, PF_RADIO, PF_TEXT = range(1003, 1010)
PF_PALETTE, PF_FILENAME, PF_DIRNAME, PF_OPTION = range(1010, 1014)

_KINDS = {
    PF_INT8: "int",
    PF_INT16: "int",
    PF_INT32: "int",
    PF_TOGGLE: "int",
    PF_SPINNER: "int",
    PF_OPTION: "int",
    PF_FLOAT: "float",
    PF_SLIDER: "float",
    PF_STRING: "string",
    PF_FONT: "string",
    PF_FILE: "string",
    PF_BRUSH: "string",
    PF_PATTERN: "string",
    PF_GRADIENT: "string",
    PF_RADIO: "string",
    PF_TEXT: "string",
    PF_PALETTE: "string",
    PF_FILENAME: "string",
    PF_DIRNAME: "string",
    PF_COLOR: "color",
    PF_ITEM: "item",
    PF_DISPLAY: "display",
    PF_IMAGE: "image",
    PF_LAYER: "layer",
    PF_CHANNEL: "channel",
    PF_DRAWABLE: "drawable",
    PF_VECTORS: "vectors",
}

OBJECT_KINDS = frozenset(["item", "display", "image", "layer", "channel", "drawable", "vectors"])
# Types whose extra is (lower, upper, step).
RANGE_TYPES = frozenset([PF_SLIDER, PF_SPINNER])
PATH_TYPES = frozenset([PF_FILE, PF_FILENAME, PF_DIRNAME])

__all__ = sorted(  # noqa: PLE0605
    [name for name in list(globals()) if name.startswith("PF_")] + ["OBJECT_KINDS", "PATH_TYPES", "RANGE_TYPES", "pdb_kind"]
)


def pdb_kind(pf_type):
    """Return how GIMP's procedure database declares a PF_ type: "int", "float", "string", "color", "image", …"""
    try:
        return _KINDS[pf_type]
    except KeyError:
        raise ValueError("%r is not a PF_ type" % (pf_type,))
