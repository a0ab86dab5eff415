# -*- coding: utf-8 -*-
"""A filter's dialog as data: its inputs and parameters as gimpfu rows; the values chosen in them as a request, and back."""

from __future__ import absolute_import, unicode_literals

from . import animation
from .collection import Collection, arranged
from .compat import decode_path, native_text, to_text
from .inputs import kind_of
from .kind import of_kind
from .languages import _
from .models import own_models, thumbnails, title_of
from .picture_kind import picture_stem
from .regions import AUTOMATIC, NONE
from .row import Row

# The words of a parameter of role "regions" of the core that say what a preset can keep of where regions come from.
_FOUND, _GIVEN = "auto", "given"
# What a group of the core is called where it is folded.
_FOLDS = {"advanced": _("For experts")}

__all__ = ["animates", "asked_for", "gone_models", "restored", "rows_of", "values_of"]


def rows_of(gimpfu, declared, preselects_layers):
    """Return a filter's rows in the dialog's order; preselects_layers: some layer is always chosen in this gimpfu's dialogs."""
    first, last = [], []
    for item in declared["inputs"]:
        kind = kind_of(item)
        (last if kind.is_last else first).extend(kind.rows(gimpfu, item, preselects_layers))
    return first + [_param_row(gimpfu, declared, param) for param in _shown(declared)] + last + animation.rows(gimpfu, declared)


def values_of(declared, rows, chosen):
    """Return ({input name: what was chosen for it}, parameters) of the values chosen in a filter's rows."""
    values = dict(zip([row.name for row in rows], chosen))
    inputs = {item["name"]: kind_of(item).chosen(item, values) for item in declared["inputs"]}
    return inputs, {param["name"]: _plain(param, values[_row_name(param)]) for param in _shown(declared)}


def animates(rows, chosen):
    """Return whether the values chosen in a filter's rows take the image's layers for an animation."""
    return bool(dict(zip([row.name for row in rows], chosen)).get(animation.ROW))


def asked_for(gimp, declared, inputs, params):
    """Return what values_of gave as a request, as the core has it: JSON, with paths for pictures, and nothing of the photo."""
    kept = {item["name"]: kind_of(item).kept(gimp, item, inputs[item["name"]]) for item in declared["inputs"]}
    sources = [inputs[item["name"]] for item in of_kind(declared, "regions")]
    word = {AUTOMATIC: _FOUND, NONE: _GIVEN}.get(sources[0]) if sources else None
    said = {param["name"]: word for param in declared["params"] if param["role"] == "regions" and word}
    return {
        "filter": declared["id"],
        "inputs": {name: value for name, value in kept.items() if value is not None},
        "params": dict(params, **said),
    }


def restored(gimp, declared, made):
    """Return {row name: backend value} of a dialog that asks for what was `made`: {"request", "regions": a word of SOURCES}.

    What it does not say is as declared, and so is what no longer fits: another version has other bounds and choices. The rows
    that say which layers are painted are left out.
    """
    asked, found = made["request"], {}
    for item in declared["inputs"]:
        ref = asked.get("inputs", {}).get(item["name"])
        found.update(kind_of(item).restored(gimp, item, _source(declared, made) if item["kind"] == "regions" else ref))
    for param in _shown(declared):
        try:
            value = _in_row(param, asked.get("params", {}).get(param["name"], param["default"]))
        except (TypeError, ValueError, LookupError):
            value = _in_row(param, param["default"])
        found[_row_name(param)] = value
    return found


def gone_models(declared, request):
    """Return the names of the models that a request asks for and that are not here any more."""
    asked = [(param, request.get("params", {}).get(param["name"])) for param in _shown(declared) if param["type"] == "model"]
    return [name for param, name in asked if name and name not in [word for __, word in _models(param)]]


def _source(declared, made):
    """Return where a request's regions came from, as far as it says."""
    params = [param for param in declared["params"] if param["role"] == "regions"]
    said = made["request"].get("params", {}).get(params[0]["name"]) if params else None
    if made.get("regions") or said is None or said == params[0]["default"]:
        return made.get("regions")
    return AUTOMATIC if said == _FOUND else NONE


def _shown(declared):
    return [param for param in declared["params"] if param["dialog"]]


def _row_name(param):
    return param["name"].replace("_", "-")


def _param_row(gimpfu, declared, param):
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
    hint = {"help": param["description"], "unit": param["unit"], "group": _FOLDS.get(param["group"], param["group"])}
    hint["matters_with"] = _matters_with(declared, param)
    if kind == "model":
        hint.update(
            open=True,
            gallery=bool(param["default"]),
            collection=Collection(param.get("folder")) if param["default"] else None,
            pictures=thumbnails([to_text(name) for __, name in extra], param.get("folder")),
        )
    return Row(_row_name(param), param["title"], pf_type, default, extra, values=values, **hint)


def _matters_with(declared, param):
    """Return the names of the rows without any of which a parameter changes nothing; () for one that always does."""
    if param["role"] == "mixing":
        pictures = [item for item in of_kind(declared, "pictures") if item["maximum"] > 1][:1]
        stems = ["%s-%d" % (picture_stem(item), number) for item in pictures for number in range(2, item["maximum"] + 1)]
        return tuple(stem + part for stem in stems for part in ("-file", "-layer"))
    return (param["matters_with"].replace("_", "-"),) if param.get("matters_with") else ()


def _bounds(param):
    return (param["minimum"], param["maximum"], param["step"])


def _models(param):
    """Return ((title, name), …): favourites, those used last, the models in the box, then the user's own."""
    shipped = [(choice["title"], choice["value"]) for choice in param["choices"]]
    taken, names = {title for title, __ in shipped}, {name for __, name in shipped}
    own = []
    for name in own_models(param.get("folder")):
        if name not in names:
            title = title_of(name, param.get("folder"))
            own.append(("%s (%s)" % (title, name) if title in taken else title, name))
            taken.add(title)
    return tuple((native_text(title), native_text(name)) for title, name in arranged(shipped + own, param["default"]))


def _plain(param, value):
    """Return a parameter's value as it travels: numbers, words, "#rrggbb"."""
    kind = param["type"]
    if kind == "choice":
        return param["choices"][int(value)]["value"]
    if kind == "color":
        return "#%02x%02x%02x" % tuple(int(round(255 * min(1.0, max(0.0, part)))) for part in (value.r, value.g, value.b))
    return _PLAIN[kind](value)


def _in_row(param, value):
    """Return the backend's value of one that travels; ValueError, TypeError or LookupError where it does not fit."""
    kind = param["type"]
    if kind == "choice":
        return [choice["value"] for choice in param["choices"]].index(value)
    if kind == "color":
        return _rgb(value)
    if kind == "model" and value not in [name for __, name in _models(param)]:
        raise ValueError(value)
    if kind == "folder":
        return value or None
    value = _PLAIN[kind](value)
    if kind in ("float", "int") and not param["minimum"] <= value <= param["maximum"]:
        raise ValueError(value)
    return value


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
