# -*- coding: utf-8 -*-
# ruff: noqa: UP009, UP010  (Python 2.7 runs this too)
"""Harmonize in a real GIMP with a real server: a cut-out above a painting, in a group, at 16 bits, with a mask, and moved."""

from __future__ import absolute_import, unicode_literals

from filter_scene import NORMAL, U16, delete, failure, new_image, pixels, restyled

HARMONIZE = "harmonize"
WIDTH, HEIGHT = 36, 28
AT = (40, 30)
BLACK = 1


def a_cut_out(gimp, image, parent=0):
    """A red rectangle with a clear border, above the painting."""
    layer = gimp.layer_new(image, "cut-out", WIDTH, HEIGHT, 1, 100.0, NORMAL)
    gimp.image_insert_layer(image, layer, parent, 0)
    gimp.layer_set_offsets(layer, *AT)
    data = bytearray()
    for y in range(HEIGHT):
        for x in range(WIDTH):
            data += bytearray((210, 40, 30, 255 if 8 <= x < WIDTH - 8 and 8 <= y < HEIGHT - 8 else 0))
    gimp.drawable_write(layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8", bytes(data))
    return layer


def alpha_at(gimp, layer, x, y):
    return bytearray(gimp.drawable_read(layer, x, y, 1, 1, "R'G'B'A u8"))[3]


def is_visible(gimp, layer):
    return bool(gimp.call("gimp-item-get-visible", [layer])[0])


def check_a_cut_out_becomes_part_of_the_painting(gimp):
    image, painting = new_image(gimp, 0)
    before = pixels(gimp, painting)
    cut_out = a_cut_out(gimp, image)
    result = restyled(gimp, image, cut_out, name=HARMONIZE)
    assert tuple(gimp.drawable_offsets(result)) == AT
    assert (gimp.drawable_width(result), gimp.drawable_height(result)) == (WIDTH, HEIGHT)
    assert alpha_at(gimp, result, WIDTH // 2, HEIGHT // 2) == 255
    assert alpha_at(gimp, result, 0, 0) < 40
    assert not gimp.layer_mask(result)
    assert pixels(gimp, painting) == before
    assert not is_visible(gimp, cut_out)
    assert is_visible(gimp, result)
    delete(gimp, image)


def check_a_moved_one_is_made_anew_of_its_photo(gimp):
    image, painting = new_image(gimp, 0)
    cut_out = a_cut_out(gimp, image)
    first = restyled(gimp, image, cut_out, name=HARMONIZE)
    gimp.layer_set_offsets(first, -10, 4)
    second = restyled(gimp, image, first, name=HARMONIZE)
    assert tuple(gimp.drawable_offsets(second)) == (-10, 4)
    assert gimp.image_layers(image) == [second, first, cut_out, painting]
    assert pixels(gimp, second) != pixels(gimp, first)
    assert [is_visible(gimp, layer) for layer in (second, first, cut_out, painting)] == [True, False, False, True]
    delete(gimp, image)


def check_a_mask_says_what_belongs_to_it_in_a_group_at_16_bits(gimp):
    image, _ = new_image(gimp, 0, U16)
    group = gimp.call("gimp-layer-group-new", [image] if len(gimp.procedure_signature("gimp-layer-group-new")[0]) == 1
                      else [image, "group"])[0]  # fmt: skip
    gimp.image_insert_layer(image, group, 0, 0)
    cut_out = a_cut_out(gimp, image, group)
    mask = gimp.layer_create_mask(cut_out, BLACK)
    gimp.layer_add_mask(cut_out, mask)
    left = bytes(bytearray(([255] * 18 + [0] * 18) * HEIGHT))
    gimp.drawable_write(mask, 0, 0, WIDTH, HEIGHT, "Y u8", left)
    result = restyled(gimp, image, cut_out, name=HARMONIZE, edge_softness=0.0)
    assert gimp.item_parent(result) == group
    assert alpha_at(gimp, result, 12, 14) == 255
    assert alpha_at(gimp, result, 25, 14) == 0
    delete(gimp, image)


def check_nothing_beneath_says_so(gimp):
    image, painting = new_image(gimp, 0)
    assert "Nothing is visible beneath" in failure(gimp, image, painting, name=HARMONIZE)
    delete(gimp, image)
