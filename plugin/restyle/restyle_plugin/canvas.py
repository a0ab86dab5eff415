# -*- coding: utf-8 -*-
"""The canvas: while a long painting runs, a layer above its photo shows it as it grows, and is gone before the painting comes.

GIMP knows no undo that a plug-in could call, and its Cancel kills the plug-in whose progress bar it is. So the layer comes and
goes unseen by undo, and where there is one the progress bar belongs to another process, `growth`, which this one starts and
waits for: Cancel ends that one, and this one takes the layer away.
"""

from __future__ import absolute_import, unicode_literals

import json
import threading
from contextlib import contextmanager

from . import insertion, layers, preferences, provenance, visibility
from .compat import to_text
from .errors import PluginError
from .gimpfu_shim import runner
from .gimpfu_shim.errors import BackendError, Cancelled

GROWTH = "python-fu-restyle-canvas"
"""The procedure that has the progress bar. It is in no menu: the plug-in alone calls it."""
MOST_PX = 1024
"""The longer side of what comes from the server: GIMP makes it larger."""

# Sooner the painting itself may come; where only so much is left, another process is not worth its start.
_PATIENCE_S, _LEAST_LEFT_S = 3.0, 3.0
# The server ends a job that nobody has asked for in ten seconds, or in two if who asked was killed, as the other process may be.
_ASK_EVERY_S = 1.0
_NONINTERACTIVE = 1
_OWN = "own"
_GUIDE = "guide"

__all__ = ["GROWTH", "MOST_PX", "Canvas"]


class Canvas(object):
    """What one call shows of its paintings in the making. `clear` takes all of it away."""

    def __init__(self, gimp, request):
        self._gimp, self._request, self._layers = gimp, request, []
        self._is_wanted = runner.is_watched() and not request.animates and _paints(request.filter) and preferences.read().grows

    def watcher(self, server, sent, layer, above, where, pace):
        """Return what `waiting.follow` tells of a layer's job."""
        return _Watcher(self, server, sent, (layer, above, where), pace).look if self._is_wanted and layer else None

    @property
    def is_up(self):
        """Whether there is something that must be taken away, so that this process may not have the progress bar."""
        return bool(self._layers)

    def show(self, server, job, sent, place, pace):
        """Have a job followed and shown above its layer until it has ended; whether it was. Cancelled where a person does that.

        place: the layer, the one that its painting goes above, and the words before its progress.
        """
        gimp, (photo, above, where) = self._gimp, place
        gimp.progress_end()
        try:
            with _Asking(server, job["id"]):
                self._show(server, job, self._put_up(sent, photo, above), where, pace)
            return True
        except Cancelled:
            raise
        except BackendError:
            # It is painted all the same.
            self.clear()
            self._is_wanted = False
            gimp.progress_init(self._request.filter["title"])
            return False

    def clear(self):
        """Take away what is shown, as if it had never been there."""
        gimp, image = self._gimp, self._request.image
        found, self._layers = self._layers, []
        if not found or not gimp.image_is_valid(image):
            return
        there = set(layers.all_layers(gimp, gimp.image_layers(image)))
        with _unseen_by_undo(gimp, image):
            for layer in there.intersection(found):  # a person may have deleted one, or merged it
                gimp.image_remove_layer(image, layer)

    def _show(self, server, job, layer, where, pace):
        """Have the other process follow a job, which draws it into the layer."""
        task = {
            "title": self._request.filter["title"],
            "server": [server.address, server.token, server.place],
            "job": job["id"],
            "image": self._request.image,
            "layer": layer,
            "where": where,
            "expected_s": pace.expected_s,
            "spent_s": pace.spent_s,
        }
        self._gimp.call(GROWTH, [_NONINTERACTIVE, to_text(json.dumps(task))])

    def _put_up(self, sent, photo, above):
        """Show a layer with the photo as it is, with the mask that the painting will have; return it."""
        gimp, request = self._gimp, self._request
        mask = visibility.result_mask(gimp, above, None) if request.edited else sent.mask

        def fill(new, form):
            layers.write(gimp, new, form, layers.read(gimp, photo, form))

        layer = layers.new_layer(gimp, request.image, sent.place, request.filter["title"] + "\u2026", fill)
        provenance.attach_growing(gimp, layer, photo)
        chosen = gimp.image_active_drawable(request.image)
        with _unseen_by_undo(gimp, request.image):
            try:
                insertion.insert(gimp, request.image, layer, above)
            except BackendError:
                layers.drop(gimp, layer)
                raise
            self._layers.append(layer)
            if mask is not None:
                insertion.add_mask(gimp, layer, mask)
        self._choose_again(chosen)
        gimp.displays_flush()
        return layer

    def _choose_again(self, drawable):
        """Let a person paint on what was chosen before, whatever that is."""
        gimp, image = self._gimp, self._request.image
        given = list(gimp.given_drawables(self._request.drawable))
        if len(given) > 1 and drawable in given:
            gimp.call("gimp-image-set-selected-layers", [image, len(given), given])  # no GIMP 2.10 gives more than one
            return
        try:  # noqa: SIM105  (Python 2.7 has no suppress)
            gimp.image_select_layer(image, layers.layer_of(gimp, image, drawable))
        except PluginError:
            pass  # a channel: nothing of the image depends on it


class _Watcher(object):
    """Waits until a job has run for a while and shows pictures, and has it shown then."""

    def __init__(self, canvas, server, sent, place, pace):
        self._canvas, self._server, self._sent, self._place, self._pace = canvas, server, sent, place, pace
        self._is_over = False

    def look(self, job):
        """Whether the job was shown by the other process."""
        if self._is_over or not (self._canvas.is_up or self._is_time(job)):
            return False
        self._is_over = True
        return self._canvas.show(self._server, job, self._sent, self._place, self._pace)

    def _is_time(self, job):
        pace = self._pace
        if job["state"] != "running" or not job["steps"] or pace.spent_s < _PATIENCE_S:
            return False
        if pace.left_s is not None and pace.left_s < _LEAST_LEFT_S:
            return False
        return self._server.preview(job["id"], most_px=MOST_PX) is not None


class _Asking(object):
    """Asks after a job now and then, as long as the context lasts, so that the server neither ends it nor forgets its result.

    A busy computer takes long to start the other process; and GIMP ends calls in the order in which they were nested: a dialog
    of another plug-in that was opened meanwhile holds ours up.
    """

    def __init__(self, server, job):
        self._server, self._job, self._is_over = server, job, threading.Event()

    def __enter__(self):
        thread = threading.Thread(target=self._ask)
        thread.daemon = True
        thread.start()

    def __exit__(self, *exception):
        self._is_over.set()

    def _ask(self):
        while not self._is_over.wait(_ASK_EVERY_S):
            try:
                self._server.poll(self._job, 0, 0)
            except PluginError:
                return  # whoever comes for the result meets it, too


@contextmanager
def _unseen_by_undo(gimp, image):
    """Change an image without a step of undo, and without its being changed where it was not.

    Between two calls nothing else can happen to this process: it has no progress bar that could be cancelled.
    """
    is_clean = not gimp.call("gimp-image-is-dirty", [image])[0]
    gimp.call("gimp-image-undo-freeze", [image])
    try:
        yield
    finally:
        gimp.call("gimp-image-undo-thaw", [image])
        if is_clean:
            gimp.call("gimp-image-clean-all", [image])


def _paints(declared):
    """Whether a filter makes a picture that takes the layer's place, in its outline."""
    first = declared["outputs"][0]
    return first["kind"] == "picture" and first["size"] == "content" and first.get("alpha") != _OWN and first["role"] != _GUIDE
