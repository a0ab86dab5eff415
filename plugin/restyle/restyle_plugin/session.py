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

_WAIT_MS = 400
# A progress bar needs no more; each poll takes a little of the processor that paints.
_LEAST_POLL_S = 0.1
_WAITING = ("queued", "running")
_GONE = ("server-lost", "server-leaving")
_PARASITE = "restyle"
_PARASITE_PERSISTENT = 1

Style = namedtuple("Style", "path layer weight name")
"""A style picture: a file's path or None, a layer's id or 0 (it goes before the file), a weight, a name ("" = not yet known)."""

Request = namedtuple("Request", "filter image drawable styles params version regions")
"""filter: its part of the catalogue; image, drawable: ids; styles: Style values; params: names and values for the server;
regions: a word of regions.SOURCES, None for a filter that takes none."""

__all__ = ["Request", "Style", "run"]


def run(gimp, connect, request):
    """Run a filter on a layer and put the result above it, as one undo step; return the new layer's id.

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
    sent = _begin(gimp, connect, request, layer, styles)
    with sent.traces:
        job = _wait(gimp, sent.traces.server, request.image, sent.job)
        gimp.progress_text("Writing the result")
        result = _write(gimp, request, layer, styles, sent, job)
    for note in job["notes"]:
        gimp.message(note)
    return result


def _begin(gimp, connect, request, layer, styles):
    """Start the job; once more where the server was just leaving, as it does when nobody needs it."""
    try:
        return _send(gimp, connect, request, layer, styles)
    except PluginError as error:
        if error.code not in _GONE:
            raise
    return _send(gimp, connect, request, layer, styles)


def _send(gimp, connect, request, layer, styles):
    server = connect(gimp.progress_text)
    gimp.progress_text("Sending the picture")
    return sending.send(gimp, server, request, layer, styles)


def _wait(gimp, server, image, job):
    """Show the job's progress until it is done; return it. PluginError with its problem if it failed."""
    while job["state"] in _WAITING:
        _show(gimp, job)
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
            "memory ran out (%s)." % error.text.rstrip(".")
        )


def _show(gimp, job):
    if job["state"] == "queued" and job["position"] > 0:
        gimp.progress_text("Waiting: %d %s ahead" % (job["position"], "job" if job["position"] == 1 else "jobs"))
        gimp.progress_pulse()
    elif job["steps"]:
        gimp.progress_text(job["message"] or "Painting")
        gimp.progress_update(float(job["step"]) / job["steps"])
    else:
        gimp.progress_text(job["message"] or "Preparing")
        gimp.progress_pulse()


def _write(gimp, request, layer, styles, sent, job):
    """Download the result into a new layer and insert it; return its id."""
    if not gimp.image_is_valid(request.image):
        raise _image_closed()
    memory = to_bytes(json.dumps(_memory(gimp, request, job, styles, sent), sort_keys=True))

    place = sent.place

    def fill(new, form):
        sizes = [place.width * rows * form.pixel_bytes for _, rows in layers.strips(place.width, place.height, form.pixel_bytes)]
        layers.write(gimp, new, form, sent.traces.server.download(job["result"], form.channels, form.dtype, sizes))
        gimp.item_attach_parasite(new, _PARASITE, _PARASITE_PERSISTENT, memory)

    names = " + ".join(style.name for style in styles)
    title = "%s: %s" % (request.filter["title"], names) if names else request.filter["title"]
    new = layers.new_layer(gimp, request.image, place, title, fill)
    layers.insert_above(gimp, request.image, new, layer, sent.mask)
    return new


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
