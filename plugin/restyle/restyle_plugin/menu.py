# -*- coding: utf-8 -*-
"""The catalogue as menu entries: one gimpfu procedure per filter, its dialog's values back as a request."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os

from . import care, folder
from .canvas import GROWTH
from .compat import decode_path, encode_path, native_text
from .entry import growing, guarded, safely
from .errors import CatalogueDamaged
from .inputs import can_preview
from .kind import of_kind
from .languages import DOMAIN, FOLDER, N_, _, localized
from .picture_kind import picture_stem
from .request import Request
from .rows import animates, rows_of, values_of

MENU = "<Image>/Filters/Style Transfer"
_TRANSLATED = (native_text(DOMAIN), native_text(FOLDER))
_AUTHOR = "Restyle"
_YEAR = "2026"
_HELP = _(
    "The result is a new layer above the active one, in the layer's size, precision and alpha: grey layers stay grey, "
    "indexed ones keep their palette. A selection becomes its layer mask."
)
_HELP_ANIMATION = _(
    "With Animation on, the image's layers are painted as frames into a new image, which is then among those open."
)
_HELP_LAYER_FIRST = _("Of a style's layer and file, the layer is taken.")
_HELP_FILE_FIRST = _("Of a style's layer and file, the file is taken. A style of weight 0 is not used.")

_OF_A_FILTER = ("id", "title", "menu_label", "summary", "paper", "inputs", "outputs", "params")

EDIT = "python-fu-restyle-edit-restyled-layer"
_EDIT_LABEL = N_("Edit Restyled Layer…")
_EDIT_SUMMARY = N_("Change the settings of a layer that Restyle made, and paint it anew in its place.")

_GROWTH_SUMMARY = N_("Show a painting of Restyle in the making.")

__all__ = ["EDIT", "MENU", "catalogue", "procedure_name", "register_filters", "register_notice"]


def catalogue():
    """Return the catalogue that lies beside this module, in the person's language. Raises CatalogueDamaged."""
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
    return localized(declarations)


def procedure_name(declared):
    """Return the name of a filter's procedure."""
    return "python-fu-restyle-" + declared["id"]


def register_filters(gimpfu, declarations):
    """Register a catalogue's filters, in its order, and what edits their layers, with a gimpfu (the real one or the shim)."""
    for place, declared in enumerate(declarations["filters"]):
        describe = getattr(gimpfu, "describe", None)
        rows = rows_of(gimpfu, declared, _preselects_layers(gimpfu))
        params = _in_front(gimpfu) + [row.with_unit() if describe is None else row.gimpfu for row in rows]
        name = procedure_name(declared)
        gimpfu.register(
            native_text(name),
            native_text(declared["summary"]),
            native_text("%s\n%s\n%s" % (_(declared["summary"]), declared["paper"], _help(gimpfu, declared))),
            native_text(_AUTHOR),
            native_text(_AUTHOR),
            native_text(_YEAR),
            native_text(declared["menu_label"]),
            native_text("*"),
            params,
            [],
            _function(gimpfu, declared, declarations["version"], rows),
            menu=native_text(MENU),
            domain=_TRANSLATED,
        )
        if describe is not None:
            hints = dict({row.name: row.hint for row in rows}, drawable={"several": True})
            preview, presets = _preview_of(declared, rows, declarations["version"]), _presets_of(declared, rows, declarations)
            supply = _supply_of(declared, rows, declarations["version"])
            describe(name, hints, place, preview, presets, _whereabouts, supply, _estimate_of(declared, rows))
    place = len(declarations["filters"])
    _register_alone(gimpfu, EDIT, _EDIT_SUMMARY, _EDIT_LABEL, _editing(gimpfu, declarations), place)
    _register_folder(gimpfu, declarations, place + 1)
    task = (gimpfu.PF_STRING, native_text("task"), native_text("Task"), native_text(""))
    _register_alone(gimpfu, GROWTH, _GROWTH_SUMMARY, "", growing(gimpfu), None, [task], {}, "")
    for number, one in enumerate(care.ENTRIES, place + 2):
        _register_alone(gimpfu, one.name, one.summary, one.label, care.function_of(gimpfu, one), number, [], {})


def register_notice(gimpfu, error):
    """Register, instead of filters, one menu entry that says what is wrong: a menu that is missing says nothing."""

    def function(image, drawable):
        def fail():
            raise error

        guarded(gimpfu, fail)

    _register_alone(gimpfu, "python-fu-restyle-notice", error.text, N_("Restyle is damaged…"), function)


def _register_folder(gimpfu, declarations, place):
    """Register what works on folders, and on no image."""
    params, hints = folder.rows(gimpfu, declarations)

    def function(*chosen):
        def run():
            from .pixels import gimp  # late, as in entry.guarded

            folder.run(gimp(), declarations, *chosen)

        safely(gimpfu, run)

    _register_alone(gimpfu, folder.FOLDER, folder.SUMMARY, folder.LABEL, function, place, params, hints)


def _register_alone(gimpfu, name, text, label, function, place=None, params=None, hints=None, menu=MENU):
    """Register a function of an image and a layer, or of other parameters and no image."""
    gimpfu.register(
        native_text(name),
        native_text(text),
        native_text(text),
        native_text(_AUTHOR),
        native_text(_AUTHOR),
        native_text(_YEAR),
        native_text(label),
        native_text("*" if params is None else ""),
        _in_front(gimpfu) if params is None else params,
        [],
        function,
        menu=native_text(menu),
        domain=_TRANSLATED,
    )
    if hasattr(gimpfu, "describe"):
        gimpfu.describe(name, {"drawable": {"several": True}} if hints is None else hints, place)


def _in_front(gimpfu):
    """Return the parameters that GIMP's menu gives."""
    return [
        (gimpfu.PF_IMAGE, native_text("image"), native_text("Image"), None),
        (gimpfu.PF_DRAWABLE, native_text("drawable"), native_text("Layer"), None),
    ]


def _preselects_layers(gimpfu):
    """Whether the dialog always has some layer chosen: the real gimpfu's drop-downs of layers offer no "none"."""
    return not hasattr(gimpfu, "describe")


def _preview_of(declared, rows, version):
    """Return what `describe` takes as a preview; None for a filter that has none."""
    if not can_preview(declared):
        return None

    def preview(gimp, image, drawable):
        from . import places  # late, as in entry.guarded
        from .preview import Preview

        def connect(stays):
            return places.connect(version, None, stays)

        return Preview(gimp, connect, declared, rows, image, drawable)

    return preview


def _whereabouts():
    """Return what people call the server in another room that was chosen, "" for none."""
    from .remote import chosen  # late, as in entry.guarded

    invitation = chosen()
    return invitation.place if invitation else ""


def _presets_of(declared, rows, declarations):
    """Return what `describe` takes as presets."""

    def presets(gimp):
        from .presets import Presets  # late, as in entry.guarded

        return Presets(gimp, declared, rows, {one["id"]: one["title"] for one in declarations["filters"]})

    return presets


def _supply_of(declared, rows, version):
    """Return what `describe` takes as a supply."""

    def supply():
        from . import bootstrap, places, remote  # late, as in entry.guarded
        from .set_up import SetUp
        from .supply import Supply

        is_far = remote.chosen() is not None
        set_up = SetUp(version, is_packaged=lambda: bootstrap.is_packaged() and not is_far)
        return Supply(lambda: places.connect(version), declared, rows, set_up, is_far)

    return supply


def _estimate_of(declared, rows):
    """Return what `describe` takes as an estimate."""

    def estimate(gimp, image, drawable, values):
        from .estimates import estimate_words, painted_size  # late, as in entry.guarded

        __, params = values_of(declared, rows, [values[row.name] for row in rows])
        return estimate_words(declared, params, painted_size(gimp, image, drawable))

    return estimate


def _editing(gimpfu, declarations):
    """Return the function that edits a layer."""

    def function(image, drawable):
        def request():
            from . import edit  # late, as in entry.guarded
            from .pixels import gimp

            return edit.edited(gimp(), declarations, _id(image), _id(drawable), lambda declared: _in_shim(declared, declarations))

        guarded(gimpfu, request)

    return function


def _in_shim(declared, declarations):
    """Return the shim's procedure of a filter, whichever gimpfu runs: the real one's dialogs start with its own values alone."""
    from . import gimpfu_shim
    from .gimpfu_shim import registry

    if not registry.procedures():
        register_filters(gimpfu_shim, declarations)
    return next(known for known in registry.procedures() if known.name == procedure_name(declared))


def _help(gimpfu, declared):
    sentences = [_HELP] + ([_HELP_ANIMATION] if declared.get("held") else [])
    if of_kind(declared, "pictures"):
        sentences.append(_HELP_FILE_FIRST if _preselects_layers(gimpfu) else _HELP_LAYER_FIRST)
    return " ".join(sentences)


def _function(gimpfu, declared, version, rows):
    """Return the function that gimpfu calls with (image, drawable, *parameters)."""

    def function(image, drawable, *chosen):
        values = _without_preselected(declared, rows, drawable, chosen) if _preselects_layers(gimpfu) else chosen
        guarded(gimpfu, lambda: _request(declared, version, image, drawable, rows, values))

    return function


def _without_preselected(declared, rows, drawable, chosen):
    """Return the values without the layers of pictures that have a file, or that need not be and are the layer itself."""
    values = dict(zip([row.name for row in rows], chosen))
    for item in of_kind(declared, "pictures"):
        for number in range(1, item["maximum"] + 1):
            stem = "%s-%d-" % (picture_stem(item), number)
            is_itself = _id(values[stem + "layer"]) == _id(drawable)
            if values[stem + "file"] or (is_itself and not item["minimum"]):
                values[stem + "layer"] = None
    return [values[row.name] for row in rows]


def _request(declared, version, image, drawable, rows, chosen):
    inputs, params = values_of(declared, rows, chosen)
    return Request(declared, _id(image), _id(drawable), inputs, params, version, animates=animates(rows, chosen))


def _id(thing):
    return 0 if thing is None else thing.ID
