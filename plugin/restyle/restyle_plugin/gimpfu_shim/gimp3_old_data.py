"""2.10's procedures about units, colour profiles and thumbnails, which GIMP 3.x has in its library and not in its database."""

from gi.repository import GLib

from . import gimp3_items as items
from .gimp3_lib import Gimp, checked, image_of
from .gimp3_pixels import drawable_read_small
from .gimp3_table import table

_PIXEL_FORMATS = {True: ("R'G'B'A u8", 4), False: ("R'G'B' u8", 3)}

CALLS, old = table()

__all__ = ["CALLS"]


def _declare_units():
    questions = {
        "abbreviation:string": Gimp.Unit.get_abbreviation,
        "digits:int": Gimp.Unit.get_digits,
        "factor:float": Gimp.Unit.get_factor,
        "identifier:string": Gimp.Unit.get_name,
        "plural:string": Gimp.Unit.get_name,
        "singular:string": Gimp.Unit.get_name,
        "symbol:string": Gimp.Unit.get_symbol,
    }
    for result, question in questions.items():
        name = "gimp-unit-get-" + result.partition(":")[0]
        old(name, "unit-id:int", result)(lambda unit, question=question: [question(checked(Gimp.Unit.get_by_id(unit)))])


_declare_units()


@old("gimp-image-get-color-profile", "image", "num-bytes:int profile:array")
def _profile(image):
    return _bytes_of(image_of(image).get_color_profile())


@old("gimp-image-get-effective-color-profile", "image", "num-bytes:int profile:array")
def _effective_profile(image):
    return _bytes_of(image_of(image).get_effective_color_profile())


@old("gimp-image-set-color-profile", "image num-bytes:int profile:array")
def _set_profile(image, count, data):
    profile = _profile_of(data, count) if count else None
    checked(image_of(image).set_color_profile(profile))


@old("gimp-image-convert-color-profile", "image num-bytes:int profile:array intent:int bpc:int")
def _convert_profile(image, count, data, intent, bpc):
    wanted = Gimp.ColorRenderingIntent(int(intent))
    checked(image_of(image).convert_color_profile(_profile_of(data, count), wanted, bool(bpc)))


@old(
    "gimp-drawable-thumbnail",
    "drawable width:int height:int",
    "width:int height:int bpp:int count:int data:array",
)
def _thumbnail(drawable, width, height):
    whole = items.drawable_width(drawable), items.drawable_height(drawable)
    scale = min(width / whole[0], height / whole[1], 1.0)
    size = max(1, round(whole[0] * scale)), max(1, round(whole[1] * scale))
    form, depth = _PIXEL_FORMATS[bool(items.drawable_has_alpha(drawable))]
    pixels = drawable_read_small(drawable, (0, 0, *whole), size, form)
    return [*size, depth, len(pixels), tuple(bytearray(pixels))]


def _profile_of(data, count):
    return Gimp.ColorProfile.new_from_icc_profile(bytes(bytearray(data))[:count])


def _bytes_of(profile):
    data = profile.get_icc_profile() if profile else b""
    data = data.get_data() if isinstance(data, GLib.Bytes) else bytes(bytearray(data))
    return [len(data), tuple(data)]
