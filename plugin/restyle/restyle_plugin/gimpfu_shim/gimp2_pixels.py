# -*- coding: utf-8 -*-
"""Pixels of GIMP 2.10's drawables as bytes in any babl format, without a copy of the picture on the way."""

from __future__ import absolute_import, unicode_literals

import ctypes

from ..compat import IS_PYTHON_2
from .errors import BackendError
from .gimp2_ids import valid_drawable
from .gimp2_lib import BABL, GEGL, GIMP, GOBJECT
from .gimp2_structs import Rectangle

_ABYSS_NONE = 0  # pixels outside read as zero
_ABYSS_CLAMP = 1  # or as those at the edge, where a scaled edge is rounded
_AUTO_ROWSTRIDE = 0
_TILE_ROWS = 64  # GIMP's tiles are 64 x 64
_STRIP_BYTES = 16 * 2**20

__all__ = ["drawable_read", "drawable_read_small", "drawable_write"]


def drawable_read(drawable, x, y, width, height, babl_format):
    """Return width*height pixels from (x, y) in the drawable's coordinates; what lies outside is 0."""
    form, row_bytes = _form(babl_format, width, height)
    # C may fill a bytes object that nobody has seen yet; a buffer and bytes() of it would cost the picture twice.
    data = _new_bytes(row_bytes * height)
    start = ctypes.cast(data, ctypes.c_void_p).value
    for buffer, top, rows in _strips(drawable, height, row_bytes):
        rectangle = Rectangle(x, y + top, width, rows)
        GEGL.gegl_buffer_get(buffer, ctypes.byref(rectangle), 1.0, form, start + top * row_bytes, _AUTO_ROWSTRIDE, _ABYSS_NONE)
    return data


def drawable_read_small(drawable, box, size, babl_format):
    """Return the part (x, y, width, height) of a drawable, scaled to a size of the same shape."""
    form, row_bytes = _form(babl_format, size[0], size[1])
    data, scale = _new_bytes(row_bytes * size[1]), float(size[0]) / box[2]
    rectangle = Rectangle(int(round(box[0] * scale)), int(round(box[1] * scale)), size[0], size[1])
    buffer = GIMP.gimp_drawable_get_buffer(valid_drawable(drawable))
    try:
        start = ctypes.cast(data, ctypes.c_void_p)
        GEGL.gegl_buffer_get(buffer, ctypes.byref(rectangle), scale, form, start, _AUTO_ROWSTRIDE, _ABYSS_CLAMP)
    finally:
        GOBJECT.g_object_unref(buffer)
    return data


def drawable_write(drawable, x, y, width, height, babl_format, data):
    """Store width*height pixels at (x, y) and show them; BackendError where `data` has another length."""
    form, row_bytes = _form(babl_format, width, height)
    view = memoryview(data)
    if len(view) * view.itemsize != row_bytes * height:
        raise BackendError(
            "%d bytes were given for %d x %d pixels of %s, which are %d bytes."
            % (len(view) * view.itemsize, width, height, babl_format, row_bytes * height)
        )
    keeper, start = _address(data, row_bytes * height)
    for buffer, top, rows in _strips(drawable, height, row_bytes):
        rectangle = Rectangle(x, y + top, width, rows)
        GEGL.gegl_buffer_set(buffer, ctypes.byref(rectangle), 0, form, start + top * row_bytes, _AUTO_ROWSTRIDE)
        GEGL.gegl_buffer_flush(buffer)
    del keeper
    GIMP.gimp_drawable_update(drawable, x, y, width, height)


def _strips(drawable, height, row_bytes):
    """Yield (GeglBuffer, first row, rows); each buffer is new, for GEGL keeps all the tiles that one has touched."""
    step = max(_STRIP_BYTES // row_bytes // _TILE_ROWS, 1) * _TILE_ROWS
    for top in range(0, height, step):
        buffer = GIMP.gimp_drawable_get_buffer(valid_drawable(drawable))
        try:
            yield buffer, top, min(step, height - top)
        finally:
            GOBJECT.g_object_unref(buffer)


def _form(babl_format, width, height):
    """Return (babl's format, bytes of a row)."""
    if width < 1 or height < 1:
        raise BackendError("%d x %d pixels cannot be read or written." % (width, height))
    GEGL.gegl_init(None, None)  # babl ends the process where GEGL was not started; a second time does nothing
    if not BABL.babl_format_exists(babl_format):
        raise BackendError("There is no pixel format %s." % babl_format)
    form = BABL.babl_format(babl_format)
    return form, BABL.babl_format_get_bytes_per_pixel(form) * width


def _address(data, size):
    """Return (what keeps the memory alive, the address of its first byte)."""
    if isinstance(data, memoryview):
        # ctypes takes no read-only memory, nor Python 2.7's memoryview: these are copied.
        data = data.tobytes() if IS_PYTHON_2 or data.readonly else data
    if isinstance(data, bytes):
        return data, ctypes.cast(data, ctypes.c_void_p).value
    array = (ctypes.c_char * size).from_buffer(data)
    return array, ctypes.addressof(array)


def _new_bytes(size):
    name = "PyString_FromStringAndSize" if IS_PYTHON_2 else "PyBytes_FromStringAndSize"
    function = getattr(ctypes.pythonapi, str(name))
    function.restype = ctypes.py_object
    function.argtypes = [ctypes.c_void_p, ctypes.c_ssize_t]
    return function(None, size)
