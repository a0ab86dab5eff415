"""What keyboard and screen reader find in the dialogs of a plug-in of GIMP 3: written to RESTYLE_TEST_SPOKEN, again and again.

A test puts `import spoken3` into a copy of the plug-in.
"""

import json
import os

LOOK_MS = 400


def look():
    from gi.repository import Gtk

    windows = [window for window in Gtk.Window.list_toplevels() if window.get_mapped() and window.get_title()]
    found = [{"title": one.get_title(), "focus": focus_of(one), "parts": parts_of(one)} for one in windows]
    path = os.environ["RESTYLE_TEST_SPOKEN"]
    with open(path + ".new", "w") as file:
        json.dump(found, file)
    os.replace(path + ".new", path)
    return True


def focus_of(window):
    focus = window.get_focus()
    return [type(focus).__name__, name_of(focus)] if focus else ["", ""]


def parts_of(widget):
    """Return {kind, name, letter} of all that is in sight and can have the focus or a letter."""
    from gi.repository import Gdk, Gtk

    found = []
    if not widget.get_mapped():
        return found
    if isinstance(widget, Gtk.Label) and widget.get_mnemonic_keyval() != Gdk.KEY_VoidSymbol:
        letter = chr(Gdk.keyval_to_unicode(widget.get_mnemonic_keyval())).lower()
        found.append({"kind": "label", "name": widget.get_text(), "letter": letter})
    elif widget.get_can_focus() and widget.is_sensitive() and not isinstance(widget, Gtk.Window):
        found.append({"kind": type(widget).__name__, "name": name_of(widget), "letter": ""})
    if isinstance(widget, Gtk.Container):
        widget.forall(lambda child: found.extend(parts_of(child)))
    return found


def name_of(widget):
    """Return what a screen reader calls a widget."""
    labels = [label.get_text() for label in widget.list_mnemonic_labels()]
    return widget.get_accessible().get_name() or " ".join(labels)


def begin():
    from gi.repository import GLib

    GLib.timeout_add(LOOK_MS, look)


if os.environ.get("RESTYLE_TEST_SPOKEN"):
    begin()
