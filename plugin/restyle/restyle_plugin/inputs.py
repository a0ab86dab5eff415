# -*- coding: utf-8 -*-
"""The kinds of inputs in GIMP: the rows that a dialog has for each, what was chosen in them, and what is sent for it.

A kind is known by its word in the catalogue; nothing else in the plug-in asks for one. `sending` is a sending.Sending.
"""

from __future__ import absolute_import, unicode_literals

from . import animation, layers, provenance, regions
from .beneath import beneath
from .compat import decode_path, native_text, to_text
from .languages import _
from .regions import SOURCES
from .request import Style
from .row import Row
from .style_pictures import offered_styles

LAYER = "layer:"
"""What stands before a layer's name where a request has a picture."""
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
_WEIGHT_RANGE = (0.0, 10.0, 0.1)
_PICTURE_HINTS = (
    ("file", "%s picture", _("The picture whose style is taken.")),
    ("layer", _("or a layer"), _("A layer of any open image to take the style from, instead of the file.")),
    ("weight", "%s weight", _("How much this style counts among the others.")),
)

__all__ = ["LAYER", "THE_PHOTO", "THIS_LAYER", "can_preview", "counts", "is_plan", "kind_of", "least", "picture_stem"]


class Kind(object):
    """What has no rows and sends nothing; kinds say what differs."""

    is_last = False  # whether its rows, which say what is painted and not how, come after those of the parameters
    can_be_small = True  # whether a preview can send it, or do without

    def rows(self, gimpfu, item, preselects_layers):
        """Return the dialog's rows; preselects_layers: some layer is always chosen in this gimpfu's dialogs."""
        return []

    def chosen(self, item, values):
        """Return what was chosen, of {row name: value}."""

    def send(self, sending, item, chosen):
        """Upload what there is and return the input as the request has it, None for nothing."""

    def hides(self, chosen):
        """Return whether the result hides the layer that it was made of."""
        return False

    def small(self, task, item, chosen):
        """Return the input as a preview's request has it, None for nothing; task: a preview.SmallTask."""

    def remembered(self, gimp, place, layer, item, chosen):
        """Return what the layer remembers of it: the input as a request has it, with paths and names for pictures, or None."""

    def kept(self, gimp, item, chosen):
        """Return the input as the request of a preset has it, with paths and names; None for what is this photo's alone."""

    def restored(self, gimp, item, ref):
        """Return {row name: backend value} that choose a request's input, as `kept` or `remembered` made it, None for none."""
        return {}


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


class _Pictures(Kind):
    def rows(self, gimpfu, item, preselects_layers):
        """File, layer and, where there may be several, weight for each."""
        found, count, spared_by = [], item["maximum"], item.get("unless", "").replace("_", "-")
        stem = picture_stem(item)
        title, more = stem.replace("-", " ").capitalize(), _("More %ss" % stem.replace("-", " "))
        for number in range(1, count + 1):
            # A layer that nobody chose must not count.
            weight = 0.0 if preselects_layers and number > 1 else 1.0
            types = {
                "file": (gimpfu.PF_FILE, ""),
                "layer": (gimpfu.PF_DRAWABLE, None),
                "weight": (gimpfu.PF_SLIDER, weight, _WEIGHT_RANGE),
            }
            for part, words, text in _PICTURE_HINTS[: 3 if count > 1 else 2]:
                label = words if "%s" not in words else _label(words, title, number)
                group = "" if number == 1 else more
                name = "%s-%d-%s" % (stem, number, part)
                offers = offered_styles if item["offered"] and number == 1 and part == "file" else None
                hint = {"help": text, "group": group, "optional": not (item["minimum"] or spared_by), "offers": offers}
                hint["spared_by"] = spared_by
                found.append(Row(name, label, *types[part], **hint))
        return found

    def chosen(self, item, values):
        """Return a Style for each picture that the dialog has room for, chosen or not."""
        return [_style(values, "%s-%d-" % (picture_stem(item), number)) for number in range(1, item["maximum"] + 1)]

    def send(self, sending, item, chosen):
        return [sending.picture(item, style) for style in chosen]

    def small(self, task, item, chosen):
        return task.styles(item, chosen)

    def kept(self, gimp, item, chosen):
        named = [
            style._replace(name=gimp.item_name(style.layer) if style.layer else "") for style in chosen if counts(gimp, style)
        ]
        named = [style._replace(path=None) if style.layer else style for style in named]
        return self.remembered(gimp, None, 0, item, named)

    def restored(self, gimp, item, ref):
        """A layer is found by its name in any open image; a picture of which nothing is left is not chosen."""
        found, stem = {}, picture_stem(item)
        for number in range(1, item["maximum"] + 1):
            sent = ref[number - 1] if isinstance(ref, list) and number <= len(ref) else {}
            image = to_text(sent.get("image") or "")
            is_layer = image.startswith(LAYER)
            found["%s-%d-file" % (stem, number)] = None if is_layer or not image else image
            found["%s-%d-layer" % (stem, number)] = layers.named(gimp, image[len(LAYER) :]) if is_layer else 0
            if item["maximum"] > 1:
                found["%s-%d-weight" % (stem, number)] = min(_WEIGHT_RANGE[1], float(sent.get("weight", 1.0)))
        return found

    def remembered(self, gimp, place, layer, item, chosen):
        weights = [{"weight": style.weight} if item["weighted"] else {} for style in chosen]
        return [dict({"image": style.path or LAYER + style.name}, **more) for style, more in zip(chosen, weights)] or None


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
    "pictures": _Pictures(),
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
    words = [item["kind"] for item in declared["inputs"]]
    is_picture = first["kind"] == "picture" and first["size"] == "content"
    return is_picture and "layer" in words and all(kind.can_be_small for kind in kinds)


def is_plan(declared):
    """Whether the layer is itself a plan in flat colours, so that each style comes with its own layer of regions."""
    words = [item["kind"] for item in declared["inputs"]]
    return "regions" not in words and any(item["kind"] == "pictures" and item["guided"] for item in declared["inputs"])


def counts(gimp, style):
    """Whether a picture was chosen and has any weight."""
    return style.weight > 0 and bool(style.path or layers.is_layer(gimp, style.layer))


def least(item, params):
    """Return how many pictures of an input are needed with a request's parameters: one of them may do without."""
    return item["minimum"] or int(bool(item.get("unless")) and not params.get(item["unless"]))


def picture_stem(item):
    """Return what the rows of an input of pictures begin with."""
    name = item["name"]
    return (name[:-1] if name.endswith("s") else name).replace("_", "-")


def _painting(gimp, drawable):
    """Return the words of the choice between a painting and its photo; None where the active layer is no painting."""
    source = provenance.source_of(gimp, drawable)
    if not source:
        return None
    return [_("The photo \u201c%s\u201d") % gimp.item_name(source), _("This layer, \u201c%s\u201d") % gimp.item_name(drawable)]


def _label(words, title, number):
    """Return what stands before a picture's part; translated as a whole, for languages order its words in their own way."""
    return _(words % title) if number == 1 else _(words % (title + " %d")) % number


def _style(values, stem):
    path, layer = values[stem + "file"], values[stem + "layer"]
    ID = 0 if layer is None else layer.ID
    return Style(decode_path(path) if path else None, ID, float(values.get(stem + "weight", 1.0)), "")
