# -*- coding: utf-8 -*-
# ruff: noqa: UP009, UP010, UP031  (Python 2.7 runs this too)
"""What Neural Style must make of every kind of image and layer, at every place, in a real GIMP with a real server."""

from __future__ import absolute_import, unicode_literals

from filter_scene import FLOAT, SIZE, U8, U16, delete, new_image, new_layer, pixels, restyled

# (drawable type, precision): 0 RGB, 1 with alpha, 2 grey, 3 with alpha, 4 indexed, 5 with alpha; then a linear 8 bit,
# a linear float, a 32-bit integer and a half float.
EIGHT_BIT = [(kind, U8) for kind in range(6)]
DEEPER = [(kind, precision) for precision in (U16, FLOAT) for kind in range(4)]
RARE = [(1, 100), (0, 600), (0, 350), (1, 550)]
CLIPPED_LAYERS = [
    ((150, 120), (-40, -30)),
    ((20, 30), (5, 6)),
    ((64, 40), (SIZE[0] - 1, -39)),
    ((200, 3), (0, 0)),
    ((3, 90), (-1, 2)),
]


def check_eight_bit_and_indexed_layers_keep_their_kind(gimp):
    assert_keep_their_kind(gimp, EIGHT_BIT)


def check_sixteen_bit_and_float_layers_keep_their_kind(gimp):
    assert_keep_their_kind(gimp, DEEPER)


def check_linear_half_and_thirty_two_bit_layers_keep_their_kind(gimp):
    assert_keep_their_kind(gimp, RARE)


def assert_keep_their_kind(gimp, kinds):
    for kind, precision in kinds:
        image, layer = new_image(gimp, kind, precision)
        before = pixels(gimp, layer, "R'G'B'A u16")
        result = restyled(gimp, image, layer)
        where = "type %d, precision %d" % (kind, precision)
        assert gimp.drawable_type(result) == gimp.drawable_type(layer) == kind, where
        assert gimp.image_precision(image) == precision, where
        assert_is_above(gimp, image, layer, result)
        assert pixels(gimp, layer, "R'G'B'A u16") == before, where
        after = pixels(gimp, result, "R'G'B'A u16")
        assert after[3::4] == before[3::4], where
        # A mean of more than eight of 255 levels is more than rounding, and than the nearest of 128 colours.
        assert mean_difference(before, after) > 8 * 257, (where, mean_difference(before, after))
        delete(gimp, image)


def mean_difference(before, after):
    """The mean absolute difference of two RGBA pictures where they can be seen."""
    pairs = [(before[i], after[i]) for i in range(len(before)) if i % 4 < 3 and before[i - i % 4 + 3]]
    return sum(abs(a - b) for a, b in pairs) / float(len(pairs))


def assert_is_above(gimp, image, layer, result):
    """The result lies right above its layer, in the same group, of the same size at the same place, and is active."""
    parent = gimp.item_parent(layer)
    assert gimp.item_parent(result) == parent
    siblings = gimp.item_children(parent) if parent else gimp.image_layers(image)
    assert siblings.index(result) == siblings.index(layer) - 1, siblings
    for measure in (gimp.drawable_width, gimp.drawable_height, gimp.drawable_offsets):
        assert measure(result) == measure(layer), (measure(result), measure(layer))
    assert bool(gimp.drawable_has_alpha(result)) == bool(gimp.drawable_has_alpha(layer))
    assert gimp.image_active_drawable(image) == result


def check_sixteen_bits_are_more_than_eight(gimp):
    image, layer = new_image(gimp, 0, U16)
    values = pixels(gimp, restyled(gimp, image, layer), "R'G'B' u16")
    # A value widened from 8 bits has both bytes alike.
    assert sum(value >> 8 != value & 255 for value in values) > len(values) // 2
    delete(gimp, image)


def check_a_layer_in_a_group_gets_its_result_there(gimp):
    image, bottom = new_image(gimp, 1)
    outer = new_group(gimp, image, 0)
    inner = new_group(gimp, image, outer)
    sibling = new_layer(gimp, image, 1, (20, 20), inner)
    layer = new_layer(gimp, image, 1, (40, 50), inner)
    top = new_layer(gimp, image, 0, (30, 20), inner)
    gimp.layer_set_offsets(layer, 60, 50)
    result = restyled(gimp, image, layer)
    assert gimp.item_children(inner) == [top, result, layer, sibling]
    assert_is_above(gimp, image, layer, result)
    assert gimp.drawable_offsets(result) == (60, 50)
    assert gimp.image_layers(image) == [outer, bottom]
    delete(gimp, image)


def check_a_group_is_painted_as_it_looks(gimp):
    image, _ = new_image(gimp, 0)
    group = new_group(gimp, image, 0)
    new_layer(gimp, image, 1, (40, 50), group)
    result = restyled(gimp, image, group)
    assert gimp.item_kind(result) == "layer"
    assert_is_above(gimp, image, group, result)
    assert pixels(gimp, result)[3::4] == pixels(gimp, group)[3::4]
    delete(gimp, image)


def new_group(gimp, image, parent):
    """An empty group on top of its parent; GIMP 3 has changed the procedure's name."""
    name = "gimp-group-layer-new" if gimp.procedure_exists("gimp-group-layer-new") else "gimp-layer-group-new"
    group = gimp.call(name, [image])[0]
    gimp.image_insert_layer(image, group, parent, 0)
    return group


def check_layers_larger_smaller_and_hardly_on_the_canvas_keep_their_place(gimp):
    image, _ = new_image(gimp, 0)
    for size, offsets in CLIPPED_LAYERS:
        layer = new_layer(gimp, image, 1, size)
        gimp.layer_set_offsets(layer, *offsets)
        result = restyled(gimp, image, layer)
        assert_is_above(gimp, image, layer, result)
        assert gimp.drawable_offsets(result) == offsets
        assert pixels(gimp, result)[3::4] == pixels(gimp, layer)[3::4]
    delete(gimp, image)


def check_a_layer_of_one_pixel_simply_works(gimp):
    for kind, precision in ((0, U8), (3, U16), (5, U8)):
        image, _ = new_image(gimp, kind, precision)
        layer = new_layer(gimp, image, kind, (1, 1), name="dot")
        gimp.layer_set_offsets(layer, 3, 4)
        result = restyled(gimp, image, layer)
        assert_is_above(gimp, image, layer, result)
        assert pixels(gimp, result)[3] == pixels(gimp, layer)[3]
        delete(gimp, image)


def check_an_image_of_one_pixel_simply_works(gimp):
    image, layer = new_image(gimp, 0, U8, (1, 1))
    assert_is_above(gimp, image, layer, restyled(gimp, image, layer))
    delete(gimp, image)


def check_an_active_mask_means_its_layer(gimp):
    image, layer = new_image(gimp, 1)
    mask = gimp.layer_create_mask(layer, 0)
    gimp.layer_add_mask(layer, mask)
    result = restyled(gimp, image, mask)
    assert gimp.image_layers(image) == [result, layer]
    assert (gimp.drawable_width(result), gimp.drawable_height(result)) == SIZE
    delete(gimp, image)
