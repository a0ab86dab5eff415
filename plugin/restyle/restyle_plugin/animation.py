# -*- coding: utf-8 -*-
"""An animation: layers as frames, from the bottom up, as GIMP plays them ("Frame 3 (80ms) (replace)"), and a new image of them.

GIMP shows a frame over all that was there before, or, where its name says (replace), alone; it asks for no layer's visibility.
"""

from __future__ import absolute_import, unicode_literals

import re

from . import layers
from .gimpfu_shim import runner
from .languages import _
from .row import Row

ROW = "animation"
_TITLE = _("Animation")
_HELP = _(
    "Take the layers of the image for the frames of an animation, from the bottom up, and paint all of them into a new image "
    "that plays. What is painted goes with what moves, so that nothing flickers; how long each frame is shown stays as it is."
)
# As animation-play of GIMP reads them.
_DURATION = re.compile(r"\( *(\d+) *ms *\)", re.IGNORECASE)
_DISPOSAL = re.compile(r" *\((?:combine|replace)\)")
_REPLACE = "(replace)"
_DEFAULT_MS = 100
_INDEXED = 2

__all__ = ["ROW", "Film", "duration_of", "is_alone", "painted_name", "rows"]


def rows(gimpfu, declared):
    """Return the dialog's rows: one where the filter holds from frame to frame what it has made."""
    return [Row(ROW, _TITLE, gimpfu.PF_TOGGLE, False, help=_HELP)] if declared.get("held") else []


def duration_of(name):
    """Return for how many milliseconds a frame of that name is shown."""
    said = _DURATION.search(name)
    return int(said.group(1)) if said else _DEFAULT_MS


def is_alone(name):
    """Whether a frame of that name is shown without what was there before."""
    return _REPLACE in name


def painted_name(name):
    """Return the name of a frame that is shown for as long, and alone: it has in it what was there before."""
    return "%s %s" % (_DISPOSAL.sub("", name).rstrip(), _REPLACE)


class Film(object):
    """A new image whose layers `frames` are an image's frames, each as it is seen while it is played; the first comes first.

    It has all else that the image has, a selection and a layer of regions among it, colours instead of a palette, and nothing
    to undo. It has no window until it is shown.
    """

    def __init__(self, gimp, image):
        self._gimp, self.frames, self.names = gimp, [], []
        self._numbers = {}
        self.image = gimp.call("gimp-image-duplicate", [image])[0]
        try:
            gimp.call("gimp-image-undo-disable", [self.image])
            if gimp.image_base_type(self.image) == _INDEXED:
                gimp.call("gimp-image-convert-rgb", [self.image])
            self._compose()
        except BaseException:
            self.close()
            raise

    def frame_of(self, layer):
        """Return the frame that shows a layer of the image that this was made of; the first for one that no frame is made of."""
        while self._gimp.item_parent(layer):
            layer = self._gimp.item_parent(layer)
        return self.frames[self._numbers.get(self._gimp.item_position(layer), 0)]

    def become(self, painted):
        """Have the frames replaced by new layers, one for each or 0 where it stays; return the layers from the top down.

        Nothing else is left in the image.
        """
        gimp = self._gimp
        made = [layer or self._copy(frame) for layer, frame in zip(painted, self.frames)]
        before = list(gimp.image_layers(self.image))
        for layer in made:
            gimp.image_insert_layer(self.image, layer, 0, 0)
        for layer in before:
            gimp.image_remove_layer(self.image, layer)
        for layer, name in zip(made, self.names):
            gimp.item_set_name(layer, painted_name(name))
        gimp.call("gimp-image-undo-enable", [self.image])
        return list(reversed(made))

    def show(self):
        """Open a window for it where there is a person to see it; a script finds it among the open images."""
        if runner.is_watched():
            self._gimp.call("gimp-display-new", [self.image])

    def close(self):
        """Delete the image."""
        self._gimp.image_delete(self.image)

    def _compose(self):
        gimp, tops = self._gimp, list(self._gimp.image_layers(self.image))
        self._show(tops, False)
        originals = [layer for layer in reversed(tops) if not layers.is_painted_regions(gimp, layer)]
        for number, layer in enumerate(originals):
            name = gimp.item_name(layer)
            seen = [layer] if is_alone(name) else self.frames[-1:] + [layer]
            self._show(seen, True)
            frame = gimp.call("gimp-layer-new-from-visible", [self.image, self.image, name])[0]
            self._show(seen, False)
            # Beneath all others: the next is composed over it. Its own layer is needed no more, and takes memory.
            gimp.image_insert_layer(self.image, frame, 0, len(gimp.image_layers(self.image)))
            self._show([frame], False)
            gimp.image_remove_layer(self.image, layer)
            self._numbers[tops.index(layer)] = number
            self.frames.append(frame)
            self.names.append(name)

    def _show(self, found, is_shown):
        for layer in found:
            self._gimp.call("gimp-item-set-visible", [layer, is_shown])

    def _copy(self, frame):
        def fill(new, form):
            layers.write(self._gimp, new, form, layers.read(self._gimp, frame, form))

        return layers.new_layer(self._gimp, self.image, layers.place_of(self._gimp, frame), "", fill)
