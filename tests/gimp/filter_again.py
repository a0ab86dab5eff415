# -*- coding: utf-8 -*-
# ruff: noqa: UP009, UP010  (Python 2.7 runs this too)
"""What a second try paints, what of a layer can be seen, and several layers at once, in a real GIMP with a real server."""

from __future__ import absolute_import, unicode_literals

from filter_scene import SIZE, added_layer, delete, failure, new_image, new_layer, pixels, restyled, run_filter

FAST, REGIONS = "fast-style", "find-regions"
THIS_LAYER = 1
BLACK = 1


def check_a_second_try_paints_the_photo(gimp):
    image, photo = new_image(gimp, 0)
    first = restyled(gimp, image, photo, name=FAST)
    second = restyled(gimp, image, first, name=FAST)
    assert gimp.image_layers(image) == [second, first, photo]
    assert pixels(gimp, second) == pixels(gimp, first)
    third = restyled(gimp, image, second, name=FAST, paint=THIS_LAYER)
    assert pixels(gimp, third) != pixels(gimp, first)
    delete(gimp, image)


def check_an_empty_layer_says_so(gimp):
    image, _ = new_image(gimp, 0)
    empty = gimp.layer_new(image, "nothing", 20, 10, 1, 100.0, 28)
    gimp.image_insert_layer(image, empty, 0, 0)
    assert "“nothing” is empty" in failure(gimp, image, empty, name=FAST)
    delete(gimp, image)


def check_a_layer_outside_the_image_says_so(gimp):
    image, _ = new_image(gimp, 0)
    layer = new_layer(gimp, image, 1, (20, 10), name="aside")
    gimp.layer_set_offsets(layer, 500, -400)
    assert "“aside” lies outside" in failure(gimp, image, layer, name=FAST)
    delete(gimp, image)


def check_a_cut_out_stays_one(gimp):
    image, layer = new_image(gimp, 0)
    mask = gimp.layer_create_mask(layer, BLACK)
    gimp.layer_add_mask(layer, mask)
    shown = bytes(bytearray([200] * 30 + [0] * (SIZE[0] - 30)) * SIZE[1])
    gimp.drawable_write(mask, 0, 0, SIZE[0], SIZE[1], "Y u8", shown)
    result = restyled(gimp, image, layer, name=FAST)
    assert bytes(gimp.drawable_read(gimp.layer_mask(result), 0, 0, SIZE[0], SIZE[1], "Y u8")) == shown
    assert gimp.image_active_drawable(image) == result
    delete(gimp, image)


def check_several_layers_are_painted_each(gimp):
    if ("drawables", "array") not in gimp.procedure_signature("python-fu-restyle-" + FAST)[0]:
        return  # GIMP 2.10 has one active layer
    image, lower = new_image(gimp, 0)
    upper = new_layer(gimp, image, 0, (40, 30), name="above")
    before = gimp.image_layers(image)
    run_filter(gimp, image, upper, name=FAST, drawables=[upper, lower])
    found = gimp.image_layers(image)
    assert len(found) == 4, found
    assert [layer for layer in found if layer in before] == [found[1], found[3]] == [upper, lower], found
    delete(gimp, image)


def check_a_map_of_regions_is_hidden_and_the_photo_stays_active(gimp):
    image, photo = new_image(gimp, 0)
    run_filter(gimp, image, photo, name=REGIONS)
    found = added_layer(gimp, image, [photo])
    assert not gimp.call("gimp-item-get-visible", [found])[0]
    assert gimp.image_active_drawable(image) == photo
    delete(gimp, image)
