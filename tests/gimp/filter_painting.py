# -*- coding: utf-8 -*-
# ruff: noqa: B905, I001, PT018, UP009, UP010  (Python 2.7 runs this too)
"""What Neural Style must paint: the style's colours and more, within the selection, as it says on the layer."""

from __future__ import absolute_import, unicode_literals

import json

from filter_scene import (
    FLOAT, QUICK, SIZE, U8, U16, delete, distance, new_image, pixels, restyled, signature, style_file, style_pixels,
)  # fmt: skip
from restyle_plugin import menu

PAINTED = {"steps": 40, "style_strength": 80.0}


def check_each_filter_takes_what_the_catalogue_declares(gimp):
    for item in menu.catalogue()["filters"]:
        # GIMP 3 counts what it hands over, as the shim counts arrays.
        found = [name for name, _ in gimp.procedure_signature("python-fu-restyle-" + item["id"])[0]]
        arguments = [name for name in found if name != "num-drawables"]
        assert arguments[:2] == ["run-mode", "image"] and arguments[2] in ("drawable", "drawables")
        assert arguments[3:] == [name for name, _ in signature(item["id"])], item["id"]


def check_the_colours_move_towards_the_styles(gimp):
    image, layer = new_image(gimp, 0)
    photo = means(pixels(gimp, layer, "R'G'B' u8"))
    style = means(bytearray(style_pixels(80, 64)))
    painted = means(pixels(gimp, restyled(gimp, image, layer, **PAINTED), "R'G'B' u8"))
    # A third of the way: this few steps go half of it, and the photo's shapes hold them back.
    assert distance(painted, style) < distance(photo, style) * 2 / 3, (photo, painted, style)
    delete(gimp, image)


def check_the_result_is_no_function_of_each_pixels_colour(gimp):
    image, layer = new_image(gimp, 0)
    before = pixels(gimp, layer, "R'G'B' u8")
    after = pixels(gimp, restyled(gimp, image, layer, **PAINTED), "R'G'B' u8")
    for channel in range(3):
        correlation = correlated(before[channel::3], after[channel::3])
        # A shift, a tint, an inversion or a contrast would give 1 or -1.
        assert abs(correlation) < 0.97, (channel, correlation)
    # The photo is still there: its red, green and blue ramps together explain the result's lightness.
    assert correlated(lightness(before), lightness(after)) > 0.2
    delete(gimp, image)


def means(values):
    """The mean red, green and blue."""
    return [sum(values[channel::3]) / (len(values) / 3.0) for channel in range(3)]


def lightness(values):
    return [values[i] + 2 * values[i + 1] + values[i + 2] for i in range(0, len(values), 3)]


def correlated(first, second):
    """Pearson's correlation."""
    count = float(len(first))
    mean_first, mean_second = sum(first) / count, sum(second) / count
    covariance = sum((a - mean_first) * (b - mean_second) for a, b in zip(first, second))
    spread = sum((a - mean_first) ** 2 for a in first) * sum((b - mean_second) ** 2 for b in second)
    return covariance / spread**0.5


def check_nothing_selected_means_no_mask(gimp):
    image, layer = new_image(gimp, 1)
    gimp.call("gimp-image-select-rectangle", [image, 2, 5, 5, 20, 20])
    gimp.call("gimp-selection-none", [image])
    assert not gimp.layer_mask(restyled(gimp, image, layer))
    delete(gimp, image)


def check_a_feathered_selection_becomes_the_results_mask(gimp):
    for precision, babl in ((U8, "Y u8"), (U16, "Y u16"), (FLOAT, "Y u16")):
        image, layer = new_image(gimp, 1, precision)
        gimp.layer_set_offsets(layer, 7, -5)
        gimp.call("gimp-image-select-ellipse", [image, 2, 20, 10, 40, 40])
        gimp.call("gimp-selection-feather", [image, 8.0])
        channel = gimp.image_selection(image)
        wanted = gimp.drawable_read(channel, 7, -5, SIZE[0], SIZE[1], babl)
        assert len(set(bytearray(wanted))) > 20
        result = restyled(gimp, image, layer)
        mask = gimp.layer_mask(result)
        assert mask and gimp.drawable_offsets(result) == gimp.drawable_offsets(mask) == (7, -5)
        assert bytes(gimp.drawable_read(mask, 0, 0, SIZE[0], SIZE[1], babl)) == bytes(wanted), precision
        assert bytes(gimp.drawable_read(channel, 7, -5, SIZE[0], SIZE[1], babl)) == bytes(wanted)
        assert gimp.image_active_drawable(image) == result
        assert differs_where_selected(gimp, layer, result, bytearray(gimp.drawable_read(mask, 0, 0, SIZE[0], SIZE[1], "Y u8")))
        delete(gimp, image)


def differs_where_selected(gimp, layer, result, selected):
    """Whether most of the fully selected, visible pixels are other ones than the photo's."""
    before, after = pixels(gimp, layer), pixels(gimp, result)
    inside = [i for i, value in enumerate(selected) if value == 255 and before[4 * i + 3]]
    changed = [i for i in inside if max(abs(before[4 * i + c] - after[4 * i + c]) for c in range(3)) > 8]
    return len(inside) > 100 and len(changed) > len(inside) * 3 // 4


def check_a_style_may_be_a_layer_of_another_image(gimp):
    image, layer = new_image(gimp, 0)
    other, style = new_image(gimp, 0, U16, (80, 64))
    gimp.drawable_write(style, 0, 0, 80, 64, "R'G'B' u8", style_pixels(80, 64))
    gimp.item_set_name(style, "tiles é")
    from_layer = restyled(gimp, image, layer, layer=style, seed=3)
    assert "tiles é" in gimp.item_name(from_layer)
    assert gimp.image_layers(other) == [style]
    # The same picture as a file paints the same, but for Adam: an instant painting's first steps carry a last bit far.
    from_file = restyled(gimp, image, layer, path=style_file(), seed=3)
    difference = mean_difference(pixels(gimp, from_layer), pixels(gimp, from_file))
    assert difference < 5, difference
    from_itself = restyled(gimp, image, layer, layer=layer, seed=3)
    assert mean_difference(pixels(gimp, from_itself), pixels(gimp, from_file)) > 8
    delete(gimp, image, other)


def mean_difference(first, second):
    return sum(abs(a - b) for a, b in zip(first, second)) / float(len(first))


def check_the_layer_remembers_how_it_was_made(gimp):
    image, layer = new_image(gimp, 0)
    result = restyled(gimp, image, layer, seed=1234, style_strength=33.0, init="color", init_color="#ff8000")
    memory = json.loads(gimp.item_parasite(result, "restyle").decode("utf-8"))
    assert memory["request"]["filter"] == "neural-style" and memory["seed"] == 1234
    params = memory["request"]["params"]
    assert params["style_strength"] == 33.0 and params["steps"] == QUICK["steps"]
    assert params["init"] == "color" and params["init_color"] == "#ff8000"
    assert memory["request"]["inputs"]["styles"][0]["weight"] == 1.0
    assert memory["versions"]["gimp"] == gimp.call("gimp-version", [])[0]
    assert memory["versions"]["restyle"].count(".") == 2
    delete(gimp, image)


def check_the_same_seed_paints_the_same_picture(gimp):
    image, layer = new_image(gimp, 0)
    first, again, other = [pixels(gimp, restyled(gimp, image, layer, seed=seed, init="noise")) for seed in (5, 5, 6)]
    assert first == again
    assert first != other
    delete(gimp, image)
