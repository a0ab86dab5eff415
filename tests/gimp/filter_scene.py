# -*- coding: utf-8 -*-
# ruff: noqa: B905, PT017, RUF022, UP009, UP010, UP018, UP024, UP028, UP031  (Python 2.7 runs this too)
"""The scene of the filters' checks: small images inside a real GIMP, a filter called on them, what was there before.

`gimp` is the shim's backend; everything here is the same in GIMP 2.10 and 3 (Python 2.7 and 3).
"""

from __future__ import absolute_import, unicode_literals

import array
import os
import tempfile
import time

from memory_gimp.png import write_png
from restyle_plugin import menu
from restyle_plugin.gimpfu_shim.errors import BackendError
from restyle_plugin.picture_kind import picture_stem
from restyle_plugin.regions import SOURCES

NEURAL_STYLE = "neural-style"
NORMAL = 28
U8, U16, FLOAT = 150, 250, 650
SIZE = (90, 70)
# Enough to see the style on a layer of this size, in less than a second.
QUICK = {"working_size": 64, "steps": 12, "mode": "fast"}
# What is waited for comes within a second on an idle machine; the limit ends a test that waits in vain, on a busy one too.
PATIENCE_S = 120

__all__ = [
    "FLOAT", "NEURAL_STYLE", "QUICK", "SIZE", "U16", "U8", "added_layer", "connections_of_plug_in", "declared", "delete",
    "distance", "eventually", "failure", "new_image", "new_layer", "pixels", "restyled", "run_filter", "signature", "style_file",
    "style_pixels",
]  # fmt: skip


def photo_pixels(width, height):
    """Every colour, in smooth ramps with a disc; alpha from clear to opaque, with both ends."""
    data = bytearray()
    for y in range(height):
        for x in range(width):
            disc = (2 * x - width) ** 2 + (2 * y - height) ** 2 < (min(width, height) // 2) ** 2
            alpha = min(255, max(0, 400 * (x + 1) // width - 70))
            data += bytearray((255 * x // width, 255 * y // height, 230 if disc else 90, alpha))
    return bytes(data)


def style_pixels(width, height):
    """Orange and red, in small tiles with dark joints."""
    data = bytearray()
    for y in range(height):
        for x in range(width):
            joint = x % 8 == 0 or y % 6 == 0
            data += bytearray((90, 10, 0) if joint else (250, 150 + 30 * ((x // 8 + y // 6) % 3 - 1), 20))
    return bytes(data)


def style_file():
    """A small picture on the disk, at a path that is not plain English."""
    path = os.path.join(tempfile.gettempdir(), "stil é.png")
    if not os.path.exists(path):
        write_png(path, 80, 64, 3, style_pixels(80, 64))
    return path


def new_layer(gimp, image, kind=0, size=SIZE, parent=0, name="photo"):
    """A layer with the photo, on top of its parent; kind: 0 RGB, 2 grey, 4 indexed, and 1 more with alpha."""
    layer = gimp.layer_new(image, name, size[0], size[1], kind, 100.0, NORMAL)
    gimp.image_insert_layer(image, layer, parent, 0)
    gimp.drawable_write(layer, 0, 0, size[0], size[1], "R'G'B'A u8", photo_pixels(*size))
    return layer


def new_image(gimp, kind=0, precision=U8, size=SIZE):
    """An image with one layer, which fills it; an indexed one has the photo's best 128 colours."""
    if kind < 4:
        image = gimp.image_new(size[0], size[1], kind // 2, precision)
        return image, new_layer(gimp, image, kind, size)
    image = gimp.image_new(size[0], size[1], 0, precision)
    layer = new_layer(gimp, image, kind - 4, size)
    gimp.call("gimp-image-convert-indexed", [image, 0, 0, 128, False, False, ""])
    return image, layer


def declared(name):
    """A filter's part of the catalogue, by its id."""
    return next(item for item in menu.catalogue()["filters"] if item["id"] == name)


def signature(name=NEURAL_STYLE):
    """Names and values of a filter's arguments in the catalogue's order, the image's and the layer's left out."""
    item, rows = declared(name), []
    kinds = {given["kind"]: given for given in item["inputs"]}
    count, stem = kinds["pictures"]["maximum"] if "pictures" in kinds else 0, _stem(item)
    for number in range(1, count + 1):
        parts = [("file", ""), ("layer", 0)] + ([("weight", 1.0)] if count > 1 else [])
        rows += [("%s-%d-%s" % (stem, number, part), value) for part, value in parts]
    if "regions" in kinds:
        rows.append(("regions-from", 0))
    if any(given.get("carries") for given in item["inputs"]):
        rows.append(("hide-layer", True))
    for param in item["params"]:
        if param["dialog"]:
            rows.append((param["name"].replace("_", "-"), _database_value(param, _quick(param))))
    return rows + [("paint", 0)] + ([("animation", False)] if item["held"] else [])


def _stem(item):
    """What its rows of pictures begin with; "" where it has none."""
    return next((picture_stem(given) for given in item["inputs"] if given["kind"] == "pictures"), "")


def _quick(param):
    value = QUICK.get(param["name"], param["default"])
    is_choice = param["type"] == "choice"
    return param["default"] if is_choice and value not in [choice["value"] for choice in param["choices"]] else value


def run_filter(gimp, image, drawable, path=None, layer=0, name=NEURAL_STYLE, source=None, **params):
    """Call a filter through the procedure database, as a script does; what is not given keeps its default."""
    by_name = {param["name"]: param for param in declared(name)["params"]}
    values = dict(signature(name))
    first = _stem(declared(name)) + "-1-"
    values.update({first + "file": path or "", first + "layer": layer, first + "weight": params.pop("weight", 1.0)})
    if source is not None:
        values["regions-from"] = [word for word, _ in SOURCES].index(source)
    values["animation"] = params.pop("animation", False)
    values["paint"] = params.pop("paint", 0)
    drawables = params.pop("drawables", [drawable])
    for param, value in params.items():
        # Python has taken one of the names: name_ is the parameter's.
        values[param.strip("_").replace("_", "-")] = _database_value(by_name[param.strip("_")], value)
    # GIMP 3 hands a filter all the chosen layers; the shim counts them, as 2.10 counts all arrays.
    values.update({"run-mode": 1, "image": image, "drawable": drawable})
    values.update({"num-drawables": len(drawables), "drawables": drawables})
    procedure = "python-fu-restyle-" + name
    return gimp.call(procedure, [values[argument] for argument, _ in gimp.procedure_signature(procedure)[0]])


def restyled(gimp, image, drawable, **options):
    """Run the filter; return the layer that it added."""
    before = set(_every_layer(gimp, gimp.image_layers(image)))
    takes_styles = any(item["kind"] == "pictures" for item in declared(options.get("name", NEURAL_STYLE))["inputs"])
    if "layer" not in options and takes_styles:
        options.setdefault("path", style_file())
    run_filter(gimp, image, drawable, **options)
    return added_layer(gimp, image, before)


def added_layer(gimp, image, before):
    """The one layer that is not among `before`."""
    added = [layer for layer in _every_layer(gimp, gimp.image_layers(image)) if layer not in before]
    assert len(added) == 1, added
    return added[0]


def failure(gimp, image, drawable, *arguments, **options):
    """Return the sentence with which the filter fails; the image must be as before, and no plug-in still run."""
    gimp.call("gimp-image-clean-all", [image])
    before, open_before = _state(gimp, image), sorted(gimp.image_list())
    try:
        run_filter(gimp, image, drawable, *arguments, **options)
    except BackendError as error:
        assert _state(gimp, image) == before
        assert sorted(gimp.image_list()) == open_before
        assert error.text.strip().endswith((".", "log")), error.text
        assert eventually(lambda: not _plug_ins()), _plug_ins()
        return error.text
    raise AssertionError("the filter did not fail")


def distance(first, second):
    """How far two colours, or any two rows of numbers, are from one another."""
    return sum((a - b) ** 2 for a, b in zip(first, second)) ** 0.5


def pixels(gimp, layer, babl="R'G'B'A u8"):
    """All numbers of a layer, as integers or floats."""
    data = gimp.drawable_read(layer, 0, 0, gimp.drawable_width(layer), gimp.drawable_height(layer), babl)
    return array.array(str({"u8": "B", "u16": "H", "float": "f"}[babl.split()[1]]), bytes(data))


def delete(gimp, *images):
    """Close images."""
    for image in images:
        gimp.image_delete(image)


def eventually(found, patience_s=PATIENCE_S):
    """Ask until the answer is true or patience is over; return the last answer."""
    limit = time.time() + patience_s
    answer = found()
    while not answer and time.time() < limit:
        time.sleep(0.05)
        answer = found()
    return answer


def _database_value(param, value):
    if param["type"] == "choice":
        return [choice["value"] for choice in param["choices"]].index(value)
    if param["type"] == "color":
        return tuple(int(value[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
    return value


def _every_layer(gimp, layers):
    for layer in layers:
        yield layer
        for child in _every_layer(gimp, gimp.item_children(layer)):
            yield child


def _state(gimp, image):
    """Whatever of an image a failed call could have changed; GIMP's own mark of a change is among it."""
    layers = list(_every_layer(gimp, gimp.image_layers(image)))
    drawn = [bytes(pixels(gimp, layer)) for layer in layers]
    dirty = bool(gimp.call("gimp-image-is-dirty", [image])[0])
    return layers, drawn, gimp.image_active_drawable(image), gimp.selection_bounds(image), dirty


def _plug_ins():
    """The running processes of this GIMP's Restyle plug-in."""
    profile = os.environ.get(str("GIMP3_DIRECTORY")) or os.environ[str("GIMP2_DIRECTORY")]
    entry = os.path.join(profile, "plug-ins", "restyle", "restyle.py").encode("utf-8")
    return [pid for pid in os.listdir("/proc") if pid.isdigit() and entry in _read("/proc/%s/cmdline" % pid)]


def connections_of_plug_in():
    """The sockets that this GIMP's Restyle plug-in has open now."""
    found = set()
    for pid in _plug_ins():
        folder = "/proc/%s/fd" % pid
        try:
            found.update(os.readlink(os.path.join(folder, name)) for name in os.listdir(folder))
        except (IOError, OSError):
            continue  # it has just ended, or closed one
    return frozenset(name for name in found if name.startswith("socket:"))


def _read(path):
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except (IOError, OSError):
        return b""  # it has just ended
