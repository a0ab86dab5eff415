# -*- coding: utf-8 -*-
"""Style pictures as an input: a file or a layer for each, and how much it counts."""

from __future__ import absolute_import, unicode_literals

from . import layers
from .compat import decode_path, to_text
from .kind import LAYER, Kind
from .languages import _
from .request import Style
from .row import Row
from .style_pictures import offered_styles

_WEIGHT_RANGE = (0.0, 10.0, 0.1)
_PICTURE_HINTS = (
    ("file", "%s picture", _("The picture whose style is taken.")),
    ("layer", _("or a layer"), _("A layer of any open image to take the style from, instead of the file.")),
    ("weight", "%s weight", _("How much this style counts among the others.")),
)

__all__ = ["PictureKind", "counts", "least", "picture_stem"]


class PictureKind(Kind):
    """As many pictures as the input has room for."""

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
                if count == 1 and part == "file":
                    label, text = item["title"], item["description"]
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


def _label(words, title, number):
    """Return what stands before a picture's part; translated as a whole, for languages order its words in their own way."""
    return _(words % title) if number == 1 else _(words % (title + " %d")) % number


def _style(values, stem):
    path, layer = values[stem + "file"], values[stem + "layer"]
    ID = 0 if layer is None else layer.ID
    return Style(decode_path(path) if path else None, ID, float(values.get(stem + "weight", 1.0)), "")
