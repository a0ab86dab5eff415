# -*- coding: utf-8 -*-
"""The catalogue as menu entries: one gimpfu procedure per filter, its dialog's values back as a request."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os

from .compat import decode_path, encode_path, native_text, to_text
from .entry import guarded
from .session import Request, Style

MENU = "<Image>/Filters/Style Transfer"
_AUTHOR = "Restyle"
_YEAR = "2026"
_MORE_STYLES = "More styles"
_WEIGHT_RANGE = (0.0, 10.0, 0.1)
_HELP = (
    "The result is a new layer above the active one, in the layer's size, precision and alpha: grey layers stay grey, "
    "indexed ones keep their palette. A selection becomes its layer mask. "
)
_HELP_LAYER_FIRST = "Of a style's layer and file, the layer is taken."
_HELP_FILE_FIRST = "Of a style's layer and file, the file is taken. A style of weight 0 is not used."
_STYLE_HINTS = (
    ("file", "The picture whose style is taken."),
    ("layer", "A layer of any open image to take the style from, instead of the file."),
    ("weight", "How much this style counts among the others."),
)

__all__ = ["MENU", "catalogue", "procedure_name", "register_filters"]


def catalogue():
    """Return the catalogue that lies beside this module."""
    path = os.path.join(os.path.dirname(decode_path(os.path.abspath(__file__))), "catalogue.json")
    with io.open(encode_path(path), encoding="utf-8") as file:
        return json.load(file)


def procedure_name(declared):
    """Return the name of a filter's procedure."""
    return "python-fu-restyle-" + declared["id"]


def register_filters(gimpfu, declarations):
    """Register every filter of a catalogue with a gimpfu (the real one or the shim)."""
    for declared in declarations["filters"]:
        describe = getattr(gimpfu, "describe", None)
        rows = _style_rows(gimpfu, declared) + [_row(gimpfu, param) for param in _shown(declared)]
        if describe is None:
            rows = [_with_unit(row, hint) for row, hint in rows]
        params = [
            (gimpfu.PF_IMAGE, native_text("image"), native_text("Image"), None),
            (gimpfu.PF_DRAWABLE, native_text("drawable"), native_text("Layer"), None),
        ] + [row for row, _ in rows]
        name = procedure_name(declared)
        gimpfu.register(
            native_text(name),
            native_text(declared["summary"]),
            native_text("%s\n%s\n%s" % (declared["summary"], declared["paper"], _help(gimpfu))),
            native_text(_AUTHOR),
            native_text(_AUTHOR),
            native_text(_YEAR),
            native_text(declared["menu_label"]),
            native_text("*"),
            params,
            [],
            _function(gimpfu, declared, declarations["version"]),
            menu=native_text(MENU),
        )
        if describe is not None:
            describe(name, {row[1]: hint for row, hint in rows})


def _preselects_layers(gimpfu):
    """Whether the dialog always has some layer chosen: the real gimpfu's drop-downs of layers offer no "none"."""
    return not hasattr(gimpfu, "describe")


def _help(gimpfu):
    return _HELP + (_HELP_FILE_FIRST if _preselects_layers(gimpfu) else _HELP_LAYER_FIRST)


def _style_count(declared):
    return sum(item["maximum"] for item in declared["inputs"] if item["kind"] == "picture")


def _shown(declared):
    return [param for param in declared["params"] if param["dialog"]]


def _style_rows(gimpfu, declared):
    """Return (gimpfu parameter, hints) of the styles: file, layer and weight for each."""
    rows = []
    for number in range(1, _style_count(declared) + 1):
        # A layer that nobody chose must not count.
        weight = 0.0 if _preselects_layers(gimpfu) and number > 1 else 1.0
        types = {
            "file": (gimpfu.PF_FILE, ""),
            "layer": (gimpfu.PF_DRAWABLE, None),
            "weight": (gimpfu.PF_SLIDER, weight, _WEIGHT_RANGE),
        }
        for part, text in _STYLE_HINTS:
            label = "Style %s" % part if number == 1 else "Style %d %s" % (number, part)
            name = native_text("style-%d-%s" % (number, part))
            rows.append(
                (
                    (types[part][0], name, native_text(label)) + types[part][1:],
                    {"help": text, "group": "" if number == 1 else _MORE_STYLES},
                )
            )
    return rows


def _row(gimpfu, param):
    """Return (gimpfu parameter, hints) of a parameter of the catalogue."""
    front = (native_text(param["name"].replace("_", "-")), native_text(param["title"]))
    hint = {"help": param["description"], "unit": param["unit"], "group": param["group"]}
    kind, default = param["type"], param["default"]
    if kind in ("float", "int"):
        extra = (param["minimum"], param["maximum"], param["step"])
        return ((gimpfu.PF_SLIDER if kind == "float" else gimpfu.PF_SPINNER,) + front + (default, extra), hint)
    if kind == "choice":
        index = [choice["value"] for choice in param["choices"]].index(default)
        return ((gimpfu.PF_OPTION,) + front + (index, tuple(native_text(choice["title"]) for choice in param["choices"])), hint)
    if kind == "color":
        return ((gimpfu.PF_COLOR,) + front + (_rgb(default),), hint)
    return ((gimpfu.PF_TOGGLE,) + front + (default,), hint)


def _with_unit(row, hint):
    """Return the row for a gimpfu that knows no units: the label tells."""
    label = "%s (%s)" % (to_text(row[2]), hint["unit"]) if hint.get("unit") else to_text(row[2])
    return (row[:2] + (native_text(label),) + row[3:], hint)


def _function(gimpfu, declared, version):
    """Return the function that gimpfu calls with (image, drawable, *parameters)."""

    def function(image, drawable, *chosen):
        values = _without_preselected(chosen, _style_count(declared)) if _preselects_layers(gimpfu) else chosen
        guarded(gimpfu, lambda: _request(declared, version, image, drawable, values))

    return function


def _without_preselected(chosen, count):
    """Return the values without the layers of styles that have a file."""
    values = list(chosen)
    for i in range(0, 3 * count, 3):
        if values[i]:
            values[i + 1] = None
    return values


def _request(declared, version, image, drawable, chosen):
    count = _style_count(declared)
    styles = [_style(*chosen[3 * i : 3 * i + 3]) for i in range(count)]
    params = {param["name"]: _plain(param, value) for param, value in zip(_shown(declared), chosen[3 * count :])}
    return Request(declared, _id(image), _id(drawable), styles, params, version)


def _style(path, layer, weight):
    return Style(decode_path(path) if path else None, _id(layer), float(weight), "")


def _plain(param, value):
    """Return a parameter's value as it travels: numbers, words, "#rrggbb"."""
    kind = param["type"]
    if kind == "choice":
        return param["choices"][int(value)]["value"]
    if kind == "color":
        return "#%02x%02x%02x" % tuple(int(round(255 * min(1.0, max(0.0, part)))) for part in (value.r, value.g, value.b))
    return {"float": float, "int": lambda number: int(round(number)), "bool": bool}[kind](value)


def _rgb(text):
    """Return (r, g, b) as floats 0..1 of "#rrggbb"."""
    return tuple(int(text[i : i + 2], 16) / 255.0 for i in (1, 3, 5))


def _id(thing):
    return 0 if thing is None else thing.ID
