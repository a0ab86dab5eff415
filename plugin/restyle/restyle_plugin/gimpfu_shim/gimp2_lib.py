# -*- coding: utf-8 -*-
"""GIMP 2.10's libraries by ctypes: where they are, and their functions with types.

A library is opened by its first call, so a query opens libgimp alone. In a process where the real gimpfu runs,
the same calls reach the libgimp that it has loaded already.
"""

from __future__ import absolute_import, unicode_literals

import ctypes
import os
import sys

from ..compat import to_bytes, to_text
from ..languages import _
from .errors import BackendError

__all__ = ["BABL", "GEGL", "GIMP", "GIMPBASE", "GLIB", "GOBJECT", "Library", "strings"]


class Library(object):
    """A shared library whose functions are attributes, typed by a table {name: "result:arguments"}.

    Types: i gint, u guint, l gsize, d double, f float, s text in (utf-8), p pointer, v nothing. Results besides: "t" text of the
    library's own, "o" text that the caller owns, "y" a yes or no, "b" success (else BackendError with GIMP's
    message), "n" an id (BackendError where it is negative).
    """

    def __init__(self, names, signatures):
        self._names = names
        self._signatures = signatures
        self._handle = None

    def __getattr__(self, name):
        signature = self._signatures.get(name)
        if signature is None:
            raise AttributeError(name)
        if self._handle is None:
            self._handle = _open(self._names)
        result, arguments = signature.split(":")
        function = getattr(self._handle, str(name))
        function.argtypes = [_ARGUMENTS[code] for code in arguments]
        function.restype, check = _RESULTS[result]
        if check:
            function.errcheck = check
        setattr(self, str(name), function)
        return function


class _Text(object):
    """A char* argument that takes text, bytes or None."""

    @classmethod
    def from_param(cls, value):
        return ctypes.c_char_p.from_param(None if value is None else to_bytes(value))


def strings(pointer, count):
    """Return `count` texts of a char**."""
    array = ctypes.cast(pointer, ctypes.POINTER(ctypes.c_char_p))
    return [to_text(array[i] or b"") for i in range(count)]


def _own_text(result, _function, _arguments):
    return None if result is None else to_text(result)


def _owned_text(result, _function, _arguments):
    if not result:
        return None
    text = to_text(ctypes.string_at(result))
    GLIB.g_free(result)
    return text


def _yes_or_no(result, _function, _arguments):
    return bool(result)


def _success(result, function, _arguments):
    if not result:
        raise BackendError(_message(function))
    return True


def _new_id(result, function, _arguments):
    if result < 0:
        raise BackendError(_message(function))
    return result


def _message(function):
    text = GIMP.gimp_get_pdb_error()
    return text if text and text != "success" else _("GIMP refused the call %s.") % to_text(function.__name__)


_ARGUMENTS = {
    "i": ctypes.c_int,
    "u": ctypes.c_uint,
    "l": ctypes.c_size_t,
    "d": ctypes.c_double,
    "f": ctypes.c_float,
    "s": _Text,
    "p": ctypes.c_void_p,
}
_RESULTS = {
    "v": (None, None),
    "i": (ctypes.c_int, None),
    "u": (ctypes.c_ulong, None),
    "l": (ctypes.c_size_t, None),
    "d": (ctypes.c_double, None),
    "p": (ctypes.c_void_p, None),
    "t": (ctypes.c_char_p, _own_text),
    "o": (ctypes.c_void_p, _owned_text),
    "y": (ctypes.c_int, _yes_or_no),
    "b": (ctypes.c_int, _success),
    "n": (ctypes.c_int, _new_id),
}


def _open(names):
    """Open the library under its name on this system; BackendError where there is none."""
    if sys.platform == "win32":
        candidates = _in_folders(names[1], os.environ.get("PATH", "").split(os.pathsep))
    elif sys.platform == "darwin":
        prefix = os.path.dirname(os.path.dirname(os.path.abspath(sys.executable)))
        candidates = _in_folders(names[2], [os.path.join(prefix, "lib"), os.path.join(prefix, "Resources", "lib")])
    else:
        candidates = [names[0]]
    for candidate in candidates:
        try:
            return ctypes.CDLL(candidate)
        except OSError as error:
            reason = error
    raise BackendError("GIMP's library %s cannot be opened: %s" % (names[0], reason))


def _in_folders(name, folders):
    # A full path first: Python 3.8 and later do not look for DLLs along PATH. The bare name last: the real
    # gimpfu's process has the library loaded already.
    paths = [os.path.join(folder, name) for folder in folders]
    return [path for path in paths if os.path.isfile(path)] + [name]


GLIB = Library(
    ("libglib-2.0.so.0", "libglib-2.0-0.dll", "libglib-2.0.0.dylib"),
    {
        "g_free": "v:p",
        "g_idle_add": "u:pp",
        "g_timeout_add": "u:upp",
        "g_list_append": "p:pp",
        "g_list_free": "v:p",
        "g_get_user_special_dir": "t:i",
    },
)
BABL = Library(
    ("libbabl-0.1.so.0", "libbabl-0.1-0.dll", "libbabl-0.1.0.dylib"),
    {
        "babl_format": "p:s",
        "babl_format_exists": "y:s",
        "babl_format_get_bytes_per_pixel": "i:p",
    },
)
GEGL = Library(
    ("libgegl-0.4.so.0", "libgegl-0.4-0.dll", "libgegl-0.4.0.dylib"),
    {
        "gegl_init": "v:pp",
        "gegl_buffer_get": "v:ppdppii",
        "gegl_buffer_set": "v:ppippi",
        "gegl_buffer_flush": "v:p",
    },
)
GIMP = Library(
    ("libgimp-2.0.so.0", "libgimp-2.0-0.dll", "libgimp-2.0.0.dylib"),
    {
        "gimp_main": "i:pip",
        "gimp_install_procedure": "v:ssssssssiiipp",
        "gimp_plugin_menu_register": "b:ss",
        "gimp_plugin_domain_register": "b:ss",
        "gimp_plugin_help_register": "b:ss",
        "gimp_help": "b:ss",
        "gimp_plugin_set_pdb_error_handler": "b:i",
        "gimp_get_pdb_error": "t:",
        "gimp_run_procedure2": "p:spip",
        "gimp_destroy_params": "v:pi",
        "gimp_destroy_paramdefs": "v:pi",
        "gimp_procedural_db_proc_exists": "y:s",
        "gimp_procedural_db_proc_info": "y:spppppppppp",
        "gimp_procedural_db_set_data": "b:spu",
        "gimp_procedural_db_get_data": "b:sp",
        "gimp_procedural_db_get_data_size": "i:s",
        "gimp_image_list": "p:p",
        "gimp_image_is_valid": "y:i",
        "gimp_image_width": "i:i",
        "gimp_image_height": "i:i",
        "gimp_image_base_type": "i:i",
        "gimp_image_get_precision": "i:i",
        "gimp_image_get_layers": "p:ip",
        "gimp_image_get_channels": "p:ip",
        "gimp_image_get_active_drawable": "i:i",
        "gimp_image_get_name": "o:i",
        "gimp_image_get_filename": "o:i",
        "gimp_image_undo_group_start": "b:i",
        "gimp_image_undo_group_end": "b:i",
        "gimp_image_insert_layer": "b:iiii",
        "gimp_image_remove_layer": "b:ii",
        "gimp_image_delete": "b:i",
        "gimp_image_new_with_precision": "n:iiii",
        "gimp_image_get_selection": "n:i",
        "gimp_image_set_active_layer": "b:ii",
        "gimp_file_load": "n:iss",
        "gimp_image_get_item_position": "n:ii",
        "gimp_selection_is_empty": "y:i",
        "gimp_selection_bounds": "b:ippppp",
        "gimp_item_is_valid": "y:i",
        "gimp_item_is_drawable": "y:i",
        "gimp_item_is_layer": "y:i",
        "gimp_item_is_text_layer": "y:i",
        "gimp_item_is_channel": "y:i",
        "gimp_item_is_layer_mask": "y:i",
        "gimp_item_is_selection": "y:i",
        "gimp_item_is_group": "y:i",
        "gimp_item_get_name": "o:i",
        "gimp_item_set_name": "b:is",
        "gimp_item_get_parent": "i:i",
        "gimp_item_get_children": "p:ip",
        "gimp_item_get_image": "n:i",
        "gimp_item_attach_parasite": "b:ip",
        "gimp_item_get_parasite": "p:is",
        "gimp_parasite_free": "v:p",
        "gimp_drawable_width": "i:i",
        "gimp_drawable_height": "i:i",
        "gimp_drawable_offsets": "b:ipp",
        "gimp_drawable_has_alpha": "y:i",
        "gimp_drawable_type": "i:i",
        "gimp_drawable_get_buffer": "p:i",
        "gimp_drawable_update": "b:iiiii",
        "gimp_layer_new": "n:isiiidi",
        "gimp_layer_set_offsets": "b:iii",
        "gimp_layer_add_alpha": "b:i",
        "gimp_layer_get_mask": "i:i",
        "gimp_layer_create_mask": "n:ii",
        "gimp_layer_add_mask": "b:ii",
        "gimp_layer_set_edit_mask": "b:ii",
        "gimp_progress_init": "y:s",
        "gimp_progress_set_text": "y:s",
        "gimp_progress_update": "y:d",
        "gimp_progress_pulse": "y:",
        "gimp_progress_end": "y:",
        "gimp_displays_flush": "y:",
        "gimp_message": "y:s",
        "gimp_display_name": "t:",
    },
)
GIMPBASE = Library(
    ("libgimpbase-2.0.so.0", "libgimpbase-2.0-0.dll", "libgimpbase-2.0.0.dylib"),
    {"gimp_directory": "t:"},
)
GOBJECT = Library(
    ("libgobject-2.0.so.0", "libgobject-2.0-0.dll", "libgobject-2.0.0.dylib"),
    {
        "g_object_unref": "v:p",
        "g_signal_connect_data": "u:pspppi",
        "g_value_init": "p:pu",
        "g_value_set_int": "v:pi",
        "g_value_set_static_string": "v:ps",
        "g_value_unset": "v:p",
    },
)
