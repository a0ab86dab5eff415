# -*- coding: utf-8 -*-
# ruff: noqa: I001, PT018, UP009, UP010, UP018  (Python 2.7 runs this too)
"""What Fast and Any Style, DeepDream, Learn a Style, Enhance Photo make in a real GIMP: another picture, as the layer is."""

from __future__ import absolute_import, unicode_literals

import json

from filter_layers import assert_is_above, mean_difference
from filter_painting import distance, means
from filter_scene import (
    FLOAT, SIZE, U16, U8, delete, new_image, new_layer, pixels, restyled, style_file,
    style_pixels,
)  # fmt: skip
from restyle_plugin.compat import IS_PYTHON_2
from restyle_plugin.models import own_models

# Of 255, on the mean: more than any rounding.
SEEN = 6


def check_fast_style_paints_each_kind_of_layer(gimp):
    for kind, precision in ((1, U8), (0, FLOAT), (2, U16), (5, U8)):
        image, layer = new_image(gimp, kind, precision)
        result = restyled(gimp, image, layer, name="fast-style")
        assert gimp.drawable_type(result) == kind and gimp.image_precision(image) == precision
        assert_is_above(gimp, image, layer, result)
        assert changed(gimp, layer, result) > SEEN, (kind, precision)
        assert gimp.item_name(result).startswith("The Starry Night")
        delete(gimp, image)


def changed(gimp, before, after):
    """How much two layers differ where they can be seen, of 255; their alpha must be the same."""
    first, second = pixels(gimp, before), pixels(gimp, after)
    assert first[3::4] == second[3::4]
    return mean_difference(first, second)


def check_fast_styles_differ_and_mix(gimp):
    image, layer = new_image(gimp, 0)
    night, wave = [restyled(gimp, image, layer, name="fast-style", style_name=style) for style in ("starry-night", "great-wave")]
    mixed = restyled(gimp, image, layer, name="fast-style", style_name="starry-night", second_style="great-wave")
    assert min(changed(gimp, *pair) for pair in ((night, wave), (night, mixed), (wave, mixed))) > 2
    assert "The Starry Night" in gimp.item_name(mixed) and " + The Great Wave" in gimp.item_name(mixed)
    assert changed(gimp, layer, restyled(gimp, image, layer, name="fast-style", strength=0.0)) < 1
    delete(gimp, image)


def check_deep_dream_dreams_freely_or_of_a_layer(gimp):
    image, layer = new_image(gimp, 1)
    style = new_layer(gimp, image, 1, (64, 64))
    gimp.drawable_write(style, 0, 0, 64, 64, "R'G'B' u8", style_pixels(64, 64))
    free, guided = [restyled(gimp, image, layer, name="deep-dream", path="", layer=guide) for guide in (0, style)]
    assert "DeepDream" in gimp.item_name(free)
    assert min(changed(gimp, *pair) for pair in ((layer, free), (free, guided))) > 2
    delete(gimp, image)


def check_a_selection_becomes_the_mask_of_each_filters_result(gimp):
    for name in ("fast-style", "deep-dream", "enhance-photo"):
        image, layer = new_image(gimp, 1)
        gimp.call("gimp-image-select-rectangle", [image, 2, 10, 8, 40, 30])
        result = restyled(gimp, image, layer, name=name)
        mask = gimp.layer_mask(result)
        channel = gimp.image_selection(image)
        wanted = gimp.drawable_read(channel, 0, 0, SIZE[0], SIZE[1], "Y u8")
        assert mask and bytes(gimp.drawable_read(mask, 0, 0, SIZE[0], SIZE[1], "Y u8")) == bytes(wanted), name
        delete(gimp, image)


def check_enhance_photo_changes_light_and_colour_and_can_be_turned_down(gimp):
    image, layer = new_image(gimp, 1, U16)
    dull = [value // 2 + 8000 if i % 4 < 3 else value for i, value in enumerate(pixels(gimp, layer, "R'G'B'A u16"))]
    write(gimp, layer, dull)
    result = restyled(gimp, image, layer, name="enhance-photo")
    assert_is_above(gimp, image, layer, result)
    assert changed(gimp, layer, result) > 1
    assert gimp.item_name(result) == "Enhance Photo"
    vivid = restyled(gimp, image, layer, name="enhance-photo", look="vivid")
    assert changed(gimp, result, vivid) > 1
    assert changed(gimp, layer, restyled(gimp, image, layer, name="enhance-photo", strength=0.0)) < 1
    delete(gimp, image)


def write(gimp, layer, values):
    from array import array

    data = array(str("H"), values)
    data = getattr(data, "tobytes", getattr(data, "tostring", None))()
    gimp.drawable_write(layer, 0, 0, SIZE[0], SIZE[1], "R'G'B'A u16", data)


def check_enhance_photo_leaves_grey_grey(gimp):
    for kind, precision in ((2, U8), (3, FLOAT)):
        image, layer = new_image(gimp, kind, precision)
        result = restyled(gimp, image, layer, name="enhance-photo")
        assert gimp.drawable_type(result) == kind
        assert_is_above(gimp, image, layer, result)
        delete(gimp, image)
    image, layer = new_image(gimp, 0)
    grey = pixels(gimp, layer, "R'G'B' u8")[1::3]
    gimp.drawable_write(layer, 0, 0, SIZE[0], SIZE[1], "R'G'B' u8", b"".join(bytes(bytearray([value] * 3)) for value in grey))
    values = pixels(gimp, restyled(gimp, image, layer, name="enhance-photo"), "R'G'B' u8")
    spread = [max(values[i : i + 3]) - min(values[i : i + 3]) for i in range(0, len(values), 3)]
    assert max(spread) <= 2, max(spread)
    delete(gimp, image)


def check_any_style_takes_the_styles_colours(gimp):
    image, layer = new_image(gimp, 0)
    style = means(bytearray(style_pixels(80, 64)))
    photo = means(pixels(gimp, layer, "R'G'B' u8"))
    result = restyled(gimp, image, layer, name="any-style", path=style_file())
    assert_is_above(gimp, image, layer, result)
    painted = means(pixels(gimp, result, "R'G'B' u8"))
    assert distance(painted, style) < distance(photo, style) / 2, (photo, painted, style)
    assert gimp.item_name(result) == "stil é (Any Style)"
    delete(gimp, image)


def check_a_learned_style_appears_and_paints(gimp):
    if IS_PYTHON_2:
        return  # it takes its time, and the same plug-in has just done it with Python 3
    image, layer = new_image(gimp, 0)
    assert own_models() == []
    result = restyled(gimp, image, layer, name="learn-a-style", path=style_file(), name_="Tiles", minutes=0.05)
    assert_is_above(gimp, image, layer, result)
    (learned,) = own_models()
    painted = restyled(gimp, image, layer, name="fast-style", style_name=learned)
    assert changed(gimp, layer, painted) > SEEN
    assert gimp.item_name(painted) == "Tiles (Fast Style)", gimp.item_name(painted)
    memory = json.loads(gimp.item_parasite(painted, "restyle").decode("utf-8"))
    assert memory["request"]["params"]["style_name"] == learned
    delete(gimp, image)
