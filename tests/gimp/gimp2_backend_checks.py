# -*- coding: utf-8 -*-
# ruff: noqa: B905, PT018, UP009, UP010, UP031  (Python 2.7 runs this too)
"""What must be true of the GIMP 2.10 backend inside a GIMP 2.10: functions of the backend (Python 2.7 and 3)."""

from __future__ import absolute_import, unicode_literals

import json
import os
import tempfile

from restyle_plugin.gimpfu_shim.errors import BackendError

RGB, GREY, INDEXED = 0, 1, 2
NORMAL = 28
U8 = 150
PRECISIONS = [100, 150, 200, 250, 300, 350, 500, 550, 600, 650, 700, 750]


def refuses(function, *arguments):
    """Return the text of the BackendError that the call raises."""
    try:
        function(*arguments)
    except BackendError as error:
        return error.text
    raise AssertionError("%s%r raised nothing" % (function.__name__, arguments))


def new_image(gimp, base_type=RGB, precision=U8, size=(40, 30)):
    return gimp.image_new(size[0], size[1], base_type, precision)


def new_layer(gimp, image, kind=1, size=(40, 30), name="layer", parent=0, position=0):
    layer = gimp.layer_new(image, name, size[0], size[1], kind, 100.0, NORMAL)
    gimp.image_insert_layer(image, layer, parent, position)
    return layer


def gradient(count):
    return bytes(bytearray((i * 7 + i // 256) % 256 for i in range(count)))


def check_an_image_tells_its_facts(gimp):
    image = gimp.image_new(33, 22, GREY, 250)
    assert image in gimp.image_list() and gimp.image_is_valid(image)
    assert (gimp.image_width(image), gimp.image_height(image)) == (33, 22)
    assert gimp.image_base_type(image) == GREY and gimp.image_precision(image) == 250
    assert gimp.image_filename(image) is None and gimp.image_name(image)
    assert gimp.image_layers(image) == [] and gimp.image_channels(image) == []
    assert gimp.image_active_drawable(image) == 0
    gimp.image_delete(image)
    assert not gimp.image_is_valid(image) and image not in gimp.image_list()


def check_every_precision_can_be_made(gimp):
    for precision in PRECISIONS:
        image = gimp.image_new(2, 2, RGB, precision)
        assert gimp.image_precision(image) == precision
        gimp.image_delete(image)


def check_layers_and_groups_have_their_places(gimp):
    image = new_image(gimp)
    bottom = new_layer(gimp, image, name="unten é")
    group = gimp.call("gimp-layer-group-new", [image])[0]
    gimp.image_insert_layer(image, group, 0, 0)
    inner = new_layer(gimp, image, parent=group, name="inner")
    text = gimp.call("gimp-text-layer-new", [image, "Text", "Sans", 12.0, 0])[0]
    gimp.image_insert_layer(image, text, 0, 0)
    assert gimp.image_layers(image) == [text, group, bottom]
    assert gimp.item_children(group) == [inner] and gimp.item_children(inner) == []
    assert gimp.item_parent(inner) == group and gimp.item_parent(bottom) == 0
    assert [gimp.item_kind(item) for item in (text, group, inner)] == ["text", "group", "layer"]
    assert gimp.item_position(bottom) == 2 and gimp.item_position(inner) == 0
    assert gimp.item_name(bottom) == "unten é" and gimp.item_image(inner) == image
    gimp.item_set_name(bottom, "日本語")
    assert gimp.item_name(bottom) == "日本語"
    gimp.image_remove_layer(image, bottom)
    assert gimp.image_layers(image) == [text, group] and not gimp.item_is_valid(bottom)
    gimp.image_delete(image)


def check_a_layer_remembers_its_offsets(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image, size=(7, 9))
    gimp.layer_set_offsets(layer, -30, 45)
    assert gimp.drawable_offsets(layer) == (-30, 45)
    assert (gimp.drawable_width(layer), gimp.drawable_height(layer)) == (7, 9)
    gimp.image_delete(image)


def check_alpha_can_be_added(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image, 0)
    assert not gimp.drawable_has_alpha(layer)
    gimp.layer_add_alpha(layer)
    assert gimp.drawable_has_alpha(layer)
    gimp.image_delete(image)


def check_a_feathered_selection_becomes_a_mask(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image)
    assert gimp.selection_is_empty(image)
    assert gimp.selection_bounds(image)[0] is False
    gimp.call("gimp-context-set-feather", [1])
    gimp.call("gimp-context-set-feather-radius", [4.0, 4.0])
    gimp.call("gimp-image-select-rectangle", [image, 2, 10, 8, 20, 12])
    gimp.call("gimp-context-set-feather", [0])
    assert not gimp.selection_is_empty(image)
    filled, x1, y1, x2, y2 = gimp.selection_bounds(image)
    assert filled is True and x1 < 10 < 30 < x2 and y1 < 8 < 20 < y2
    channel = gimp.image_selection(image)
    assert gimp.item_kind(channel) == "selection"
    wanted = gimp.drawable_read(channel, 0, 0, 40, 30, "Y u8")
    assert len(set(bytearray(wanted))) > 10
    assert gimp.layer_mask(layer) == 0
    mask = gimp.layer_create_mask(layer, 4)
    gimp.layer_add_mask(layer, mask)
    assert gimp.layer_mask(layer) == mask and gimp.item_kind(mask) == "mask"
    assert gimp.drawable_read(mask, 0, 0, 40, 30, "Y u8") == wanted
    assert gimp.image_active_drawable(image) == mask
    gimp.layer_edit_mask(layer, False)
    assert gimp.image_active_drawable(image) == layer
    gimp.drawable_write(mask, 0, 0, 40, 30, "Y u8", gradient(1200))
    assert gimp.drawable_read(mask, 0, 0, 40, 30, "Y u8") == gradient(1200)
    gimp.image_delete(image)


def check_parasites_keep_their_bytes(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image)
    assert gimp.item_parasite(layer, "restyle") is None
    for data in (b"a\0b" + bytes(bytearray(range(256))), b"{}", b"x" * 70000):
        gimp.item_attach_parasite(layer, "restyle", 1, data)
        assert gimp.item_parasite(layer, "restyle") == data
    name, flags, data = gimp.call("gimp-item-get-parasite", [layer, "restyle"])[0]
    assert (name, flags, len(data)) == ("restyle", 1, 70000)
    gimp.call("gimp-item-attach-parasite", [layer, ("other", 0, b"\0\1")])
    assert gimp.item_parasite(layer, "other") == b"\0\1"
    gimp.image_delete(image)


def check_wrong_ids_are_refused_with_a_sentence(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image)
    selection = gimp.image_selection(image)
    for function in (gimp.image_width, gimp.image_layers, gimp.image_name, gimp.image_delete, gimp.selection_is_empty):
        for wrong in (0, -1, 9999):
            assert "no image" in refuses(function, wrong)
    for function in (gimp.drawable_width, gimp.item_name, gimp.item_parent, gimp.layer_mask, gimp.drawable_offsets):
        for wrong in (0, -1, 9999):
            assert "no layer" in refuses(function, wrong)
    assert "not a layer" in refuses(gimp.layer_mask, selection)
    assert "no layer" in refuses(gimp.drawable_read, 9999, 0, 0, 1, 1, "R'G'B'A u8")
    assert not gimp.image_is_valid(0) and not gimp.item_is_valid(-1) and not gimp.item_is_valid(9999)
    gimp.image_delete(image)
    assert "no layer" in refuses(gimp.drawable_read, layer, 0, 0, 1, 1, "R'G'B'A u8")


def check_a_layer_of_another_type_is_refused_with_gimps_words(gimp):
    image = new_image(gimp, RGB)
    grey = gimp.image_new(4, 4, GREY, U8)
    layer = gimp.layer_new(grey, "grey", 4, 4, 2, 100.0, NORMAL)
    assert len(refuses(gimp.image_insert_layer, image, layer, 0, 0)) > 20
    assert len(refuses(gimp.image_new, -1, 4, RGB, U8)) > 20
    for item in (image, grey):
        gimp.image_delete(item)


def check_undo_groups_open_and_close(gimp):
    image = new_image(gimp)
    gimp.image_undo_group_start(image)
    new_layer(gimp, image)
    gimp.image_undo_group_end(image)
    gimp.image_delete(image)


def check_data_lasts_and_missing_keys_are_none(gimp):
    assert gimp.get_data("restyle-nothing-here") is None
    for data in (b"first\0second", b"x" * 100000, b"y"):
        gimp.set_data("restyle-é", data)
        assert gimp.get_data("restyle-é") == data


def check_progress_and_flush_work_headless(gimp):
    gimp.progress_init("Painting é")
    gimp.progress_update(0.5)
    gimp.progress_text("step 2")
    gimp.progress_pulse()
    gimp.progress_end()
    gimp.displays_flush()


def check_messages_arrive(gimp):
    gimp.message("A message from Restyle é")


def check_calls_know_every_type_of_the_database(gimp):
    assert gimp.procedure_exists("gimp-image-new") and gimp.procedure_exists("gimp_image_new")
    assert not gimp.procedure_exists("gimp-nothing")
    image = gimp.call("gimp_image_new", [8, 8, RGB])[0]
    assert gimp.call("gimp-image-base-type", [image]) == [RGB]
    gimp.call("gimp-context-set-foreground", [(1.0, 0.5, 0.0)])
    assert [round(part, 2) for part in gimp.call("gimp-context-get-foreground", [])[0]] == [1.0, 0.5, 0.0]
    gimp.call("gimp-context-set-opacity", [40.0])
    assert gimp.call("gimp-context-get-opacity", []) == [40.0]
    count, brushes = gimp.call("gimp-brushes-get-list", [""])
    assert count == len(brushes) > 0
    path = gimp.call("gimp-vectors-new", [image, "Pfad é"])[0]
    gimp.call("gimp-image-insert-vectors", [image, path, None, 0])
    assert gimp.item_kind(path) == "vectors" and gimp.item_name(path) == "Pfad é"
    points = [0.0, 0.0] * 3 + [5.0, 5.0] * 3
    stroke = gimp.call("gimp-vectors-stroke-new-from-points", [path, 0, len(points), points, 0])[0]
    assert list(gimp.call("gimp-vectors-stroke-get-points", [path, stroke])[2]) == points
    assert gimp.call("gimp-drawable-get-pixel", [new_layer(gimp, image), 0, 0]) == [4, (0, 0, 0, 0)]
    gimp.image_delete(image)


def check_echoed_values_and_results_keep_their_types(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image)
    given = [1, 1, 200, 30000, -5, 0.25, "tëxt", (0.25, 0.5, 1.0), 1, 0.5, 3, 1, "y", "/tmp/é.png", layer, None]
    text, half, color, answer, none = gimp.call("python-fu-restyle-echo", given[1:])
    arrived = json.loads(text)
    assert arrived[0] == 1
    assert arrived[1] == [200, 30000, -5, 0.25, "tëxt", [0.25, 0.5, 1.0], True, 0.5, 3, 1, "y", "/tmp/é.png", layer, 0]
    assert (half, answer, none) == (0.5, 42, -1) and color == (0.25, 0.5, 1.0)
    gimp.image_delete(image)


def check_the_database_knows_the_arguments_of_a_registered_procedure(gimp):
    kinds = [gimp.call("gimp-procedural-db-proc-arg", ["python-fu-restyle-echo", i])[:2] for i in range(15)]
    names = [
        "run-mode",
        "int8",
        "int16",
        "int32",
        "float",
        "string",
        "color",
        "toggle",
        "slider",
        "spinner",
        "option",
        "radio",
        "file",
        "other",
        "layer",
    ]
    assert kinds == [list(pair) for pair in zip([0, 2, 1, 0, 3, 4, 10, 0, 3, 0, 0, 4, 4, 16, 14], names)]
    info = gimp.call("gimp-procedural-db-proc-info", ["python-fu-restyle-echo"])
    assert info[5:] == [1, 15, 5] and info[4] == "2026"
    wanted, offered = gimp.procedure_signature("python_fu_restyle_echo")
    assert [name for name, _ in wanted] == names
    assert [kind for _, kind in wanted[3:7]] == ["int", "float", "string", "color"] and wanted[13][1] == "drawable"
    assert offered == [("text", "string"), ("half", "float"), ("color", "color"), ("answer", "int"), ("none", "layer")]
    points = gimp.procedure_signature("gimp-vectors-stroke-get-points")[1]
    assert [kind for _, kind in points] == ["int", "int", "array", "int"]
    assert gimp.procedure_signature("gimp-item-get-parasite")[1] == [("parasite", "parasite")]


def check_failed_calls_tell_why(gimp):
    assert "not found" in refuses(gimp.call, "gimp-nothing", [])
    assert "takes 1 arguments" in refuses(gimp.call, "gimp-image-width", [])
    assert "9999" in refuses(gimp.call, "gimp-image-width", [9999]) or "invalid" in refuses(gimp.call, "gimp-image-width", [9999])
    assert "not a value" in refuses(gimp.call, "gimp-image-new", ["a", "b", 0])
    assert refuses(gimp.call, "python-fu-restyle-fail", [1, "error"]) == "The é went wrong."
    assert "cancelled" in refuses(gimp.call, "python-fu-restyle-fail", [1, "cancel"])
    assert refuses(gimp.call, "python-fu-restyle-fail", [1, "raise"])


def check_pictures_load_without_a_display_whatever_their_name(gimp):
    image = new_image(gimp)
    layer = new_layer(gimp, image, 0)
    gimp.drawable_write(layer, 0, 0, 40, 30, "R'G'B' u8", gradient(3600))
    folder = tempfile.mkdtemp(suffix="-é 日本")
    path = os.path.join(folder, "päinting #1 100%.png")
    gimp.call("file-png-save", [1, image, layer, path, path, 0, 9, 0, 0, 0, 0, 0])
    loaded = gimp.load_image(path)
    assert loaded not in (0, image) and gimp.image_filename(loaded) == path
    top = gimp.image_layers(loaded)[0]
    assert gimp.drawable_read(top, 0, 0, 40, 30, "R'G'B' u8") == gradient(3600)
    assert "missing.png" in refuses(gimp.load_image, os.path.join(folder, "missing.png"))
    broken = os.path.join(folder, "broken.png")
    with open(broken, "wb") as stream:
        stream.write(b"no picture")
    assert len(refuses(gimp.load_image, broken)) > 10
    for opened in (loaded, image):
        gimp.image_delete(opened)
