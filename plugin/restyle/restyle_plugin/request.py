# -*- coding: utf-8 -*-
"""Request: what a person asked for in a dialog, as values; in GIMP's terms, not yet the server's."""

from __future__ import absolute_import, unicode_literals

from collections import namedtuple

__all__ = ["Request", "Style"]

Style = namedtuple("Style", "path layer weight name")
"""A style picture: a file's path or None, a layer's id or 0 (it goes before the file), a weight, a name ("" = not yet known)."""

Request = namedtuple("Request", "filter image drawable inputs params version edited animates")
"""filter: its part of the catalogue; image, drawable: ids; inputs: {name: what its kind of inputs.py says was chosen}; params:
names and values for the server; edited: the layer that Restyle made and that shall be made anew, 0 for none; animates: whether
the image's layers are frames that are painted into a new image."""
Request.__new__.__defaults__ = (0, False)
