# -*- coding: utf-8 -*-
# ruff: noqa: B905, I001, PT018, UP009, UP010, UP031  (Python 2.7 runs this too)
"""What becomes of an animation in a real GIMP: a new image that plays, painted frame after frame."""

from __future__ import absolute_import, unicode_literals

import os

from filter_scene import delete, pixels, run_filter
from restyle_plugin.animation import duration_of

NAMES = ["Background (80ms)", "Frame 2 (120ms) (%s)", "Frame 3 (200ms) (%s)"]
PAINTED = ["Background (80ms) (replace)", "Frame 2 (120ms) (replace)", "Frame 3 (200ms) (replace)"]
SIZE = (96, 64)
# Where the disc of the moving scene never is: columns from here on.
STILL_FROM = 56
# Of 255, on the mean.
SEEN = 6


def check_combined_frames_of_a_gif_become_a_painted_image_that_plays(gimp):
    image, film = animated(gimp, "combined.gif")
    before = [gimp.item_name(layer) for layer in reversed(gimp.image_layers(image))]
    assert before == [name % "combine" if "%" in name else name for name in NAMES], before
    assert names(gimp, film) == PAINTED, names(gimp, film)
    assert gimp.image_base_type(image) == 2 and gimp.image_base_type(film) == 0
    assert (gimp.image_width(film), gimp.image_height(film)) == SIZE
    for layer, scene in zip(frames(gimp, film), scenes(gimp, "combined.gif")):
        assert gimp.call("gimp-item-get-visible", [layer])[0]
        assert difference(pixels(gimp, layer), scene) > SEEN
        assert gimp.item_parasite(layer, "restyle")
    delete(gimp, image, film)


def check_each_frame_is_taken_as_a_player_shows_it(gimp):
    for name in ("combined.gif", "replaced.gif", "scenes.webp"):
        image, film = animated(gimp, name, strength=0.0)
        for number, (layer, scene) in enumerate(zip(frames(gimp, film), scenes(gimp, name))):
            made = pixels(gimp, layer)
            assert made[3::4] == scene[3::4], (name, number)
            assert difference(seen(made), seen(scene)) < 1, (name, number)
        delete(gimp, image, film)


def check_frames_that_replace_each_other_stay_cut_out(gimp):
    image, film = animated(gimp, "replaced.gif")
    assert [gimp.item_name(layer) for layer in reversed(gimp.image_layers(image))][1] == NAMES[1] % "replace"
    assert names(gimp, film) == PAINTED
    for layer, scene in zip(frames(gimp, film), scenes(gimp, "replaced.gif")):
        made = pixels(gimp, layer)
        assert made[3::4] == scene[3::4]
        assert difference(seen(made), seen(scene)) > 1
    delete(gimp, image, film)


def check_what_stands_still_is_painted_once(gimp):
    image, film = animated(gimp, "combined.gif")
    first, second, third = [still(pixels(gimp, layer)) for layer in frames(gimp, film)]
    assert max(difference(first, second), difference(second, third)) < 1
    moved = [pixels(gimp, layer) for layer in frames(gimp, film)]
    assert difference(moved[0], moved[2]) > 1
    delete(gimp, image, film)


def check_within_a_selection_only(gimp):
    image = gimp.load_image(path_of("combined.gif"))
    gimp.call("gimp-image-select-rectangle", [image, 2, 0, 0, STILL_FROM, SIZE[1]])
    film = painted(gimp, image)
    for layer, scene in zip(frames(gimp, film), scenes(gimp, "combined.gif")):
        made = pixels(gimp, layer)
        assert still(made) == still(scene) and difference(made, scene) > 1
        assert not gimp.layer_mask(layer)
    delete(gimp, image, film)


def check_other_kinds_of_files_play_as_long(gimp):
    for name in ("scenes.webp", "scenes.png"):
        image = gimp.load_image(path_of(name))
        if len(gimp.image_layers(image)) == 1:
            assert name == "scenes.png", name  # older GIMPs see one picture in it
            delete(gimp, image)
            continue
        said = [duration_of(frame) for frame in names(gimp, image)]
        film = painted(gimp, image, "enhance-photo")
        # GIMP 3.2 does not say how long the frames of an APNG are shown.
        assert said == ([80, 120, 200] if name == "scenes.webp" else [100] * 3), (name, names(gimp, image))
        assert [duration_of(frame) for frame in names(gimp, film)] == said, names(gimp, film)
        delete(gimp, image, film)


def check_a_gif_of_it_has_three_frames(gimp):
    image, film = animated(gimp, "combined.gif")
    path = path_of("again.gif")
    gimp.call("gimp-image-convert-indexed", [film, 0, 0, 255, False, False, ""])
    save(gimp, film, path)
    again = gimp.load_image(path)
    assert [duration_of(name) for name in names(gimp, again)] == [80, 120, 200], names(gimp, again)
    delete(gimp, image, film, again)


def save(gimp, image, path):
    if gimp.procedure_exists("file-gif-export"):
        from restyle_plugin.gimpfu_shim.gimp3_calls import run

        run("file-gif-export", run_mode=1, image=image, file=path, as_animation=True)
        return
    layer = gimp.image_layers(image)[0]
    gimp.call("file-gif-save", [1, image, layer, path, path, 0, 1, 100, 0])


def animated(gimp, name, **params):
    """Open an animation and paint it; return (image, new image)."""
    image = gimp.load_image(path_of(name))
    assert len(gimp.image_layers(image)) == 3, names(gimp, image)
    return image, painted(gimp, image, **params)


def painted(gimp, image, name="fast-style", **params):
    """Return the new image of an animation, which must be as it was."""
    before, layers = set(gimp.image_list()), gimp.image_layers(image)
    was = [(gimp.item_name(layer), bytes(pixels(gimp, layer))) for layer in layers]
    run_filter(gimp, image, layers[-1], name=name, animation=True, **params)
    assert gimp.image_layers(image) == layers
    assert [(gimp.item_name(layer), bytes(pixels(gimp, layer))) for layer in layers] == was
    (film,) = set(gimp.image_list()) - before
    return film


def frames(gimp, image):
    """The layers from the bottom up."""
    return list(reversed(gimp.image_layers(image)))


def names(gimp, image):
    return [gimp.item_name(layer) for layer in frames(gimp, image)]


def scenes(gimp, name):
    """What a player shows, one after the other."""
    found = []
    for number in range(3):
        image = gimp.load_image(path_of("%s.%d.png" % (name, number)))
        found.append(pixels(gimp, gimp.image_layers(image)[0]))
        delete(gimp, image)
    return found


def still(values):
    """What of a frame lies where nothing moves."""
    row = 4 * SIZE[0]
    return [value for start in range(0, len(values), row) for value in values[start + 4 * STILL_FROM : start + row]]


def seen(values):
    """Colours over black."""
    return [value if values[place - place % 4 + 3] else 0 for place, value in enumerate(values) if place % 4 < 3]


def difference(one, other):
    return sum(abs(a - b) for a, b in zip(one, other)) / float(len(one))


def path_of(name):
    return os.path.join(os.environ["RESTYLE_TEST_PICTURES"], name)
