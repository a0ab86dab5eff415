# -*- coding: utf-8 -*-
"""gimpfu's `register`: the plug-in's procedures, in the order of registration."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_text
from .color import components
from .pf import OBJECT_KINDS, PATH_TYPES, PF_COLOR, PF_DRAWABLE, PF_IMAGE, PF_STRING, PF_TOGGLE, pdb_kind
from .procedure import Param, Procedure, canonical_name

_IMAGE = (PF_IMAGE, "image", "Input image", None)
_DRAWABLE = (PF_DRAWABLE, "drawable", "Input drawable", None)
_FILE_NAMES = ((PF_STRING, "filename", "The name of the file", ""), (PF_STRING, "raw-filename", "The name entered", ""))
# Parameters that gimpfu puts first when the menu is part of the label (its deprecated form).
_COMPAT_PARAMS = {"<Image>": (_IMAGE, _DRAWABLE), "<Load>": _FILE_NAMES, "<Save>": (_IMAGE, _DRAWABLE) + _FILE_NAMES}

_registered = []

__all__ = ["clear", "describe", "procedures", "register"]


def register(
    proc_name,
    blurb,
    help,  # noqa: A002  (gimpfu's names)
    author,
    copyright,  # noqa: A002
    date,
    label,
    imagetypes,
    params,
    results,
    function,
    menu=None,
    domain=None,
    on_query=None,
    on_run=None,
    run_mode_param=True,
):
    """Register a procedure, as gimpfu does; ValueError for names, types or extras that gimpfu refuses.

    on_query is called when GIMP asks what there is, as it may add menus. domain: (name, folder) of a
    gettext catalogue, by which GIMP's menu and the dialog's title are translated; on_run is accepted and unused;
    run_mode_param=False is refused, as GIMP 3 has no such procedures.
    """
    if not run_mode_param:
        raise ValueError("procedures without run mode are not supported")
    if not menu and label:
        menu, label, params, results = _split_label(to_text(label), list(params), list(results))
    _registered.append(
        Procedure(
            name=canonical_name(to_text(proc_name)),
            blurb=to_text(blurb),
            help=to_text(help),
            author=to_text(author),
            copyright=to_text(copyright),
            date=to_text(date),
            label=to_text(label or "").replace("_", ""),
            menu=to_text(menu or ""),
            imagetypes=to_text(imagetypes or ""),
            params=[_param(item) for item in params],
            results=[_param(tuple(item) + (None,)) for item in results],
            function=function,
        )
    )
    _registered[-1].on_query = on_query
    _registered[-1].domain = domain


def describe(proc_name, hints, place=None, preview=None, presets=None, whereabouts=None, supply=None, estimate=None):
    """Add what gimpfu cannot say: {parameter: {"help": text, "unit": "px", "group": title, …}}. Shim only.

    "values": words of an option's choices; "open": whether a radio takes other values than its choices; "pictures": {choice:
    path of its thumbnail}; "gallery": whether these are shown all at once;
    "collection": what keeps them, an object with is_own, is_favourite, favour, rename and delete of a choice;
    "optional": whether a picture need not be chosen; "spared_by": the name of a choice with which it need not;
    "matters_with": names of which one must be chosen that it matters;
    "offers": a function that gives ((title, path), …) of pictures to choose a file from, asked when a dialog opens;
    "labels": a function of (backend, drawable) that gives an option's words for the layer at hand, None where there is nothing
    to choose: such a value is never remembered;
    "several": whether a drawable stands for all that are selected (see the backends' given_drawables).

    place: the procedure's place in its menu, a number of up to three digits; GIMP 2.10 knows menu_order.PLACES, with a domain.

    preview: a function of (backend, image, drawable) that gives what the dialog shows of the result, None for none: an object
    with change(values by name), look() -> split.View, gallery(parameter, choices), switch(is_on), is_on,
    show_at_full_size(is_on), is_at_full_size, move(x, y), close().

    presets: a function of the backend that gives what the dialog offers to choose all values at once: an object with names(),
    values_of(name), values_in(path) and recent_values(number), which return {parameter: backend value}, save(name, values by
    name), delete(name), recent(), the titles of what was chosen before, and used(values by name), told of each choice. They raise
    errors.error with a sentence.

    whereabouts: a function that gives what computes, for the dialog's title; "" for this computer.

    supply: a function that gives what the dialog offers to bring before its filter can do what is chosen: an object with
    change(values by name), look() -> offer.Offer, press(), told of the offer's button, and close().

    estimate: a function of (backend, image, drawable, values by name) that gives a sentence on how long it takes, "" for none.

    Use as `getattr(gimpfu, "describe", None)`, for the real gimpfu has no such function. KeyError for unknown names.
    """
    procedure = [item for item in _registered if item.name == canonical_name(to_text(proc_name))][-1]
    procedure.place, procedure.preview, procedure.presets = place, preview, presets
    procedure.whereabouts, procedure.supply, procedure.estimate = whereabouts, supply, estimate
    for name, hint in hints.items():
        param = procedure.param(name)
        param.help = to_text(hint.get("help", param.help))
        param.unit = to_text(hint.get("unit", param.unit))
        param.group = to_text(hint.get("group", param.group))
        param.values = tuple(to_text(value) for value in hint.get("values") or ())
        param.is_open = bool(hint.get("open"))
        param.pictures = dict(hint.get("pictures") or {})
        param.is_gallery = bool(hint.get("gallery"))
        param.collection = hint.get("collection")
        param.matters_with = tuple(hint.get("matters_with") or ())
        param.is_optional = bool(hint.get("optional"))
        param.offers = hint.get("offers")
        param.spared_by = to_text(hint.get("spared_by") or "")
        param.labels = hint.get("labels")
        param.takes_several = bool(hint.get("several"))


def procedure(name):
    """Return the registered procedure of that name, with or without gimpfu's prefix; KeyError where there is none."""
    for item in _registered:
        if item.name == canonical_name(to_text(name)):
            return item
    raise KeyError(name)


def procedures():
    """Return the registered procedures."""
    return list(_registered)


def clear():
    """Forget all procedures."""
    del _registered[:]


def _split_label(label, params, results):
    """Take "<Image>/Filters/Name" apart; the parameters that such a menu implies come first."""
    menu, _, entry = label.rpartition("/")
    if not menu:
        return "", label, params, results
    root = menu.split("/")[0]
    if root == "<Load>":
        results = [(PF_IMAGE, "image", "Output image")] + results
    return menu, entry, list(_COMPAT_PARAMS.get(root, ())) + params, results


def _param(item):
    """Make a Param of gimpfu's tuple (type, name, description, default[, extra])."""
    if not 4 <= len(item) <= 5:
        raise ValueError("a parameter is (type, name, description, default[, extra]), not %r" % (item,))
    pf_type, name, label, default = item[:4]
    extra = item[4] if len(item) == 5 else None
    kind = pdb_kind(pf_type)
    if kind in OBJECT_KINDS:
        default = 0
    elif pf_type == PF_COLOR:
        default = components(default or (0.0, 0.0, 0.0))[:3]
    elif pf_type == PF_TOGGLE:
        default = bool(default)
    elif kind == "string" and default is not None:
        default = to_text(default)
    if pf_type in PATH_TYPES:
        default = default or None
    return Param(pf_type, to_text(name), to_text(label), default, _texts(extra))


def _texts(extra):
    """Return an extra with its labels as unicode text."""
    if isinstance(extra, (tuple, list)):
        return tuple(_texts(part) for part in extra)
    return to_text(extra) if isinstance(extra, bytes) else extra
