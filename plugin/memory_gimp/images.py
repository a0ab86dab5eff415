# -*- coding: utf-8 -*-
"""The in-memory GIMP's images and items: who is valid, who is in which image, in which order."""

from __future__ import absolute_import, unicode_literals

import os

from restyle_plugin.compat import to_bytes, to_text
from restyle_plugin.gimpfu_shim.errors import BackendError

from .image import MemoryImage, MemoryItem
from .pixels import mask_format
from .png import read_png

_UNDOABLE = 2  # GIMP_PARASITE_UNDOABLE
_DEFAULT_PRECISION = {"u8": 150, "u16": 250}

__all__ = ["MemoryImages"]


class MemoryImages(object):
    """Backend functions about images and items; BackendError for ids of what does not exist (any more)."""

    def __init__(self, read_picture=read_png):
        self.images, self.items = {}, {}
        self._next_id = 1
        self._read_picture = read_picture

    def image(self, ID):
        """Return the MemoryImage of an id."""
        if ID not in self.images:
            raise BackendError(
                "Procedure has been called with an invalid ID for argument 'image'. Most likely a plug-in is trying to "
                "work on an image that doesn't exist any longer."
            )
        return self.images[ID]

    def item(self, ID):
        """Return the MemoryItem of an id."""
        if not self.item_is_valid(ID):
            raise BackendError(
                "Procedure has been called with an invalid ID for argument 'item'. Most likely a plug-in is trying to "
                "work on a layer that doesn't exist any longer."
            )
        return self.items[ID]

    def add(self, item):
        """Give an item its place among the valid ones; return its id."""
        self.items[item.ID] = item
        return item.ID

    def new_id(self):
        """Return an id that was never used."""
        self._next_id += 1
        return self._next_id

    # images

    def image_new(self, width, height, base_type, precision):
        image = MemoryImage(self.new_id(), width, height, base_type, precision)
        self.images[image.ID] = image
        selection = MemoryItem(self.new_id(), image, "selection", "Selection Mask", width, height, mask_format(precision))
        image.selection = self.add(selection)
        return image.ID

    def load_image(self, path):
        width, height, babl, data = self._read_picture(path)
        model, kind = babl.split(" ")
        image = self.image_new(width, height, 1 if model.startswith("Y") else 0, _DEFAULT_PRECISION[kind])
        self.image(image).filename = path
        layer = MemoryItem.layer(self.new_id(), self.image(image), os.path.basename(path), width, height, model.endswith("A"))
        layer.data[:] = data
        self.image_insert_layer(image, self.add(layer), 0, 0)
        del self.image(image).undo_steps[:]
        self.image(image).dirty = 0
        return image

    def image_delete(self, image):
        image = self.image(image)
        for ID in [ID for ID, item in self.items.items() if item.image is image]:
            del self.items[ID]
        del self.images[image.ID]

    def image_list(self):
        return sorted(self.images)

    def image_is_valid(self, image):
        return image in self.images

    def image_width(self, image):
        return self.image(image).width

    def image_height(self, image):
        return self.image(image).height

    def image_base_type(self, image):
        return self.image(image).base_type

    def image_precision(self, image):
        return self.image(image).precision

    def image_filename(self, image):
        return self.image(image).filename

    def image_name(self, image):
        return os.path.basename(self.image(image).filename or "Untitled")

    def image_layers(self, image):
        return [item.ID for item in self.image(image).layers]

    def image_channels(self, image):
        return [item.ID for item in self.image(image).channels]

    def image_selection(self, image):
        return self.image(image).selection

    def image_active_drawable(self, image):
        active = self.items.get(self.image(image).active)
        if active is None:
            return 0
        return active.mask if active.mask and active.edits_mask else active.ID

    def image_undo_group_start(self, image):
        self.image(image).group_start()

    def image_undo_group_end(self, image):
        if not self.image(image).undo_depth:
            raise BackendError("no undo group is open")
        self.image(image).group_end()

    def image_insert_layer(self, image, layer, parent, position):
        image, item = self.image(image), self.item(layer)
        if item.is_attached or item.image is not image:
            raise BackendError("Layer '%s' (%d) cannot be added to this image." % (item.name, layer))
        group = self.item(parent) if parent else None
        if position < 0:
            active = self.items.get(image.active)
            position = active.siblings().index(active) if active is not None and active.parent is group else 0
        before, item.is_unseen = image.active, bool(image.undo_freezes)

        def redo():
            item.parent, item.is_attached = group, True
            item.siblings().insert(position, item)
            image.active, item.edits_mask = item.ID, False

        image.record(lambda: self._detach(item, before), redo)

    def image_select_layer(self, image, layer):
        if not self.item(layer).is_attached:
            raise BackendError("Layer %d is not in the image." % layer)
        self.image(image).active = layer

    def image_remove_layer(self, image, layer):
        image, item = self.image(image), self.item(layer)
        if not item.is_attached:
            raise BackendError("Layer '%s' (%d) is not in the image." % (item.name, layer))
        siblings, position = item.siblings(), item.siblings().index(item)

        def undo():
            siblings.insert(position, item)
            item.is_attached = True

        image.record(undo, lambda: self._detach(item, image.active))
        if image.undo_freezes:
            del self.items[layer]  # nothing remembers it

    def _detach(self, item, active):
        item.siblings().remove(item)
        item.is_attached = False
        item.image.active = active if active != item.ID else 0

    # items

    def item_is_valid(self, item):
        return item in self.items

    def item_kind(self, item):
        return self.item(item).kind

    def item_name(self, item):
        return self.item(item).name

    def item_set_name(self, item, name):
        self.item(item).name = to_text(name)

    def item_parent(self, item):
        parent = self.item(item).parent
        return parent.ID if parent is not None else 0

    def item_children(self, item):
        return [child.ID for child in self.item(item).children]

    def item_image(self, item):
        return self.item(item).image.ID

    def item_position(self, item):
        item = self.item(item)
        return item.siblings().index(item) if item.is_attached else -1

    def item_attach_parasite(self, item, name, flags, data):
        item, name, new = self.item(item), to_text(name), (flags, to_bytes(data))
        old = item.parasites.get(name)

        def undo():
            item.parasites.pop(name)
            if old is not None:
                item.parasites[name] = old

        if flags & _UNDOABLE and item.is_attached:
            item.image.record(undo, lambda: item.parasites.__setitem__(name, new))
        else:
            item.parasites[name] = new

    def item_parasite(self, item, name):
        found = self.item(item).parasites.get(to_text(name))
        return found[1] if found else None
