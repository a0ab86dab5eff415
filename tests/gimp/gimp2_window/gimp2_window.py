#!/usr/bin/env python3
# -*- coding: utf-8 -*-
# ruff: noqa: UP009, UP010, UP031  (Python 2.7 runs this too)
"""A plug-in for windowed tests, through the shim's gimpfu API: a filter with a dialog, a slow one, and a probe.

Each writes lines of JSON to RESTYLE_TEST_LOG. RESTYLE_TEST_PATH: folders of modules, by ":".
"""

from __future__ import absolute_import, unicode_literals

import ctypes
import hashlib
import json
import os
import sys
import time

sys.path[:0] = os.environ["RESTYLE_TEST_PATH"].split(":")

from restyle_plugin import gimpfu_shim as gimpfu  # noqa: E402
from restyle_plugin.gimpfu_shim import backend  # noqa: E402
from restyle_plugin.gimpfu_shim.gimp2_gtk import GTK, screen_height  # noqa: E402
from restyle_plugin.gimpfu_shim.gimp2_lib import GOBJECT, Library  # noqa: E402

MENU = "<Image>/Filters/Restyle Tests"
IN_FRONT = [(gimpfu.PF_IMAGE, "image", "Image", None), (gimpfu.PF_DRAWABLE, "drawable", "Layer", None)]
PARAMS = [
    (gimpfu.PF_SLIDER, "strength", "Strength", 50.0, (0.0, 100.0, 1.0)),
    (gimpfu.PF_SPINNER, "size", "Size", 512, (64, 2048, 64)),
    (gimpfu.PF_OPTION, "colors", "Colours", 1, ("From the style", "From the photo")),
    (gimpfu.PF_RADIO, "optimizer", "Optimizer", "adam", (("L-BFGS", "lbfgs"), ("Adam", "adam"))),
    (gimpfu.PF_TOGGLE, "tiles", "Tiles", True),
    (gimpfu.PF_COLOR, "flat", "Flat colour", (0.5, 0.25, 1.0)),
    (gimpfu.PF_STRING, "note", "Note", "hällo"),
    (gimpfu.PF_TEXT, "remark", "Remark", "two\nlines"),
    (gimpfu.PF_INT32, "seed", "Seed", -7),
    (gimpfu.PF_FLOAT, "gain", "Gain", 0.125),
    (gimpfu.PF_FILE, "picture", "Picture", ""),
    (gimpfu.PF_LAYER, "other", "Other layer", None),
    (gimpfu.PF_FONT, "font", "Font", "Sans"),
    (gimpfu.PF_BRUSH, "brush", "Brush", "2. Hardness 050"),
    (gimpfu.PF_GRADIENT, "gradient", "Gradient", "Golden"),
    (gimpfu.PF_PALETTE, "palette", "Palette", "Default"),
    (gimpfu.PF_PATTERN, "pattern", "Pattern", "Wood"),
    (gimpfu.PF_DIRNAME, "folder", "Folder", ""),
]


WALKING = {
    "gtk_label_get_text": "t:p",
    "gtk_widget_get_tooltip_text": "o:p",
    "gtk_container_forall": "v:ppp",
    "gtk_expander_set_expanded": "v:pi",
}
# GTK unfolds in a quarter of a second.
UNFOLDING_S = 1.5
# Widgets that hold no others, or none of ours.
LEAVES = (
    "GtkLabel",
    "GtkAccelLabel",
    "GtkImage",
    "GtkHScale",
    "GtkSpinButton",
    "GtkEntry",
    "GimpColorButton",
    "GtkFileChooserButton",
    "GtkComboBoxText",
    "GimpDrawableComboBox",
)


def log(**entry):
    with open(os.environ["RESTYLE_TEST_LOG"], "ab") as stream:
        stream.write(json.dumps(entry).encode("ascii") + b"\n")


def invert(image, drawable, *values):
    """Put an inverted copy above the layer, as a filter does; log the values."""
    log(event="invert", pid=os.getpid(), values=[plain(value) for value in values])
    gimp, i, d = backend.current(), image.ID, drawable.ID
    width, height = gimp.drawable_width(d), gimp.drawable_height(d)
    pixels = gimp.drawable_read(d, 0, 0, width, height, "R'G'B' u8")
    gimp.image_undo_group_start(i)
    layer = gimp.layer_new(i, "inverted", width, height, 0, 100.0, 28)
    gimp.image_insert_layer(i, layer, gimp.item_parent(d), gimp.item_position(d))
    gimp.drawable_write(layer, 0, 0, width, height, "R'G'B' u8", bytearray(255 - byte for byte in bytearray(pixels)))
    gimp.image_undo_group_end(i)
    log(event="inverted")


def slow(image, drawable):
    """Show progress for a minute."""
    gimp = backend.current()
    gimp.progress_init("Painting slowly")
    log(event="slow", pid=os.getpid())
    for step in range(600):
        gimp.progress_update(step / 600.0)
        gimp.progress_text("step %d" % step)
        time.sleep(0.1)
    log(event="slow over")


def probe(image, drawable):
    """Log what the image looks like."""
    gimp, layers = backend.current(), []
    for layer in gimp.image_layers(image.ID):
        width, height = gimp.drawable_width(layer), gimp.drawable_height(layer)
        pixels = gimp.drawable_read(layer, 0, 0, width, height, "R'G'B'A u8")
        layers.append([gimp.item_name(layer), hashlib.sha256(pixels).hexdigest()])
    log(event="probe", layers=layers, dirty=bool(gimp.call("gimp-image-is-dirty", [image.ID])[0]))


def rows(image, drawable):
    """Log the widgets of Neural Style's dialog, [type, text, tooltip] in the order of the window, and how high it gets."""
    from restyle_plugin import menu
    from restyle_plugin.gimpfu_shim import gimp2_dialog, registry
    from restyle_plugin.gimpfu_shim.gimp2_gtk import UI

    menu.register_filters(gimpfu, menu.catalogue())
    procedure = next(known for known in registry.procedures() if known.name == "python-fu-restyle-neural-style")
    UI.gimp_ui_init("restyle", True)
    form = gimp2_dialog._Form(procedure, procedure.params[2:])
    form.set([param.default for param in procedure.params[2:]])
    found = widgets(form._window)
    GTK.gtk_widget_show_all(form._window)
    heights = [height_with(form, is_unfolded) for is_unfolded in (False, True, False)]
    log(event="rows", widgets=[row[:3] for row in found], heights=heights, screen=screen_height(form._window))
    form.close()


def height_with(form, is_unfolded):
    """Fold or unfold all groups; return the height of the window then."""
    gtk = Library(GTK._names, WALKING)
    for kind, _, _, address in widgets(form._window):
        if kind == "GtkExpander":
            gtk.gtk_expander_set_expanded(address, is_unfolded)
    limit = time.time() + UNFOLDING_S
    while time.time() < limit:
        while GTK.gtk_events_pending():
            GTK.gtk_main_iteration()
        time.sleep(0.02)
    width, height = ctypes.c_int(), ctypes.c_int()
    GTK.gtk_window_get_size(form._window, ctypes.byref(width), ctypes.byref(height))
    return height.value


def widgets(widget):
    """Return [type, text, tooltip, address] of a widget and of all in it."""
    gtk, gobject = Library(GTK._names, WALKING), Library(GOBJECT._names, {"g_type_name_from_instance": "t:p"})
    found = []

    def visit(address, _data):
        kind = gobject.g_type_name_from_instance(address)
        text = gtk.gtk_label_get_text(address) if kind in ("GtkLabel", "GtkAccelLabel") else None
        found.append([kind, text, gtk.gtk_widget_get_tooltip_text(address), address])
        if kind not in LEAVES:
            gtk.gtk_container_forall(address, ctypes.cast(callback, ctypes.c_void_p), None)

    callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(visit)
    visit(widget, None)
    return found


def fail(image, drawable):
    gimpfu.fail("Nothing to paint with: choose a pïcture.")


def plain(value):
    if hasattr(value, "r"):
        return [round(value.r, 3), round(value.g, 3), round(value.b, 3)]
    return getattr(value, "ID", value)


PROCEDURES = [
    ("invert", "Invert...", invert, PARAMS), ("slow", "Slow", slow, []), ("probe", "Probe", probe, []),
    ("fail", "Fail", fail, []), ("rows", "Rows", rows, []),
]  # fmt: skip
for name, label, function, params in PROCEDURES:
    gimpfu.register(
        "python-fu-restyle-window-" + name, label, label, "Restyle", "Restyle", "2026", label, "*", IN_FRONT + params, [],
        function, menu=MENU,
    )  # fmt: skip
hint = {"group": "advanced", "help": "Same seed, same picture.", "unit": "px"}
gimpfu.describe("python-fu-restyle-window-invert", {"seed": hint})
gimpfu.main()
