"""Arrays of numbers for GIMP 3.x's procedures, by ctypes: gi ends the process where such a value is set.

Seen in GIMP 3.0.4 and 3.2.6: ProcedureConfig.set_property takes no list for a GimpDoubleArray or GimpInt32Array, and crashes for
a GObject.Value of one.
"""

import ctypes

from .gimp2_lib import Library

_KINDS = {"GimpDoubleArray": (ctypes.c_double, float), "GimpInt32Array": (ctypes.c_int32, int)}

GIMPBASE = Library(
    ("libgimpbase-3.0.so.0", "libgimpbase-3.0-0.dll", "libgimpbase-3.0.0.dylib"),
    {"gimp_value_set_double_array": "v:ppl", "gimp_value_set_int32_array": "v:ppl"},
)
GOBJECT = Library(
    ("libgobject-2.0.so.0", "libgobject-2.0-0.dll", "libgobject-2.0.0.dylib"),
    {"g_value_init": "p:pl", "g_type_from_name": "l:s", "g_object_set_property": "v:psp", "g_value_unset": "v:p"},
)

__all__ = ["is_array", "numbers_of", "set_numbers"]


class _Value(ctypes.Structure):
    """GValue."""

    _fields_ = [("type", ctypes.c_size_t), ("data", ctypes.c_uint64 * 2)]


class _Array(ctypes.Structure):
    """GimpArray, which GimpDoubleArray and GimpInt32Array are; the length is in bytes."""

    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def is_array(name):
    """Whether a type of GIMP's is an array of numbers that `set_numbers` sets."""
    return name in _KINDS


def set_numbers(config, name, kind, values):
    """Set the property `name`, of a type for which `is_array` holds, of a procedure's config."""
    element, convert = _KINDS[kind]
    numbers = (element * len(values))(*[convert(value) for value in values])
    fill = GIMPBASE.gimp_value_set_double_array if element is ctypes.c_double else GIMPBASE.gimp_value_set_int32_array
    value = _Value()
    GOBJECT.g_value_init(ctypes.byref(value), GOBJECT.g_type_from_name(kind))
    fill(ctypes.byref(value), numbers, len(numbers))
    # A gi object's hash is the address of the object that it stands for.
    GOBJECT.g_object_set_property(hash(config), name, ctypes.byref(value))
    GOBJECT.g_value_unset(ctypes.byref(value))


def numbers_of(kind, boxed):
    """Return the numbers of a result of such a type, which gi knows as a box alone; () for None."""
    if boxed is None or isinstance(boxed, (list, tuple)):
        return tuple(boxed or ())
    element = _KINDS[kind][0]
    array = _Array.from_address(hash(boxed))
    return tuple((element * (array.size // ctypes.sizeof(element))).from_address(array.data)) if array.size else ()
