# -*- coding: utf-8 -*-
"""gimp.Item and what derives from it: Drawable, Layer, GroupLayer, Channel, Vectors, Parasite; image.py gives them `image`."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_bytes, to_text
from . import backend
from .pixel_region import PixelRgn, pixel_format

__all__ = ["LAYER_KINDS", "Channel", "Drawable", "GroupLayer", "Item", "Layer", "Parasite", "Vectors", "item", "pdb_property"]

_NORMAL_MODE = 28  # LAYER_MODE_NORMAL
_PARASITE_PERSISTENT, _PARASITE_UNDOABLE = 1, 2


def pdb_property(noun, name, settable=True):
    """Return an attribute that reads gimp-NOUN-get-NAME and writes gimp-NOUN-set-NAME."""

    def get(self):
        return backend.current().call("gimp-%s-get-%s" % (noun, name), [self.ID])[0]

    def put(self, value):
        backend.current().call("gimp-%s-set-%s" % (noun, name), [self.ID, value])

    return property(get, put if settable else None)


class Parasite(object):
    """A named piece of data; `data` is bytes."""

    def __init__(self, name, flags, data):
        self.name, self.flags, self.data = to_text(name), flags, to_bytes(data)

    is_persistent = property(lambda self: bool(self.flags & _PARASITE_PERSISTENT))
    is_undoable = property(lambda self: bool(self.flags & _PARASITE_UNDOABLE))

    def copy(self):
        """Return an equal parasite."""
        return Parasite(self.name, self.flags, self.data)

    def is_type(self, name):
        """Whether this is its name."""
        return self.name == to_text(name)

    def has_flag(self, flag):
        """Whether a flag is set."""
        return bool(self.flags & flag)


class Item(object):
    """Anything with an id in an image; equal ids are equal items."""

    def __init__(self, ID):
        self.ID = ID

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

    def parasite_attach(self, parasite):
        """Attach a gimp.Parasite."""
        self.attach_new_parasite(parasite.name, parasite.flags, parasite.data)

    def attach_new_parasite(self, name, flags, data):
        """Attach data under a name."""
        backend.current().item_attach_parasite(self.ID, to_text(name), flags, to_bytes(data))

    def parasite_detach(self, name):
        """Remove the parasite of that name."""
        backend.current().call("gimp-item-detach-parasite", [self.ID, to_text(name)])


class Vectors(Item):
    """A path; only what every item has."""


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

    def update(self, x, y, width, height):
        """Tell GIMP that a part changed."""
        backend.current().call("gimp-drawable-update", [self.ID, x, y, width, height])

    def fill(self, fill_type=0):
        """Fill with the foreground (0), background (1), white, transparency or pattern."""
        backend.current().call("gimp-drawable-fill", [self.ID, fill_type])


class Layer(Drawable):
    """A layer: gimp.Layer(image, name, width, height[, type, opacity, mode]) makes a new one, not yet in the image."""

    def __init__(self, image, name=None, width=None, height=None, type=0, opacity=100.0, mode=_NORMAL_MODE):  # noqa: A002
        if name is None:  # of an id
            Item.__init__(self, image)
            return
        Item.__init__(self, backend.current().layer_new(image.ID, to_text(name), width, height, type, float(opacity), mode))

    opacity = pdb_property("layer", "opacity")
    mode = pdb_property("layer", "mode")
    lock_alpha = pdb_property("layer", "lock-alpha")
    preserve_trans = lock_alpha
    apply_mask = pdb_property("layer", "apply-mask")
    show_mask = pdb_property("layer", "show-mask")
    edit_mask = property(
        lambda self: bool(backend.current().call("gimp-layer-get-edit-mask", [self.ID])[0]),
        lambda self, value: backend.current().layer_edit_mask(self.ID, bool(value)),
    )
    mask = property(lambda self: item(backend.current().layer_mask(self.ID)))

    @property
    def is_floating_sel(self):
        """Whether this is a floating selection."""
        return bool(backend.current().call("gimp-layer-is-floating-sel", [self.ID])[0])

    def copy(self, add_alpha=False):
        """Return a copy, not yet in the image."""
        return item(backend.current().call("gimp-layer-copy", [self.ID, int(add_alpha)])[0])

    def add_alpha(self):
        """Give it an alpha channel."""
        backend.current().layer_add_alpha(self.ID)

    def create_mask(self, mask_type):
        """Return a new mask for it (ADD_MASK_*)."""
        return item(backend.current().layer_create_mask(self.ID, mask_type))

    def add_mask(self, mask):
        """Make a channel of `create_mask` its mask."""
        backend.current().layer_add_mask(self.ID, mask.ID)

    def remove_mask(self, mode):
        """Apply (0) or discard (1) its mask."""
        backend.current().call("gimp-layer-remove-mask", [self.ID, mode])

    def resize(self, width, height, offset_x=0, offset_y=0):
        """Change its bounds; the old pixels start at the offset."""
        backend.current().call("gimp-layer-resize", [self.ID, width, height, offset_x, offset_y])

    def resize_to_image_size(self):
        """Give it the image's bounds."""
        backend.current().call("gimp-layer-resize-to-image-size", [self.ID])

    def scale(self, width, height, local_origin=False):
        """Scale its pixels."""
        backend.current().call("gimp-layer-scale", [self.ID, width, height, int(local_origin)])

    def translate(self, offset_x, offset_y):
        """Move it by that much."""
        x, y = self.offsets
        self.set_offsets(x + offset_x, y + offset_y)

    def set_offsets(self, offset_x, offset_y):
        """Move it to that place."""
        backend.current().layer_set_offsets(self.ID, offset_x, offset_y)


class GroupLayer(Layer):
    """A layer group."""

    layers = property(lambda self: self.children)


class Channel(Drawable):
    """A channel, layer mask or selection."""

    opacity = pdb_property("channel", "opacity")
    color = colour = pdb_property("channel", "color")
    show_masked = pdb_property("channel", "show-masked")


_CLASSES = {
    "layer": Layer,
    "text": Layer,
    "link": Layer,
    "vector": Layer,
    "group": GroupLayer,
    "mask": Channel,
    "channel": Channel,
    "selection": Channel,
    "vectors": Vectors,
    "path": Vectors,
}
LAYER_KINDS = frozenset(kind for kind, made in _CLASSES.items() if issubclass(made, Layer))
"""What a backend's item_kind calls the layers; GIMP 3.2 has "link" and "vector" too."""


def item(ID):
    """Return the object of an item's id, or None for "none"."""
    if not ID or ID < 0:
        return None
    return _CLASSES.get(backend.current().item_kind(ID), Drawable)(ID)
