# -*- coding: utf-8 -*-
"""All of a dialog's settings at once: presets by name, each a file that holds a request, and the settings of the last times."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import re

from .compat import decode_path, encode_path, native_text, to_text
from .errors import PluginError
from .gimpfu_shim.errors import error
from .home import home, private_folder
from .kind import LAYER, of_kind
from .languages import _
from .models import title_of
from .remembered import recall, remember
from .rows import asked_for, gone_models, restored, values_of

MOST_RECENT = 20
_FOLDER, _ENDING = "presets", ".json"
_HISTORY = "history of "
# What no file's name may hold on some system, and how long it may be.
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_SEPARATOR = re.compile(r"[\\/]")  # another system's, too
_LONGEST_NAME = 80
_LONGEST_TITLE = 60
_MOST_BYTES = 1 << 20  # a request is a page; a larger file is something else

__all__ = ["MOST_RECENT", "Presets"]


class Presets(object):
    """A filter's presets and history, as registry.describe asks for them."""

    def __init__(self, gimp, declared, rows, titles):
        """titles: {filter's id: its title} of all filters."""
        self._gimp, self._declared, self._rows, self._titles = gimp, declared, rows, titles
        self.folder = os.path.join(home(), _FOLDER, declared["id"])

    def names(self):
        """Return the names of the presets, sorted."""
        try:
            files = [decode_path(name) for name in os.listdir(encode_path(self.folder))]
        except OSError:
            return []
        stems = [os.path.splitext(name)[0] for name in files if name.endswith(_ENDING) and not name.startswith(".")]
        return sorted(stems, key=lambda name: (name.lower(), name))

    def values_of(self, name):
        """Return {row name: backend value} of a preset."""
        return self.values_in(self.path(name))

    def values_in(self, path):
        """Return {row name: backend value} of a request's file, as `restyle FILTER … --save-request` writes it, too."""
        request = _read(path)
        if request["filter"] != self._declared["id"]:
            title = self._titles.get(request["filter"], request["filter"])
            raise _error(
                _("%(file)s holds settings of %(filter)s: open it in that filter's dialog.")
                % {"file": os.path.basename(path), "filter": title}
            )
        for name in gone_models(self._declared, request):
            raise _error(
                _("%(file)s is in the style %(style)s, which is not here: put its file into Restyle's models.")
                % {"file": os.path.basename(path), "style": name}
            )
        _look_beside(request, os.path.dirname(path))
        return restored(self._gimp, self._declared, {"request": request})

    def save(self, name, values):
        """Keep values, as the plug-in's function gets them, under a name; a preset of that name is replaced."""
        path = self.path(name)
        try:
            private_folder(self.folder)
            with io.open(encode_path(path), "w", encoding="utf-8") as file:
                file.write(to_text(json.dumps(self._asked(values)["request"], indent=1, sort_keys=True)) + "\n")
        except PluginError as problem:
            raise _error(problem.text)
        except EnvironmentError as problem:
            raise _error(
                _("%(file)s cannot be written (%(reason)s): choose another name, or make room.")
                % {"file": path, "reason": problem.strerror}
            )

    def delete(self, name):
        """Delete a preset."""
        try:
            os.remove(encode_path(self.path(name)))
        except EnvironmentError as problem:
            raise _error(_("The preset %(name)s cannot be deleted (%(reason)s).") % {"name": name, "reason": problem.strerror})

    def recent(self):
        """Return a title for each of the last settings, the newest first."""
        return [self._title(made["request"]) for made in self._history()]

    def recent_requests(self):
        """Return each of the last settings as a request, the newest first."""
        return [made["request"] for made in self._history()]

    def recent_values(self, number):
        """Return {row name: backend value} of one of the last settings."""
        return restored(self._gimp, self._declared, self._history()[number])

    def used(self, values):
        """Remember values, as the plug-in's function gets them, as the newest of the last settings."""
        made = self._asked(values)
        others = [old for old in self._history() if old != made]
        remember(_HISTORY + self._declared["id"], ([made] + others)[:MOST_RECENT])

    def _asked(self, values):
        inputs, params = values_of(self._declared, self._rows, [values[row.name] for row in self._rows])
        request = asked_for(self._gimp, self._declared, inputs, params)
        sources = [inputs[item["name"]] for item in of_kind(self._declared, "regions")]
        return {"request": request, "regions": sources[0] if sources else None}

    def _history(self):
        found = recall(_HISTORY + self._declared["id"], [])
        entries = [made for made in found if isinstance(made, dict)] if isinstance(found, list) else []
        return [made for made in entries if _is_request(made.get("request"))]

    def _title(self, request):
        """Return what tells settings apart: their pictures and models, and what else is not as declared."""
        words = []
        for item in of_kind(self._declared, "pictures"):
            chosen = request["inputs"].get(item["name"])
            if isinstance(chosen, list):
                words += [_picture_name(sent["image"]) for sent in chosen]
        for param in self._declared["params"]:
            value = request["params"].get(param["name"], param["default"])
            if param["type"] == "model" and value:
                words.append(_model_title(param, value))
            elif param["dialog"] and value != param["default"]:
                words.append("%s %s" % (param["title"], _in_words(param, value)))
        title = ", ".join(words) or _("As it comes")
        return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "\u2026"

    def path(self, name):
        """Return the path of the file of a preset of that name."""
        stem = _UNFIT.sub("-", to_text(name).strip()).strip(". ")[:_LONGEST_NAME]
        if not stem:
            raise _error(_("Type a name for the preset first."))
        return os.path.join(self.folder, stem + _ENDING)


def _read(path):
    """Return the request that a file holds."""
    try:
        with io.open(encode_path(path), encoding="utf-8") as file:
            request = json.loads(file.read(_MOST_BYTES))
    except EnvironmentError as problem:
        raise _error(
            _("%(file)s cannot be read (%(reason)s): choose another file.")
            % {"file": os.path.basename(path), "reason": problem.strerror}
        )
    except ValueError:
        request = None
    if not _is_request(request):
        raise _error(_("%s holds no settings: choose a file that was saved as a preset.") % os.path.basename(path))
    return request


def _is_request(found):
    return (
        isinstance(found, dict)
        and isinstance(found.get("filter"), type(""))
        and all(isinstance(found.setdefault(part, {}), dict) for part in ("inputs", "params"))
        and all(_is_picture(sent) for chosen in found["inputs"].values() if isinstance(chosen, list) for sent in chosen)
    )


def _is_picture(sent):
    return (
        isinstance(sent, dict) and isinstance(sent.get("image"), type("")) and isinstance(sent.get("weight", 1.0), (int, float))
    )


def _look_beside(request, folder):
    """Look for pictures beside the file that names them, where their paths are relative or lead nowhere: it may be another's."""
    for chosen in request["inputs"].values():
        for sent in chosen if isinstance(chosen, list) else ():
            image = sent["image"]
            if not image or image.startswith(LAYER):
                continue
            named = os.path.join(folder, image)  # an absolute path stays what it is
            beside = os.path.join(folder, _SEPARATOR.split(image)[-1])
            sent["image"] = named if os.path.exists(encode_path(named)) or not os.path.exists(encode_path(beside)) else beside


def _picture_name(ref):
    return ref[len(LAYER) :] if ref.startswith(LAYER) else os.path.splitext(os.path.basename(ref))[0]


def _model_title(param, name):
    titles = {choice["value"]: choice["title"] for choice in param["choices"]}
    return titles.get(name) or title_of(name, param.get("folder"))


def _in_words(param, value):
    if param["type"] == "choice":
        return next((choice["title"] for choice in param["choices"] if choice["value"] == value), value)
    if param["type"] == "bool":
        return _("on") if value else _("off")
    return "%g" % value if isinstance(value, (int, float)) else value


def _error(sentence):
    return error(native_text(sentence))
