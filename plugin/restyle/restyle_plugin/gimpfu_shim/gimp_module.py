# -*- coding: utf-8 -*-
"""gimpfu's `gimp`: the module's functions and classes, as the attributes of one object."""

from __future__ import absolute_import, unicode_literals

import os
import sys

from ..compat import to_bytes, to_text
from . import backend, color_models, errors, transforms  # noqa: F401  (these two add methods)
from .backend import call
from .gimp_context import Context
from .image import Display, Image
from .items import Channel, Drawable, Item, item
from .layers import GroupLayer, Layer
from .objects import object_of_kind
from .parasites import Parasite, WithParasites
from .pdb_proxy import Pdb, PdbFunction
from .pixel_region import PixelRgn
from .tiles import TILE_SIZE, PixelFetcher, Tile
from .vectors import Vectors, VectorsBezierStroke, VectorsStroke

_GAMMA = 2.2
_SHADES = ((255, 204), (153, 102), (51, 0), (255, 255), (127, 127), (0, 0))  # of CHECK_TYPE_*
# What needs more of GIMP than this gimpfu has: each is there, and says so.
_REFUSED = {
    "main": "call gimpfu.main()",
    "install_procedure": "call gimpfu.register()",
    "install_temp_proc": "procedures that come and go are not available",
    "uninstall_temp_proc": "procedures that come and go are not available",
    "progress_install": "a plug-in cannot show other plug-ins' progress here",
    "progress_uninstall": "a plug-in cannot show other plug-ins' progress here",
    "register_magic_load_handler": "plug-ins that open files are not available",
    "register_load_handler": "plug-ins that open files are not available",
    "register_save_handler": "plug-ins that save files are not available",
    "menu_register": "give the menu to gimpfu.register()",
    "extension_ack": "extensions are not available",
    "extension_enable": "extensions are not available",
    "extension_process": "extensions are not available",
    "gtkrc": "GTK's settings cannot be asked for",
    "user_directory": "use os.path.expanduser()",
    "export_image": "call pdb.gimp_file_save()",
    "export_dialog": "call pdb.gimp_file_save()",
}

__all__ = ["Gimp"]


class Gimp(Context, WithParasites):
    """What `import gimp` gives a plug-in, over the current backend."""

    Channel, Display, Drawable, GroupLayer, Image = Channel, Display, Drawable, GroupLayer, Image
    Item, Layer, Parasite, PixelFetcher, PixelRgn, Tile = Item, Layer, Parasite, PixelFetcher, PixelRgn, Tile
    Vectors, VectorsBezierStroke, VectorsStroke = Vectors, VectorsBezierStroke, VectorsStroke
    PDB, PDBFunction = Pdb, PdbFunction
    error = errors.error
    pdb = Pdb()

    @property
    def version(self):
        """(major, minor, micro) of the GIMP."""
        text = to_text(call("gimp-version")[0])
        return tuple(int(part) for part in text.split("-")[0].split(".")[:3])

    @property
    def directory(self):
        """The folder of the person's settings; scripts ask for it before `main` is called, too."""
        from . import runner

        return runner.backend_here().profile_folder()

    @property
    def locale_directory(self):
        """A folder of translations, which scripts hand to gettext."""
        return os.path.join(sys.prefix, "share", "locale")

    def message(self, text):
        """Show a message."""
        backend.current().message(to_text(text))

    def quit(self):
        """End the plug-in."""
        sys.exit(0)

    def exit(self, force=False):
        """End the plug-in."""
        sys.exit(0)

    def image_list(self):
        """Return the open images."""
        return [Image.of_id(i) for i in backend.current().image_list()]

    def delete(self, thing):
        """Delete an image, item or display."""
        if isinstance(thing, Image):
            backend.current().image_delete(thing.ID)
        elif isinstance(thing, Display):
            call("gimp-display-delete", thing.ID)
        else:
            call("gimp-item-delete", thing.ID)

    def set_data(self, key, data):
        """Keep bytes under a key as long as GIMP runs."""
        backend.current().set_data(to_text(key), to_bytes(data))

    def get_data(self, key):
        """Return the bytes kept under a key; `error` if there are none."""
        data = backend.current().get_data(to_text(key))
        if data is None:
            raise errors.error("no data for id `%s'" % to_text(key))
        return data

    def progress_init(self, text=""):
        """Begin a progress bar."""
        backend.current().progress_init(to_text(text))

    def progress_update(self, fraction):
        """Move the progress bar; 0..1."""
        backend.current().progress_update(float(fraction))

    def displays_flush(self):
        """Show what changed."""
        backend.current().displays_flush()

    def displays_reconnect(self, old, new):
        """Let the windows that show an image show another."""
        call("gimp-displays-reconnect", old.ID, new.ID)

    def vectors_import_from_file(self, image, svg_file, merge=False, scale=False):
        """Return the paths read from an SVG file, now in the image."""
        return _paths("file", image.ID, to_text(svg_file), int(merge), int(scale))

    def vectors_import_from_string(self, image, svg_string, merge=False, scale=False):
        """Return the paths read from a text of SVG, now in the image."""
        return _paths("string", image.ID, to_text(svg_string), -1, int(merge), int(scale))

    def personal_rc_file(self, basename):
        """Return the path of a file in the folder of the person's settings."""
        return os.path.join(self.directory, to_text(basename))

    def domain_register(self, name, path=None):
        """Do nothing: plug-ins bring their own translations."""

    def tile_cache_size(self, kilobytes):
        """Do nothing: pixels are not cached here."""

    def tile_cache_ntiles(self, number):
        """Do nothing: pixels are not cached here."""

    def tile_width(self):
        """Return the width of gimp.Tile."""
        return TILE_SIZE

    tile_height = tile_width

    def gamma(self):
        """Return what 2.10 does, a constant."""
        return _GAMMA

    def checks_get_shades(self, type):  # noqa: A002  (gimp's name)
        """Return (light, dark), the greys of a kind of chequers (CHECK_TYPE_*)."""
        return _SHADES[type]

    check_size = check_type = staticmethod(lambda: 1)  # medium, grey: 2.10's defaults
    show_tool_tips = show_help_button = staticmethod(lambda: True)
    default_display = staticmethod(lambda: None)
    display_name = staticmethod(lambda: "")
    monitor_number = staticmethod(lambda: 0)
    wm_class = staticmethod(lambda: "Gimp")
    get_progname = staticmethod(lambda: os.path.basename(sys.argv[0]))
    _id2image = staticmethod(lambda ID: object_of_kind("image", ID))
    _id2drawable = staticmethod(lambda ID: object_of_kind("drawable", ID))
    _id2vectors = staticmethod(lambda ID: object_of_kind("vectors", ID))
    _id2display = staticmethod(lambda ID: object_of_kind("display", ID))

    @property
    def __all__(self):
        # `from gimp import *` asks for it.
        return [name for name in dir(type(self)) if not name.startswith("_")]


def _paths(source, *arguments):
    return [item(path) for path in call("gimp-vectors-import-from-" + source, *arguments)[1]]


def _refused(name, reason):
    def function(*_arguments, **_named):
        raise NotImplementedError("gimp.%s is not available in this gimpfu: %s." % (name, reason))

    function.__doc__ = "Refuse: %s." % reason
    return staticmethod(function)


for _name, _reason in _REFUSED.items():
    setattr(Gimp, str(_name), _refused(_name, _reason))
