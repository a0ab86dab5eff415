# -*- coding: utf-8 -*-
# ruff: noqa: UP004, UP009, UP010, UP020  (Python 2.7 runs this too)
"""Inside a GIMP: how long Fast Style takes for a layer of 24 megapixels, and what of it is the plug-in's own share.

Seconds by name go into the file RESTYLE_TEST_FIGURES, as JSON: those of a warm server.
"""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import time

from filter_scene import NORMAL, U8, declared, delete

from restyle_plugin import gimpfu_shim, launch, layers, menu, session
from restyle_plugin.request import Request
from restyle_plugin.rows import rows_of, values_of

SIZE = (6000, 4000)
SMALL = (96, 64)


class Watch(object):
    """Seconds by name; what is asked for within something else is not counted there."""

    def __init__(self):
        self.seconds, self._inner = {}, [0.0]

    def time(self, name, function, *arguments):
        started = time.time()
        self._inner.append(0.0)
        try:
            return function(*arguments)
        finally:
            took = time.time() - started
            self.seconds[name] = self.seconds.get(name, 0.0) + took - self._inner.pop()
            self._inner[-1] += took


class Timed(object):
    """An object some of whose functions are timed: {function: name}."""

    def __init__(self, thing, watch, names):
        self._thing, self._watch, self._names = thing, watch, names

    def __getattr__(self, name):
        found = getattr(self._thing, name)
        if name not in self._names:
            return found
        return lambda *arguments: self._watch.time(self._names[name], found, *arguments)


class TimedServer(Timed):
    """A server whose answers are timed part by part."""

    def download(self, *arguments):
        parts = self._thing.download(*arguments)
        while True:
            part = self._watch.time("receive_s", next, parts, None)
            if part is None:
                return
            yield part


def check_a_layer_of_24_megapixels_is_painted(gimp):
    paint(gimp, SMALL)  # the server is warm then
    watch = paint(gimp, SIZE)
    with io.open(os.environ["RESTYLE_TEST_FIGURES"], "wb") as stream:
        stream.write(json.dumps(watch.seconds).encode("ascii"))


def paint(gimp, size):
    """Paint a layer of a size in Fast Style, as OK does."""
    image = gimp.image_new(size[0], size[1], 0, U8)
    layer = gimp.layer_new(image, "photo", size[0], size[1], 0, 100.0, NORMAL)
    gimp.image_insert_layer(image, layer, 0, 0)
    form = layers.form_of(gimp, layer)
    for y, rows in layers.strips(size[0], size[1], form.pixel_bytes):
        row = bytes(bytearray(os.urandom(size[0] * form.pixel_bytes)))
        gimp.drawable_write(layer, 0, y, size[0], rows, form.babl, row * rows)
    watch, item, version = Watch(), declared("fast-style"), menu.catalogue()["version"]
    rows = rows_of(gimpfu_shim, item, False)
    inputs, params = values_of(item, rows, [row.gimpfu[3] for row in rows])
    timed = Timed(gimp, watch, {"drawable_read": "read_s", "drawable_write": "write_s"})

    def connect(tell):
        server = launch.connect(version, tell)
        return TimedServer(server, watch, {"upload": "send_s", "poll": "paint_s"})

    started = time.time()
    made = session.run(timed, connect, Request(item, image, layer, inputs, params, version))
    watch.seconds["click_to_layer_s"] = time.time() - started
    assert len(made) == 1
    delete(gimp, image)
    return watch
