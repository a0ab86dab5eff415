# -*- coding: utf-8 -*-
"""gimpfu's `gimp`: the module's functions and classes, as the attributes of one object."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_bytes, to_text
from . import backend, errors
from .image import Display, Image
from .items import Channel, Drawable, GroupLayer, Item, Layer, Parasite, Vectors, item
from .pixel_region import PixelRgn

__all__ = ["Gimp", "object_of_kind"]

_ITEM_KINDS = frozenset(["item", "layer", "channel", "drawable", "vectors"])


def object_of_kind(kind, ID):
    """Return the gimp object of a kind ("image", "layer", …) for an id; None for "none" or for what is gone."""
    if kind == "image":
        return Image.of_id(ID if ID and backend.current().image_is_valid(ID) else 0)
    if kind == "display":
        return Display.of_id(ID)
    if not ID or ID < 0 or not backend.current().item_is_valid(ID):
        return None
    return item(ID)


class Gimp(object):
    """What `import gimp` gives a plug-in, over the current backend."""

    Channel, Display, Drawable, GroupLayer, Image = Channel, Display, Drawable, GroupLayer, Image
    Item, Layer, Parasite, PixelRgn, Vectors = Item, Layer, Parasite, PixelRgn, Vectors
    error = errors.error

    @property
    def version(self):
        """(major, minor, micro) of the GIMP."""
        text = to_text(backend.current().call("gimp-version", [])[0])
        return tuple(int(part) for part in text.split("-")[0].split(".")[:3])

    def message(self, text):
        """Show a message."""
        backend.current().message(to_text(text))

    def image_list(self):
        """Return the open images."""
        return [Image.of_id(i) for i in backend.current().image_list()]

    def delete(self, thing):
        """Delete an image or item."""
        if isinstance(thing, Image):
            backend.current().image_delete(thing.ID)
        elif isinstance(thing, Display):
            backend.current().call("gimp-display-delete", [thing.ID])
        else:
            backend.current().call("gimp-item-delete", [thing.ID])

    def set_data(self, key, data):
        """Keep bytes under a key as long as GIMP runs."""
        backend.current().set_data(to_text(key), to_bytes(data))

    def get_data(self, key):
        """Return the bytes kept under a key; `error` if there are none."""
        data = backend.current().get_data(to_text(key))
        if data is None:
            raise errors.error("no data for id `%s'" % to_text(key))
        return data

    def progress_init(self, text=""):
        """Begin a progress bar."""
        backend.current().progress_init(to_text(text))

    def progress_update(self, fraction):
        """Move the progress bar; 0..1."""
        backend.current().progress_update(float(fraction))

    def displays_flush(self):
        """Show what changed."""
        backend.current().displays_flush()

    def _id2image(self, ID):
        return Image.of_id(ID) if backend.current().image_is_valid(ID) else None

    def _id2drawable(self, ID):
        return item(ID) if backend.current().item_is_valid(ID) else None
