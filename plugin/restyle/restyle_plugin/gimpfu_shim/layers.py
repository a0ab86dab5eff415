# -*- coding: utf-8 -*-
"""gimp.Layer and gimp.GroupLayer."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_text
from . import backend
from .backend import call
from .items import CLASSES, Drawable, Item, item, pdb_property

_NORMAL_MODE = 28  # LAYER_MODE_NORMAL

__all__ = ["LAYER_KINDS", "GroupLayer", "Layer"]


class Layer(Drawable):
    """A layer: gimp.Layer(image, name, width, height[, type, opacity, mode]) makes a new one, not yet in the image."""

    def __init__(self, image, name=None, width=None, height=None, type=0, opacity=100.0, mode=_NORMAL_MODE):  # noqa: A002
        if name is None:  # of an id
            Item.__init__(self, image)
            return
        size = int(width), int(height)  # Python 2's division of whole numbers gave such
        made = backend.current().layer_new(image.ID, to_text(name), size[0], size[1], type, float(opacity), mode)
        Item.__init__(self, made)

    opacity = pdb_property("layer", "opacity")
    mode = pdb_property("layer", "mode")
    lock_alpha = pdb_property("layer", "lock-alpha")
    preserve_trans = lock_alpha
    apply_mask = pdb_property("layer", "apply-mask")
    show_mask = pdb_property("layer", "show-mask")
    edit_mask = property(
        lambda self: bool(call("gimp-layer-get-edit-mask", self.ID)[0]),
        lambda self, value: backend.current().layer_edit_mask(self.ID, bool(value)),
    )
    mask = property(lambda self: item(backend.current().layer_mask(self.ID)))

    @property
    def is_floating_sel(self):
        """Whether this is a floating selection."""
        return bool(call("gimp-layer-is-floating-sel", self.ID)[0])

    def copy(self, add_alpha=False):
        """Return a copy, not yet in the image."""
        return item(call("gimp-layer-copy", self.ID, int(add_alpha))[0])

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
        call("gimp-layer-remove-mask", self.ID, mode)

    def resize(self, width, height, offset_x=0, offset_y=0):
        """Change its bounds; the old pixels start at the offset."""
        call("gimp-layer-resize", self.ID, int(width), int(height), int(offset_x), int(offset_y))

    def resize_to_image_size(self):
        """Give it the image's bounds."""
        call("gimp-layer-resize-to-image-size", self.ID)

    def scale(self, width, height, local_origin=False, interpolation=-1):
        """Scale its pixels."""
        arguments = [self.ID, int(width), int(height), int(local_origin)]
        if interpolation < 0:
            call("gimp-layer-scale", *arguments)
        else:
            call("gimp-layer-scale-full", *(arguments + [interpolation]))

    def translate(self, offset_x, offset_y):
        """Move it by that much."""
        x, y = self.offsets
        self.set_offsets(x + offset_x, y + offset_y)

    def set_offsets(self, offset_x, offset_y):
        """Move it to that place."""
        backend.current().layer_set_offsets(self.ID, int(offset_x), int(offset_y))


class GroupLayer(Layer):
    """A layer group: gimp.GroupLayer(image[, name, opacity, mode]) makes a new one, not yet in the image."""

    def __init__(self, image, name=None, opacity=100.0, mode=_NORMAL_MODE):
        if not hasattr(image, "ID"):  # of an id
            Layer.__init__(self, image)
            return
        Layer.__init__(self, call("gimp-layer-group-new", image.ID)[0])
        self.opacity, self.mode = float(opacity), mode
        if name is not None:
            self.name = name

    layers = property(lambda self: self.children)


_LAYERS = {"layer": Layer, "text": Layer, "link": Layer, "vector": Layer, "group": GroupLayer}
LAYER_KINDS = frozenset(_LAYERS)
"""What a backend's item_kind calls the layers; GIMP 3.2 has "link" and "vector" too."""
# Items make their objects by kind; layers know items by import, and the other way round would be a circle.
CLASSES.update(_LAYERS)
