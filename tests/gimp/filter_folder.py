# -*- coding: utf-8 -*-
# ruff: noqa: PT017, UP009, UP010  (Python 2.7 runs this too)
"""Restyle a Folder in a real GIMP: without an image, by the settings that are chosen, and once."""

from __future__ import absolute_import, unicode_literals

import os
import shutil
import tempfile

from filter_scene import photo_pixels

from memory_gimp.png import write_png
from restyle_plugin.compat import decode_path, encode_path
from restyle_plugin.folder import FOLDER
from restyle_plugin.gimpfu_shim.errors import BackendError


def check_a_folder_is_worked_on_without_an_image(gimp):
    folder = os.path.join(tempfile.mkdtemp(), "fotos é")
    os.mkdir(encode_path(folder))
    try:
        for name in ("a.png", "b.png"):
            write_png(os.path.join(folder, name), 64, 48, 4, photo_pixels(64, 48))
        run(gimp, folder)
        made = os.path.join(folder, "restyled")
        first = contents(made)
        assert sorted(first) == ["a.png", "b.png"]
        assert contents(folder)["a.png"] != first["a.png"]
        run(gimp, folder)
        assert contents(made) == first
    finally:
        shutil.rmtree(encode_path(os.path.dirname(folder)))


def check_a_folder_without_pictures_is_told_so(gimp):
    folder = tempfile.mkdtemp()
    try:
        run(gimp, folder)
    except BackendError as error:
        assert "no picture" in error.text, error.text
    else:
        raise AssertionError("nothing was said")
    finally:
        shutil.rmtree(folder)


def run(gimp, folder):
    values = {"run-mode": 1, "folder": folder, "output": "", "look": "filter:enhance-photo", "file": "", "again": 0}
    gimp.call(FOLDER, [values[name] for name, _ in gimp.procedure_signature(FOLDER)[0]])


def contents(folder):
    """What is in a folder's pictures, by their names."""
    found = {}
    for name in [decode_path(entry) for entry in os.listdir(encode_path(folder))]:
        path = encode_path(os.path.join(folder, name))
        if os.path.isfile(path) and not name.startswith("."):
            with open(path, "rb") as file:
                found[name] = file.read()
    return found
