# -*- coding: utf-8 -*-
# ruff: noqa: UP009, UP010  (Python 2.7 runs this too)
"""Edit Restyled Layer as a script calls it, in a real GIMP with a real server: made again in its place, all else kept."""

from __future__ import absolute_import, unicode_literals

from filter_scene import FLOAT, SIZE, U8, U16, delete, eventually, new_image, new_layer, pixels, restyled

from restyle_plugin import provenance
from restyle_plugin.gimpfu_shim.errors import BackendError

FAST, EDIT = "fast-style", "python-fu-restyle-edit-restyled-layer"
MULTIPLY, WHITE = 30, 0


def edit(gimp, image, layer):
    values = {"run-mode": 1, "image": image, "drawable": layer, "num-drawables": 1, "drawables": [layer]}
    return gimp.call(EDIT, [values[name] for name, _ in gimp.procedure_signature(EDIT)[0]])


def refusal(gimp, image, layer):
    try:
        edit(gimp, image, layer)
    except BackendError as error:
        return error.text
    raise AssertionError("a photo was edited")


def daub(gimp, layer):
    """Paint over all of a layer."""
    blue = bytes(bytearray([9, 99, 199, 255]) * (SIZE[0] * SIZE[1]))
    gimp.drawable_write(layer, 0, 0, SIZE[0], SIZE[1], "R'G'B'A u8", blue)


def check_a_painting_is_painted_again_in_its_place(gimp):
    image, photo = new_image(gimp, 1)
    layer = restyled(gimp, image, photo, name=FAST)
    above = new_layer(gimp, image, 1, (20, 10), name="above")
    painted = pixels(gimp, layer)
    mask = gimp.layer_create_mask(layer, WHITE)
    gimp.layer_add_mask(layer, mask)
    gimp.layer_set_offsets(layer, 7, 5)
    gimp.item_set_name(layer, "mein Bild é")
    gimp.call("gimp-layer-set-opacity", [layer, 40.0])
    gimp.call("gimp-layer-set-mode", [layer, MULTIPLY])
    daub(gimp, layer)
    # What is selected now, and locked, is of no matter.
    gimp.call("gimp-image-select-rectangle", [image, 2, 1, 1, 4, 4])
    gimp.call("gimp-layer-set-lock-alpha", [layer, True])
    edit(gimp, image, layer)
    assert gimp.image_layers(image) == [above, layer, photo]
    assert pixels(gimp, layer) == painted
    assert gimp.layer_mask(layer) == mask
    assert (gimp.drawable_width(mask), gimp.drawable_height(mask)) == SIZE
    assert set(bytearray(gimp.drawable_read(mask, 0, 0, SIZE[0], SIZE[1], "Y u8"))) == {255}
    assert gimp.drawable_offsets(layer) == (7, 5)
    assert gimp.item_name(layer) == "mein Bild é"
    assert round(gimp.call("gimp-layer-get-opacity", [layer])[0]) == 40
    assert gimp.call("gimp-layer-get-mode", [layer])[0] == MULTIPLY
    assert provenance.source_of(gimp, layer) == photo
    delete(gimp, image)


def check_what_was_selected_is_painted_again(gimp):
    image, photo = new_image(gimp, 0)
    gimp.call("gimp-image-select-rectangle", [image, 2, 30, 20, 30, 30])
    layer = restyled(gimp, image, photo, name=FAST)
    painted = pixels(gimp, layer)
    gimp.call("gimp-selection-none", [image])
    edit(gimp, image, layer)
    assert pixels(gimp, layer) == painted
    delete(gimp, image)


def check_any_other_layer_is_refused_in_a_sentence(gimp):
    image, photo = new_image(gimp, 0)
    gimp.call("gimp-image-clean-all", [image])
    assert "was not made by Restyle" in refusal(gimp, image, photo)
    assert not gimp.call("gimp-image-is-dirty", [image])[0]
    assert eventually(lambda: gimp.image_layers(image) == [photo])
    delete(gimp, image)


def check_every_kind_of_image_can_be_edited(gimp):
    for kind, precision, babl in ((2, U16, "R'G'B'A u16"), (1, FLOAT, "R'G'B'A float"), (4, U8, "R'G'B'A u8")):
        image, photo = new_image(gimp, kind, precision)
        layer = restyled(gimp, image, photo, name=FAST)
        painted = pixels(gimp, layer, babl)
        daub(gimp, layer)
        assert pixels(gimp, layer, babl) != painted
        edit(gimp, image, layer)
        assert pixels(gimp, layer, babl) == painted, (kind, precision)
        delete(gimp, image)
