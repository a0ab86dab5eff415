#!/usr/bin/env python3
"""A plug-in for the tests: procedures with every kind of parameter, through the shim's GIMP 3 backend alone.

What each call received is appended to the file SHIM_PROBE_LOG as one line of JSON; what its dialog showed goes there as a
line before, as soon as it was seen. Its filter puts an inverted copy above the layer. SHIM_PROBE_ANSWER makes it end
otherwise: "cancel", or "error TEXT".
"""

import json
import os
import sys

sys.dont_write_bytecode = True

from restyle_plugin.gimpfu_shim import gimp3, pf  # noqa: E402  (bytecode is switched off first)
from restyle_plugin.gimpfu_shim.procedure import Param, Procedure  # noqa: E402

IMAGE, DRAWABLE = Param(pf.PF_IMAGE, "image", "Image"), Param(pf.PF_DRAWABLE, "drawable", "Drawable")
LOOK_AFTER_MS = 500
THUMBNAIL = 96
MORE, ADVANCED = "More styles", "Advanced"


def pictures():
    rows = []
    for number in (1, 2, 3, 4):
        stem, group = f"style-{number}", "" if number == 1 else MORE
        rows += [
            Param(pf.PF_FILE, stem + "-file", "Style picture", None, None, "A picture file.", "", group),
            Param(pf.PF_DRAWABLE, stem + "-layer", "Or a layer", 0, None, "A layer of any open image.", "", group),
            Param(pf.PF_SLIDER, stem + "-weight", "Weight", 1.0, (0.0, 1.0, 0.05), "Its share.", "", group),
        ]
    return rows


SETTINGS = [
    Param(pf.PF_SLIDER, "style-strength", "Style strength", 50.0, (0.0, 100.0, 1.0), "How far.", "%", ""),
    Param(pf.PF_SLIDER, "style-scale", "Style scale", 1.0, (0.25, 4.0, 0.05), "Size of the strokes.", "", ""),
    Param(pf.PF_OPTION, "colors", "Colours", 0, ("From the style", "Keep the photo's"), "Which colours.", "", ""),
    Param(pf.PF_SPINNER, "size", "Detail", 512, (64, 2048, 64), "Longer side.", "px", ""),
    Param(pf.PF_RADIO, "optimizer", "Optimizer", "adam", (("L-BFGS", "lbfgs"), ("Adam", "adam")), "How.", "", ADVANCED),
    Param(pf.PF_TOGGLE, "tile", "Tiles", True, None, "In tiles.", "", ADVANCED),
    Param(pf.PF_COLOR, "color", "Flat colour", (0.5, 0.25, 1.0), None, "To start from.", "", ADVANCED),
    Param(pf.PF_STRING, "note", "Note", "hello", None, "A text.", "", ADVANCED),
    Param(pf.PF_INT32, "seed", "Seed", 7, None, "A number.", "", ADVANCED),
    Param(pf.PF_FLOAT, "gain", "Gain", 0.5, None, "Any number.", "", ADVANCED),
    Param(pf.PF_LAYER, "layer", "Layer", 0, None, "A layer.", "", ADVANCED),
    Param(pf.PF_DIRNAME, "folder", "Folder", None, None, "A folder.", "", ADVANCED),
    Param(pf.PF_BRUSH, "brush", "Brush", None, None, "A brush.", "", ADVANCED),
    Param(pf.PF_RADIO, "model", "Model", "night", (("The Night", "night"), ("The Wave", "wave")), "One of many.", "", ""),
]
SETTINGS[-1].is_open = True  # as for models: a script may name one that is not in the list
RESULTS = [
    Param(pf.PF_LAYER, "result", "Result"),
    Param(pf.PF_STRING, "text", "Text"),
    Param(pf.PF_INT32, "number", "Number"),
    Param(pf.PF_FLOAT, "fraction", "Fraction"),
    Param(pf.PF_COLOR, "colour", "Colour"),
]


def declared(name, label, params, results):
    return Procedure(
        name, "Probe the shim", "For the tests alone.", "Restyle", "Restyle", "2026", label,
        "<Image>/Filters/Style Transfer" if label else "", "*", params, results, None,
    )  # fmt: skip


def dispatch(name, run_mode, values):
    record = {"name": name, "run_mode": run_mode, "values": values}
    answer = os.environ.get("SHIM_PROBE_ANSWER", "")
    if run_mode == 0:
        declaration = next(one for one in PROCEDURES if one.name == name)
        when_open(values[1])
        values = gimp3.dialog(declaration, values, *values[:2])
        record["chosen"] = values
    record["modules"] = sorted({"gi.repository.Gtk", "gi.repository.GimpUi"} & set(sys.modules))
    note(record)
    if values is None or answer == "cancel":
        return "cancel", []
    if answer.startswith("error "):
        return ("error", answer[len("error ") :]), []
    return "success", [] if name.endswith("alone") else inverted(*values[:2])


def note(record):
    with open(os.environ["SHIM_PROBE_LOG"], "a") as log:
        log.write(json.dumps(record) + "\n")


def when_open(layer):
    """Note what the dialog shows as soon as it is open; then what it does when a layer and a file are chosen."""
    from gi.repository import Gio, GLib, Gtk

    from restyle_plugin.gimpfu_shim.gimp3_lib import item_of
    from restyle_plugin.gimpfu_shim.gimp3_run import current_run

    def look():
        record = seen()
        if "OK" not in record["all buttons"]:
            return True  # it is not on the screen yet: look again
        config = current_run().config
        config.set_property("style-1-layer", item_of(layer))
        record["with layer"] = {**seen(), "file": bool(config.get_property("style-1-file"))}
        config.set_property("style-1-file", Gio.File.new_for_path(__file__))
        record["with file"] = {**seen(), "layer": bool(config.get_property("style-1-layer"))}
        config.set_property("model", "wave")
        record["with model"] = seen()
        unfold(record, [False, True, False])
        return False

    def unfold(record, steps):
        """Note the dialog's height with its groups folded, unfolded and folded again, once GTK has shown it."""
        if not steps:
            note(record)
            return False
        dialog = next(window for window in Gtk.Window.list_toplevels() if window.get_mapped())
        for expander in expanders(dialog):
            expander.set_expanded(steps[0])
        GLib.timeout_add(2 * LOOK_AFTER_MS, measure, record, steps, dialog)
        return False

    def measure(record, steps, dialog):
        record.setdefault("heights", []).append(dialog.get_size()[1])
        record["screen"] = dialog.get_display().get_monitor_at_window(dialog.get_window()).get_workarea().height
        return unfold(record, steps[1:])

    GLib.timeout_add(LOOK_AFTER_MS, look)


def expanders(widget):
    """Return the expanders in a widget."""
    from gi.repository import Gtk

    found = [widget] if isinstance(widget, Gtk.Expander) else []
    if isinstance(widget, Gtk.Container):
        widget.forall(lambda child: found.extend(expanders(child)))
    return found


def seen():
    """What the open dialog shows: visible labels, buttons that can be pressed, sliders, folded groups."""
    from gi.repository import Gtk

    found = {"labels": [], "buttons": [], "all buttons": [], "sliders": 0, "combos": 0, "folded": [], "pictures": 0}
    found["words"] = []

    def visit(widget):
        if isinstance(widget, Gtk.Label) and widget.get_mapped():
            found["labels"].append(widget.get_text())
        elif isinstance(widget, Gtk.Button) and widget.get_label() and widget.get_mapped():
            found["all buttons"].append(widget.get_label().replace("_", ""))
            found["buttons"] += found["all buttons"][-1:] if widget.is_sensitive() else []
        found["sliders"] += isinstance(widget, Gtk.Scale) and widget.get_mapped()
        found["pictures"] += isinstance(widget, Gtk.Image) and is_thumbnail(widget.get_pixbuf())
        found["combos"] += isinstance(widget, Gtk.ComboBox) and widget.get_mapped()
        found["words"] += [widget.get_active_text()] if is_open_choice(widget) else []
        if isinstance(widget, Gtk.Expander) and not widget.get_expanded():
            found["folded"].append(widget.get_label().replace("_", ""))  # before its letter
        elif isinstance(widget, Gtk.Container):
            widget.forall(visit)

    for window in Gtk.Window.list_toplevels():
        if window.get_mapped():
            visit(window)
    return found


def is_open_choice(widget):
    from gi.repository import Gtk

    return isinstance(widget, Gtk.ComboBoxText) and widget.get_mapped()


def is_thumbnail(pixbuf):
    return pixbuf is not None and max(pixbuf.get_width(), pixbuf.get_height()) == THUMBNAIL


def inverted(image, drawable):
    width, height = gimp3.drawable_width(drawable), gimp3.drawable_height(drawable)
    pixels = gimp3.drawable_read(drawable, 0, 0, width, height, "R'G'B' u8")
    kind = gimp3.drawable_type(drawable) & ~1
    layer = gimp3.layer_new(image, "inverted", width, height, kind, 100, 28)
    gimp3.image_undo_group_start(image)
    gimp3.image_insert_layer(image, layer, gimp3.item_parent(drawable), gimp3.item_position(drawable))
    gimp3.drawable_write(layer, 0, 0, width, height, "R'G'B' u8", bytes(255 - value for value in pixels))
    gimp3.image_undo_group_end(image)
    gimp3.displays_flush()
    return [layer, "tëxt", -3, 0.25, (0.5, 0.25, 1.0)]


PROCEDURES = [
    declared("python-fu-shim-filter", "Shim Filter…", [IMAGE, DRAWABLE, *pictures(), *SETTINGS], RESULTS),
    declared("python-fu-shim-alone", "", [Param(pf.PF_STRING, "note", "Note", "x")], []),
]

gimp3.main(PROCEDURES, dispatch)
