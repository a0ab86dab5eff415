# -*- coding: utf-8 -*-
"""Restyle a Folder: many pictures by the settings of a preset, of a file, or of a filter's last use, without opening them.

`restyle batch` does the work, in Restyle's own Python: what it has done is not done again, and a bad picture costs no other.
"""

from __future__ import absolute_import, unicode_literals

import io
import json
import os

from .compat import decode_path, encode_path, native_text, to_text
from .errors import PluginError
from .home import home, private_folder, unusable
from .kind import LAYER, of_kind
from .languages import N_, _, ngettext
from .presets import Presets
from .sentences import translated
from .words import time_left

FOLDER = "python-fu-restyle-folder"
LABEL = N_("Restyle a Folder…")
SUMMARY = N_("Work on all pictures of a folder by the same settings, and leave those that are done.")

_AS_IT_COMES, _PRESET, _LAST = "filter", "preset", "last"
_INSIDE = "restyled"  # below the folder of the pictures
_REQUEST = "folder.json"
_MOST_NAMED = 12  # of bad pictures, in a message that shall fit on a screen

__all__ = ["FOLDER", "LABEL", "SUMMARY", "looks", "rows", "run"]


def rows(gimpfu, declarations):
    """Return the parameters as gimpfu's tuples, and the hints that its shim takes for them."""
    # A catalogue of nothing but filters that need a second picture has none before one was used.
    found = looks(declarations) or [(_("From a file"), "")]
    choices = tuple((native_text(title), native_text(word)) for title, word in found)
    params = [
        (gimpfu.PF_DIRNAME, native_text("folder"), native_text(_("Pictures in")), native_text("")),
        (gimpfu.PF_DIRNAME, native_text("output"), native_text(_("Results into")), native_text("")),
        (gimpfu.PF_RADIO, native_text("look"), native_text(_("Settings")), choices[0][1], choices),
        (gimpfu.PF_FILENAME, native_text("file"), native_text(_("Settings from a file")), native_text("")),
        (gimpfu.PF_TOGGLE, native_text("again"), native_text(_("Make anew what is there")), False),
    ]
    hints = {
        "folder": {"help": _("All pictures in this folder are worked on; they stay as they are.")},
        "output": {
            "help": _("Where each result goes, under its picture's name. Without one: a folder \u201crestyled\u201d in there.")
        },
        "look": {
            "help": _("A filter as it comes, with what it was used with last, or with a preset saved in its dialog."),
            "open": True,
        },
        "file": {"help": _("A file that was saved as a preset or by the command line; it counts instead of the settings above.")},
        "again": {"help": _("Off, what was made before of the same picture by the same settings is left.")},
    }
    return params, hints


def looks(declarations):
    """Return [(title, word)] of the settings that there are.

    Of each filter that works on photos: as it comes, where it needs nothing else; as it was used last; and its presets.
    """
    titles = {declared["id"]: declared["title"] for declared in declarations["filters"]}
    found = []
    for declared in declarations["filters"]:
        if not _works_on_photos(declared):
            continue
        presets, title = Presets(None, declared, (), titles), declared["title"]
        if not any(item["minimum"] for item in declared["inputs"] if item["kind"] != "layer"):
            found.append((title, "%s:%s" % (_AS_IT_COMES, declared["id"])))
        if any(_is_of_files(request) for request in presets.recent_requests()[:1]):
            found.append((_("%s, as used last") % title, "%s:%s" % (_LAST, declared["id"])))
        found.extend(("%s: %s" % (title, name), "%s:%s:%s" % (_PRESET, declared["id"], name)) for name in presets.names())
    return found


def run(gimp, declarations, folder, output, look, file, again):
    """Work on a folder, showing how far it is, and tell at the end what became of it.

    PluginError with a sentence where nothing could be done; what was cancelled goes on with the next call.
    """
    from .batch_process import BatchProcess  # late, as in entry.guarded

    if not folder:
        raise PluginError("no-folder", _("Choose the folder with the pictures first."))
    folder, output = decode_path(folder), decode_path(output or "")
    output = output or os.path.join(folder, _INSIDE)
    gimp.progress_init(_("Restyle a Folder"))
    try:
        recipe = _recipe(declarations, to_text(look), decode_path(file or ""))
        with BatchProcess(recipe, folder, output, bool(again)) as process:
            pieces = _watched(gimp, process)
    finally:
        gimp.progress_end()
    gimp.message(summary(pieces, output))


def summary(pieces, output):
    """Return what became of pictures, in a few lines."""
    failed = [piece for piece in pieces if piece["state"] == "failed"]
    before = sum(piece["state"] == "as before" for piece in pieces)
    made = ngettext(
        "%(made)d of %(number)d picture is in %(folder)s.", "%(made)d of %(number)d pictures are in %(folder)s.", len(pieces)
    )
    lines = [made % {"made": len(pieces) - len(failed), "number": len(pieces), "folder": output}]
    if before:
        told = ngettext("%d of them was there already.", "%d of them were there already.", before) % before
        lines[0] = "%s %s" % (lines[0], told)
    lines += [
        "%s: %s" % (os.path.basename(piece["source"]), translated(piece["reason"], piece.get("reason_said")))
        for piece in failed[:_MOST_NAMED]
    ]
    if len(failed) > _MOST_NAMED:
        lines.append(_("\u2026 and %d more.") % (len(failed) - _MOST_NAMED))
    return "\n".join(lines)


def _watched(gimp, process):
    """Show how far a process is until it ends; return what it told of each picture."""
    pieces = []
    gimp.progress_text(_("Starting"))
    for told in process.told():
        if told is None:
            # A bar that moves, where nothing else says that the work goes on.
            if not pieces:
                gimp.progress_pulse()
            continue
        pieces.append(told)
        gimp.progress_update(float(told["ended"]) / told["of"])
        gimp.progress_text(
            _("%(ended)d of %(all)d: %(picture)s")
            % {"ended": told["ended"], "all": told["of"], "picture": os.path.basename(told["source"]) + _left(told["left_s"])}
        )
    return pieces


def _left(seconds):
    return "" if seconds is None else ", " + time_left(seconds)


def _works_on_photos(declared):
    return bool(of_kind(declared, "layer"))


def _is_of_files(request):
    """Whether its pictures are files: layers are those of an image, which a folder has not."""
    sent = [one for chosen in request["inputs"].values() if isinstance(chosen, list) for one in chosen]
    return not any(one["image"].startswith(LAYER) for one in sent)


def _recipe(declarations, look, file):
    """Return the path of a file that holds the settings that were chosen."""
    if file:
        return file
    kind, __, rest = look.partition(":")
    name, __, preset = rest.partition(":")
    declared = [one for one in declarations["filters"] if one["id"] == name]
    if not declared:
        raise PluginError("no-settings", _("Choose the settings first: a filter, a preset or a file."))
    presets = Presets(None, declared[0], (), {})
    if kind == _PRESET:
        if preset not in presets.names():
            raise PluginError("no-settings", _("There is no preset %s any more: choose another one.") % preset)
        return presets.path(preset)
    recent = presets.recent_requests() if kind == _LAST else []
    return _written(recent[0] if recent else {"filter": name})


def _written(request):
    """Return the path of a file with a request: in Restyle's home, for a GIMP in a box of its own shares no other folder."""
    path = os.path.join(private_folder(home()), _REQUEST)
    try:
        with io.open(encode_path(path), "w", encoding="utf-8") as stream:
            stream.write(to_text(json.dumps(request)))
    except EnvironmentError as error:
        raise unusable(home(), error.strerror or to_text(error))
    return path
