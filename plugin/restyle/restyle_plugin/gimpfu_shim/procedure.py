# -*- coding: utf-8 -*-
"""A registered procedure as a value: what `register` was told, checked, in the form the backends read."""

from __future__ import absolute_import, unicode_literals

import re

from ..languages import said
from .pf import OBJECT_KINDS, RANGE_TYPES, pdb_kind

# gimpfu puts "python-fu-" before every other name.
_PREFIXES = ("python-", "python_", "extension-", "extension_", "plug-in-", "plug_in_", "file-", "file_")
_NAME = re.compile(r"^[A-Za-z0-9_-]+$")

__all__ = ["Param", "Procedure", "canonical_name"]


class Param(object):
    """One parameter (or result) of a procedure.

    type: PF_ number; name: with hyphens; label: text without mnemonic; default: in the form of a backend's
    value (None, 0 for objects); extra: gimpfu's fifth element or None; help, unit, group: hints ("" = none);
    values: words for an option's choices that stay when labels change (() = none); is_open: a radio's value may be another one
    than its choices, which may be others tomorrow; pictures: {choice: path of its thumbnail}; is_gallery: whether they are shown
    all at once; collection: what keeps them, or None; matters_with: names of
    parameters of which one must be chosen that it matters, () for none; is_optional: a picture that need not be chosen;
    spared_by: the name of a parameter with whose choice it need not, "" for none; offers: a function that gives
    ((title, path), …) of pictures to choose a file from, or None;
    labels: function of (backend, drawable) that gives an option's words for the layer at hand, or None; takes_several: a
    drawable that stands for all that are selected; is_hidden: whether the dialog leaves it out.
    """

    def __init__(self, type, name, label, default=None, extra=None, help="", unit="", group=""):  # noqa: A002
        self.type = type
        self.name = name.replace("_", "-")
        self.label = label.replace("_", "")
        self.default = default
        self.extra = extra
        self.help = help
        self.unit = unit
        self.group = group
        self.values = ()
        self.is_open = False
        self.pictures = {}
        self.is_gallery = False
        self.collection = None
        self.matters_with = ()
        self.is_optional = False
        self.offers = None
        self.spared_by = ""
        self.labels = None
        self.takes_several = False
        self.is_hidden = False

    @property
    def kind(self):
        """What the procedure database calls it: "int", "float", "string", "color", "image", …"""
        return pdb_kind(self.type)

    @property
    def is_object(self):
        """Whether its value is a GIMP object's id."""
        return self.kind in OBJECT_KINDS

    @property
    def bounds(self):
        """(lower, upper, step) of a slider or spinner, else None."""
        return tuple(self.extra) if self.type in RANGE_TYPES and self.extra else None


class Procedure(object):
    """A procedure as GIMP's database wants it; `params` exclude the run mode, which every procedure has first.

    name: with hyphens; label: the menu entry; menu: "<Image>/…" or "" for none; imagetypes: "*", "RGB*, GRAY*", "";
    menus: further menus; on_query: what to call when GIMP asks, or None; domain: (name, folder) of its translations, or None;
    place: its place in the menu as a number, None for the alphabet's; preview, presets, whereabouts, supply, estimate: see
    registry.describe, None for none.
    """

    def __init__(self, name, blurb, help, author, copyright, date, label, menu, imagetypes, params, results, function):  # noqa: A002
        self.name = name
        self.blurb = blurb
        self.help = help
        self.author = author
        self.copyright = copyright
        self.date = date
        self.label = label
        self.menu = menu
        self.imagetypes = imagetypes
        self.params = list(params)
        self.results = list(results)
        self.function = function
        self.place = None
        self.preview = None
        self.menus = []
        self.on_query = None
        self.domain = None
        self.presets = None
        self.whereabouts = None
        self.supply = None
        self.estimate = None

    def said(self, text):
        """Return a text of this procedure in the person's language."""
        return said(self.domain, text)

    def param(self, name):
        """Return the parameter of that name; KeyError if there is none."""
        for param in self.params:
            if param.name == name.replace("_", "-"):
                return param
        raise KeyError(name)

    def defaults(self):
        """Return the parameters' defaults, in order."""
        return [param.default for param in self.params]


def canonical_name(name):
    """Return gimpfu's full name of a procedure, with hyphens; ValueError if it has other characters."""
    if not _NAME.match(name):
        raise ValueError("procedure name contains illegal characters: %r" % (name,))
    if not name.startswith(_PREFIXES):
        name = "python-fu-" + name
    return name.replace("_", "-")
