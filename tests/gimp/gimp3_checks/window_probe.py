#!/usr/bin/env python3
"""A plug-in for the tests: appends what the image holds to the file WINDOW_PROBE_LOG, one line of JSON per call."""

import hashlib
import json
import os
import sys

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp, GObject  # noqa: E402  (a version is required before the import)


def pixels(drawable):
    size = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    data = drawable.get_buffer().get(size, 1.0, "R'G'B'A u16", Gegl.AbyssPolicy.NONE)
    return hashlib.sha256(data).hexdigest()


def described(layer):
    mask = layer.get_mask()
    return {
        "name": layer.get_name(),
        "size": [layer.get_width(), layer.get_height()],
        "offsets": list(layer.get_offsets())[1:],
        "pixels": pixels(layer),
        "mask": mask and pixels(mask),
    }


class WindowProbe(Gimp.PlugIn):
    def do_set_i18n(self, _name):
        return False

    def do_query_procedures(self):
        return ["python-fu-window-probe"]

    def do_create_procedure(self, name):
        # Without an image argument it stays out of the filter history: Repeat Last must mean the filter under test.
        procedure = Gimp.Procedure.new(self, name, Gimp.PDBProcType.PLUGIN, self.look, None)
        procedure.add_enum_argument(
            "run-mode", "Run mode", "Run mode", Gimp.RunMode, Gimp.RunMode.NONINTERACTIVE, GObject.ParamFlags.READWRITE
        )
        procedure.set_menu_label("Window Probe")
        procedure.add_menu_path("<Image>/Help")
        return procedure

    def look(self, procedure, _config, _data):
        Gegl.init(None)
        # The oldest is the photo; a plug-in that is ended while it reads a style leaves that picture behind.
        image = min(Gimp.get_images(), key=lambda image: image.get_id())
        state = {"layers": [described(layer) for layer in image.get_layers()], "dirty": image.is_dirty()}
        with open(os.environ["WINDOW_PROBE_LOG"], "a") as log:
            log.write(json.dumps(state) + "\n")
        return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)


Gimp.main(WindowProbe.__gtype__, sys.argv)
