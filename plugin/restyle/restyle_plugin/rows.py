# -*- coding: utf-8 -*-
"""A filter's dialog as data: the catalogue's inputs and parameters as gimpfu rows, and the values chosen in them read back."""

from __future__ import absolute_import, unicode_literals

from .compat import decode_path, native_text, to_text
from .models import own_models, thumbnails, title_of
from .regions import SOURCES
from .session import Style

_MORE_STYLES = "More styles"
_WEIGHT_RANGE = (0.0, 10.0, 0.1)
_REGIONS = "regions-from"
_REGIONS_TITLE = "Regions from"
_REGIONS_HELP = (
    "What is a region in the photo takes its looks from the region of that name in the style: sky from sky. Anything found "
    "looks for layers named regions, then for channels with equal names, then for the layers' masks, and else finds regions "
    "by itself where this filter does."
)
_ALL = "all-layers"
_ALL_TITLE = "All layers"
_ALL_HELP = (
    "Paint every layer of the image, or of the group that is active, each as the active one would be: so the frames of an "
    "animation fit together."
)
_STYLE_HINTS = (
    ("file", "The picture whose style is taken."),
    ("layer", "A layer of any open image to take the style from, instead of the file."),
    ("weight", "How much this style counts among the others."),
)

__all__ = ["Row", "rows_of", "style_count", "values_of"]


class Row(object):
    """One row: `gimpfu`, the tuple that gimpfu takes, and `hint`, what its `describe` takes."""

    def __init__(self, name, title, pf_type, default, extra=None, **hint):
        front = (pf_type, native_text(name), native_text(title), default)
        self.name = name
        self.gimpfu = front if extra is None else front + (extra,)
        self.hint = hint

    def with_unit(self):
        """Return the gimpfu tuple for one that knows no units: the label tells."""
        unit = self.hint.get("unit")
        if not unit:
            return self.gimpfu
        return self.gimpfu[:2] + (native_text("%s (%s)" % (to_text(self.gimpfu[2]), unit)),) + self.gimpfu[3:]


def rows_of(gimpfu, declared, preselects_layers):
    """Return a filter's rows in the dialog's order; preselects_layers: some layer is always chosen in this gimpfu's dialogs."""
    rows = _style_rows(gimpfu, declared, preselects_layers)
    if _takes_regions(declared):
        titles = tuple(native_text(title) for _, title in SOURCES)
        rows.append(
            Row(_REGIONS, _REGIONS_TITLE, gimpfu.PF_OPTION, 0, titles, help=_REGIONS_HELP, values=[word for word, _ in SOURCES])
        )
    rows += [_param_row(gimpfu, param) for param in _shown(declared)]
    return rows + ([Row(_ALL, _ALL_TITLE, gimpfu.PF_TOGGLE, False, help=_ALL_HELP)] if _takes_reference(declared) else [])


def style_count(declared):
    """Return how many style pictures a filter takes at most."""
    return sum(item["maximum"] for item in declared["inputs"] if item["kind"] == "picture")


def values_of(declared, rows, chosen):
    """Return (styles, parameters, source of regions or None, whether all layers) of the values chosen in a filter's rows."""
    values = dict(zip([row.name for row in rows], chosen))
    styles = [_style(values, "style-%d-" % number) for number in range(1, style_count(declared) + 1)]
    source = SOURCES[int(values[_REGIONS])][0] if _takes_regions(declared) else None
    params = {param["name"]: _plain(param, values[_row_name(param)]) for param in _shown(declared)}
    return styles, params, source, bool(values.get(_ALL))


def _takes_regions(declared):
    return any(item["kind"] == "regions" for item in declared["inputs"])


def _takes_reference(declared):
    return any(item["kind"] == "reference" for item in declared["inputs"])


def _shown(declared):
    return [param for param in declared["params"] if param["dialog"]]


def _row_name(param):
    return param["name"].replace("_", "-")


def _style_rows(gimpfu, declared, preselects_layers):
    """Return the rows of the styles: file, layer and, where there may be several, weight for each."""
    rows, count = [], style_count(declared)
    is_needed = any(item["kind"] == "picture" and item["minimum"] for item in declared["inputs"])
    for number in range(1, count + 1):
        # A layer that nobody chose must not count.
        weight = 0.0 if preselects_layers and number > 1 else 1.0
        types = {
            "file": (gimpfu.PF_FILE, ""),
            "layer": (gimpfu.PF_DRAWABLE, None),
            "weight": (gimpfu.PF_SLIDER, weight, _WEIGHT_RANGE),
        }
        for part, text in _STYLE_HINTS[: 3 if count > 1 else 2]:
            title = "Style %s" % part if number == 1 else "Style %d %s" % (number, part)
            group = "" if number == 1 else _MORE_STYLES
            name = "style-%d-%s" % (number, part)
            rows.append(Row(name, title, *types[part], help=text, group=group, optional=not is_needed))
    return rows


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
        hint.update(open=True, pictures=thumbnails([to_text(name) for _, name in extra], param.get("folder")))
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


def _style(values, stem):
    path, layer = values[stem + "file"], values[stem + "layer"]
    ID = 0 if layer is None else layer.ID
    return Style(decode_path(path) if path else None, ID, float(values.get(stem + "weight", 1.0)), "")


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
