# -*- coding: utf-8 -*-
"""The use case, free of GIMP: read, upload, start, poll, download, write; what fails leaves the image as it was.

`gimp` has the backend functions (gimpfu_shim), `server` the methods of client.Server.
"""

from __future__ import absolute_import, unicode_literals

import os
import uuid
from collections import namedtuple

from . import estimates, insertion, layers, provenance, results, sending, waiting
from .animation import Film
from .canvas import Canvas
from .collection import note_used
from .errors import NothingToPaint, PluginError, ServerLost
from .gimpfu_shim.errors import BackendError, Cancelled
from .inputs import THIS_LAYER, kind_of
from .kind import of_kind
from .languages import _
from .pace import Pace
from .picture_kind import counts, least
from .sentences import notes_of
from .style_pictures import note_used_picture

_GONE = ("server-lost", "server-leaving")

_Painted = namedtuple("_Painted", "layer original mask notes is_guide output hidden")

__all__ = ["run"]


def run(gimp, connect, request):
    """Run a filter on a layer, or on several, and put each result above its layer, as one undo step; return the results' ids.

    Of a request that edits a layer, the result takes that layer's place; of one that animates, results are a new image's layers.

    connect: called with tell(text), returns the server. Raises PluginError with a sentence, Cancelled for the user's cancel;
    then the image is as before, and neither the job nor anything uploaded is left.
    """
    gimp.progress_init(request.filter["title"])
    canvas = Canvas(gimp, request)
    try:
        return _run(gimp, connect, request, canvas)
    except Cancelled:
        raise
    except BackendError as error:
        if not gimp.image_is_valid(request.image):
            raise waiting.image_closed()
        raise PluginError(
            "gimp-refused",
            _("GIMP could not do it (%s): save your work, and try again on a copy of the image.") % error.text.rstrip("."),
        )
    finally:
        if canvas.is_up:
            canvas.clear()
            gimp.displays_flush()  # nobody does that where no painting comes
        gimp.progress_end()


def _run(gimp, connect, request, canvas):
    layer = layers.layer_of(gimp, request.image, request.drawable) if of_kind(request.filter, "layer") else 0
    request = request._replace(inputs=dict(request.inputs, **_named_pictures(gimp, request)))
    if request.animates and layer:
        return _animate(gimp, connect, request, layer, canvas)
    painted = _paint(gimp, connect, request, layer, canvas)
    # Before anything that is undone: what was clean is so again then.
    canvas.clear()
    if request.edited:
        insertion.put_into(gimp, request.image, request.edited, painted)
    else:
        insertion.insert_above(gimp, request.image, painted)
    _tell(gimp, painted)
    return [request.edited] if request.edited else [one.layer for one in painted]


def _tell(gimp, painted):
    for note in sorted({note for one in painted for note in one.notes}):
        gimp.message(note)


def _animate(gimp, connect, request, layer, canvas):
    """Paint the image's frames into a new image, and show it; return its layers from the top down. None is left of a failure."""
    film = Film(gimp, request.image)
    try:
        painted = _paint_frames(gimp, connect, request._replace(image=film.image), film, film.frame_of(layer), canvas)
        made = film.become([one.layer if one else 0 for one in painted])
    except BaseException:
        film.close()
        raise
    film.show()
    _tell(gimp, [one for one in painted if one])
    return made


def _paint_frames(gimp, connect, request, film, reference, canvas):
    """Return a _Painted for each frame of a film, None where it is empty; NothingToPaint where all are."""
    painted, empty = [], None
    # Held to one another by the server, which is sent them in their order.
    with sending.Shared(uuid.uuid4().hex) as shared:
        for number, frame in enumerate(film.frames, 1):
            where = _("Frame %(number)d of %(all)d:") % {"number": number, "all": len(film.frames)} + " "
            try:
                painted.append(_paint_one(gimp, connect, request, frame, frame, reference, where, shared, canvas)[0])
            except NothingToPaint as error:
                painted.append(None)
                empty = error
    if empty and not any(painted):
        raise empty
    return painted


def _paint(gimp, connect, request, layer, canvas):
    """Return the _Painted of each layer, none of them in the image yet; nothing of them stays where one fails."""
    targets = _targets(gimp, request, layer)
    painted, empty = [], None
    try:
        with sending.Shared() as several:
            shared = several if len(targets) > 1 else None
            for number, (photo, above) in enumerate(targets, 1):
                where = (
                    _("Layer %(number)d of %(all)d:") % {"number": number, "all": len(targets)} + " " if len(targets) > 1 else ""
                )
                try:
                    painted.extend(_paint_one(gimp, connect, request, photo, above, 0, where, shared, canvas))
                except NothingToPaint as error:
                    empty = error  # one of several: the others are painted
        if not painted and empty:
            raise empty
    except BaseException:
        for one in painted:
            layers.drop(gimp, one.layer)
        raise
    return painted


def _targets(gimp, request, layer):
    """Return [(photo, layer that its painting goes above)] of all that is to be painted; 0 for a filter without a layer."""
    if not layer:
        return [(0, 0)]
    if request.edited:
        return [(provenance.source_of(gimp, request.edited), request.edited)]
    given = [layers.layer_of(gimp, request.image, drawable) for drawable in gimp.given_drawables(request.drawable)]
    words = [request.inputs[item["name"]] for item in of_kind(request.filter, "layer")]
    return provenance.to_paint(gimp, given, request.filter["id"], THIS_LAYER in words)


def _paint_one(gimp, connect, request, layer, above, reference, where, shared, canvas):
    """Return a _Painted for each picture that the filter makes of a layer.

    Where a server in another room is lost meanwhile it is done anew, by whatever can be had then.
    """
    try:
        return _paint_once(gimp, connect, request, layer, above, reference, where, shared, canvas)
    except ServerLost as error:
        if not error.place:
            raise
    return _paint_once(gimp, connect, request, layer, above, reference, where, shared, canvas)


def _paint_once(gimp, connect, request, layer, above, reference, where, shared, canvas):
    sent = _begin(gimp, connect, request, layer, above, reference, shared)
    with sent.traces:
        size = estimates.painted_size(gimp, request.image, layer)
        pace = Pace(estimates.estimate(request.filter, request.params, size))
        server = sent.traces.server
        job = waiting.wait(
            gimp, server, request.image, sent.job, where, pace, canvas.watcher(server, sent, layer, above, where, pace)
        )
        _note_styles(request)
        estimates.learn(request.filter, request.params, size, job["seconds"], _device_of(sent.traces.server, job))
        gimp.progress_text(where + _("Writing the result"))
        told = [sent.traces.server.note] if sent.traces.server.note else []
        notes = told + notes_of(job) + results.keep_files(sent.traces.server, request, job)
        made = results.write(gimp, request, layer, sent, job)
        hides = any(kind_of(item).hides(request.inputs.get(item["name"])) for item in request.filter["inputs"])
        hidden = {layer, above} if hides and layer else set()
        return [
            _Painted(one.layer, above, sent.mask if one.is_sized else None, notes, one.is_guide, one.output, hidden)
            for one in made
        ]


def _begin(gimp, connect, request, layer, above, reference, shared):
    """Start the job; once more where the server was just leaving, as it does when nobody needs it."""
    try:
        return _send(gimp, connect, request, layer, above, reference, shared)
    except PluginError as error:
        if error.code not in _GONE:
            raise
    return _send(gimp, connect, request, layer, above, reference, shared)


def _device_of(server, job):
    """Return what computed a job: a processor in another room is another one than this computer's."""
    return "%s of %s" % (job["device"], server.place) if server.place else job["device"]


def _send(gimp, connect, request, layer, above, reference, shared):
    server = connect(gimp.progress_text)
    gimp.progress_text(_("Sending the picture"))
    return sending.send(gimp, server, request, layer, above, reference, shared)


def _style_name(gimp, style):
    if layers.is_layer(gimp, style.layer):
        return gimp.item_name(style.layer)
    return os.path.splitext(os.path.basename(style.path))[0]


def _note_styles(request):
    for param in request.filter["params"]:
        if param["type"] == "model" and param["default"]:
            note_used(request.params[param["name"]])
    for item in of_kind(request.filter, "pictures"):
        for style in request.inputs[item["name"]] if item["offered"] else ():
            if style.path and style.weight > 0 and not style.layer:
                note_used_picture(style.path)


def _named_pictures(gimp, request):
    """Return {input name: its chosen pictures, with names}; PluginError where there are too few."""
    named = {}
    for item in of_kind(request.filter, "pictures"):
        chosen = [style for style in request.inputs[item["name"]] if counts(gimp, style)]
        named[item["name"]] = [style._replace(name=_style_name(gimp, style)) for style in chosen]
        if len(chosen) < least(item, request.params):
            raise PluginError("no-style", _("Choose a style picture: a file, or a layer of any open image."))
    return named
