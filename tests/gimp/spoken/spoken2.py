"""What keyboard and screen reader find in the dialogs of a plug-in of GIMP 2.10: written to RESTYLE_TEST_SPOKEN, again and again.

A test puts `import spoken2` into a copy of the plug-in; GTK's module gail is to be there, which names what has a text.
"""

import ctypes
import json
import os

from restyle_plugin.gimpfu_shim import gimp2_gtk
from restyle_plugin.gimpfu_shim.gimp2_events import Callbacks
from restyle_plugin.gimpfu_shim.gimp2_lib import GLIB, GOBJECT, Library

LOOK_MS = 400
VISIT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
GTK = Library(
    gimp2_gtk.GTK._names,
    {
        "gtk_window_list_toplevels": "p:",
        "gtk_window_get_title": "t:p",
        "gtk_window_get_focus": "p:p",
        "gtk_widget_get_mapped": "y:p",
        "gtk_widget_get_can_focus": "y:p",
        "gtk_widget_is_sensitive": "y:p",
        "gtk_widget_get_accessible": "p:p",
        "gtk_widget_list_mnemonic_labels": "p:p",
        "gtk_label_get_text": "t:p",
        "gtk_label_get_mnemonic_keyval": "i:p",
        "gtk_container_forall": "v:ppp",
        "gtk_container_get_type": "l:",
        "gtk_window_get_type": "l:",
        "gtk_label_get_type": "l:",
    },
)
ATK = Library(gimp2_gtk.ATK._names, {"atk_object_get_name": "t:p"})
TYPES = Library(GOBJECT._names, {"g_type_name_from_instance": "t:p", "g_type_check_instance_is_a": "y:pl"})
KEYS = Library(gimp2_gtk.GDK._names, {"gdk_keyval_to_unicode": "i:u"})
NO_KEY = 0xFFFFFF
CALLBACKS = Callbacks()


class List(ctypes.Structure):
    """GList."""


List._fields_ = [("data", ctypes.c_void_p), ("next", ctypes.POINTER(List)), ("prev", ctypes.c_void_p)]


def look():
    windows = [one for one in listed(GTK.gtk_window_list_toplevels()) if GTK.gtk_widget_get_mapped(one)]
    found = [{"title": GTK.gtk_window_get_title(one) or "", "focus": focus_of(one), "parts": parts_of(one)} for one in windows]
    path = os.environ["RESTYLE_TEST_SPOKEN"]
    with open(path + ".new", "w") as file:
        json.dump(found, file)
    os.replace(path + ".new", path)
    return True


def listed(address):
    """Return the pointers of a GList, which is freed."""
    found, item = [], ctypes.cast(address, ctypes.POINTER(List))
    while item:
        found.append(item.contents.data)
        item = item.contents.next
    GLIB.g_list_free(address)
    return found


def focus_of(window):
    focus = GTK.gtk_window_get_focus(window)
    return [TYPES.g_type_name_from_instance(focus), name_of(focus)] if focus else ["", ""]


def parts_of(widget):
    """Return {kind, name, letter} of all that is in sight and can have the focus or a letter."""
    found = []
    if not GTK.gtk_widget_get_mapped(widget):
        return found
    key = GTK.gtk_label_get_mnemonic_keyval(widget) if is_a(widget, "label") else NO_KEY
    if key != NO_KEY:
        letter = chr(KEYS.gdk_keyval_to_unicode(key)).lower()
        found.append({"kind": "label", "name": GTK.gtk_label_get_text(widget), "letter": letter})
    elif GTK.gtk_widget_get_can_focus(widget) and GTK.gtk_widget_is_sensitive(widget) and not is_a(widget, "window"):
        found.append({"kind": TYPES.g_type_name_from_instance(widget), "name": name_of(widget), "letter": ""})
    if is_a(widget, "container"):
        visit = VISIT(lambda child, _data: found.extend(parts_of(child)))
        GTK.gtk_container_forall(widget, ctypes.cast(visit, ctypes.c_void_p), None)
    return found


def is_a(widget, kind):
    return TYPES.g_type_check_instance_is_a(widget, getattr(GTK, f"gtk_{kind}_get_type")())


def name_of(widget):
    """Return what a screen reader calls a widget."""
    labels = [GTK.gtk_label_get_text(label) for label in listed(GTK.gtk_widget_list_mnemonic_labels(widget))]
    return ATK.atk_object_get_name(GTK.gtk_widget_get_accessible(widget)) or " ".join(labels)


if os.environ.get("RESTYLE_TEST_SPOKEN"):
    CALLBACKS.every(LOOK_MS, look)
