# -*- coding: utf-8 -*-
"""A filter's dialog as data: the catalogue's inputs and parameters as gimpfu rows, and the values chosen in them read back."""

from __future__ import absolute_import, unicode_literals

from .compat import decode_path, native_text, to_text
from .inputs import kind_of
from .models import own_models, thumbnails, title_of
from .row import Row

__all__ = ["rows_of", "values_of"]


def rows_of(gimpfu, declared, preselects_layers):
    """Return a filter's rows in the dialog's order; preselects_layers: some layer is always chosen in this gimpfu's dialogs."""
    first, last = [], []
    for item in declared["inputs"]:
        kind = kind_of(item)
        (last if kind.is_last else first).extend(kind.rows(gimpfu, item, preselects_layers))
    return first + [_param_row(gimpfu, param) for param in _shown(declared)] + last


def values_of(declared, rows, chosen):
    """Return ({input name: what was chosen for it}, parameters) of the values chosen in a filter's rows."""
    values = dict(zip([row.name for row in rows], chosen))
    inputs = {item["name"]: kind_of(item).chosen(item, values) for item in declared["inputs"]}
    return inputs, {param["name"]: _plain(param, values[_row_name(param)]) for param in _shown(declared)}


def _shown(declared):
    return [param for param in declared["params"] if param["dialog"]]


def _row_name(param):
    return param["name"].replace("_", "-")


def _param_row(gimpfu, param):
    """Return the row of a parameter of the catalogue."""
    kind, default = param["type"], param["default"]
    pf_type, extra, values = gimpfu.PF_TOGGLE, None, None
    if kind in ("float", "int"):
        pf_type, extra = gimpfu.PF_SLIDER if kind == "float" else gimpfu.PF_SPINNER, _bounds(param)
    elif kind == "choice":
        values = [choice["value"] for choice in param["choices"]]
        pf_type, default = gimpfu.PF_OPTION, values.index(default)
        extra = tuple(native_text(choice["title"]) for choice in param["choices"])
    elif kind == "model":
        pf_type, default, extra = gimpfu.PF_RADIO, native_text(default), _models(param)
    elif kind == "color":
        pf_type, default = gimpfu.PF_COLOR, _rgb(default)
    elif kind == "folder":
        pf_type, default = gimpfu.PF_DIRNAME, native_text(default or "")
    elif kind == "text":
        pf_type, default = gimpfu.PF_STRING, native_text(default or "")
    hint = {"help": param["description"], "unit": param["unit"], "group": param["group"]}
    if kind == "model":
        hint.update(
            open=True,
            gallery=bool(param["default"]),
            pictures=thumbnails([to_text(name) for _, name in extra], param.get("folder")),
        )
    return Row(_row_name(param), param["title"], pf_type, default, extra, values=values, **hint)


def _bounds(param):
    return (param["minimum"], param["maximum"], param["step"])


def _models(param):
    """Return ((title, name), …): the models in the box, then the user's own."""
    shipped = [(choice["title"], choice["value"]) for choice in param["choices"]]
    taken, names = {title for title, _ in shipped}, {name for _, name in shipped}
    own = []
    for name in own_models(param.get("folder")):
        if name not in names:
            title = title_of(name, param.get("folder"))
            own.append(("%s (%s)" % (title, name) if title in taken else title, name))
            taken.add(title)
    return tuple((native_text(title), native_text(name)) for title, name in shipped + own)


def _plain(param, value):
    """Return a parameter's value as it travels: numbers, words, "#rrggbb"."""
    kind = param["type"]
    if kind == "choice":
        return param["choices"][int(value)]["value"]
    if kind == "color":
        return "#%02x%02x%02x" % tuple(int(round(255 * min(1.0, max(0.0, part)))) for part in (value.r, value.g, value.b))
    return _PLAIN[kind](value)


def _text(value):
    return to_text(value or "")


_PLAIN = {
    "float": float,
    "int": lambda number: int(round(number)),
    "bool": bool,
    "model": _text,
    "text": _text,
    "folder": lambda path: decode_path(path) if path else "",
}


def _rgb(text):
    """Return (r, g, b) as floats 0..1 of "#rrggbb"."""
    return tuple(int(text[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
