# -*- coding: utf-8 -*-
"""The catalogue as menu entries: one gimpfu procedure per filter, its dialog's values back as a request."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os

from .compat import decode_path, encode_path, native_text
from .entry import guarded
from .errors import CatalogueDamaged
from .inputs import can_preview, picture_stem
from .request import Request
from .rows import rows_of, values_of

MENU = "<Image>/Filters/Style Transfer"
_AUTHOR = "Restyle"
_YEAR = "2026"
_HELP = (
    "The result is a new layer above the active one, in the layer's size, precision and alpha: grey layers stay grey, "
    "indexed ones keep their palette. A selection becomes its layer mask."
)
_HELP_LAYER_FIRST = " Of a style's layer and file, the layer is taken."
_HELP_FILE_FIRST = " Of a style's layer and file, the file is taken. A style of weight 0 is not used."

_OF_A_FILTER = ("id", "title", "menu_label", "summary", "paper", "inputs", "outputs", "params")

__all__ = ["MENU", "catalogue", "procedure_name", "register_filters", "register_notice"]


def catalogue():
    """Return the catalogue that lies beside this module. Raises CatalogueDamaged."""
    path = os.path.join(os.path.dirname(decode_path(os.path.abspath(__file__))), "catalogue.json")
    try:
        with io.open(encode_path(path), encoding="utf-8") as file:
            declarations = json.load(file)
        for declared in declarations["filters"]:
            for part in _OF_A_FILTER:
                declared[part]
        declarations["version"]
    except (EnvironmentError, ValueError, KeyError, TypeError):
        raise CatalogueDamaged(path)
    return declarations


def procedure_name(declared):
    """Return the name of a filter's procedure."""
    return "python-fu-restyle-" + declared["id"]


def register_filters(gimpfu, declarations):
    """Register every filter of a catalogue, in its order, with a gimpfu (the real one or the shim)."""
    for place, declared in enumerate(declarations["filters"]):
        describe = getattr(gimpfu, "describe", None)
        rows = rows_of(gimpfu, declared, _preselects_layers(gimpfu))
        params = [
            (gimpfu.PF_IMAGE, native_text("image"), native_text("Image"), None),
            (gimpfu.PF_DRAWABLE, native_text("drawable"), native_text("Layer"), None),
        ] + [row.with_unit() if describe is None else row.gimpfu for row in rows]
        name = procedure_name(declared)
        gimpfu.register(
            native_text(name),
            native_text(declared["summary"]),
            native_text("%s\n%s\n%s" % (declared["summary"], declared["paper"], _help(gimpfu, declared))),
            native_text(_AUTHOR),
            native_text(_AUTHOR),
            native_text(_YEAR),
            native_text(declared["menu_label"]),
            native_text("*"),
            params,
            [],
            _function(gimpfu, declared, declarations["version"], rows),
            menu=native_text(MENU),
        )
        if describe is not None:
            hints = dict({row.name: row.hint for row in rows}, drawable={"several": True})
            describe(name, hints, place, _preview_of(declared, rows, declarations["version"]))


def register_notice(gimpfu, error):
    """Register, instead of filters, one menu entry that says what is wrong: a menu that is missing says nothing."""

    def function(image, drawable):
        def fail():
            raise error

        guarded(gimpfu, fail)

    params = [
        (gimpfu.PF_IMAGE, native_text("image"), native_text("Image"), None),
        (gimpfu.PF_DRAWABLE, native_text("drawable"), native_text("Layer"), None),
    ]
    gimpfu.register(
        native_text("python-fu-restyle-notice"),
        native_text(error.text),
        native_text(error.text),
        native_text(_AUTHOR),
        native_text(_AUTHOR),
        native_text(_YEAR),
        native_text("Restyle is damaged…"),
        native_text("*"),
        params,
        [],
        function,
        menu=native_text(MENU),
    )


def _preselects_layers(gimpfu):
    """Whether the dialog always has some layer chosen: the real gimpfu's drop-downs of layers offer no "none"."""
    return not hasattr(gimpfu, "describe")


def _preview_of(declared, rows, version):
    """Return what `describe` takes as a preview; None for a filter that has none."""
    if not can_preview(declared):
        return None

    def preview(gimp, image, drawable):
        from . import launch  # late, as in entry.guarded
        from .preview import Preview

        return Preview(gimp, lambda: launch.connect(version), declared, rows, image, drawable)

    return preview


def _help(gimpfu, declared):
    if not _pictures(declared):
        return _HELP
    return _HELP + (_HELP_FILE_FIRST if _preselects_layers(gimpfu) else _HELP_LAYER_FIRST)


def _function(gimpfu, declared, version, rows):
    """Return the function that gimpfu calls with (image, drawable, *parameters)."""

    def function(image, drawable, *chosen):
        values = _without_preselected(declared, rows, chosen) if _preselects_layers(gimpfu) else chosen
        guarded(gimpfu, lambda: _request(declared, version, image, drawable, rows, values))

    return function


def _pictures(declared):
    return [item for item in declared["inputs"] if item["kind"] == "pictures"]


def _without_preselected(declared, rows, chosen):
    """Return the values without the layers of pictures that have a file."""
    values = dict(zip([row.name for row in rows], chosen))
    for item in _pictures(declared):
        for number in range(1, item["maximum"] + 1):
            stem = "%s-%d-" % (picture_stem(item), number)
            if values[stem + "file"]:
                values[stem + "layer"] = None
    return [values[row.name] for row in rows]


def _request(declared, version, image, drawable, rows, chosen):
    inputs, params = values_of(declared, rows, chosen)
    return Request(declared, _id(image), _id(drawable), inputs, params, version)


def _id(thing):
    return 0 if thing is None else thing.ID
