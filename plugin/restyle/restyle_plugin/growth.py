# -*- coding: utf-8 -*-
"""A painting that grows on the canvas: the process that has the progress bar, and draws what the server shows into a layer.

It changes nothing but that layer's pixels, so GIMP may kill it at any time, as its Cancel does; see `canvas`.
"""

from __future__ import absolute_import, unicode_literals

import json

from . import layers
from .canvas import MOST_PX
from .client import Server
from .compat import monotonic
from .errors import PluginError
from .pace import Pace
from .waiting import follow

_ASK_S = 0.5
# How often it is drawn: at most so often, and no more than a tenth of the time, which a large layer would take from the painting.
_LEAST_S, _TIMES = 1.5, 9.0
_RGB, _U8_GAMMA, _NORMAL_MODE, _LINEAR = 0, 150, 28, 1
_OPAQUE, _WITH_ALPHA = layers.Form(3, "u8", "R'G'B' u8", 3), layers.Form(4, "u8", "R'G'B'A u8", 4)

__all__ = ["Growth", "draw", "grow"]


def grow(gimp, text):
    """Follow a job in the progress bar and draw it until it has ended. text: what `canvas` says of it, as JSON."""
    task = json.loads(text)
    gimp.progress_init(task["title"])
    try:
        server = Server(*task["server"])
        pace = Pace(task["expected_s"], spent_s=task["spent_s"])
        growth = Growth(gimp, server, task["image"], task["layer"], task["title"])
        job = server.poll(task["job"], 0, 0)
        follow(gimp, server, task["image"], job, task["where"], pace, growth.look)
    except PluginError:
        pass  # who waits for this meets it, too, and says it
    finally:
        gimp.progress_end()


class Growth(object):
    """Draws a job's pictures into a layer as they come."""

    def __init__(self, gimp, server, image, layer, title, clock=monotonic):
        self._gimp, self._server, self._image, self._layer, self._title, self._clock = gimp, server, image, layer, title, clock
        self._seen, self._next_s = 0, 0.0

    def look(self, job):
        """Draw what is new, if it is time for that; False, as `waiting.follow` asks whether the progress was shown."""
        gimp, now = self._gimp, self._clock()
        if job["state"] != "running" or now < self._next_s or not gimp.image_is_valid(self._image):
            return False
        self._next_s = now + _ASK_S
        sketch = self._server.preview(job["id"], self._seen, most_px=MOST_PX)
        # A person may have deleted the layer: it is not drawn any more, then.
        if sketch is not None and self._layer in layers.all_layers(gimp, gimp.image_layers(self._image)):
            self._seen = sketch.revision
            draw(gimp, self._layer, sketch)
            # GIMP's scaling shows its own progress in our bar, and takes the bar away at its end.
            gimp.progress_init(self._title)
            gimp.displays_flush()
            self._next_s = now + max(_LEAST_S, _TIMES * (self._clock() - now))
        return False


def draw(gimp, layer, sketch):
    """Write a client.Sketch into a layer where it belongs, as large as it is there; the layer's alpha stays."""
    size = gimp.drawable_width(layer), gimp.drawable_height(layer)
    x, y, width, height = sketch.frame or (0, 0) + size
    image = gimp.image_new(sketch.width, sketch.height, _RGB, _U8_GAMMA)
    try:
        enlarged = gimp.layer_new(image, "", sketch.width, sketch.height, _RGB, 100.0, _NORMAL_MODE)
        gimp.image_insert_layer(image, enlarged, 0, 0)
        gimp.drawable_write(enlarged, 0, 0, sketch.width, sketch.height, _OPAQUE.babl, sketch.data)
        _scale(gimp, image, width, height)
        # What a small layer was continued by, that a network can see it, is beyond its edge.
        _copy(gimp, enlarged, layer, (x, y), (min(width, size[0] - x), min(height, size[1] - y)))
    finally:
        gimp.image_delete(image)


def _scale(gimp, image, width, height):
    gimp.call("gimp-context-push", [])
    try:
        gimp.call("gimp-context-set-interpolation", [_LINEAR])
        gimp.call("gimp-image-scale", [image, width, height])
    finally:
        gimp.call("gimp-context-pop", [])


def _copy(gimp, source, layer, place, size):
    has_alpha = gimp.drawable_has_alpha(layer)
    form = _WITH_ALPHA if has_alpha else _OPAQUE
    for top, rows in layers.strips(size[0], size[1], form.pixel_bytes):
        data = gimp.drawable_read(source, 0, top, size[0], rows, form.babl)
        if has_alpha:
            data = bytearray(data)
            was = bytearray(gimp.drawable_read(layer, place[0], place[1] + top, size[0], rows, form.babl))
            data[3::4] = was[3::4]
        gimp.drawable_write(layer, place[0], place[1] + top, size[0], rows, form.babl, data)
