# -*- coding: utf-8 -*-
"""gimp.Item and what derives from it: Drawable, Channel, and in layers.py and vectors.py; image.py gives them `image`."""

from __future__ import absolute_import, unicode_literals

from array import array

from ..compat import to_bytes, to_text
from . import backend
from .backend import call
from .color import RGB, components
from .parasites import Parasite, WithParasites
from .pixel_region import PixelRgn, pixel_format
from .tiles import TILE_SIZE, Tile

__all__ = ["CLASSES", "Channel", "Drawable", "Item", "Parasite", "item", "pdb_property"]

_TYPECODES = {"u8": str("B"), "u16": str("H"), "u32": str("I"), "half": str("H"), "float": str("f"), "double": str("d")}
_PARASITE_PERSISTENT = 1


def pdb_property(noun, name, settable=True):
    """Return an attribute that reads gimp-NOUN-get-NAME and writes gimp-NOUN-set-NAME."""

    def get(self):
        return call("gimp-%s-get-%s" % (noun, name), self.ID)[0]

    def put(self, value):
        call("gimp-%s-set-%s" % (noun, name), self.ID, value)

    return property(get, put if settable else None)


class Item(WithParasites):
    """Anything with an id in an image; equal ids are equal items."""

    _noun = "item-"

    def __init__(self, ID):
        self.ID = ID

    def _owner(self):
        return [self.ID]

    @staticmethod
    def from_id(ID):
        """Return the item of that id, or None."""
        return item(ID)

    def __eq__(self, other):
        return isinstance(other, Item) and self.ID == other.ID

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self.ID)

    def __repr__(self):
        return "<gimp.%s '%s'>" % (type(self).__name__, self.name)

    name = property(
        lambda self: backend.current().item_name(self.ID),
        lambda self, value: backend.current().item_set_name(self.ID, to_text(value)),
    )
    parent = property(lambda self: item(backend.current().item_parent(self.ID)))
    children = property(lambda self: [item(child) for child in backend.current().item_children(self.ID)])
    visible = pdb_property("item", "visible")
    linked = pdb_property("item", "linked")
    tattoo = pdb_property("item", "tattoo")

    def parasite_find(self, name):
        """Return the gimp.Parasite of that name, or None."""
        data = backend.current().item_parasite(self.ID, to_text(name))
        return None if data is None else Parasite(name, _PARASITE_PERSISTENT, data)

    def attach_new_parasite(self, name, flags, data):
        """Attach data under a name."""
        backend.current().item_attach_parasite(self.ID, to_text(name), flags, to_bytes(data))


class Drawable(Item):
    """Something with pixels."""

    width = property(lambda self: backend.current().drawable_width(self.ID))
    height = property(lambda self: backend.current().drawable_height(self.ID))
    offsets = property(lambda self: tuple(backend.current().drawable_offsets(self.ID)))
    has_alpha = property(lambda self: bool(backend.current().drawable_has_alpha(self.ID)))
    type = property(lambda self: backend.current().drawable_type(self.ID))
    type_with_alpha = property(lambda self: self.type | 1)
    is_rgb = property(lambda self: self.type in (0, 1))
    is_gray = is_grey = property(lambda self: self.type in (2, 3))
    is_indexed = property(lambda self: self.type in (4, 5))
    is_layer_mask = property(lambda self: backend.current().item_kind(self.ID) == "mask")
    bpp = property(lambda self: pixel_format(self)[1])

    @property
    def mask_bounds(self):
        """(x1, y1, x2, y2) of the selection inside the drawable; all of it where nothing is selected."""
        gimp = backend.current()
        non_empty, x1, y1, x2, y2 = gimp.selection_bounds(gimp.item_image(self.ID))
        if not non_empty:
            return (0, 0, self.width, self.height)
        left, top = self.offsets
        limit = lambda value, size: min(max(value, 0), size)  # noqa: E731
        return (
            limit(x1 - left, self.width),
            limit(y1 - top, self.height),
            limit(x2 - left, self.width),
            limit(y2 - top, self.height),
        )

    @property
    def mask_intersect(self):
        """(x, y, width, height) of the selection inside the drawable, or None."""
        x1, y1, x2, y2 = self.mask_bounds
        return (x1, y1, x2 - x1, y2 - y1) if x2 > x1 and y2 > y1 else None

    def get_pixel_rgn(self, x, y, width, height, dirty=True, shadow=False):
        """Return a gimp.PixelRgn of a part. Shadow regions do not exist here: they write to the drawable itself."""
        return PixelRgn(self, x, y, width, height, dirty, shadow)

    def get_tile(self, shadow, row, col):
        """Return the gimp.Tile of a row and column."""
        return Tile(self, shadow, row, col)

    def get_tile2(self, shadow, x, y):
        """Return the gimp.Tile in which a pixel is."""
        return Tile(self, shadow, y // TILE_SIZE, x // TILE_SIZE)

    def get_data(self, format="RGBA float"):  # noqa: A002  (gimp's name)
        """Return all pixels as an array.array of numbers, in one of babl's formats."""
        data = array(_TYPECODES[format.split(" ")[-1]])
        pixels = bytes(backend.current().drawable_read(self.ID, 0, 0, self.width, self.height, to_text(format)))
        (data.frombytes if hasattr(data, "frombytes") else data.fromstring)(pixels)
        return data

    def get_pixel(self, x, y=None):
        """Return the components of a pixel, as integers 0..255."""
        x, y = x if y is None else (x, y)
        return tuple(bytearray(PixelRgn(self, x, y, 1, 1, False, False)[x, y]))

    def set_pixel(self, x, y, components):
        """Set the components of a pixel."""
        PixelRgn(self, x, y, 1, 1, True, False)[x, y] = bytes(bytearray(components))

    def flush(self):
        """Do nothing: every write is flushed at once."""

    def merge_shadow(self, undo=False):
        """Do nothing: there is no shadow."""

    def free_shadow(self):
        """Do nothing: there is no shadow."""

    def offset(self, wrap_around, fill_type, offset_x, offset_y):
        """Move the pixels inside the drawable; what leaves comes back on the other side, or is filled."""
        call("gimp-drawable-offset", self.ID, int(wrap_around), fill_type, offset_x, offset_y)

    def update(self, x, y, width, height):
        """Tell GIMP that a part changed."""
        call("gimp-drawable-update", self.ID, x, y, width, height)

    def fill(self, fill_type=0):
        """Fill with the foreground (0), background (1), white, transparency or pattern."""
        call("gimp-drawable-fill", self.ID, fill_type)


class Channel(Drawable):
    """A channel, layer mask or selection: gimp.Channel(image, name, width, height, opacity, color) makes a new one."""

    def __init__(self, image, name=None, width=None, height=None, opacity=100.0, color=(0, 0, 0)):
        if name is None:  # of an id
            Drawable.__init__(self, image)
            return
        arguments = [image.ID, width, height, to_text(name), float(opacity), components(color)[:3]]
        Drawable.__init__(self, call("gimp-channel-new", *arguments)[0])

    opacity = pdb_property("channel", "opacity")
    color = colour = property(
        lambda self: RGB(*call("gimp-channel-get-color", self.ID)[0]),
        lambda self, value: call("gimp-channel-set-color", self.ID, components(value)[:3]) and None,
    )
    show_masked = pdb_property("channel", "show-masked")

    def copy(self):
        """Return a copy, not yet in the image."""
        return item(call("gimp-channel-copy", self.ID)[0])

    def combine_masks(self, channel, operation, offset_x=0, offset_y=0):
        """Add, subtract or intersect another channel (CHANNEL_OP_*)."""
        call("gimp-channel-combine-masks", self.ID, channel.ID, operation, offset_x, offset_y)


CLASSES = {"mask": Channel, "channel": Channel, "selection": Channel}
"""kind → class; layers.py and vectors.py add theirs."""


def item(ID):
    """Return the object of an item's id, or None for "none"."""
    if not ID or ID < 0:
        return None
    return CLASSES.get(backend.current().item_kind(ID), Drawable)(ID)
