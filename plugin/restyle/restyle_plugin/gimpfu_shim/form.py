# -*- coding: utf-8 -*-
"""How a dialog arranges a procedure's parameters, whatever toolkit draws it."""

from __future__ import absolute_import, unicode_literals

import copy

from ..languages import _
from . import backend
from .pf import PATH_TYPES, PF_DRAWABLE, PF_LAYER

CHOOSE_FIRST = _("Choose a picture to go on.")
"""What a dialog says while OK waits for a picture."""
_CHOOSE_EITHER = _("Choose a picture to go on, or something at “%s” that needs none.")

_DRAWABLES = (PF_DRAWABLE, PF_LAYER)
# What a screen takes of its own, and a window's frame: panels tell GTK 3 alone, and neither knows the frame.
_KEPT_FREE = 60
_LEAST_HEIGHT = 120  # of the rows, on whatever screen

__all__ = [
    "CHOOSE_FIRST",
    "asked",
    "choose_first",
    "estimate_of",
    "for_layer",
    "groups",
    "hint_of",
    "is_needed",
    "matters",
    "picture_stems",
    "presets_of",
    "preview_of",
    "rows_height",
    "settle",
    "supply_of",
    "title_of",
]


def preview_of(procedure, image, drawable):
    """Return what shows the result in the dialog of a call, None where there is none."""
    return procedure.preview(backend.current(), image, drawable) if procedure.preview and drawable else None


def title_of(procedure):
    """Return the title of a procedure's dialog; where another computer computes, it says so."""
    title = procedure.said(procedure.label).rstrip(".…")
    place = procedure.whereabouts() if procedure.whereabouts else ""
    return "%s – %s" % (title, place) if place else title


def presets_of(procedure):
    """Return what a procedure's dialog offers to choose all values at once, None where there is none."""
    return procedure.presets(backend.current()) if procedure.presets else None


def supply_of(procedure):
    """Return what a procedure's dialog offers to bring, None where there is no such thing."""
    return procedure.supply() if procedure.supply else None


def hint_of(is_chosen, waits_for, estimate, wanted=CHOOSE_FIRST):
    """Return the line above OK: what it waits for, else how long it takes. wanted: as choose_first says it."""
    return waits_for or (estimate if is_chosen else wanted)


def choose_first(params):
    """Return what a dialog of these parameters says while OK waits for a picture."""
    sparing = {param.spared_by for param in params}
    labels = [param.label for param in params if param.name in sparing]
    return _CHOOSE_EITHER % labels[0] if labels else CHOOSE_FIRST


def matters(param, model):
    """Whether a parameter's value changes anything, beside the values that a DialogModel has."""
    return not param.matters_with or any(model.get(name) for name in param.matters_with)


def estimate_of(procedure, image, drawable):
    """Return a function of a dialog's values by name that says how long they take, "" where that is not known; None for none."""
    if not procedure.estimate or not drawable:
        return None
    return lambda values: procedure.estimate(backend.current(), image, drawable, values)


def settle(pictures, model=None):
    """Let weights be changed where they matter: between chosen pictures of one input; return whether each needed input has one.

    pictures: values with stem ("style-1"), is_needed, spared_by (the name of a choice with which it is not), is_chosen(),
    set_weight_matters(bool); model: the DialogModel, None before there is one.
    """
    chosen = [_input_of(picture) for picture in pictures if picture.is_chosen()]
    for picture in pictures:
        picture.set_weight_matters(picture.is_chosen() and chosen.count(_input_of(picture)) > 1)
    return {_input_of(picture) for picture in pictures if picture.is_needed and not _is_spared(picture, model)} <= set(chosen)


def _is_spared(picture, model):
    return bool(model and picture.spared_by and model.get(picture.spared_by))


def _input_of(picture):
    return picture.stem.rpartition("-")[0]


def rows_height(wanted, others, screen):
    """Return the height of a dialog's rows in pixels: as they want it, and less where the whole would leave the screen.

    others: the height of everything else in the dialog; screen: that of the monitor.
    """
    return min(wanted, max(_LEAST_HEIGHT, screen - others - _KEPT_FREE))


def asked(params):
    """Return the parameters to ask for: all but the image and drawable in front, which GIMP's menu gives."""
    count = 0
    while count < min(len(params), 2) and params[count].is_object:
        count += 1
    return params[count:]


def for_layer(params, drawable):
    """Return the parameters to show for a layer: first the choices about it, in its words; those that it has not are left out."""
    about = [(param, param.labels(backend.current(), drawable)) for param in params if param.labels]
    shown = [_worded(param, words) for param, words in about if words] + [param for param in params if not param.labels]
    return [param for param in shown if not param.is_hidden]


def _worded(param, words):
    worded = copy.copy(param)
    worded.extra = tuple(words)
    return worded


def groups(params):
    """Return [(title, parameters)] in order of appearance; the main group's title is "", and it comes first."""
    titles = [""]
    for param in params:
        if param.group not in titles:
            titles.append(param.group)
    members = [(title, [param for param in params if param.group == title]) for title in titles]
    return [(title[:1].upper() + title[1:], found) for title, found in members if found]


def picture_stems(params):
    """Return the stems X for which there are parameters X-file (a path) and X-layer (a drawable): one picture each."""
    types = {param.name: param.type for param in params}
    stems = [param.name[: -len("-file")] for param in params if param.name.endswith("-file") and param.type in PATH_TYPES]
    return [stem for stem in stems if types.get(stem + "-layer") in _DRAWABLES]


def is_needed(params, stem):
    """Whether the picture X-file, X-layer is one of the main group's that somebody has to choose."""
    return any(param.name == stem + "-file" and not param.group and not param.is_optional for param in params)
