# -*- coding: utf-8 -*-
"""The kinds of inputs in GIMP: the rows that a dialog has for each, what was chosen in them, and what is sent for it.

A kind is known by its word in the catalogue. Who wants to know more than a Kind says (which pictures come first, whether there
is a layer at all) asks for the inputs `of_kind`.
"""

from __future__ import absolute_import, unicode_literals

from . import animation, provenance, regions
from .beneath import beneath
from .compat import native_text
from .kind import LAYER, Kind, of_kind
from .languages import _
from .picture_kind import PictureKind
from .regions import SOURCES
from .row import Row

_REGIONS = "regions-from"
_REGIONS_TITLE = _("Regions from")
_REGIONS_HELP = _(
    "What is a region in the photo takes its looks from the region of that name in the style: sky from sky. Anything found "
    "looks for layers named regions, then for channels with equal names, then for the layers' masks, and else finds regions "
    "by itself where this filter does."
)
THE_PHOTO, THIS_LAYER = "photo", "layer"
"""What is painted where a painting is active: the photo that it was made of, or the painting itself."""
_HIDE = "hide-layer"
_HIDE_TITLE = _("Hide the layer")
_HIDE_HELP = _("Hide the layer that the result stands for, so that nothing of it looks out at the edges. It stays in the image.")
_PAINT = "paint"
_PAINT_TITLE = _("Paint")
_PAINT_HELP = _(
    "A painting that Restyle made stands for its photo, so that a second style does not paint the first one's strokes."
)
_PAINT_CHOICES = ((THE_PHOTO, _("The photo of a painting")), (THIS_LAYER, _("This layer, whatever it is")))

__all__ = ["THE_PHOTO", "THIS_LAYER", "can_preview", "is_plan", "kind_of"]


class _Layer(Kind):
    is_last = True

    def rows(self, gimpfu, item, preselects_layers):
        words, titles = zip(*_PAINT_CHOICES)
        titles = tuple(native_text(title) for title in titles)
        return [Row(_PAINT, _PAINT_TITLE, gimpfu.PF_OPTION, 0, titles, help=_PAINT_HELP, values=list(words), labels=_painting)]

    def chosen(self, item, values):
        """Return THE_PHOTO or THIS_LAYER."""
        return _PAINT_CHOICES[int(values[_PAINT])][0]

    def send(self, sending, item, chosen):
        return sending.content_pixels()

    def small(self, task, item, chosen):
        return task.photo(chosen == THIS_LAYER)

    def remembered(self, gimp, place, layer, item, chosen):
        return LAYER + gimp.item_name(layer)


class _Mask(Kind):
    def send(self, sending, item, chosen):
        return sending.selection()

    def small(self, task, item, chosen):
        """One that cuts is cut out already: the photo is what is selected."""
        return None if item.get("cuts", True) else task.selection()


class _Regions(Kind):
    def rows(self, gimpfu, item, preselects_layers):
        titles = tuple(native_text(title) for __, title in SOURCES)
        words = [word for word, __ in SOURCES]
        return [Row(_REGIONS, _REGIONS_TITLE, gimpfu.PF_OPTION, 0, titles, help=_REGIONS_HELP, values=words)]

    def chosen(self, item, values):
        """Return a word of regions.SOURCES."""
        return SOURCES[int(values[_REGIONS])][0]

    def restored(self, gimp, item, ref):
        """Of a word of regions.SOURCES; another one means the first."""
        words = [word for word, __ in SOURCES]
        return {_REGIONS: words.index(ref) if ref in words else 0}

    def send(self, sending, item, chosen):
        return regions.send(sending.gimp, sending.traces.upload, sending.content, sending.guides.content)


class _Reference(Kind):
    def send(self, sending, item, chosen):
        return sending.alike(sending.reference, sending.reference) if sending.reference else None


class _Backdrop(Kind):
    can_be_small = False

    def rows(self, gimpfu, item, preselects_layers):
        if not item.get("carries"):
            return []
        return [Row(_HIDE, _HIDE_TITLE, gimpfu.PF_TOGGLE, True, help=_HIDE_HELP)]

    def chosen(self, item, values):
        """Return whether to hide what the result stands for."""
        return bool(values.get(_HIDE))

    def hides(self, chosen):
        return chosen

    def send(self, sending, item, chosen):
        """All that is visible beneath the layer, as composed, with the layer's place on it."""
        sent = {"x": 0, "y": 0}
        if sending.layer:
            sent["x"], sent["y"] = sending.gimp.drawable_offsets(sending.spot)
        image = beneath(sending.gimp, sending.request.image, sending.spot, sending.layer)
        try:
            sent["image"] = sending.drawable(sending.gimp.image_layers(image)[0])
        finally:
            sending.gimp.image_delete(image)
        return sent

    def remembered(self, gimp, place, layer, item, chosen):
        name, (x, y) = (gimp.item_name(layer), (place.x, place.y)) if layer else ("", (0, 0))
        return {"image": "beneath:" + name, "x": x, "y": y}


class _Frames(Kind):
    can_be_small = False

    def send(self, sending, item, chosen):
        """The image's layers from the bottom up, each as it is seen, for the time that its name says."""
        film = animation.Film(sending.gimp, sending.request.image)
        try:
            return [
                {"image": sending.drawable(frame), "duration_ms": animation.duration_of(name)}
                for frame, name in zip(film.frames, film.names)
            ]
        finally:
            film.close()


_KINDS = {
    "layer": _Layer(),
    "mask": _Mask(),
    "pictures": PictureKind(),
    "regions": _Regions(),
    "reference": _Reference(),
    "backdrop": _Backdrop(),
    "frames": _Frames(),
}


def kind_of(item):
    """Return the Kind of an input of the catalogue."""
    return _KINDS[item["kind"]]


def can_preview(declared):
    """Whether a filter makes a picture of a layer from what a dialog can send small."""
    kinds, first = [kind_of(item) for item in declared["inputs"]], declared["outputs"][0]
    is_picture = first["kind"] == "picture" and first["size"] == "content"
    return is_picture and bool(of_kind(declared, "layer")) and all(kind.can_be_small for kind in kinds)


def is_plan(declared):
    """Whether the layer is itself a plan in flat colours, so that each style comes with its own layer of regions."""
    return not of_kind(declared, "regions") and any(item["guided"] for item in of_kind(declared, "pictures"))


def _painting(gimp, drawable):
    """Return the words of the choice between a painting and its photo; None where the active layer is no painting."""
    source = provenance.source_of(gimp, drawable)
    if not source:
        return None
    return [_("The photo \u201c%s\u201d") % gimp.item_name(source), _("This layer, \u201c%s\u201d") % gimp.item_name(drawable)]
