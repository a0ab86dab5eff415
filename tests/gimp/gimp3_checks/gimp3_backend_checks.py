"""What the GIMP 3 backend must do beyond the contract of every backend, as functions of it; they run inside GIMP 3."""

import os
import resource
import time
from array import array

from backend_contract import Scene, refuses

PNG_EXPORT = "file-png-export"
LARGE = (4000, 6000)
# Bounds with room for a busy machine; on an idle one 0.2 s was seen for each way.
LARGE_LIMIT_S = 3.0
# A picture of 96 MB was read with 108 MB more than before: itself and one band.
LARGE_EXTRA_BYTES = 160 << 20
LAYER_TYPES = {0: ("R'G'B'", 3), 1: ("R'G'B'A", 4), 2: ("Y'", 1), 3: ("Y'A", 2)}
# (precision, largest difference of a value between 0 and 1): half a step of the type; in linear u8 that of the dark, 12.92 / 510;
# in u16 a whole step, for GIMP chooses among conversions by the time that they take, and one of them cuts off.
PRECISIONS = {100: 0.026, 150: 0.002, 200: 1e-4, 250: 1.6e-5, 300: 1e-6, 350: 1e-6, 500: 3e-4, 550: 3e-4, 600: 1e-6, 650: 1e-6}


def check_every_type_and_precision_keeps_its_values(gimp):
    for kind, (model, count) in LAYER_TYPES.items():
        values = [place / (count * 24 * 18) for place in range(count * 24 * 18)]
        sent = array("f", values).tobytes()
        for precision, tolerance in PRECISIONS.items():
            with Scene(gimp, kind, precision) as scene:
                gimp.drawable_write(scene.layer, 0, 0, 24, 18, model + " float", memoryview(sent))
                data = gimp.drawable_read(scene.layer, 0, 0, 24, 18, model + " float")
                worst = max(abs(a - b) for a, b in zip(values, array("f", data), strict=True))
                assert worst <= tolerance, (kind, precision, worst)


def check_indexed_layers_are_read_and_written_through_the_palette(gimp):
    with Scene(gimp, 1) as scene:
        black, red, clear = b"\0\0\0\xff", b"\xff\0\0\xff", b"\0\0\0\0"
        gimp.drawable_write(scene.layer, 0, 0, 24, 18, "R'G'B'A u8", black * 200 + red * 200 + clear * 32)
        gimp.call("gimp-image-convert-indexed", [scene.image, 0, 0, 4, False, False, ""])
        assert gimp.image_base_type(scene.image) == 2
        assert gimp.drawable_type(scene.layer) == 5
        data = gimp.drawable_read(scene.layer, 0, 0, 24, 18, "R'G'B'A u8")
        assert data[:800:4] == bytes(200)
        assert data[800:804] == red
        assert data[-1] == 0
        new = gimp.layer_new(scene.image, "new", 2, 1, 5, 100, 28)
        gimp.image_insert_layer(scene.image, new, 0, 0)
        gimp.drawable_write(new, 0, 0, 2, 1, "R'G'B'A u8", b"\xf0\x05\x05\xff" + clear)
        assert gimp.drawable_read(new, 0, 0, 2, 1, "R'G'B'A u8")[:4] == red


def check_groups_hold_layers_and_show_what_they_hold(gimp):
    with Scene(gimp, 1) as scene:
        group = gimp.call("gimp-group-layer-new", [scene.image])[0]
        gimp.image_insert_layer(scene.image, group, 0, 0)
        inner = gimp.layer_new(scene.image, "inner", 4, 3, 1, 100, 28)
        gimp.image_insert_layer(scene.image, inner, group, 0)
        gimp.layer_set_offsets(inner, 5, 6)
        gimp.drawable_write(inner, 0, 0, 4, 3, "R'G'B'A u8", b"\x10\x20\x30\xff" * 12)
        assert gimp.item_kind(group) == "group"
        assert gimp.item_children(group) == [inner]
        assert gimp.item_parent(inner) == group
        assert gimp.item_position(inner) == 0
        assert gimp.drawable_offsets(group) == (5, 6)
        assert gimp.drawable_read(group, 0, 0, 4, 3, "R'G'B'A u8") == b"\x10\x20\x30\xff" * 12


def check_a_feathered_selection_becomes_the_same_mask(gimp):
    with Scene(gimp, 1) as scene:
        gimp.call("gimp-image-select-ellipse", [scene.image, 2, 6, 4, 12, 10])
        gimp.call("gimp-selection-feather", [scene.image, 4])
        selected = gimp.drawable_read(gimp.image_selection(scene.image), 0, 0, 24, 18, "Y u8")
        mask = gimp.layer_create_mask(scene.layer, 4)
        gimp.layer_add_mask(scene.layer, mask)
        assert len(set(selected)) > 20
        assert gimp.drawable_read(mask, 0, 0, 24, 18, "Y u8") == selected
        gimp.layer_edit_mask(scene.layer, False)
        assert gimp.image_active_drawable(scene.image) == scene.layer


def check_pictures_with_any_name_are_loaded(gimp):
    path = os.path.join(os.environ["TMPDIR"], "Gemälde ☃ 1.png")
    with Scene(gimp, 1) as scene:
        gimp.drawable_write(scene.layer, 0, 0, 24, 18, "R'G'B'A u8", bytes(range(108)) * 16)
        gimp.call(PNG_EXPORT, [1, scene.image, path])
        image = gimp.load_image(path)
        layer = gimp.image_layers(image)[0]
        assert (gimp.image_width(image), gimp.image_height(image)) == (24, 18)
        assert gimp.drawable_read(layer, 0, 0, 24, 1, "R'G'B' u8") == gimp.drawable_read(scene.layer, 0, 0, 24, 1, "R'G'B' u8")
        gimp.image_delete(image)


def check_a_file_that_is_no_picture_is_refused_in_gimps_words(gimp):
    path = os.path.join(os.environ["TMPDIR"], "not a picture.png")
    with open(path, "w") as file:
        file.write("just text")
    assert len(refuses(gimp.load_image, path)) > 10


def check_refusals_carry_gimps_words(gimp):
    with Scene(gimp, 1) as scene:
        stray = scene.new_layer("stray")
        assert "not been added" in refuses(gimp.image_remove_layer, scene.image, stray)
        assert "between 1 and" in refuses(gimp.call, "gimp-image-scale", [scene.image, -4, 3])
        assert "new-width" in refuses(gimp.call, "gimp-image-scale", [scene.image, "wide", 3])
        assert refuses(gimp.image_new, -1, 4, 0, 150)
        assert refuses(gimp.item_position, gimp.image_selection(scene.image))


def check_colours_keep_their_encoding_across_the_database(gimp):
    sent = (0.5, 0.25, 1.0)
    gimp.call("gimp-context-set-foreground", [sent])
    assert all(abs(a - b) < 1e-4 for a, b in zip(gimp.call("gimp-context-get-foreground", [])[0], sent, strict=True))


def check_arrays_of_layers_and_names_cross_the_database(gimp):
    with Scene(gimp, 1) as scene:
        gimp.call("gimp-image-set-selected-layers", [scene.image, [scene.layer]])
        assert gimp.call("gimp-image-get-selected-layers", [scene.image]) == [1, (scene.layer,)]
        assert gimp.procedure_signature("gimp-image-get-selected-layers") == (
            [("image", "image")],
            [("num-layers", "int"), ("layers", "array")],
        )
        assert all(isinstance(name, str) for name in gimp.call("gimp-gradients-get-list", [""])[1])


def check_data_of_every_byte_is_kept_for_the_session(gimp):
    gimp.set_data("test", bytes(range(256)))
    assert gimp.get_data("test") == bytes(range(256))
    assert gimp.get_data("nothing") is None


def check_a_large_layer_is_quick_and_costs_its_own_size_once(gimp):
    width, height = LARGE
    image = gimp.image_new(width, height, 0, 150)
    layer = gimp.layer_new(image, "large", width, height, 1, 100, 28)
    gimp.image_insert_layer(image, layer, 0, 0)
    row = os.urandom(width * 4)
    data = row * height
    started = time.process_time()
    gimp.drawable_write(layer, 0, 0, width, height, "R'G'B'A u8", data)
    written = time.process_time()
    del data
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    back = gimp.drawable_read(layer, 0, 0, width, height, "R'G'B'A u8")
    read = time.process_time()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert back[: len(row)] == row
    assert back[-len(row) :] == row
    gimp.image_delete(image)
    assert written - started < LARGE_LIMIT_S, written - started
    assert read - written < LARGE_LIMIT_S, read - written
    assert after - before < LARGE_EXTRA_BYTES, after - before
