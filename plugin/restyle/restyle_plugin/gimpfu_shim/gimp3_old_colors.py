"""2.10's procedures that change colours, in bytes; GIMP 3.x has them in 0 to 1."""

from .gimp3_calls import run
from .gimp3_lib import Gimp
from .gimp3_perceptual import as_stored
from .gimp3_table import table

_BYTE = 255.0
_HALF_BYTE = 127.0  # brightness and contrast go from -127 to 127
_VALUE = 0  # HISTOGRAM_VALUE
_LIGHTNESS = 0  # DESATURATE_LIGHTNESS, 2.10's default

# These work on the numbers as stored by themselves from 3.2 on.
_MENDED = 2
_MENDED_IN_32 = frozenset(["gimp-drawable-curves-spline", "gimp-drawable-curves-explicit", "gimp-drawable-equalize"])

CALLS, old = table()

__all__ = ["CALLS"]


@old("gimp-brightness-contrast", "drawable brightness:int contrast:int")
def _brightness(drawable, brightness, contrast):
    _change("gimp-drawable-brightness-contrast", drawable, brightness / _HALF_BYTE, contrast / _HALF_BYTE)


@old("gimp-levels", "drawable channel:int low-input:int high-input:int gamma:float low-output:int high-output:int")
def _levels(drawable, channel, low, high, gamma, low_output, high_output):
    inside, outside = (low / _BYTE, high / _BYTE), (low_output / _BYTE, high_output / _BYTE)
    _change("gimp-drawable-levels", drawable, channel, *inside, False, gamma, *outside, False)


@old("gimp-curves-spline", "drawable channel:int num-points:int points:array")
def _spline(drawable, channel, _count, points):
    _change("gimp-drawable-curves-spline", drawable, channel, [point / _BYTE for point in bytearray(points)])


@old("gimp-curves-explicit", "drawable channel:int num-bytes:int curve:array")
def _explicit(drawable, channel, _count, values):
    _change("gimp-drawable-curves-explicit", drawable, channel, [value / _BYTE for value in bytearray(values)])


@old("gimp-hue-saturation", "drawable hue-range:int hue-offset:float lightness:float saturation:float")
def _hue(drawable, hue_range, hue, lightness, saturation):
    # Measured: 2.10's procedure halved the lightness, GIMP 3's does not.
    run("gimp-drawable-hue-saturation", drawable, hue_range, hue, lightness / 2.0, saturation, 0.0)


@old("gimp-desaturate", "drawable")
def _desaturate(drawable):
    run("gimp-drawable-desaturate", drawable, _LIGHTNESS)


@old("gimp-invert", "drawable")
def _invert(drawable):
    run("gimp-drawable-invert", drawable, False)


@old("gimp-threshold", "drawable low:int high:int")
def _threshold(drawable, low, high):
    run("gimp-drawable-threshold", drawable, _VALUE, low / _BYTE, high / _BYTE)


@old(
    "gimp-histogram",
    "drawable channel:int start:int end:int",
    "mean:float std-dev:float median:float pixels:float count:float percentile:float",
)
def _histogram(drawable, channel, start, end):
    return run("gimp-drawable-histogram", drawable, channel, start / _BYTE, end / _BYTE)


@old("gimp-colorize", "drawable hue:float saturation:float lightness:float")
def _colorize(drawable, hue, saturation, lightness):
    _change("gimp-drawable-colorize-hsl", drawable, hue, saturation, lightness)


@old("gimp-equalize", "drawable mask-only:int")
def _equalize(drawable, mask_only=0):
    _change("gimp-drawable-equalize", drawable, bool(mask_only))


@old("gimp-levels-auto gimp-levels-stretch", "drawable")
def _stretch(drawable):
    _change("gimp-drawable-levels-stretch", drawable)


def _change(name, drawable, *values):
    if Gimp.MINOR_VERSION >= _MENDED and name in _MENDED_IN_32:
        run(name, drawable, *values)
    else:
        as_stored(drawable, lambda copy: run(name, copy, *values))
