#!/usr/bin/env python3
"""A plug-in for tests that GIMP starts with itself, as an extension: it closes the image whose id is put into a file.

So an image is closed while another plug-in works on it. RESTYLE_TEST_PATH: folders of modules, by ":".
"""

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = os.environ["RESTYLE_TEST_PATH"].split(":")
sys.dont_write_bytecode = True

NAME = "python-fu-restyle-closer"
REQUEST = Path(tempfile.gettempdir()) / "close-image"
# GIMP ends its extensions with itself; this is for a GIMP that was killed.
LIMIT_S = 900
EXTENSION = 2  # GIMP_EXTENSION of 2.10


def close_images(image_delete):
    limit = time.monotonic() + LIMIT_S
    while time.monotonic() < limit:
        if REQUEST.exists():
            image_delete(int(REQUEST.read_text()))
            REQUEST.unlink()
        time.sleep(0.05)


def main_of_gimp3():
    import gi

    gi.require_version("Gimp", "3.0")
    from gi.repository import Gimp

    from restyle_plugin.gimpfu_shim import gimp3

    def run(procedure, _config, _data):
        procedure.persistent_ready()
        close_images(gimp3.image_delete)
        return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)

    class Closer(Gimp.PlugIn):
        def do_set_i18n(self, _name):
            return False

        def do_query_procedures(self):
            return [NAME]

        def do_create_procedure(self, name):
            return Gimp.Procedure.new(self, name, Gimp.PDBProcType.PERSISTENT, run, None)

    Gimp.main(Closer.__gtype__, sys.argv)


def main_of_gimp2():
    import ctypes

    from restyle_plugin.gimpfu_shim import gimp2
    from restyle_plugin.gimpfu_shim.gimp2_lib import GIMP
    from restyle_plugin.gimpfu_shim.gimp2_structs import QUERY_FUNCTION, RUN_FUNCTION, PlugInInfo

    def query():
        words = [NAME, "For tests", "For tests", "Restyle", "Restyle", "2026", None, None]
        GIMP.gimp_install_procedure(*words, EXTENSION, 0, 0, None, None)

    def run(*_call):
        ctypes.CDLL("libgimp-2.0.so.0").gimp_extension_ack()
        close_images(gimp2.image_delete)

    info = PlugInInfo(QUERY_FUNCTION(), QUERY_FUNCTION(), QUERY_FUNCTION(query), RUN_FUNCTION(run))
    argv = (ctypes.c_char_p * (len(sys.argv) + 1))(*[word.encode() for word in sys.argv], None)
    GIMP.gimp_main(ctypes.byref(info), len(sys.argv), argv)


# GIMP 3 gives its plug-ins one argument more.
(main_of_gimp3 if len(sys.argv) == 7 else main_of_gimp2)()
