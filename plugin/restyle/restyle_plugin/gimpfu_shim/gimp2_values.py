# -*- coding: utf-8 -*-
"""Values between Python and GIMP 2.10's GimpParam."""

from __future__ import absolute_import, unicode_literals

import ctypes

from ..compat import to_bytes, to_text
from .color import components
from .errors import BackendError
from .gimp2_lib import strings
from .gimp2_structs import ParasiteStruct, RgbStruct
from .pf import OBJECT_KINDS, PATH_TYPES, PF_COLOR, PF_TOGGLE, pdb_kind

# GimpPDBArgType
INT32, INT16, INT8, FLOAT, STRING = 0, 1, 2, 3, 4
_INT32ARRAY, _INT16ARRAY, _INT8ARRAY, _FLOATARRAY, _STRINGARRAY = 5, 6, 7, 8, 9
_COLOR, _COLORARRAY, _PARASITE, STATUS = 10, 18, 20, 21
_ID_KINDS = {11: "item", 12: "display", 13: "image", 14: "layer", 15: "channel", 16: "drawable", 17: "channel", 19: "vectors"}
_NO_ID = -1
_ELEMENTS = {
    _INT32ARRAY: ctypes.c_int32,
    _INT16ARRAY: ctypes.c_int16,
    _INT8ARRAY: ctypes.c_uint8,
    _FLOATARRAY: ctypes.c_double,
    _STRINGARRAY: ctypes.c_char_p,
    _COLORARRAY: RgbStruct,
}
_FIELDS = {INT32: "d_int32", INT16: "d_int16", INT8: "d_int8", FLOAT: "d_float", STATUS: "d_int32"}
_PLAIN_KINDS = {FLOAT: "float", STRING: "string", _COLOR: "color", _PARASITE: "parasite"}
_NUMBERS = {"int": INT32, "float": FLOAT, "string": STRING}

__all__ = ["INT32", "STATUS", "STRING", "from_pdb", "kind_of", "pdb_type", "read_values", "to_pdb", "write_value"]


def pdb_type(param):
    """Return the database's type of a parameter; below gimpfu's own types the numbers are the same."""
    return param.type if param.type < PF_TOGGLE else _NUMBERS[param.kind]


def kind_of(number):
    """Return what the shim calls a type of the database."""
    if number in _ELEMENTS:
        return "array"
    return _ID_KINDS.get(number) or _PLAIN_KINDS.get(number, "int")


def from_pdb(param, value):
    """Return a parameter's value as the shim has it: 0 for no object, None for no path, a bool for a toggle."""
    if param.kind in OBJECT_KINDS:
        return max(value, 0)
    if param.type == PF_TOGGLE:
        return bool(value)
    if param.type == PF_COLOR:
        return tuple(value)
    if param.type in PATH_TYPES:
        return value or None
    return "" if value is None else value


def to_pdb(param, value):
    """Return the database's value of a parameter's (or result's) value."""
    if pdb_kind(param.type) == "string":
        return to_text(value) if value is not None else ""
    return value


def read_values(params):
    """Return the values of GimpParams as Python has them; an array's length is the number before it."""
    values = []
    for param in params:
        length = values[-1] if values and param.type in _ELEMENTS else 0
        values.append(_read(param, length))
    return values


def write_value(param, number, value):
    """Fill a GimpParam of database type `number`; return what must be kept alive while GIMP reads it.

    BackendError where the value is none of that type.
    """
    param.type = number
    try:
        return _write(param.data, number, value)
    except (TypeError, ValueError, ctypes.ArgumentError):
        raise BackendError("%r is not a value for type %d of GIMP's procedure database." % (value, number))


def _read(param, length):
    data = param.data
    if param.type == STRING:
        return None if data.d_string is None else to_text(data.d_string)
    if param.type == _COLOR:
        return _rgb(data.d_color)
    if param.type == _PARASITE:
        parasite = data.d_parasite
        return to_text(parasite.name or b""), parasite.flags, ctypes.string_at(parasite.data, parasite.size)
    if param.type in _ELEMENTS:
        return _read_array(param.type, data.d_pointer, length)
    return getattr(data, str(_FIELDS.get(param.type, "d_int32")))


def _read_array(number, address, length):
    if not address or not length:
        return ()
    if number == _STRINGARRAY:
        return tuple(strings(address, length))
    elements = (_ELEMENTS[number] * length).from_address(address)
    return tuple(_rgb(color) for color in elements) if number == _COLORARRAY else tuple(elements)


def _write(data, number, value):
    if number in _ID_KINDS:
        data.d_int32 = int(value) if value and value > 0 else _NO_ID
    elif number == FLOAT:
        data.d_float = float(value)
    elif number in _FIELDS:
        setattr(data, str(_FIELDS[number]), int(value))
    elif number == _COLOR:
        data.d_color = _rgb_struct(value)
    elif number == STRING:
        return _write_string(data, value)
    elif number == _PARASITE:
        return _write_parasite(data, *value)
    elif number in _ELEMENTS:
        return _write_array(data, number, value)
    return None


def _write_string(data, value):
    kept = None if value is None else ctypes.create_string_buffer(to_bytes(value))
    data.d_pointer = None if kept is None else ctypes.addressof(kept)
    return kept


def _write_parasite(data, name, flags, content):
    kept = to_bytes(name), ctypes.create_string_buffer(bytes(content), len(content))
    data.d_parasite = ParasiteStruct(kept[0], flags, len(content), ctypes.addressof(kept[1]))
    return kept


def _write_array(data, number, values):
    if number == _STRINGARRAY:
        values = [to_bytes(value) for value in values]
    elif number == _COLORARRAY:
        values = [_rgb_struct(value) for value in values]
    elif isinstance(values, bytes):
        values = bytearray(values)
    kept = (_ELEMENTS[number] * len(values))(*values)
    data.d_pointer = ctypes.addressof(kept)
    return kept, values


def _rgb_struct(value):
    return RgbStruct(*components(value))


def _rgb(color):
    return color.r, color.g, color.b
