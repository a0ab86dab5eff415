# -*- coding: utf-8 -*-
# ruff: noqa: I001, PT018, RUF005, UP004, UP009, UP010  (Python 2.7 runs this too)
"""What guides Photo Style in a real GIMP: each way to give regions decides which of the style's colours goes where."""

from __future__ import absolute_import, unicode_literals

import json
import os
import tempfile

from filter_layers import new_group
from filter_scene import U16, U8, delete, distance, failure, pixels, restyled

NAME = "photo-style"
WIDTH, HEIGHT = 96, 64
# The photo is dark blue on the left and light sand on the right, the style light green above and dark wine below. Left belongs
# to above, against all likeness; so whoever looks at the colours alone would pair them the other way round.
LEFT, RIGHT = (40, 60, 110), (220, 200, 160)
ABOVE, BELOW = (170, 230, 150), (110, 20, 60)
RED, BLUE = (255, 0, 0, 255), (0, 0, 255, 255)
# Ids of channel operations and merge types in both GIMPs.
REPLACE, FLOAT_PRECISION = 2, 650


class Scene(object):
    """A photo and a style, each in an image of its own."""

    def __init__(self, gimp, precision=U8):
        self.gimp = gimp
        self.image, self.photo = self.picture(precision, lambda x, y: LEFT if x < WIDTH // 2 else RIGHT, "photo")
        self.style_image, self.style = self.picture(U8, lambda x, y: ABOVE if y < HEIGHT // 2 else BELOW, "style")

    def picture(self, precision, color, name):
        gimp = self.gimp
        image = gimp.image_new(WIDTH, HEIGHT, 0, precision)
        return image, self.layer(image, lambda x, y: textured(color(x, y), x, y), name)

    def layer(self, image, color, name):
        """A layer on top, of colours (r, g, b, a) by place."""
        gimp = self.gimp
        layer = gimp.layer_new(image, name, WIDTH, HEIGHT, 1, 100.0, 28)
        gimp.image_insert_layer(image, layer, 0, 0)
        data = bytearray()
        for y in range(HEIGHT):
            for x in range(WIDTH):
                data += bytearray(color(x, y))
        gimp.drawable_write(layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8", bytes(data))
        return layer

    def select(self, image):
        """Select the left of the photo, the upper half of the style."""
        is_photo = image == self.image
        box = [0, 0, WIDTH // 2, HEIGHT] if is_photo else [0, 0, WIDTH, HEIGHT // 2]
        self.gimp.call("gimp-image-select-rectangle", [image, REPLACE] + box)

    def save_channels(self, image):
        """Save two channels, near for left and above, far for the rest; leave nothing selected."""
        gimp = self.gimp
        self.select(image)
        gimp.item_set_name(gimp.call("gimp-selection-save", [image])[0], "near")
        gimp.call("gimp-selection-invert", [image])
        gimp.item_set_name(gimp.call("gimp-selection-save", [image])[0], "Far")
        gimp.call("gimp-selection-none", [image])

    def mask(self, image, layer):
        """Give a layer a mask of what would be selected; leave nothing selected."""
        gimp = self.gimp
        self.select(image)
        gimp.layer_add_mask(layer, gimp.layer_create_mask(layer, 4))
        gimp.call("gimp-selection-none", [image])

    def paint(self):
        """Put a layer named regions above the photo and above the style."""
        self.layer(self.image, lambda x, y: RED if x < WIDTH // 2 else BLUE, "regions")
        self.layer(self.style_image, lambda x, y: RED if y < HEIGHT // 2 else BLUE, "regions")

    def run(self, source=None, **options):
        """Run the filter; return the result's mean colours left and right."""
        options.setdefault("layer", self.style)
        self.result = restyled(self.gimp, self.image, self.photo, name=NAME, source=source, strength=100.0, **options)
        return self.halves(self.result)

    def halves(self, layer):
        values = pixels(self.gimp, layer, "R'G'B' u8")
        sums = [[0.0] * 3, [0.0] * 3]
        for i in range(0, len(values), 3):
            half = sums[i // 3 % WIDTH >= WIDTH // 2]
            for channel in range(3):
                half[channel] += values[i + channel]
        return [[total / (WIDTH * HEIGHT / 2) for total in half] for half in sums]

    def close(self):
        delete(self.gimp, self.image, self.style_image)


def textured(color, x, y):
    """A colour with a little pattern, for a flat one has no texture to keep."""
    shade = 12 * ((x // 3 + y // 3) % 2) - 6
    return tuple(min(255, max(0, value + shade)) for value in color) + (255,)


def assert_guided(colors):
    """Left has become like what is above in the style, right like what is below."""
    left, right = colors
    assert nearer(left, ABOVE, BELOW) and nearer(right, BELOW, ABOVE), colors


def nearer(color, this, other):
    # Twice as near: no mixture of the two.
    return 2 * distance(color, this) < distance(color, other)


def check_layers_named_regions_guide(gimp):
    scene = Scene(gimp)
    scene.paint()
    assert_guided(scene.run("layer"))
    # Found by itself, too.
    assert_guided(scene.run())
    memory = json.loads(gimp.item_parasite(scene.result, "restyle").decode("utf-8"))
    assert memory["regions"] == "layer" and memory["request"]["params"]["regions"] == "given"
    scene.close()


def check_channels_with_equal_names_guide(gimp):
    scene = Scene(gimp, U16)
    scene.save_channels(scene.image)
    scene.save_channels(scene.style_image)
    assert_guided(scene.run("channels"))
    assert_guided(scene.run())
    scene.close()


def check_layer_masks_guide(gimp):
    scene = Scene(gimp)
    scene.mask(scene.image, scene.photo)
    scene.mask(scene.style_image, scene.style)
    assert_guided(scene.run("masks"))
    assert_guided(scene.run())
    assert not gimp.layer_mask(scene.result)
    scene.close()


def check_selections_guide_and_leave_no_mask(gimp):
    scene = Scene(gimp, FLOAT_PRECISION)
    scene.select(scene.image)
    scene.select(scene.style_image)
    before = gimp.selection_bounds(scene.image)
    assert_guided(scene.run("selection"))
    assert not gimp.layer_mask(scene.result)
    assert gimp.selection_bounds(scene.image) == before
    # Any other source leaves the selection its usual work.
    scene.run("none")
    assert gimp.layer_mask(scene.result)
    scene.close()


def check_a_files_own_layer_of_regions_guides(gimp):
    scene = Scene(gimp)
    scene.paint()
    path = os.path.join(tempfile.gettempdir(), "style é.xcf")
    save(gimp, scene.style_image, scene.style, path)
    before = sorted(gimp.image_list())
    assert_guided(scene.run("layer", layer=0, path=path))
    assert sorted(gimp.image_list()) == before
    scene.close()


def save(gimp, image, layer, path):
    """Write a file; GIMP 3 has changed the procedure's arguments."""
    values = {"run-mode": 1, "image": image, "drawable": layer, "filename": path, "raw-filename": path, "file": path}
    names = [name for name, _ in gimp.procedure_signature("gimp-file-save")[0]]
    gimp.call("gimp-file-save", [values[name] for name in names if name in values])


def check_without_regions_or_found_by_itself_it_works_too(gimp):
    scene = Scene(gimp)
    for source in ("none", "automatic", "anything"):
        colors = scene.run(source)
        # No guidance puts the darker half below the lighter one, as the photo has it.
        assert sum(colors[0]) < sum(colors[1]), (source, colors)
    scene.close()


def check_regions_that_were_found_can_be_handed_back(gimp):
    scene = Scene(gimp)
    found = restyled(gimp, scene.image, scene.photo, name="find-regions")
    left, right = scene.halves(found)
    # One flat colour on each side, up to a strip along the border.
    assert distance(left, right) > 100, (left, right)
    # The style is painted in the colours that were found: above in those of the left, below in those of the right.
    values = list(pixels(gimp, found))
    places = [(i // 4 % WIDTH >= WIDTH // 2, tuple(values[i : i + 4])) for i in range(0, len(values), 4)]
    kinds = [sorted({color for side, color in places if side == wanted}) for wanted in (False, True)]
    scene.layer(scene.style_image, lambda x, y: striped(kinds[y >= HEIGHT // 2], x), "regions")
    assert_guided(scene.run("layer"))
    scene.close()


def striped(colors, x):
    return colors[x * len(colors) // WIDTH]


def check_a_smaller_layer_of_regions_guides_an_offset_photo_in_a_group(gimp):
    scene = Scene(gimp)
    scene.layer(scene.style_image, lambda x, y: RED if y < HEIGHT // 2 else BLUE, "regions")
    group = new_group(gimp, scene.image, 0)
    photo = gimp.layer_new(scene.image, "inner", WIDTH, HEIGHT, 1, 100.0, 28)
    gimp.image_insert_layer(scene.image, photo, group, 0)
    gimp.drawable_write(photo, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8", bytes(bytearray(pixels(gimp, scene.photo))))
    gimp.layer_set_offsets(photo, 37, -21)
    left, top, width, height = 6, 4, WIDTH - 14, HEIGHT - 8
    small = gimp.layer_new(scene.image, "Regions", width, height, 1, 100.0, 28)
    gimp.image_insert_layer(scene.image, small, group, 0)
    gimp.layer_set_offsets(small, 37 + left, -21 + top)
    row = b"".join(bytes(bytearray(RED if x + left < WIDTH // 2 else BLUE)) for x in range(width))
    gimp.drawable_write(small, 0, 0, width, height, "R'G'B'A u8", row * height)
    # One that lies elsewhere in the image says the contrary, and does not count.
    scene.layer(scene.image, lambda x, y: BLUE if x < WIDTH // 2 else RED, "regions")
    scene.photo = photo
    assert_guided(scene.run("layer"))
    assert gimp.item_parent(scene.result) == group and gimp.drawable_offsets(scene.result) == (37, -21)
    scene.close()


def check_a_plan_becomes_a_painting_by_the_style_s_layer_of_regions(gimp):
    scene = Scene(gimp)
    scene.layer(scene.style_image, lambda x, y: RED if y < HEIGHT // 2 else BLUE, "regions")
    plan = scene.layer(scene.image, lambda x, y: RED if x < WIDTH // 2 else BLUE, "plan")
    made = restyled(gimp, scene.image, plan, name="neural-doodle", layer=scene.style, mode="best")
    assert_guided(scene.halves(made))
    scene.close()


def check_what_is_missing_is_said(gimp):
    scene = Scene(gimp)
    for source, words in (
        ("masks", "no layer mask"), ("selection", "Nothing is selected"), ("channels", "No channel has the same name"),
        ("layer", 'no layer named "regions"'),
    ):  # fmt: skip
        text = failure(gimp, scene.image, scene.photo, layer=scene.style, name=NAME, source=source)
        assert words in text and '"Regions from"' in text, text
    scene.close()
