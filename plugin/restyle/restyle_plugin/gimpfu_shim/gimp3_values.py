"""A value's two forms: plain (ids, numbers, text, tuples) and GIMP 3.x's (objects, choices, files, colours)."""

import struct

from gi.repository import Gio, GLib, GObject

from .color import components
from .gimp3_arrays import is_array, numbers_of, set_numbers
from .gimp3_items import parasite_bytes, parasite_new
from .gimp3_lib import Gegl, Gimp, id_of, image_of, item_of, ready_pixels

# Encoded like the rest of the shim's colours (gimpcolor's are): Gegl.Color's own numbers are linear light.
_COLOR_FORMAT = "R'G'B'A double"
_COLOR = struct.Struct("4d")
_KINDS = {
    "GimpImage": "image",
    "GimpItem": "item",
    "GimpDrawable": "drawable",
    "GimpLayer": "layer",
    "GimpTextLayer": "layer",
    "GimpGroupLayer": "layer",
    "GimpLinkLayer": "layer",
    "GimpVectorLayer": "layer",
    "GimpChannel": "channel",
    "GimpLayerMask": "channel",
    "GimpSelection": "channel",
    "GimpPath": "vectors",
    "GimpDisplay": "display",
    "GeglColor": "color",
    "GimpParasite": "parasite",
    "gdouble": "float",
    "gfloat": "float",
    "gint": "int",
    "guint": "int",
    "gboolean": "int",
    "GimpUnit": "int",
}
_ARRAYS = ("GimpCoreObjectArray", "GimpInt32Array", "GimpDoubleArray", "GStrv", "GBytes", "GimpColorArray")
_RESOURCES = ("Brush", "Font", "Gradient", "Palette", "Pattern")

__all__ = ["color_of", "from_gimp", "is_transparent", "kind_of", "nick_of", "result_of", "rgb_of", "set_argument", "to_gimp"]


def kind_of(spec):
    """Return what an argument takes: "image", "layer", …, "int", "float", "color", "string", "array", "parasite"."""
    name = spec.value_type.name
    if name in _KINDS:
        return _KINDS[name]
    if name in _ARRAYS:
        return "array"
    is_choice = type(spec).__gtype__.name == "GimpParamChoice"
    return "int" if is_choice or spec.value_type.is_a(GObject.TYPE_ENUM) else "string"


def set_argument(config, spec, value):
    """Set one argument of a call; TypeError or ValueError where the value is of a wrong kind."""
    name = spec.value_type.name
    if name == "GimpCoreObjectArray":
        config.set_core_object_array(spec.name, [_object(spec, number) for number in value])
    elif name == "GimpColorArray":
        config.set_color_array(spec.name, [color_of(color) for color in value])
    elif is_array(name):
        set_numbers(config, spec.name, name, value)
    else:
        config.set_property(spec.name, to_gimp(spec, value))


def to_gimp(spec, value):
    """Return GIMP's form of a plain value for one argument; ValueError where a number is out of bounds."""
    name = spec.value_type.name
    kind = kind_of(spec)
    if kind in ("image", "item", "drawable", "layer", "channel", "vectors", "display"):
        return _object(spec, value or 0)
    if kind == "color":
        return color_of(value)
    if kind == "parasite":
        return parasite_new(*value)
    if type(spec).__gtype__.name == "GimpParamChoice":
        return nick_of(spec, value)
    if name == "GFile":
        return Gio.File.new_for_path(value) if value else None
    if name == "GBytes":
        return GLib.Bytes.new(bytes(value))
    return _plain(spec, kind, value)


def result_of(answer, place, spec):
    """Return the plain form of one result of a call; arrays of objects come out by a function of their own."""
    name = spec.value_type.name
    if name == "GimpCoreObjectArray":
        return from_gimp(answer.get_core_object_array(place))
    if name == "GimpColorArray":
        return from_gimp(answer.get_color_array(place))
    if is_array(name):
        return numbers_of(name, answer.index(place))
    return from_gimp(answer.index(place))


def from_gimp(value):
    """Return the plain form of one of GIMP's results."""
    for kinds, plain in _PLAIN:
        if isinstance(value, kinds):
            return plain(value)
    return value


def color_of(rgb):
    """Return GIMP's colour of (r, g, b), 0 to 1, sRGB-encoded."""
    from gi.repository import Babl

    ready_pixels()
    color = Gegl.Color.new("black")
    color.set_bytes(Babl.format(_COLOR_FORMAT), GLib.Bytes.new(_COLOR.pack(*components(rgb)[:3], 1.0)))
    return color


def rgb_of(color):
    """Return (r, g, b), 0 to 1, sRGB-encoded, of GIMP's colour."""
    return _rgba(color)[:3]


def is_transparent(color):
    """Whether nothing of GIMP's colour would be seen."""
    return _rgba(color)[3] == 0


def _rgba(color):
    from gi.repository import Babl

    ready_pixels()
    return _COLOR.unpack(color.get_bytes(Babl.format(_COLOR_FORMAT)).get_data())


def _plain(spec, kind, value):
    name = spec.value_type.name
    if name.startswith("Gimp") and name[len("Gimp") :] in _RESOURCES:
        return _resource(name[len("Gimp") :], value) if value else None
    if name == "GimpExportOptions":
        return None
    if name == "GimpUnit":
        return Gimp.Unit.get_by_id(value)
    if name == "gboolean":
        return bool(value)
    if kind not in ("int", "float"):
        return value
    number = int(value) if kind == "int" else float(value)
    # GIMP would take the nearest number allowed, with a warning on stderr alone.
    if hasattr(spec, "minimum") and not spec.minimum <= number <= spec.maximum:
        raise ValueError("it is not between %s and %s" % (spec.minimum, spec.maximum))
    return number


def _object(spec, number):
    """Return the object of an id. An array does not say what it holds: an item, if there is one of that id."""
    if number <= 0:
        return None
    if spec.value_type.name == "GimpImage":
        return image_of(number)
    if spec.value_type.name == "GimpDisplay":
        return Gimp.Display.get_by_id(number)
    return item_of(number)


def _resource(kind, name):
    """Return a brush, font, … of that name; of fonts the nearest, as 2.10 took it."""
    found = getattr(Gimp, kind).get_by_name(name)
    if found is None and kind == "Font":
        found = _nearest_font(name)
    if found is None:
        raise ValueError("there is no %s of that name" % kind.lower())
    return found


def _nearest_font(name):
    words = name.replace(",", " ").lower().split()
    for start in (" ".join(words), words[0] if words else ""):
        for font in Gimp.fonts_get_list(""):
            if font.get_name().lower().startswith(start):
                return font
    return Gimp.context_get_font()


def nick_of(spec, value):
    choice = Gimp.param_spec_choice_get_choice(spec)
    for nick in choice.list_nicks():
        if value in (nick, choice.get_id(nick)) or (isinstance(value, str) and value.lower() == nick):
            return nick
    raise ValueError("one of %s is expected" % ", ".join(choice.list_nicks()))


# What each of GIMP's types becomes; the first that fits counts.
_PLAIN = (
    ((Gimp.Image, Gimp.Item, Gimp.Display), id_of),
    (Gegl.Color, rgb_of),
    (Gio.File, lambda file: file.get_path() or file.get_uri()),
    (Gimp.Parasite, lambda parasite: (parasite.get_name(), parasite.get_flags(), parasite_bytes(parasite))),
    (Gimp.Resource, lambda resource: resource.get_name()),
    (Gimp.Unit, lambda unit: unit.get_id()),
    (GLib.Bytes, lambda data: data.get_data()),
    ((list, tuple), lambda parts: [from_gimp(part) for part in parts]),
    ((GObject.GEnum, GObject.GFlags), int),
)
