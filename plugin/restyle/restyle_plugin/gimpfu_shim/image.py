# -*- coding: utf-8 -*-
"""gimp.Image and gimp.Display."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_bytes, to_text
from . import backend
from .backend import call
from .items import Item, item, pdb_property
from .layers import LAYER_KINDS
from .parasites import WithParasites

__all__ = ["Display", "Image"]

_PRECISION_U8_GAMMA = 150
_PARENT_NONE = 0
_ABOVE_ACTIVE = -1
_NORMAL_MODE = 28


def _id(thing):
    return 0 if thing is None else thing.ID


class Display(object):
    """A window that shows an image: gimp.Display(image) opens one."""

    def __init__(self, image):
        self.ID = call("gimp-display-new", image.ID)[0]

    def __eq__(self, other):
        return isinstance(other, Display) and self.ID == other.ID

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self.ID)

    @classmethod
    def of_id(cls, ID):
        """Return the display of an id, or None for "none"."""
        if not ID or ID < 0:
            return None
        display = cls.__new__(cls)
        display.ID = ID
        return display


def _active(noun):
    """Return the attribute of the active item of a kind, None for none."""
    return property(
        lambda self: item(call("gimp-image-get-active-" + noun, self.ID)[0]),
        lambda self, value: call("gimp-image-set-active-" + noun, self.ID, _id(value)) and None,
    )


class Image(WithParasites):
    """An image: gimp.Image(width, height[, type]) makes a new one without a display."""

    _noun = "image-"

    def __init__(self, width, height, type=0):  # noqa: A002
        self.ID = backend.current().image_new(int(width), int(height), type, _PRECISION_U8_GAMMA)

    @classmethod
    def of_id(cls, ID):
        """Return the image of an id, or None for "none"."""
        if not ID or ID < 0:
            return None
        image = cls.__new__(cls)
        image.ID = ID
        return image

    def _owner(self):
        return [self.ID]

    def __eq__(self, other):
        return isinstance(other, Image) and self.ID == other.ID

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self.ID)

    def __repr__(self):
        return "<gimp.Image '%s'>" % self.name

    width = property(lambda self: backend.current().image_width(self.ID))
    height = property(lambda self: backend.current().image_height(self.ID))
    base_type = property(lambda self: backend.current().image_base_type(self.ID))
    precision = property(lambda self: backend.current().image_precision(self.ID))
    name = property(lambda self: backend.current().image_name(self.ID))
    filename = property(
        lambda self: backend.current().image_filename(self.ID),
        lambda self, value: call("gimp-image-set-filename", self.ID, to_text(value)) and None,
    )
    uri = property(lambda self: call("gimp-image-get-uri", self.ID)[0])
    layers = property(lambda self: [item(i) for i in backend.current().image_layers(self.ID)])
    channels = property(lambda self: [item(i) for i in backend.current().image_channels(self.ID)])
    selection = property(lambda self: item(backend.current().image_selection(self.ID)))
    active_drawable = property(lambda self: item(backend.current().image_active_drawable(self.ID)))
    resolution = property(
        lambda self: tuple(call("gimp-image-get-resolution", self.ID)[:2]),
        lambda self, value: call("gimp-image-set-resolution", self.ID, *value),
    )
    unit = pdb_property("image", "unit")
    tattoo_state = pdb_property("image", "tattoo-state")
    vectors = property(lambda self: [item(i) for i in call("gimp-image-get-vectors", self.ID)[1]])
    active_channel = _active("channel")
    active_vectors = _active("vectors")
    floating_selection = property(lambda self: item(call("gimp-image-get-floating-sel", self.ID)[0]))
    floating_sel_attached_to = property(lambda self: item(call("gimp-image-floating-sel-attached-to", self.ID)[0]))
    colormap = property(
        lambda self: bytes(bytearray(call("gimp-image-get-colormap", self.ID)[1])),
        lambda self, data: call("gimp-image-set-colormap", self.ID, len(data), list(bytearray(to_bytes(data)))) and None,
    )
    dirty = property(lambda self: bool(call("gimp-image-is-dirty", self.ID)[0]))

    @property
    def active_layer(self):
        """The active layer (of a mask its layer), or None."""
        gimp = backend.current()
        active = gimp.image_active_drawable(self.ID)
        return item(active) if active and gimp.item_kind(active) in LAYER_KINDS else None

    @active_layer.setter
    def active_layer(self, layer):
        backend.current().image_select_layer(self.ID, layer.ID)

    def insert_layer(self, layer, parent=None, position=-1):
        """Put a layer into the image; position -1 is above the active layer."""
        place = max(_ABOVE_ACTIVE, int(position))
        backend.current().image_insert_layer(self.ID, layer.ID, _id(parent) or _PARENT_NONE, place)

    def add_layer(self, layer, position=-1):
        """Put a layer at the top level."""
        self.insert_layer(layer, None, position)

    def new_layer(
        self,
        name="New Layer",
        width=None,
        height=None,
        offset_x=0,
        offset_y=0,
        alpha=True,
        pos=-1,
        opacity=100.0,
        mode=_NORMAL_MODE,
        fill_mode=-1,
    ):
        """Make a layer, put it in, and return it."""
        gimp = backend.current()
        layer = gimp.layer_new(
            self.ID, name, width or self.width, height or self.height, 2 * self.base_type + int(bool(alpha)), float(opacity), mode
        )
        if fill_mode >= 0:
            gimp.call("gimp-drawable-fill", [layer, fill_mode])
        gimp.layer_set_offsets(layer, int(offset_x), int(offset_y))
        gimp.image_insert_layer(self.ID, layer, _PARENT_NONE, pos)
        return item(layer)

    def remove_layer(self, layer):
        """Take a layer out of the image."""
        backend.current().image_remove_layer(self.ID, layer.ID)

    def undo_group_start(self):
        """Begin what is to be one undo step."""
        backend.current().image_undo_group_start(self.ID)

    def undo_group_end(self):
        """End what is one undo step."""
        backend.current().image_undo_group_end(self.ID)

    def add_channel(self, channel, position=-1):
        """Put a channel on top, or at a position."""
        self.insert_channel(channel, None, position)

    def insert_channel(self, channel, parent=None, position=-1):
        """Put a channel into the image."""
        call("gimp-image-insert-channel", self.ID, channel.ID, _id(parent), position)

    def resize(self, width, height, offset_x=0, offset_y=0):
        """Change the canvas."""
        call("gimp-image-resize", self.ID, int(width), int(height), int(offset_x), int(offset_y))

    def crop(self, width, height, offset_x=0, offset_y=0):
        """Cut a part out."""
        call("gimp-image-crop", self.ID, int(width), int(height), int(offset_x), int(offset_y))

    def scale(self, width, height, interpolation=-1):
        """Scale everything."""
        if interpolation < 0:
            call("gimp-image-scale", self.ID, int(width), int(height))
        else:
            call("gimp-image-scale-full", self.ID, int(width), int(height), interpolation)

    def flatten(self):
        """Merge all into one layer without alpha, and return it."""
        return item(call("gimp-image-flatten", self.ID)[0])

    def merge_visible_layers(self, merge_type):
        """Merge the visible layers into one, and return it."""
        return item(call("gimp-image-merge-visible-layers", self.ID, merge_type)[0])

    def merge_down(self, layer, merge_type):
        """Merge a layer into the one below, and return it."""
        return item(call("gimp-image-merge-down", self.ID, layer.ID, merge_type)[0])

    def duplicate(self):
        """Return a copy of the image."""
        return Image.of_id(call("gimp-image-duplicate", self.ID)[0])


def _plain(procedure, made=None):
    """Return a method that calls a procedure with the image's id and items or numbers; `made` is what its result becomes."""

    def method(self, *arguments):
        results = call(procedure, self.ID, *[getattr(argument, "ID", argument) for argument in arguments])
        return made(results[0]) if made else None

    method.__doc__ = "Call %s." % procedure
    return method


_PLAIN_METHODS = {
    "lower_layer": ("gimp-image-lower-item", None),
    "raise_layer": ("gimp-image-raise-item", None),
    "lower_layer_to_bottom": ("gimp-image-lower-item-to-bottom", None),
    "raise_layer_to_top": ("gimp-image-raise-item-to-top", None),
    "lower_channel": ("gimp-image-lower-item", None),
    "raise_channel": ("gimp-image-raise-item", None),
    "remove_channel": ("gimp-image-remove-channel", None),
    "resize_to_layers": ("gimp-image-resize-to-layers", None),
    "clean_all": ("gimp-image-clean-all", None),
    "undo_freeze": ("gimp-image-undo-freeze", None),
    "undo_thaw": ("gimp-image-undo-thaw", None),
    "disable_undo": ("gimp-image-undo-disable", None),
    "enable_undo": ("gimp-image-undo-enable", None),
    "undo_is_enabled": ("gimp-image-undo-is-enabled", bool),
    "pick_correlate_layer": ("gimp-image-pick-correlate-layer", item),
    "unset_active_channel": ("gimp-image-unset-active-channel", None),
    "get_component_active": ("gimp-image-get-component-active", bool),
    "get_component_visible": ("gimp-image-get-component-visible", bool),
    "set_component_active": ("gimp-image-set-component-active", None),
    "set_component_visible": ("gimp-image-set-component-visible", None),
    "get_layer_by_tattoo": ("gimp-image-get-layer-by-tattoo", item),
    "get_channel_by_tattoo": ("gimp-image-get-channel-by-tattoo", item),
    "add_hguide": ("gimp-image-add-hguide", int),
    "add_vguide": ("gimp-image-add-vguide", int),
    "delete_guide": ("gimp-image-delete-guide", None),
    "find_next_guide": ("gimp-image-find-next-guide", int),
    "get_guide_orientation": ("gimp-image-get-guide-orientation", int),
    "get_guide_position": ("gimp-image-get-guide-position", int),
}
for _name, (_procedure, _made) in _PLAIN_METHODS.items():
    setattr(Image, str(_name), _plain(_procedure, _made))
# There are no shadows here.
Image.free_shadow = lambda self: None
# Images know items by import; the other way round would be a circle.
Item.image = property(lambda self: Image.of_id(backend.current().item_image(self.ID)), doc="The gimp.Image that it belongs to.")
