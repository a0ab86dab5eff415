# -*- coding: utf-8 -*-
"""The in-memory GIMP's procedure database: the few procedures that plug-ins and tests call by name."""

from __future__ import absolute_import, unicode_literals

from restyle_plugin.gimpfu_shim.errors import BackendError

from .image import MemoryItem
from .pixels import format_of, pack, unpack

_REPLACE = 2  # CHANNEL_OP_REPLACE

__all__ = ["PROCEDURES"]


def _version(gimp):
    return ["2.10.0"]


def _item_delete(gimp, ID):
    if gimp.item(ID).is_attached:
        raise BackendError("Item %d is in an image." % ID)
    del gimp.items[ID]
    return []


def _merge_visible(gimp, i, merge_type):
    image = gimp.image(i)
    visible = [item for item in image.layers if item.visible]
    if not visible:
        raise BackendError("There are no visible layers to merge.")
    merged = MemoryItem.layer(gimp.new_id(), image, visible[-1].name, image.width, image.height, True)
    merged.data[:] = gimp._projection(visible, 0, 0, image.width, image.height, merged.babl)
    for item in visible:
        gimp.image_remove_layer(i, item.ID)
    gimp.image_insert_layer(i, gimp.add(merged), 0, 0)
    return [merged.ID]


def _new_from_visible(gimp, i, target, name):
    image = gimp.image(i)
    layer = MemoryItem.layer(gimp.new_id(), gimp.image(target), name, image.width, image.height, True)
    visible = [item for item in image.layers if item.visible]
    layer.data[:] = gimp._projection(visible, 0, 0, image.width, image.height, layer.babl)
    return [gimp.add(layer)]


def _convert_rgb(gimp, i):
    image = gimp.image(i)
    if image.base_type == 0:
        raise BackendError("The image is in RGB already.")
    image.base_type = 0
    return []


def _keep_undo(is_kept):
    def keep(gimp, i):
        image = gimp.image(i)
        image.keeps_undo = is_kept
        del image.undo_steps[:], image.redo_steps[:]
        return [True]

    return keep


def _display(gimp, i):
    gimp.shown.append(i)
    return [1]


def _duplicate(gimp, i):
    image = gimp.image(i)
    copy = gimp.image_new(image.width, image.height, image.base_type, image.precision)
    gimp.image(copy).palette = list(image.palette)
    gimp.item(gimp.image_selection(copy)).data[:] = gimp.item(gimp.image_selection(i)).data
    for place, layer in enumerate(image.layers):
        _copy_layer(gimp, layer, copy, 0, place)
    return [copy]


def _copy_layer(gimp, layer, image, parent, place):
    """Copy a layer with what is in it; masks stay behind, for nobody has asked for them yet."""
    target = gimp.image(image)
    new = MemoryItem(gimp.new_id(), target, layer.kind, layer.name, layer.width, layer.height, layer.babl)
    for name in ("x", "y", "opacity", "mode", "visible"):
        setattr(new, name, getattr(layer, name))
    new.data[:] = layer.data
    gimp.image_insert_layer(image, gimp.add(new), parent, place)
    for inner, child in enumerate(layer.children):
        _copy_layer(gimp, child, image, new.ID, inner)


def _resize(gimp, ID, width, height, x, y):
    item = gimp.item(ID)
    was, new = (item.width, item.height, item.data), item.read(-x, -y, width, height, item.babl)

    def change(width, height, data):
        item.width, item.height, item.data = width, height, data

    item.image.record(lambda: change(*was), lambda: change(width, height, bytearray(new)))
    return []


def _freeze(number):
    def freeze(gimp, i):
        gimp.image(i).undo_freezes += number
        return [True]

    return freeze


def _clean(gimp, i):
    gimp.image(i).dirty = 0
    return []


def _scale(gimp, i, width, height):
    """Scale an image and its layers, which are as large as it is, without interpolation."""
    image = gimp.image(i)
    columns = [x * image.width // width for x in range(width)]
    for layer in image.layers:
        size = format_of(layer.babl).size
        rows = [layer.data[y * image.width * size : (y + 1) * image.width * size] for y in range(image.height)]
        wide = [b"".join(bytes(row[x * size : (x + 1) * size]) for x in columns) for row in rows]
        layer.data = bytearray(b"".join(wide[y * image.height // height] for y in range(height)))
        layer.width, layer.height = width, height
    image.width, image.height = width, height
    return []


def _select_layers(gimp, i, count, chosen):
    gimp.selected = list(chosen)
    gimp.image_select_layer(i, chosen[0])
    return []


def _select_rectangle(gimp, i, operation, x, y, width, height):
    if operation != _REPLACE:
        raise BackendError("The in-memory GIMP only replaces selections.")
    image, item = gimp.image(i), gimp.item(gimp.image_selection(i))
    pixels = [
        (1.0 if x <= n % image.width < x + width and y <= n // image.width < y + height else 0.0,)
        for n in range(image.width * image.height)
    ]
    item.data[:] = pack(pixels, format_of(item.babl))
    return []


def _select_none(gimp, i):
    item = gimp.item(gimp.image_selection(i))
    item.data[:] = bytearray(len(item.data))
    return []


def _feather(gimp, i, radius):
    """Blur the selection by three box filters, near a Gaussian."""
    image, item = gimp.image(i), gimp.item(gimp.image_selection(i))
    values = [pixel[0] for pixel in unpack(bytes(item.data), format_of(item.babl))]
    rows = [values[n : n + image.width] for n in range(0, len(values), image.width)]
    half = max(1, int(radius / 2))
    for _ in range(3):
        rows = [_box(row, half) for row in rows]
        rows = [list(row) for row in zip(*[_box(list(column), half) for column in zip(*rows)])]
    item.data[:] = pack([(min(1.0, value),) for row in rows for value in row], format_of(item.babl))
    return []


def _box(values, half):
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    last = len(values)
    # The differences of running sums carry rounding errors: what is nearly nothing is nothing.
    means = [(sums[min(n + half + 1, last)] - sums[max(n - half, 0)]) / (2 * half + 1) for n in range(last)]
    return [mean if mean > 1e-9 else 0.0 for mean in means]


def _getter(attribute):
    return lambda gimp, ID: [getattr(gimp.item(ID), attribute)]


def _setter(attribute):
    return lambda gimp, ID, value: setattr(gimp.item(ID), attribute, value) or []


_IMAGE, _DRAWABLE, _LAYER = ("image", "image"), ("drawable", "drawable"), ("layer", "layer")


def _ints(*names):
    return [(name, "int") for name in names]


# name → (arguments, results, function)
PROCEDURES = {
    "gimp-version": ([], [("version", "string")], _version),
    "gimp-image-duplicate": ([_IMAGE], [_IMAGE], _duplicate),
    "gimp-image-convert-rgb": ([_IMAGE], [], _convert_rgb),
    "gimp-image-undo-disable": ([_IMAGE], _ints("disabled"), _keep_undo(False)),
    "gimp-image-undo-enable": ([_IMAGE], _ints("enabled"), _keep_undo(True)),
    "gimp-image-undo-freeze": ([_IMAGE], _ints("frozen"), _freeze(1)),
    "gimp-image-undo-thaw": ([_IMAGE], _ints("thawed"), _freeze(-1)),
    "gimp-image-is-dirty": ([_IMAGE], _ints("dirty"), lambda gimp, i: [gimp.image(i).dirty != 0]),
    "gimp-image-clean-all": ([_IMAGE], [], _clean),
    "gimp-image-scale": ([_IMAGE] + _ints("width", "height"), [], _scale),
    "gimp-context-push": ([], [], lambda gimp: []),
    "gimp-context-pop": ([], [], lambda gimp: []),
    "gimp-context-set-interpolation": (_ints("interpolation"), [], lambda gimp, interpolation: []),
    "gimp-layer-new-from-visible": ([_IMAGE, ("dest-image", "image"), ("name", "string")], [_LAYER], _new_from_visible),
    "gimp-display-new": ([_IMAGE], _ints("display"), _display),
    "gimp-item-delete": ([("item", "item")], [], _item_delete),
    "gimp-image-merge-visible-layers": ([_IMAGE] + _ints("merge-type"), [_LAYER], _merge_visible),
    "gimp-image-select-rectangle": ([_IMAGE] + _ints("operation", "x", "y", "width", "height"), [], _select_rectangle),
    "gimp-selection-none": ([_IMAGE], [], _select_none),
    "gimp-selection-feather": ([_IMAGE, ("radius", "float")], [], _feather),
    "gimp-item-get-tattoo": ([("item", "item")], _ints("tattoo"), _getter("ID")),
    "gimp-item-get-visible": ([("item", "item")], _ints("visible"), _getter("visible")),
    "gimp-item-set-visible": ([("item", "item")] + _ints("visible"), [], _setter("visible")),
    "gimp-layer-resize": ([_LAYER] + _ints("new-width", "new-height", "offx", "offy"), [], _resize),
    "gimp-layer-get-opacity": ([_LAYER], [("opacity", "float")], _getter("opacity")),
    "gimp-layer-set-opacity": ([_LAYER, ("opacity", "float")], [], _setter("opacity")),
    "gimp-layer-get-mode": ([_LAYER], _ints("mode"), _getter("mode")),
    "gimp-layer-set-mode": ([_LAYER] + _ints("mode"), [], _setter("mode")),
    "gimp-layer-get-apply-mask": ([_LAYER], _ints("apply-mask"), _getter("applies_mask")),
    "gimp-layer-get-edit-mask": ([_LAYER], _ints("edit-mask"), _getter("edits_mask")),
    "gimp-image-get-layers": (
        [_IMAGE],
        _ints("count") + [("layers", "array")],
        lambda gimp, i: [len(gimp.image_layers(i)), gimp.image_layers(i)],
    ),
    "gimp-image-set-selected-layers": ([_IMAGE] + _ints("count") + [("layers", "array")], [], _select_layers),
    "gimp-image-undo-group-start": ([_IMAGE], [], lambda gimp, i: gimp.image_undo_group_start(i) or []),
    "gimp-image-undo-group-end": ([_IMAGE], [], lambda gimp, i: gimp.image_undo_group_end(i) or []),
}
