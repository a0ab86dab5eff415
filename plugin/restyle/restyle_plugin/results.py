# -*- coding: utf-8 -*-
"""What a job made, brought back: pictures as layers that remember how they were made, files into the user's folder."""

from __future__ import absolute_import, unicode_literals

import io
import os
from collections import namedtuple

from . import layers, provenance
from .compat import encode_path
from .errors import PluginError
from .home import home
from .kind import of_kind
from .languages import _
from .models import title_of

_FILES = "made"
_OWN = "own"
_GUIDE = "guide"  # see the outputs of the core's contract

Written = namedtuple("Written", "layer is_sized is_guide output")
"""A new layer, whether it has the size of the one that was painted, whether other filters go by it, its output's name."""

__all__ = ["Written", "keep_files", "write"]


def write(gimp, request, layer, sent, job):
    """Download each picture into a new layer, which is not in the image yet; return a Written for each.

    Nothing of them stays where one fails.
    """
    if not gimp.image_is_valid(request.image):
        raise PluginError("image-closed", _("The image was closed, so the painting was dropped."))
    made_of = dict(_provenance(gimp, request, job, sent), source=provenance.mark_of(gimp, layer))
    declared = {output["name"]: output for output in request.filter["outputs"]}
    pictures = [made for made in job["results"] if made["kind"] == "picture"]
    written = []
    try:
        for made in pictures:
            is_sized = bool(layer) and declared[made["name"]]["size"] == "content"
            place = sent.place if is_sized else _place_of(made, sent)
            if declared[made["name"]].get("alpha") == _OWN:
                place = place._replace(alpha=1)
            title = _title(request, made["title"] if len(pictures) > 1 else "")
            remembered = dict(made_of, role=declared[made["name"]]["role"], output=made["name"], title=title)
            new = _new_layer(gimp, request.image, place, title, remembered, sent.traces.server, made)
            written.append(Written(new, is_sized, remembered["role"] == _GUIDE, made["name"]))
    except BaseException:
        for one in written:
            layers.drop(gimp, one.layer)
        raise
    return written


def keep_files(server, request, job):
    """Write each file that the job made into the user's folder; return a sentence for each that says where."""
    notes = []
    endings = {output["name"]: output.get("ending", "") for output in request.filter["outputs"]}
    for made in job["results"]:
        if made["kind"] == "file":
            folder = os.path.join(home(), _FILES)
            if not os.path.isdir(encode_path(folder)):
                os.makedirs(encode_path(folder))
            path = os.path.join(folder, "%s-%s%s" % (request.filter["id"], made["name"], endings[made["name"]]))
            with io.open(encode_path(path), "wb") as stream:
                stream.write(server.file(job["id"], made["name"]))
            notes.append(_("%(title)s is in %(file)s") % {"title": made["title"], "file": path})
    return notes


def _new_layer(gimp, image, place, title, remembered, server, made):
    def fill(new, form):
        sizes = [place.width * rows * form.pixel_bytes for __, rows in layers.strips(place.width, place.height, form.pixel_bytes)]
        layers.write(gimp, new, form, server.download(made["image"], form.channels, form.dtype, sizes))
        provenance.attach(gimp, new, remembered)

    return layers.new_layer(gimp, image, place, title, fill)


def _place_of(made, sent):
    """Return where a picture of its own size lies: at the corner of the layer, or of the image where there is none."""
    x, y = (sent.place.x, sent.place.y) if sent.place else (0, 0)
    return layers.Place(made["width"], made["height"], x, y, 0)


def _title(request, part):
    names = " + ".join(_pictures(request) or _models(request))
    what = ", ".join(text for text in (names, part) if text)
    return "%s (%s)" % (what, request.filter["title"]) if what else request.filter["title"]


def _pictures(request):
    """Return the names of the pictures that were chosen."""
    return [style.name for item in of_kind(request.filter, "pictures") for style in request.inputs[item["name"]]]


def _models(request):
    """Return the titles of the models that were chosen."""
    names = []
    for param in request.filter["params"]:
        if param["type"] == "model" and request.params.get(param["name"]):
            titles = {choice["value"]: choice["title"] for choice in param["choices"]}
            name = request.params[param["name"]]
            names.append(titles.get(name) or title_of(name, param.get("folder")))
    return names


def _provenance(gimp, request, job, sent):
    """How the layer was made: a request whose pictures are paths and layers' names, and what else one may want to know."""
    made = {
        "request": {"filter": request.filter["id"], "inputs": sent.inputs, "params": sent.params},
        "seed": job["seed"],
        "device": job.get("device"),
        "versions": {"restyle": request.version, "gimp": gimp.call("gimp-version", [])[0]},
    }
    return dict(made, regions=sent.source) if sent.source else made
