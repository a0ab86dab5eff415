# -*- coding: utf-8 -*-
"""The use case, free of GIMP: read, upload, start, poll, download, write; what fails leaves the image as it was.

`gimp` has the backend functions (gimpfu_shim), `server` the methods of client.Server.
"""

from __future__ import absolute_import, unicode_literals

import json
import os
import time
from collections import namedtuple

from . import layers, sending
from .compat import monotonic, to_bytes
from .errors import PluginError, ServerLost
from .gimpfu_shim.errors import BackendError, Cancelled
from .models import title_of

_WAIT_MS = 400
# A progress bar needs no more; each poll takes a little of the processor that paints.
_LEAST_POLL_S = 0.1
_WAITING = ("queued", "running")
_GONE = ("server-lost", "server-leaving")
_PARASITE = "restyle"
_PARASITE_PERSISTENT = 1

Style = namedtuple("Style", "path layer weight name")
"""A style picture: a file's path or None, a layer's id or 0 (it goes before the file), a weight, a name ("" = not yet known)."""

Request = namedtuple("Request", "filter image drawable styles params version regions all_layers")
"""filter: its part of the catalogue; image, drawable: ids; styles: Style values; params: names and values for the server;
regions: a word of regions.SOURCES, None for a filter that takes none; all_layers: whether all layers are painted, with the
drawable's statistics."""

_Painted = namedtuple("_Painted", "layer original mask notes")

__all__ = ["Request", "Style", "run"]


def run(gimp, connect, request):
    """Run a filter on a layer, or on all, and put each result above its layer, as one undo step; return the new layers' ids.

    connect: called with tell(text), returns the server. Raises PluginError with a sentence, Cancelled for the user's cancel;
    then the image is as before, and neither the job nor anything uploaded is left.
    """
    gimp.progress_init(request.filter["title"])
    try:
        return _run(gimp, connect, request)
    except Cancelled:
        raise
    except BackendError as error:
        if not gimp.image_is_valid(request.image):
            raise _image_closed()
        raise PluginError(
            "gimp-refused",
            "GIMP could not do it (%s): save your work, and try again on a copy of the image." % error.text.rstrip("."),
        )
    finally:
        gimp.progress_end()


def _run(gimp, connect, request):
    layer = layers.layer_of(gimp, request.image, request.drawable)
    styles = [style._replace(name=_style_name(gimp, style)) for style in request.styles if _counts(gimp, style)]
    _check_styles(request.filter, styles)
    painted = _paint(gimp, connect, request, layer, styles)
    layers.insert_above(gimp, request.image, painted)
    for note in sorted({note for one in painted for note in one.notes}):
        gimp.message(note)
    return [one.layer for one in painted]


def _paint(gimp, connect, request, layer, styles):
    """Return the _Painted of each layer, none of them in the image yet; nothing of them stays where one fails."""
    chosen = layers.together(gimp, request.image, layer) if request.all_layers else [layer]
    reference = layer if request.all_layers else 0
    painted = []
    try:
        for number, each in enumerate(chosen, 1):
            where = "Layer %d of %d: " % (number, len(chosen)) if len(chosen) > 1 else ""
            painted.append(_paint_one(gimp, connect, request, each, reference, styles, where))
    except BaseException:
        for one in painted:
            layers.drop(gimp, one.layer)
        raise
    return painted


def _paint_one(gimp, connect, request, layer, reference, styles, where):
    sent = _begin(gimp, connect, request, layer, reference, styles)
    with sent.traces:
        job = _wait(gimp, sent.traces.server, request.image, sent.job, where)
        gimp.progress_text(where + "Writing the result")
        return _Painted(_write(gimp, request, styles, sent, job), layer, sent.mask, job["notes"])


def _begin(gimp, connect, request, layer, reference, styles):
    """Start the job; once more where the server was just leaving, as it does when nobody needs it."""
    try:
        return _send(gimp, connect, request, layer, reference, styles)
    except PluginError as error:
        if error.code not in _GONE:
            raise
    return _send(gimp, connect, request, layer, reference, styles)


def _send(gimp, connect, request, layer, reference, styles):
    server = connect(gimp.progress_text)
    gimp.progress_text("Sending the picture")
    return sending.send(gimp, server, request, layer, reference, styles)


def _wait(gimp, server, image, job, where):
    """Show the job's progress until it is done; return it. PluginError with its problem if it failed."""
    while job["state"] in _WAITING:
        _show(gimp, job, where)
        if not gimp.image_is_valid(image):
            raise _image_closed()
        before = monotonic()
        job = _poll(server, job)
        time.sleep(max(0.0, _LEAST_POLL_S - (monotonic() - before)) if job["state"] in _WAITING else 0.0)
    if job["state"] != "done":
        problem = job.get("problem") or {}
        raise PluginError(problem.get("code", job["state"]), problem.get("detail") or "The painting was cancelled; try again.")
    return job


def _poll(server, job):
    try:
        return server.poll(job["id"], job["revision"], _WAIT_MS)
    except ServerLost as error:
        raise ServerLost(
            "Restyle's server stopped while it painted, so nothing was changed: try again, at a smaller size if "
            "memory ran out (%s)." % (error.reason or "it is gone")
        )


def _show(gimp, job, where):
    if job["state"] == "queued" and job["position"] > 0:
        gimp.progress_text(where + "Waiting: %d %s ahead" % (job["position"], "job" if job["position"] == 1 else "jobs"))
        gimp.progress_pulse()
    elif job["steps"]:
        gimp.progress_text(where + (job["message"] or "Painting"))
        gimp.progress_update(float(job["step"]) / job["steps"])
    else:
        gimp.progress_text(where + (job["message"] or "Preparing"))
        gimp.progress_pulse()


def _write(gimp, request, styles, sent, job):
    """Download the result into a new layer, which is not in the image yet; return its id."""
    if not gimp.image_is_valid(request.image):
        raise _image_closed()
    memory = to_bytes(json.dumps(_memory(gimp, request, job, styles, sent), sort_keys=True))

    place = sent.place

    def fill(new, form):
        sizes = [place.width * rows * form.pixel_bytes for _, rows in layers.strips(place.width, place.height, form.pixel_bytes)]
        layers.write(gimp, new, form, sent.traces.server.download(job["result"], form.channels, form.dtype, sizes))
        gimp.item_attach_parasite(new, _PARASITE, _PARASITE_PERSISTENT, memory)

    names = " + ".join([style.name for style in styles] or _models(request))
    title = "%s: %s" % (request.filter["title"], names) if names else request.filter["title"]
    return layers.new_layer(gimp, request.image, place, title, fill)


def _models(request):
    """The titles of the models that were chosen."""
    names = []
    for param in request.filter["params"]:
        if param["type"] == "model" and request.params.get(param["name"]):
            titles = {choice["value"]: choice["title"] for choice in param["choices"]}
            name = request.params[param["name"]]
            names.append(titles.get(name) or title_of(name, param.get("folder")))
    return names


def _memory(gimp, request, job, styles, sent):
    """How the layer was made."""
    made = {
        "filter": request.filter["id"],
        "params": sent.params,
        "seed": job["seed"],
        "device": job.get("device"),
        "styles": [{"name": style.name, "weight": style.weight} for style in styles],
        "versions": {"restyle": request.version, "gimp": gimp.call("gimp-version", [])[0]},
    }
    return dict(made, regions=sent.source) if sent.source else made


def _style_name(gimp, style):
    if layers.is_layer(gimp, style.layer):
        return gimp.item_name(style.layer)
    return os.path.splitext(os.path.basename(style.path))[0]


def _counts(gimp, style):
    """Whether a picture was chosen and has any weight."""
    return style.weight > 0 and bool(style.path or layers.is_layer(gimp, style.layer))


def _check_styles(declared, styles):
    wanted = sum(item["minimum"] for item in declared["inputs"] if item["kind"] == "picture")
    if len(styles) < wanted:
        raise PluginError("no-style", "Choose a style picture: a file, or a layer of any open image.")


def _image_closed():
    return PluginError("image-closed", "The image was closed, so the painting was dropped.")
