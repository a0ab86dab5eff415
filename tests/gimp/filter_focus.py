# -*- coding: utf-8 -*-
# ruff: noqa: UP009, UP010  (Python 2.7 runs this too)
"""Focus in a real GIMP: what is selected stays sharp, the result is seen all over, in every precision."""

from __future__ import absolute_import, unicode_literals

from filter_scene import FLOAT, SIZE, U8, U16, delete, new_image, pixels, restyled

FOCUS = "focus"


def check_focus_keeps_what_is_selected_and_blurs_the_rest(gimp):
    for kind, precision in ((0, U8), (1, U16), (2, U8), (0, FLOAT)):
        image, layer = new_image(gimp, kind, precision)
        gimp.call("gimp-image-select-rectangle", [image, 2, 0, 0, SIZE[0] // 2, SIZE[1]])
        result = restyled(gimp, image, layer, name=FOCUS, edge=0.0, blur=100.0, falloff=0.0)
        assert gimp.drawable_type(result) == kind
        assert not gimp.layer_mask(result)
        before, after = (bytearray(pixels(gimp, one, "R'G'B' u8")) for one in (layer, result))
        differences = [abs(one - other) for one, other in zip(before, after)]  # noqa: B905
        row = 3 * SIZE[0]
        kept = [differences[y * row + x] for y in range(SIZE[1]) for x in range(row // 2 - 3)]
        blurred = [differences[y * row + x] for y in range(SIZE[1]) for x in range(row // 2 + 3, row)]
        # Linear float goes to the server as encoded values and back.
        assert max(kept) <= 1, (kind, precision)
        assert sum(blurred) > 0, (kind, precision)
        delete(gimp, image)


def check_focus_finds_a_subject_by_itself_and_by_a_channel(gimp):
    image, layer = new_image(gimp, 1)
    found = restyled(gimp, image, layer, name=FOCUS, blur=100.0)
    assert bytearray(pixels(gimp, found))[3::4] == bytearray(pixels(gimp, layer))[3::4]
    delete(gimp, image)
