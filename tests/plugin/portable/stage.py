# -*- coding: utf-8 -*-

"""A stage for the plug-in: an in-memory GIMP with the filters registered, and a server that is an object."""

from __future__ import absolute_import, unicode_literals

import io
import os
import shutil
import tempfile
import unittest
from array import array

from memory_gimp import MemoryGimp
from restyle_plugin import gimpfu_shim, layers, menu
from restyle_plugin.errors import PluginError, ServerLost
from restyle_plugin.gimpfu_shim import backend, registry, runner

INTERACTIVE, NONINTERACTIVE, WITH_LAST_VALS = 0, 1, 2
WIDTH, HEIGHT = 20, 14
_BYTES = {"u8": 1, "u16": 2, "f32": 4}
_HALF = {"u8": ("B", 128), "u16": ("H", 32768), "f32": ("f", 0.5)}


class FakeServer(object):
    """A client.Server whose results are grey (0.5) everywhere; `jobs` are the states that polls tell, then "done"."""

    def __init__(self, jobs=(), problem=None, notes=(), fails_at=None, on_poll=None):
        self.states, self.problem, self.notes = list(jobs), problem, list(notes)
        self.fails_at, self.on_poll = fails_at, on_poll
        self.images, self.uploads, self.requests, self.terms, self.cancelled, self.polls = {}, [], [], [], [], 0
        self.claims, self.place, self.note = {}, "", ""
        self.models, self.model_calls, self.coming = {}, [], []
        self.sequences, self.sketches = [], []
        self.address, self.token = "unix:/fake", "token"

    def upload(self, width, height, channels, dtype, parts, length):
        self._maybe_fail("upload")
        data = b"".join(bytes(part) for part in parts)
        assert len(data) == length == width * height * channels * _BYTES[dtype]
        name = "image-%d" % len(self.uploads)
        self.images[name] = data
        self.uploads.append((width, height, channels, dtype, data))
        return name

    def start(self, filter_id, request, purpose="result", client="", sequence=""):
        self._maybe_fail("start")
        self.sequences.append(sequence)
        self.terms.append((purpose, client))
        self.requests.append((filter_id, request))
        return self._job({"state": "queued", "position": 1})

    def poll(self, job, seen, wait_ms):
        self._maybe_fail("poll")
        self.polls += 1
        if self.on_poll is not None:
            self.on_poll()
        if self.states:
            return self._job(self.states.pop(0))
        if self.problem:
            return self._job({"state": "failed", "problem": self.problem})
        results = [{"name": "result", "title": "Result", "kind": "picture", "image": "result", "width": None, "height": None}]
        return self._job({"state": "done", "results": results, "seed": 7, "notes": self.notes})

    def download(self, image, channels, dtype, sizes):
        for number, size in enumerate(sizes):
            if number == 1:
                self._maybe_fail("download")
            self._maybe_fail("first download")
            code, half = _HALF[dtype]
            values = array(str(code), [half] * (size // _BYTES[dtype]))
            yield getattr(values, "tobytes", getattr(values, "tostring", None))()

    def preview(self, job, seen=0, wait_ms=0, most_px=0):
        """Give the next of `sketches` to whoever has seen the one before."""
        newer = [sketch for sketch in self.sketches if sketch.revision > seen]
        return newer[0] if newer else None

    def claim(self, image):
        if image in self.images:
            self.claims[image] = self.claims.get(image, 0) + 1
        return image in self.images

    def delete_image(self, image):
        if self.claims.get(image):
            self.claims[image] -= 1
        else:
            del self.images[image]

    def cancel(self, job):
        self.cancelled.append(job)

    def model(self, name):
        self._maybe_fail("model")
        if self.coming and self.models[name]["state"] == "coming":
            self.models[name] = dict(self.models[name], **self.coming.pop(0))
        return self.models[name]

    def fetch_model(self, name):
        self._maybe_fail("fetch")
        self.model_calls.append(("fetch", name))
        self.models[name] = dict(self.models[name], state="coming", problem=None)
        return self.models[name]

    def leave_model(self, name):
        self.model_calls.append(("leave", name))
        self.models[name] = dict(self.models[name], state="away")

    def _maybe_fail(self, place):
        if self.fails_at == place:
            text = "Restyle's server stopped answering, so nothing was changed: try again (timed out)."
            raise ServerLost(text, False, "timed out")  # as client.Server says it

    def _job(self, changes):
        job = {
            "id": "job",
            "state": "running",
            "position": 0,
            "revision": self.polls,
            "step": 0,
            "steps": 0,
            "message": "",
            "results": [],
            "notes": [],
            "seed": None,
            "problem": None,
            "device": "cpu",
            "seconds": 2.0,
        }
        return dict(job, **changes)


class InAHome(unittest.TestCase):
    """Tests with a home of their own: what the plug-in remembers is forgotten afterwards."""

    def setUp(self):
        self.home = tempfile.mkdtemp()
        self._before = os.environ.get("RESTYLE_HOME")
        os.environ[str("RESTYLE_HOME")] = str(self.home)

    def tearDown(self):
        if self._before is None:
            del os.environ["RESTYLE_HOME"]
        else:
            os.environ[str("RESTYLE_HOME")] = self._before
        shutil.rmtree(self.home)

    def log(self):
        with io.open(os.path.join(self.home, "plugin.log"), encoding="utf-8") as file:
            return file.read()


class Stage(object):
    """`with Stage(server) as stage`: a MemoryGimp with a photo and a style image open; the launcher gives `server`."""

    def __init__(self, server=None, drawable_type=1, precision=150, size=(WIDTH, HEIGHT), declared=None):
        self.server = FakeServer() if server is None else server
        self.give = lambda: self.server
        self.catalogue = menu.catalogue() if declared is None else {"version": "0", "filters": [declared]}
        usual = [one for one in self.catalogue["filters"] if one["id"] == "neural-style"] or self.catalogue["filters"]
        self.declared = usual[0]
        self.name = menu.procedure_name(self.declared)
        self.gimp = MemoryGimp()
        self.image, self.layer = self.new_image(drawable_type, precision, size)
        _, self.style = self.new_image(0, 150, (6, 6), "brush strokes")

    def __enter__(self):
        from restyle_plugin import launch

        backend.use(self.gimp)
        registry.clear()
        menu.register_filters(gimpfu_shim, self.catalogue)
        self.gimp.main(registry.procedures(), runner.dispatch)
        self._connect, launch.connect = launch.connect, self._give
        return self

    def __exit__(self, *exception):
        from restyle_plugin import launch

        launch.connect = self._connect
        registry.clear()
        backend.use(None)

    def _give(self, version, tell=None):
        if tell:
            tell("Starting")
        if isinstance(self.server, PluginError):
            raise self.server
        return self.give()

    def new_image(self, drawable_type, precision, size, name="photo"):
        gimp = self.gimp
        image = gimp.image_new(size[0], size[1], drawable_type // 2, precision)
        layer = gimp.layer_new(image, name, size[0], size[1], drawable_type, 100.0, 28)
        gimp.image_insert_layer(image, layer, 0, 0)
        form = layers.form_of(gimp, layer)
        plain = form.babl.replace("u16", "u8").replace("float", "u8")
        gimp.drawable_write(
            layer, 0, 0, size[0], size[1], plain, bytearray((i * 7) % 256 for i in range(size[0] * size[1] * form.channels))
        )
        del gimp.image(image).undo_steps[:]
        gimp.image(image).dirty = 0
        return image, layer

    def filled_layer(self, name, width, height):
        """Return a new opaque layer, not yet in the image."""
        layer = self.gimp.layer_new(self.image, name, width, height, 1, 100.0, 28)
        self.gimp.drawable_write(layer, 0, 0, width, height, "R'G'B'A u8", bytearray([9, 99, 199, 255] * (width * height)))
        return layer

    def select(self, x, y, width, height, image=0):
        """Let a rectangle, and nothing else, be selected, in the image or in another one."""
        self.gimp.call("gimp-image-select-rectangle", [image or self.image, 2, x, y, width, height])

    def values(self, **changes):
        """Return a full list of values, the style layer chosen; changes by name with "_"."""
        procedure = self.gimp.procedures[self.name]
        values = {param.name: value for param, value in zip(procedure.params, procedure.defaults())}
        values.update({"image": self.image, "drawable": self.layer})
        if "style-1-layer" in values:
            values["style-1-layer"] = self.style
        values.update((name.replace("_", "-"), value) for name, value in changes.items())
        return [values[param.name] for param in procedure.params]

    def run(self, run_mode=NONINTERACTIVE, **changes):
        """Run Neural Style, or the one filter that was declared; return GIMP's status."""
        return self.gimp.run(self.name, run_mode, self.values(**changes))[0]

    def state(self):
        """What the user can see of the image, to compare."""
        image = self.gimp.image(self.image)
        items = sorted((item.ID, item.name, bytes(item.data), item.mask) for item in self.gimp.items.values())
        return items, len(image.undo_steps), image.undo_depth, list(self.gimp.image_layers(self.image))

    def results(self):
        """The layers that a run has added, top first."""
        return [layer for layer in self.gimp.image_layers(self.image) if layer != self.layer]
