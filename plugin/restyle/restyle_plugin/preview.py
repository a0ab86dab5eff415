# -*- coding: utf-8 -*-
"""A filter's preview: the dialog's values as a task for the painter, with pictures read small."""

from __future__ import absolute_import, unicode_literals

from . import layers, provenance, regions
from .errors import PluginError
from .gallery import Gallery
from .gimpfu_shim.errors import BackendError
from .inputs import is_plan, kind_of
from .kind import of_kind
from .languages import _
from .painter import Painter, Task
from .picture_kind import counts, least
from .places import why_it_stays
from .remembered import recall, remember
from .rows import values_of
from .small import MOST, SmallPictures
from .zoom import Zoom

_SWITCH = "preview"
_CHOOSE = _("Choose a picture to see what it does.")
_MOST_STEPS = 20
"""A preview is as far as one sees of it by then; more would let a person wait, and change little at its size."""

__all__ = ["Preview", "SmallTask"]


class Preview(object):
    """What a dialog shows of a filter's result; all methods are the dialog's thread's."""

    def __init__(self, gimp, connect, declared, rows, image, drawable):
        self._gimp, self._declared, self._rows, self._image, self._drawable = gimp, declared, rows, image, drawable
        self._pictures, self._large, self._zoom = SmallPictures(gimp), SmallPictures(gimp, at_full_size=True), Zoom()
        self._painter, self._galleries = Painter(connect, self._why_it_stays), []
        self._connect = connect
        self._values = None
        self.is_on = bool(recall(_SWITCH, True))

    def change(self, values):
        """Follow the dialog: values by name, as the plug-in's function would get them."""
        self._values = values
        pictures, sentence = [], ""
        try:
            task = self._task(values, pictures)
            if self.is_on:
                self._painter.paint(task)
                return
        except PluginError as error:
            sentence = error.text
        except BackendError as error:
            sentence = _("There is no preview (%s).") % error.text.rstrip(".")
        self._painter.say(sentence, pictures[0] if pictures else None)

    def switch(self, is_on):
        """Paint previews, or not, from now on and in later dialogs."""
        self.is_on = is_on
        remember(_SWITCH, is_on)
        self._again()

    def show_at_full_size(self, is_on):
        """Show a part of the photo as large as it is, painted with all of it as OK would, or all of it small."""
        self._zoom.turn(is_on)
        self._again()

    @property
    def is_at_full_size(self):
        """Whether a part is shown that can be moved."""
        return self._zoom.is_on

    def move(self, x, y):
        """Show another part: the picture moves by so many pixels."""
        self._zoom.move(self._painter.look(), x, y)

    def look(self):
        """Return the split.View of now; while it has nothing to say, it says where it was painted instead of as chosen."""
        view = self._zoom.of(self._painter.look())
        return view if view.sentence else view._replace(sentence=self._painter.note)

    def gallery(self, name, words):
        """Return a Gallery of the choices of a row, None while previews are off; it ends with the preview."""
        if not self.is_on:
            return None
        layer = layers.layer_of(self._gimp, self._image, self._drawable)
        photo = self._pictures.square(provenance.photo_of(self._gimp, layer, self._declared["id"]))
        gallery = Gallery(self._connect, self._why_it_stays, self._declared, name.replace("-", "_"), words, photo)
        self._galleries.append(gallery)
        return gallery

    def close(self):
        """End what is being painted."""
        for painter in [self._painter] + self._galleries:
            painter.close()

    def _again(self):
        if self._values is not None:
            self.change(self._values)

    def _why_it_stays(self, task):
        return why_it_stays(self._declared, task.params)

    def _task(self, values, pictures):
        """Return the Task; `pictures` gets those that it sends, as far as they could be read."""
        inputs, params = values_of(self._declared, self._rows, [values[row.name] for row in self._rows])
        read = self._large if self._zoom.is_on else self._pictures
        small = SmallTask(self._gimp, read, self._declared, self._image, self._drawable, pictures)
        items = self._declared["inputs"]
        sent = {item["name"]: kind_of(item).small(small, item, inputs[item["name"]]) for item in items}
        if any(len(sent[item["name"]]) < least(item, params) for item in of_kind(self._declared, "pictures")):
            raise PluginError("no-style", _CHOOSE)
        given = {name: value for name, value in sent.items() if value is not None}
        return Task(self._declared["id"], pictures[0], pictures, given, self._small_params(params))

    def _small_params(self, params):
        sizes = [param for param in self._declared["params"] if param["role"] == "working_size" and param["name"] in params]
        most = params if self._zoom.is_on else {param["name"]: MOST for param in sizes}
        small = {name: max(int(param["minimum"]), min(params[name], most[name])) for param in sizes for name in [param["name"]]}
        steps = [param["name"] for param in self._declared["params"] if param["role"] == "steps" and param["type"] == "int"]
        return dict(params, **dict(small, **{name: min(params[name], _MOST_STEPS) for name in steps if name in params}))


class SmallTask(object):
    """A preview's pictures: what the kinds of inputs.py may ask for."""

    def __init__(self, gimp, read, declared, image, drawable, pictures):
        """read: the SmallPictures of the dialog; pictures: a list that gets the Smalls to send, the photo first."""
        self._gimp, self._read, self._filter_id, self._image = gimp, read, declared["id"], image
        self._is_cut = all(item.get("cuts", True) for item in declared["inputs"])
        self._is_plan = is_plan(declared)
        self._layer = layers.layer_of(gimp, image, drawable)
        self._sent = pictures

    def photo(self, is_this_layer):
        """Take the layer, or the photo that it was made of; return its number."""
        layer = self._layer if is_this_layer else provenance.photo_of(self._gimp, self._layer, self._filter_id)
        self._sent.insert(0, self._read.photo(self._image, layer, self._is_cut))
        return 0

    def selection(self):
        """Take what is selected, over all of the photo; return its number, None where nothing is."""
        mask = self._read.selection(self._image, self._layer)
        if mask is None:
            return None
        self._sent.append(mask)
        return len(self._sent) - 1

    def styles(self, item, chosen):
        """Take the pictures that were chosen; return the input with their numbers."""
        sent = []
        for style in chosen:
            if counts(self._gimp, style):
                weight = {"weight": style.weight} if item["weighted"] else {}
                sent.append(dict({"image": len(self._sent)}, **weight))
                self._sent.append(self._read.style(style))
                found = self._map_of(style) if self._is_plan else None
                if found is not None:
                    sent[-1]["regions"] = {"map": len(self._sent)}
                    self._sent.append(found)
        return sent

    def _map_of(self, style):
        """Return the Small of a style's own layer of regions, None where it has none."""
        if not layers.is_layer(self._gimp, style.layer):
            return self._read.map_in(style.path)
        own, theirs = [regions.picture_of_layer(self._gimp, layer) for layer in (self._layer, style.layer)]
        (found,) = regions.of_styles_alone(own, [theirs]).styles
        return self._read.map_over(style.layer, found.drawable) if found else None
