"""Pixels of GIMP 3.x's drawables as bytes in any babl format.

gi copies every array that it passes, so a large picture goes over in bands: a band's copy is freed before the next.
"""

import ctypes

from .errors import BackendError
from .gimp3_lib import Gegl, drawable_of, ready_pixels

_SIZES = {"u8": 1, "u16": 2, "u32": 4, "half": 2, "float": 4, "double": 8}
_COMPONENTS = "RGBAY"
_SCALE = 1.0
# Large enough that a call's overhead vanishes, small beside a 24 megapixel picture (96 MB); whole rows of GEGL's tiles.
_BAND_BYTES = 1 << 24
_TILE_ROWS = 64

__all__ = ["drawable_merge", "drawable_read", "drawable_read_small", "drawable_write"]


def drawable_read(drawable, x, y, width, height, babl_format):
    """Return width*height pixels from (x, y) in the drawable's coordinates; what lies outside is 0."""
    stride = _stride(width, height, babl_format)
    buffer = _buffer(drawable)
    if stride * height <= _BAND_BYTES:
        return _get(buffer, x, y, width, height, babl_format)
    # CPython may fill a bytes object that nobody has seen yet; joining the bands would cost the picture twice.
    data = _new_bytes(None, stride * height)
    for top, rows in _bands(height, stride):
        band = _get(buffer, x, y + top, width, rows, babl_format)
        ctypes.memmove(_address(data) + top * stride, band, len(band))
    return data


def drawable_read_small(drawable, box, size, babl_format):
    """Return the part (x, y, width, height) of a drawable, scaled to a size of the same shape."""
    _stride(size[0], size[1], babl_format)
    scale = size[0] / box[2]
    rectangle = Gegl.Rectangle.new(round(box[0] * scale), round(box[1] * scale), *size)
    return bytes(_buffer(drawable).get(rectangle, scale, babl_format, Gegl.AbyssPolicy.CLAMP))


def drawable_write(drawable, x, y, width, height, babl_format, data):
    """Store width*height pixels at (x, y) and show them; BackendError where `data` has another length."""
    target, buffer = drawable_of(drawable), _buffer(drawable)
    _fill(buffer, x, y, width, height, babl_format, data)
    target.update(x, y, width, height)


def drawable_merge(drawable, babl_format, data):
    """Put pixels of a whole drawable in place of its own inside the selection, as a filter does: one step of undo."""
    target = drawable_of(drawable)
    width, height = target.get_width(), target.get_height()
    _fill(target.get_shadow_buffer(), 0, 0, width, height, babl_format, data)
    target.merge_shadow(True)
    target.update(0, 0, width, height)


def _fill(buffer, x, y, width, height, babl_format, data):
    stride = _stride(width, height, babl_format)
    view = memoryview(data).cast("B")
    # GEGL raises nothing for a wrong length: it changes nothing, or reads beyond the end.
    if len(view) != stride * height:
        raise BackendError(
            "%d bytes were given for %d x %d pixels of %s, which are %d bytes."
            % (len(view), width, height, babl_format, stride * height)
        )
    for top, rows in _bands(height, stride):
        # gi is quick with bytes alone; any other sequence goes number by number.
        band = bytes(view[top * stride : (top + rows) * stride])
        buffer.set(Gegl.Rectangle.new(x, y + top, width, rows), babl_format, band)
    buffer.flush()


def _get(buffer, x, y, width, height, babl_format):
    rectangle = Gegl.Rectangle.new(x, y, width, height)
    return bytes(buffer.get(rectangle, _SCALE, babl_format, Gegl.AbyssPolicy.NONE))


def _buffer(drawable):
    ready_pixels()
    return drawable_of(drawable).get_buffer()


def _stride(width, height, babl_format):
    """Return a row's bytes; BackendError for an empty area or a format that is not known here."""
    if width < 1 or height < 1:
        raise BackendError("%d x %d pixels cannot be read or written." % (width, height))
    model, _, kind = babl_format.partition(" ")
    components = sum(model.count(letter) for letter in _COMPONENTS)
    if not components or kind not in _SIZES:
        raise BackendError("There is no pixel format %s." % babl_format)
    return width * components * _SIZES[kind]


def _bands(height, stride):
    """Return (first row, number of rows) of each band."""
    rows = max(_TILE_ROWS, _BAND_BYTES // stride // _TILE_ROWS * _TILE_ROWS)
    return [(top, min(rows, height - top)) for top in range(0, height, rows)]


def _new_bytes(content, size):
    function = ctypes.pythonapi.PyBytes_FromStringAndSize
    function.restype = ctypes.py_object
    function.argtypes = [ctypes.c_char_p, ctypes.c_ssize_t]
    return function(content, size)


def _address(data):
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value
