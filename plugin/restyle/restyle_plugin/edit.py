# -*- coding: utf-8 -*-
"""Edit Restyled Layer: a layer that Restyle made, made anew with the settings that it remembers, as a person changes them."""

from __future__ import absolute_import, unicode_literals

import copy

from . import animation, gimpfu_shim, layers, provenance
from .errors import PluginError
from .gimpfu_shim import runner, values
from .gimpfu_shim.errors import CancelError, Cancelled
from .inputs import kind_of
from .kind import of_kind
from .languages import _
from .request import Request
from .rows import gone_models, restored, rows_of, values_of

__all__ = ["edited"]


def edited(gimp, declarations, image, drawable, procedure_of):
    """Return the Request that makes a restyled layer anew, after asking in the dialog of its filter.

    procedure_of: a function of a filter of the catalogue that gives its gimpfu_shim Procedure. Called without a person, nothing
    is asked, and the layer is made again as it was. PluginError with a sentence for any other layer; Cancelled.
    """
    layer = _only_layer(gimp, image, drawable)
    if provenance.is_growing(gimp, layer):
        text = _("\u201c%s\u201d is still being painted: edit the layer that comes when it is finished.")
        raise PluginError("not-restyled", text % gimp.item_name(layer))
    made = provenance.provenance_of(gimp, layer)
    declared = _filter_of(gimp, declarations, layer, made)
    _check_photo(gimp, declared, layer, made)
    procedure = _for_editing(declared, procedure_of(declared))
    _say_what_is_gone(gimp, declared, layer, made)
    found = dict(restored(gimp, declared, _with_seed(declared, made)), image=image, drawable=layer)
    chosen = [found.get(param.name, param.default) for param in procedure.params]
    if runner.is_interactive():
        try:
            chosen = runner.ask(gimp, procedure, chosen, image, layer)
        except CancelError:
            raise Cancelled()
    rows = rows_of(gimpfu_shim, declared, False)
    by_name = {param.name: values.to_gimpfu(param, value) for param, value in zip(procedure.params, chosen)}
    inputs, params = values_of(declared, rows, [by_name[row.name] for row in rows])
    return Request(declared, image, layer, inputs, params, declarations["version"], edited=layer)


def _only_layer(gimp, image, drawable):
    layer = layers.layer_of(gimp, image, drawable)
    if len(gimp.given_drawables(drawable)) > 1:
        raise PluginError("several-layers", _("Several layers are selected: select the one that you want to edit."))
    return layer


def _filter_of(gimp, declarations, layer, made):
    """Return the filter of the catalogue that made a layer."""
    name = made.get("request", {}).get("filter")
    if not name:
        raise PluginError(
            "not-restyled", _("\u201c%s\u201d was not made by Restyle: choose a layer that Restyle made.") % gimp.item_name(layer)
        )
    for declared in declarations["filters"]:
        if declared["id"] == name:
            return declared
    raise PluginError(
        "not-restyled",
        _("\u201c%(layer)s\u201d was made by a filter that this Restyle does not have (%(filter)s): update Restyle to edit it.")
        % {"layer": gimp.item_name(layer), "filter": name},
    )


def _check_photo(gimp, declared, layer, made):
    """PluginError where the photo that a layer was made of is not in its image any more."""
    if of_kind(declared, "layer") and not provenance.source_of(gimp, layer):
        name = (made.get("source") or {}).get("name") or _("Photo")
        raise PluginError(
            "photo-gone",
            _(
                "The layer \u201c%(photo)s\u201d that \u201c%(layer)s\u201d was made of is not in this image any more, or has "
                "another size: bring it back to edit its painting."
            )
            % {"photo": name, "layer": gimp.item_name(layer)},
        )


def _say_what_is_gone(gimp, declared, layer, made):
    """Tell that a style of a layer is not here any more, and that the dialog shows another; PluginError where nobody sees it."""
    for name in gone_models(declared, made["request"]):
        sentence = _("The style %(style)s of \u201c%(layer)s\u201d is not here any more: choose another one.")
        sentence = sentence % {"style": name, "layer": gimp.item_name(layer)}
        if not runner.is_interactive():
            raise PluginError("style-gone", sentence)
        gimp.message(sentence)


def _for_editing(declared, procedure):
    """Return the procedure of a dialog that says what it does, and does not ask which layers are painted."""
    kinds = [(kind_of(item), item) for item in declared["inputs"]]
    fixed = {row.name for kind, item in kinds if kind.is_last for row in kind.rows(gimpfu_shim, item, False)}
    fixed.add(animation.ROW)
    changed = copy.copy(procedure)
    changed.label, changed.params = _("Edit %s") % declared["title"], []
    for param in procedure.params:
        param = copy.copy(param)
        param.is_hidden = param.name in fixed
        changed.params.append(param)
    return changed


def _with_seed(declared, made):
    """Return what a layer remembers, with the seed that it was made with."""
    request = made["request"]
    seeds = {
        param["name"]: made["seed"] for param in declared["params"] if param["role"] == "seed" and made.get("seed") is not None
    }
    return dict(made, request=dict(request, params=dict(request.get("params", {}), **seeds)))
