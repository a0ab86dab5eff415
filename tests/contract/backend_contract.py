# -*- coding: utf-8 -*-

"""What every backend of the gimpfu shim must do, as plain functions of a backend (Python 2.7 and 3).

pytest runs them over the in-memory GIMP; plug-ins inside real GIMPs run `failures(backend)`. Each leaves no image behind.
"""

from __future__ import absolute_import, unicode_literals

import traceback

from restyle_plugin.gimpfu_shim.errors import BackendError

RGB, GREY = 0, 1
NORMAL = 28
WIDTH, HEIGHT = 24, 18
PRECISIONS = (100, 150, 200, 250, 300, 350, 500, 550, 600, 650, 700, 750)
FORMATS = {1: "R'G'B'A u8", 0: "R'G'B' u8", 2: "Y' u8", 3: "Y'A u8"}
SIZES = {1: 4, 0: 3, 2: 1, 3: 2}

__all__ = ["CHECKS", "failures"]


def failures(gimp):
    """Return the tracebacks of the checks that a backend fails."""
    found = []
    for check in CHECKS:
        try:
            check(gimp)
        except Exception:
            found.append("%s\n%s" % (check.__name__, traceback.format_exc()))
    return found


def refuses(function, *arguments):
    """Return the text of the BackendError that a call raises."""
    try:
        function(*arguments)
    except BackendError as error:
        assert error.text
        return error.text
    raise AssertionError("%s%r raised nothing" % (getattr(function, "__name__", function), arguments))


class Scene(object):
    """An image with one layer of a type: `with Scene(gimp, drawable_type) as scene`; deleted at the end."""

    def __init__(self, gimp, drawable_type=1, precision=150, size=(WIDTH, HEIGHT)):
        self.gimp, self.type, self.size = gimp, drawable_type, size
        self.image = gimp.image_new(WIDTH, HEIGHT, drawable_type // 2, precision)
        self.layer = self.new_layer("photo")
        gimp.image_insert_layer(self.image, self.layer, 0, 0)

    def new_layer(self, name):
        return self.gimp.layer_new(self.image, name, self.size[0], self.size[1], self.type, 100.0, NORMAL)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.gimp.image_is_valid(self.image):
            self.gimp.image_delete(self.image)


def pattern(count):
    """Return bytes that differ from their neighbours; every fourth (alpha) is opaque enough to keep its colour."""
    return bytes(bytearray((i * 37 + 11) % 251 if i % 4 != 3 else 255 - i % 50 for i in range(count)))


def check_a_new_image_tells_what_it_was_made_with(gimp):
    image = gimp.image_new(WIDTH, HEIGHT, GREY, 250)
    try:
        assert gimp.image_is_valid(image) and image in list(gimp.image_list())
        assert (gimp.image_width(image), gimp.image_height(image)) == (WIDTH, HEIGHT)
        assert gimp.image_base_type(image) == GREY and gimp.image_precision(image) == 250
        assert list(gimp.image_layers(image)) == [] and not gimp.image_filename(image)
    finally:
        gimp.image_delete(image)
    assert not gimp.image_is_valid(image)


def check_every_precision_is_kept(gimp):
    for precision in PRECISIONS:
        with Scene(gimp, 1, precision) as scene:
            assert gimp.image_precision(scene.image) == precision


def check_pixels_come_back_as_written(gimp):
    for drawable_type, babl in FORMATS.items():
        with Scene(gimp, drawable_type) as scene:
            data = pattern(WIDTH * HEIGHT * SIZES[drawable_type])
            gimp.drawable_write(scene.layer, 0, 0, WIDTH, HEIGHT, babl, data)
            assert gimp.drawable_type(scene.layer) == drawable_type
            assert bytes(gimp.drawable_read(scene.layer, 0, 0, WIDTH, HEIGHT, babl)) == data, drawable_type


def check_a_part_is_read_and_written_at_its_place(gimp):
    with Scene(gimp) as scene:
        gimp.drawable_write(scene.layer, 3, 2, 2, 2, FORMATS[1], bytearray(range(200, 216)))
        assert bytearray(gimp.drawable_read(scene.layer, 3, 3, 2, 1, FORMATS[1])) == bytearray(range(208, 216))
        assert not any(bytearray(gimp.drawable_read(scene.layer, 5, 2, 3, 2, FORMATS[1])))


def check_what_is_outside_a_drawable_reads_as_zero(gimp):
    with Scene(gimp, 0) as scene:
        gimp.drawable_write(scene.layer, 0, 0, WIDTH, HEIGHT, FORMATS[0], bytearray([9]) * (WIDTH * HEIGHT * 3))
        data = bytearray(gimp.drawable_read(scene.layer, -1, -1, 3, 2, FORMATS[0]))
        assert data == bytearray([0] * 12 + [9] * 6)


def check_16_bits_and_floats_keep_their_precision(gimp):
    from array import array

    for precision, babl, code, values in (
        (250, "R'G'B'A u16", str("H"), [1, 32769, 65535, 40001]),
        (650, "R'G'B'A float", str("f"), [0.125, 1.5, -0.25, 1.0]),
    ):
        with Scene(gimp, 1, precision) as scene:
            sent = array(code, values)
            data = getattr(sent, "tobytes", getattr(sent, "tostring", None))()
            gimp.drawable_write(scene.layer, 4, 5, 1, 1, babl, data)
            assert bytes(gimp.drawable_read(scene.layer, 4, 5, 1, 1, babl)) == data, precision


def check_data_of_the_wrong_length_is_refused(gimp):
    with Scene(gimp) as scene:
        refuses(gimp.drawable_write, scene.layer, 0, 0, WIDTH, HEIGHT, FORMATS[1], b"123")


def check_a_layer_keeps_name_offset_and_size(gimp):
    with Scene(gimp, size=(40, 5)) as scene:
        gimp.item_set_name(scene.layer, "Höhe ☃")
        gimp.layer_set_offsets(scene.layer, -7, 30)
        assert gimp.item_name(scene.layer) == "Höhe ☃"
        assert tuple(gimp.drawable_offsets(scene.layer)) == (-7, 30)
        assert (gimp.drawable_width(scene.layer), gimp.drawable_height(scene.layer)) == (40, 5)
        assert gimp.item_kind(scene.layer) == "layer" and gimp.item_image(scene.layer) == scene.image
        assert gimp.item_parent(scene.layer) == 0 and gimp.drawable_has_alpha(scene.layer)


def check_an_inserted_layer_is_above_and_active(gimp):
    with Scene(gimp) as scene:
        above = scene.new_layer("result")
        gimp.image_insert_layer(scene.image, above, 0, gimp.item_position(scene.layer))
        assert list(gimp.image_layers(scene.image)) == [above, scene.layer]
        assert gimp.image_active_drawable(scene.image) == above and gimp.item_position(scene.layer) == 1
        gimp.image_remove_layer(scene.image, above)
        assert list(gimp.image_layers(scene.image)) == [scene.layer]


def check_a_layer_can_be_filled_before_it_is_inserted(gimp):
    with Scene(gimp) as scene:
        data = pattern(WIDTH * HEIGHT * 4)
        new = scene.new_layer("result")
        gimp.drawable_write(new, 0, 0, WIDTH, HEIGHT, FORMATS[1], data)
        gimp.item_attach_parasite(new, "restyle", 1, b"{}")
        gimp.image_undo_group_start(scene.image)
        gimp.image_insert_layer(scene.image, new, 0, 0)
        gimp.image_undo_group_end(scene.image)
        assert bytes(gimp.drawable_read(new, 0, 0, WIDTH, HEIGHT, FORMATS[1])) == data
        assert bytes(gimp.item_parasite(new, "restyle")) == b"{}" and gimp.item_parasite(new, "other") is None


def check_a_layer_is_made_the_active_one(gimp):
    with Scene(gimp) as scene:
        above = scene.new_layer("above")
        gimp.image_insert_layer(scene.image, above, 0, 0)
        assert gimp.image_active_drawable(scene.image) == above
        gimp.image_select_layer(scene.image, scene.layer)
        assert gimp.image_active_drawable(scene.image) == scene.layer
        assert list(gimp.given_drawables(scene.layer)) == [scene.layer]


def check_a_layer_that_was_not_inserted_can_be_deleted(gimp):
    with Scene(gimp) as scene:
        new = scene.new_layer("unwanted")
        gimp.call("gimp-item-delete", [new])
        assert not gimp.item_is_valid(new) and gimp.item_is_valid(scene.layer)


def check_a_mask_holds_a_feathered_selection(gimp):
    with Scene(gimp) as scene:
        assert gimp.selection_is_empty(scene.image)
        gimp.call("gimp-image-select-rectangle", [scene.image, 2, 6, 5, 10, 8])
        gimp.call("gimp-selection-feather", [scene.image, 4.0])
        assert not gimp.selection_is_empty(scene.image)
        selected = bytes(gimp.drawable_read(gimp.image_selection(scene.image), 0, 0, WIDTH, HEIGHT, "Y u8"))
        assert len(set(bytearray(selected))) > 5  # feathered
        mask = gimp.layer_create_mask(scene.layer, 1)
        gimp.layer_add_mask(scene.layer, mask)
        gimp.drawable_write(mask, 0, 0, WIDTH, HEIGHT, "Y u8", selected)
        gimp.layer_edit_mask(scene.layer, False)
        assert gimp.layer_mask(scene.layer) == mask and gimp.item_kind(mask) == "mask"
        assert bytes(gimp.drawable_read(mask, 0, 0, WIDTH, HEIGHT, "Y u8")) == selected
        assert gimp.image_active_drawable(scene.image) == scene.layer


def check_only_layers_have_masks(gimp):
    with Scene(gimp) as scene:
        assert gimp.layer_mask(scene.layer) == 0
        refuses(gimp.layer_mask, gimp.image_selection(scene.image))


def check_the_bounds_of_a_selection(gimp):
    with Scene(gimp) as scene:
        gimp.call("gimp-image-select-rectangle", [scene.image, 2, 6, 5, 10, 8])
        assert tuple(gimp.selection_bounds(scene.image)) == (True, 6, 5, 16, 13)
        gimp.call("gimp-selection-none", [scene.image])
        assert not gimp.selection_bounds(scene.image)[0]


def check_what_belongs_to_a_closed_image_is_refused(gimp):
    with Scene(gimp) as scene:
        gimp.image_delete(scene.image)
        assert not gimp.image_is_valid(scene.image) and not gimp.item_is_valid(scene.layer)
        refuses(gimp.image_width, scene.image)
        refuses(gimp.drawable_width, scene.layer)
        refuses(gimp.drawable_read, scene.layer, 0, 0, 1, 1, FORMATS[1])


def check_no_such_file_is_refused(gimp):
    refuses(gimp.load_image, "/no/such/folder/näher.png")


def check_the_database_answers_and_refuses(gimp):
    assert gimp.procedure_exists("gimp-version") and not gimp.procedure_exists("gimp-no-such-thing")
    assert gimp.call("gimp-version", [])[0].split(".")[0] in ("2", "3")
    refuses(gimp.call, "gimp-no-such-thing", [])
    wanted, offered = gimp.procedure_signature("gimp-selection-none")
    assert [kind for _, kind in wanted] == ["image"] and list(offered) == []


def check_progress_and_messages_are_taken(gimp):
    gimp.progress_init("Begin")
    gimp.progress_text("Painting, step 1 of 2")
    gimp.progress_update(0.5)
    gimp.progress_pulse()
    gimp.progress_end()
    gimp.displays_flush()


CHECKS = [function for name, function in sorted(globals().items()) if name.startswith("check_")]
