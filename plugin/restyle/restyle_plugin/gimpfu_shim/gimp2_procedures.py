# -*- coding: utf-8 -*-
"""Being a plug-in of GIMP 2.10, calling its procedures, and its storage for a session."""

from __future__ import absolute_import, unicode_literals

import ctypes
import sys

from ..compat import encode_path, to_bytes, to_text
from .errors import BackendError, Cancelled, reason
from .gimp2_lib import GEGL, GIMP, GIMPBASE, GLIB
from .gimp2_structs import QUERY_FUNCTION, RUN_FUNCTION, ParamDefStruct, ParamStruct, PlugInInfo
from .gimp2_values import INT32, STATUS, STRING, from_pdb, kind_of, pdb_type, read_values, to_pdb, write_value
from .help_folder import HELP_DOMAIN, file_uri, help_folder
from .menu_order import path_at

_PLUGIN = 1  # GimpPDBProcType
_HANDLED_BY_PLUGIN = 1  # GimpPDBErrorHandler: a failed call is ours to tell, GIMP shows no message
_STATUSES = {"error": 0, "success": 3, "cancel": 4}  # GimpPDBStatusType
_SUCCESS, _CANCEL = 3, 4

__all__ = ["call", "get_data", "main", "procedure_exists", "procedure_signature", "profile_folder", "set_data"]


def main(procedures, dispatch):
    """Answer GIMP's query with `procedures`, or run the one that it asks for; return the exit status.

    dispatch(name, run_mode, values) → (status, results), see `_Plugin.run`.
    """
    plugin = _Plugin(procedures, dispatch)
    # The callbacks live as long as this frame, in which all of GIMP's calls happen.
    query, run = QUERY_FUNCTION(plugin.query), RUN_FUNCTION(plugin.run)
    info = PlugInInfo(QUERY_FUNCTION(), QUERY_FUNCTION(), query, run)
    arguments = [to_bytes(argument) for argument in sys.argv]
    argv = (ctypes.c_char_p * (len(arguments) + 1))(*(arguments + [None]))
    return GIMP.gimp_main(ctypes.byref(info), len(arguments), argv)


def call(name, args):
    """Call a procedure of GIMP's database with all its arguments; return its values as a list.

    Ids are numbers (0 or None: none), colours (r, g, b), arrays sequences, a parasite (name, flags,
    data). BackendError with the procedure's own message where it fails.
    """
    name = name.replace("_", "-")
    types = [number for _, number in _definitions(name)[0]]
    if len(types) != len(args):
        raise BackendError("%s takes %d arguments, and was given %d." % (name, len(types), len(args)))
    params = (ParamStruct * len(types))()
    kept = [write_value(param, number, value) for param, number, value in zip(params, types, args)]
    count = ctypes.c_int()
    address = GIMP.gimp_run_procedure2(name, ctypes.byref(count), len(types), params)
    del kept
    results = (ParamStruct * count.value).from_address(address)
    try:
        return _results(name, results)
    finally:
        GIMP.gimp_destroy_params(address, count.value)


def procedure_exists(name):
    """Whether GIMP knows a procedure of that name."""
    return GIMP.gimp_procedural_db_proc_exists(name.replace("_", "-"))


def procedure_signature(name):
    """Return ([(argument, kind)], [(result, kind)]) of a procedure; kinds as of pf.pdb_kind, "array" and "parasite"."""
    arguments, results = _definitions(name.replace("_", "-"))
    return [(title, kind_of(number)) for title, number in arguments], [(title, kind_of(number)) for title, number in results]


def profile_folder():
    """Return the folder of the person's settings for this GIMP."""
    return GIMPBASE.gimp_directory()


def set_data(key, data):
    """Keep bytes under a key until GIMP ends."""
    data = bytes(data)
    GIMP.gimp_procedural_db_set_data(key, ctypes.cast(data, ctypes.c_void_p), len(data))


def get_data(key):
    """Return the bytes kept under a key, or None."""
    size = GIMP.gimp_procedural_db_get_data_size(key)
    if size <= 0:
        return None
    buffer = ctypes.create_string_buffer(size)
    GIMP.gimp_procedural_db_get_data(key, ctypes.byref(buffer))
    return buffer.raw


class _Plugin(object):
    """The two callbacks of libgimp, and what they return to it, which must outlive them."""

    def __init__(self, procedures, dispatch):
        self._procedures = procedures
        self._dispatch = dispatch
        self._returned = None
        self._kept = []

    def query(self):
        if help_folder():
            GIMP.gimp_plugin_help_register(HELP_DOMAIN, file_uri(help_folder()))
        for name, folder in sorted({tuple(procedure.domain) for procedure in self._procedures if procedure.domain}):
            # GIMP translates what its menu shows, in the language of each start.
            GIMP.gimp_plugin_domain_register(name, encode_path(folder))
        for procedure in self._procedures:
            _install(procedure)
        for procedure in self._procedures:
            if procedure.on_query:
                procedure.on_query()

    def run(self, name, count, params, result_count, results):
        """Run a procedure: read the values, dispatch, return "success", "cancel" or ("error", text) to GIMP."""
        self._return(result_count, results, _STATUSES["error"], [])
        GEGL.gegl_init(None, None)
        GIMP.gimp_plugin_set_pdb_error_handler(_HANDLED_BY_PLUGIN)
        name = to_text(name)
        procedure = next(known for known in self._procedures if known.name == name)
        values = [read_values([params[i]])[0] for i in range(1, count)]
        # GIMP's menu gives the run mode, image and drawable alone; the shared code asks for or remembers the rest.
        values = [from_pdb(param, value) for param, value in zip(procedure.params, values)]
        status, answers = self._dispatch(name, params[0].data.d_int32, values)
        if isinstance(status, tuple):
            self._return(result_count, results, _STATUSES[status[0]], [(STRING, status[1])])
        else:
            typed = [(pdb_type(result), to_pdb(result, answer)) for result, answer in zip(procedure.results, answers or [])]
            self._return(result_count, results, _STATUSES[status], typed)

    def _return(self, result_count, results, status, typed_values):
        self._returned = (ParamStruct * (1 + len(typed_values)))()
        self._returned[0].type = STATUS
        self._returned[0].data.d_int32 = status
        self._kept = [write_value(self._returned[index], number, value) for index, (number, value) in enumerate(typed_values, 1)]
        result_count[0] = len(self._returned)
        results[0] = ctypes.cast(self._returned, ctypes.POINTER(ParamStruct))


def _install(procedure):
    run_mode = ParamDefStruct(INT32, b"run-mode", b"The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1) }")
    params = [run_mode] + [_definition(param) for param in procedure.params]
    results = [_definition(result) for result in procedure.results]
    GIMP.gimp_install_procedure(
        procedure.name,
        procedure.blurb,
        procedure.help,
        procedure.author,
        procedure.copyright,
        procedure.date,
        procedure.label,
        procedure.imagetypes or None,
        _PLUGIN,
        len(params),
        len(results),
        _array(params),
        _array(results),
    )
    if procedure.menu:
        is_sorted = procedure.domain and procedure.place is not None
        menu = path_at(procedure.menu, procedure.place) if is_sorted else procedure.menu
        GIMP.gimp_plugin_menu_register(procedure.name, menu)


def _array(definitions):
    # libgimp takes no empty array.
    return (ParamDefStruct * len(definitions))(*definitions) if definitions else None


def _definition(param):
    return ParamDefStruct(pdb_type(param), to_bytes(param.name), to_bytes(param.label))


def _definitions(name):
    """Return the database's [(name, type)] of a procedure's arguments, and of its results."""
    if not procedure_exists(name):
        raise BackendError("Procedure '%s' not found." % name)
    texts = [ctypes.c_void_p() for _ in range(5)]
    kind, count, result_count = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    params, results = ctypes.c_void_p(), ctypes.c_void_p()
    outputs = texts + [kind, count, result_count, params, results]
    GIMP.gimp_procedural_db_proc_info(name, *[ctypes.byref(output) for output in outputs])
    for text in texts:
        GLIB.g_free(text)
    return _taken(params.value, count.value), _taken(results.value, result_count.value)


def _taken(address, count):
    """Return [(name, type)] of `count` definitions, which are freed."""
    definitions = (ParamDefStruct * count).from_address(address) if count else ()
    pairs = [(to_text(definition.name), definition.type) for definition in definitions]
    GIMP.gimp_destroy_paramdefs(address, count)
    return pairs


def _results(name, results):
    status = results[0].data.d_int32
    if status == _SUCCESS:
        return read_values(results[1:])
    if status == _CANCEL:
        raise Cancelled("%s was cancelled." % name)
    given = to_text(results[1].data.d_string or b"") if len(results) > 1 and results[1].type == STRING else ""
    raise BackendError(reason(name, given or GIMP.gimp_get_pdb_error()))
