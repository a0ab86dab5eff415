# -*- coding: utf-8 -*-
"""The in-memory GIMP's drawables, layers, masks and selections."""

from __future__ import absolute_import, unicode_literals

from restyle_plugin.compat import to_text
from restyle_plugin.gimpfu_shim.errors import BackendError
from restyle_plugin.gimpfu_shim.layers import LAYER_KINDS

from .image import MemoryItem
from .images import MemoryImages
from .pixels import compose, convert, format_of, mask_format, pack, unpack

_WHITE, _BLACK, _SELECTION = 0, 1, 4
_LINEAR = "RGBA float"

__all__ = ["MemoryDrawables"]


class MemoryDrawables(MemoryImages):
    """Backend functions about pixels."""

    def drawable_width(self, drawable):
        return self._bounds(self.item(drawable))[2]

    def drawable_height(self, drawable):
        return self._bounds(self.item(drawable))[3]

    def drawable_offsets(self, drawable):
        return self._bounds(self.item(drawable))[:2]

    def drawable_has_alpha(self, drawable):
        return self.item(drawable).has_alpha

    def drawable_type(self, drawable):
        item = self.item(drawable)
        if item.kind in ("mask", "channel", "selection"):
            return 2
        return 2 * item.image.base_type + int(item.has_alpha)

    def drawable_read(self, drawable, x, y, width, height, babl_format):
        item = self.item(drawable)
        format_of(babl_format)
        if item.kind == "group":
            left, top = self._bounds(item)[:2]
            return self._projection(item.children, left + x, top + y, width, height, babl_format)
        return item.read(x, y, width, height, babl_format)

    def drawable_read_small(self, drawable, box, size, babl_format):
        pixel = format_of(babl_format).size
        data = self.drawable_read(drawable, box[0], box[1], box[2], box[3], babl_format)
        columns = [column * box[2] // size[0] for column in range(size[0])]
        rows = [row * box[3] // size[1] for row in range(size[1])]
        places = [(row * box[2] + column) * pixel for row in rows for column in columns]
        return b"".join(bytes(data[place : place + pixel]) for place in places)

    def drawable_write(self, drawable, x, y, width, height, babl_format, data):
        item = self.item(drawable)
        if item.kind == "group":
            raise BackendError("The group '%s' has no pixels of its own." % item.name)
        if len(data) != width * height * format_of(babl_format).size:
            raise BackendError("%d bytes for %d x %d pixels of %s" % (len(data), width, height, babl_format))
        if x < 0 or y < 0 or x + width > item.width or y + height > item.height:
            raise BackendError("The part is outside the drawable '%s'." % item.name)
        fresh = data if babl_format == item.babl else convert(bytes(data), babl_format, item.babl)
        if item.image.base_type == 2 and item.kind == "layer":
            fresh = item.snap(fresh)
        if not item.is_attached or item.is_unseen:
            item.write(x, y, width, height, fresh)
            return
        old = item.read(x, y, width, height, item.babl)
        item.image.record(lambda: item.write(x, y, width, height, old), lambda: item.write(x, y, width, height, fresh))

    # layers

    def layer_new(self, image, name, width, height, drawable_type, opacity, mode):
        image = self.image(image)
        if drawable_type // 2 != image.base_type or width < 1 or height < 1:
            raise BackendError("A layer of that type or size cannot be made in this image.")
        layer = MemoryItem.layer(self.new_id(), image, to_text(name), width, height, drawable_type % 2)
        layer.opacity, layer.mode = opacity, mode
        return self.add(layer)

    def group_new(self, image, name):
        """Return a new layer group, not yet in the image."""
        group = MemoryItem.layer(self.new_id(), self.image(image), to_text(name), 0, 0, True)
        group.kind = "group"
        return self.add(group)

    def layer_set_offsets(self, layer, x, y):
        self.item(layer).x, self.item(layer).y = x, y

    def layer_add_alpha(self, layer):
        item = self.item(layer)
        if not item.has_alpha:
            model, kind = item.babl.split(" ")
            data, new = item.data, "%sA %s" % (model, kind)
            item.data, item.babl = bytearray(convert(bytes(data), item.babl, new)), new

    def layer_mask(self, layer):
        item = self.item(layer)
        if item.kind not in LAYER_KINDS:
            raise BackendError("Item %d is not a layer." % layer)
        return item.mask

    def layer_create_mask(self, layer, mask_type):
        layer = self.item(layer)
        babl = mask_format(layer.image.precision)
        mask = MemoryItem(self.new_id(), layer.image, "mask", layer.name + " mask", layer.width, layer.height, babl)
        if mask_type == _SELECTION:
            mask.data[:] = self.item(layer.image.selection).read(layer.x, layer.y, layer.width, layer.height, babl)
        elif mask_type == _WHITE:
            mask.data[:] = pack([(1.0,)] * (layer.width * layer.height), format_of(babl))
        elif mask_type != _BLACK:
            raise BackendError("The in-memory GIMP makes no such mask.")
        return self.add(mask)

    def layer_add_mask(self, layer, mask):
        layer, channel = self.item(layer), self.item(mask)
        if layer.mask:
            raise BackendError("Unable to add a layer mask since the layer already has one.")

        def redo():
            layer.mask, layer.edits_mask = mask, True
            channel.x, channel.y, channel.is_attached = layer.x, layer.y, True

        def undo():
            layer.mask, layer.edits_mask, channel.is_attached = 0, False, False

        if layer.is_attached:
            layer.image.record(undo, redo)
        else:
            redo()

    def layer_edit_mask(self, layer, edit):
        self.item(layer).edits_mask = bool(edit)

    def channel_new(self, image, name):
        """Put a new black channel into the image; return its id."""
        image = self.image(image)
        channel = MemoryItem(
            self.new_id(), image, "channel", to_text(name), image.width, image.height, mask_format(image.precision)
        )
        channel.is_attached = True
        image.channels.insert(0, channel)
        return self.add(channel)

    # the selection

    def selection_is_empty(self, image):
        return not any(bytearray(self.item(self.image(image).selection).data))

    def selection_bounds(self, image):
        if self.selection_is_empty(image):
            return (False, 0, 0, self.image_width(image), self.image_height(image))
        image = self.image(image)
        item = self.item(image.selection)
        rows = [bytearray(item.read(0, y, image.width, 1, "Y u16")) for y in range(image.height)]
        ys = [y for y, row in enumerate(rows) if any(row)]
        xs = [n // 2 for row in rows for n, value in enumerate(row) if value]
        return (True, min(xs), ys[0], max(xs) + 1, ys[-1] + 1)

    # composition

    def _bounds(self, item):
        """(x, y, width, height) in the image; a group's are those of its children."""
        if item.kind != "group" or not item.children:
            return (item.x, item.y, item.width or 1, item.height or 1)
        parts = [self._bounds(child) for child in item.children]
        left, top = min(part[0] for part in parts), min(part[1] for part in parts)
        return (left, top, max(p[0] + p[2] for p in parts) - left, max(p[1] + p[3] for p in parts) - top)

    def _projection(self, layers, x, y, w, h, babl_format):
        """What a stack of layers (top first) looks like in a part of the image."""
        below = [(0.0, 0.0, 0.0, 0.0)] * (w * h)
        for item in reversed([item for item in layers if item.visible]):
            left, top, width, height = self._bounds(item)
            pixels = unpack(self._part(item, x - left, y - top, w, h), format_of(_LINEAR))
            inside = [(top <= y + n // w < top + height and left <= x + n % w < left + width) for n in range(w * h)]
            above = [pixel if is_in else (0.0, 0.0, 0.0, 0.0) for pixel, is_in in zip(pixels, inside)]
            below = compose(below, above, item.opacity / 100.0)
        return convert(pack(below, format_of(_LINEAR)), _LINEAR, babl_format)

    def _part(self, item, x, y, w, h):
        return self.drawable_read(item.ID, x, y, w, h, _LINEAR)
