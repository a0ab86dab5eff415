# -*- coding: utf-8 -*-
"""Pixel formats of the in-memory GIMP: babl's names, conversion, composition. Plain Python: made to be right, not fast."""

from __future__ import absolute_import, unicode_literals

from array import array
from collections import namedtuple

from restyle_plugin.compat import native_text
from restyle_plugin.gimpfu_shim.errors import BackendError

# babl type → (array type code, value of 1.0). half is kept as float: nothing here depends on its rounding.
_TYPES = {
    "u8": ("B", 255),
    "u16": ("H", 65535),
    "u32": ("I", 4294967295),
    "half": ("f", 1.0),
    "float": ("f", 1.0),
    "double": ("d", 1.0),
}
_MODELS = {
    "R'G'B'": (3, True, False),
    "R'G'B'A": (3, True, True),
    "RGB": (3, False, False),
    "RGBA": (3, False, True),
    "Y'": (1, True, False),
    "Y'A": (1, True, True),
    "Y": (1, False, False),
    "YA": (1, False, True),
}
# babl's luminance of linear sRGB.
_LUMINANCE = (0.2126, 0.7152, 0.0722)
_PRECISION_TYPES = {1: "u8", 2: "u16", 3: "u32", 5: "half", 6: "float", 7: "double"}

Format = namedtuple("Format", "colors is_gamma has_alpha code one size")
"""colors: 3 or 1; code: of `array`; one: value of 1.0; size: bytes per pixel."""

__all__ = ["Format", "compose", "convert", "format_of", "mask_format", "native_format", "pack", "unpack"]


def format_of(name):
    """Return the Format of a babl format's name; BackendError for unknown ones."""
    try:
        model, kind = name.split(" ")
        colors, is_gamma, has_alpha = _MODELS[model]
        code, one = _TYPES[kind]
    except (ValueError, KeyError):
        raise BackendError("babl: unknown format %s" % name)
    return Format(colors, is_gamma, has_alpha, code, one, (colors + has_alpha) * array(native_text(code)).itemsize)


def native_format(base_type, has_alpha, precision):
    """Return the name of the format that GIMP keeps a layer in; indexed ones are kept as their colours."""
    if base_type == 2:
        return "R'G'B'A u8" if has_alpha else "R'G'B' u8"
    is_gamma = precision % 100 == 50
    model = {(0, True): "R'G'B'", (0, False): "RGB", (1, True): "Y'", (1, False): "Y"}[base_type, is_gamma]
    return "%s%s %s" % (model, "A" if has_alpha else "", _PRECISION_TYPES[precision // 100])


def mask_format(precision):
    """Return the name of the format of masks and selections: always linear."""
    return "Y " + _PRECISION_TYPES[precision // 100]


def convert(data, source, target):
    """Return bytes in the format `target` for bytes in the format `source` (names)."""
    if source == target:
        return bytes(data)
    old, new = format_of(source), format_of(target)
    return pack([_recode(pixel, old, new) for pixel in unpack(data, old)], new)


def compose(below, above, opacity):
    """Return the pixels (lists of (r, g, b, a) linear floats) of normal mode with an opacity 0..1."""
    return [_over(under, over, opacity) for under, over in zip(below, above)]


def _over(under, over, opacity):
    alpha = over[3] * opacity
    total = alpha + under[3] * (1 - alpha)
    if not total:
        return (0.0, 0.0, 0.0, 0.0)
    return tuple((o * alpha + u * under[3] * (1 - alpha)) / total for o, u in zip(over[:3], under[:3])) + (total,)


def unpack(data, form):
    """Return a list of pixels as tuples of floats, alpha included."""
    values = array(native_text(form.code))
    getattr(values, "frombytes", getattr(values, "fromstring", None))(bytes(data))
    step = form.colors + form.has_alpha
    one = float(form.one)
    numbers = [value / one for value in values]
    return [tuple(numbers[i : i + step]) for i in range(0, len(numbers), step)]


def pack(pixels, form):
    """Return the bytes of such a list; integers are rounded and clipped."""
    one = form.one
    flat = [value for pixel in pixels for value in pixel]
    if isinstance(one, int):
        flat = [int(min(1.0, max(0.0, value)) * one + 0.5) for value in flat]
    values = array(native_text(form.code), flat)
    return getattr(values, "tobytes", getattr(values, "tostring", None))()


def _recode(pixel, old, new):
    """Return a pixel of floats in another model, transfer function and alpha."""
    colors = pixel[: old.colors]
    alpha = pixel[old.colors] if old.has_alpha else 1.0
    if old.is_gamma != new.is_gamma or old.colors != new.colors:
        colors = [_to_linear(value) for value in colors] if old.is_gamma else colors
        if old.colors > new.colors:
            colors = [sum(weight * value for weight, value in zip(_LUMINANCE, colors))]
        elif old.colors < new.colors:
            colors = [colors[0]] * 3
        colors = [_to_gamma(value) for value in colors] if new.is_gamma else colors
    return tuple(colors) + ((alpha,) if new.has_alpha else ())


def _to_linear(value):
    """Return the linear value of an sRGB-encoded one (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _to_gamma(value):
    """Return the sRGB-encoded value of a linear one (IEC 61966-2-1)."""
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
