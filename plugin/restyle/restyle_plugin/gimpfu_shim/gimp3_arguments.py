"""gimpfu's parameters as GIMP 3.x's procedure arguments, and the values in a procedure's config."""

import re

from gi.repository import GObject

from ..languages import _
from . import pf
from .gimp3_lib import Gimp, ready_pixels
from .gimp3_values import color_of, from_gimp, is_transparent, rgb_of, set_argument
from .letters import Letters

# Of the buttons that every dialog has: OK, Cancel, Reset, Help, Load and Save Settings.
_BUTTON_LETTERS = "ocrhls"
_FLAGS = GObject.ParamFlags.READWRITE
_INT_BOUNDS = {
    pf.PF_INT8: (0, 255),
    pf.PF_INT16: (-(1 << 15), (1 << 15) - 1),
    pf.PF_INT32: (GObject.G_MININT, GObject.G_MAXINT),
}
_FLOAT_BOUNDS = (-GObject.G_MAXDOUBLE, GObject.G_MAXDOUBLE)
_OBJECTS = {
    pf.PF_IMAGE: "image",
    pf.PF_ITEM: "item",
    pf.PF_DRAWABLE: "drawable",
    pf.PF_LAYER: "layer",
    pf.PF_CHANNEL: "channel",
    pf.PF_VECTORS: "path",
    pf.PF_DISPLAY: "display",
}
_RESOURCES = {
    pf.PF_BRUSH: "brush",
    pf.PF_FONT: "font",
    pf.PF_GRADIENT: "gradient",
    pf.PF_PALETTE: "palette",
    pf.PF_PATTERN: "pattern",
}

_DRAWABLES = (pf.PF_DRAWABLE, pf.PF_LAYER, pf.PF_CHANNEL, pf.PF_ITEM)

__all__ = ["add_arguments", "add_result", "choices_of", "given_by_gimp", "label_of", "read_value", "write_value"]


def given_by_gimp(declaration):
    """Return how many parameters at the front GIMP fills in from a menu: image, or image and drawable."""
    types = [param.type for param in declaration.params[:2]]
    if types[:1] != [pf.PF_IMAGE]:
        return 0
    return 2 if types[1:] and types[1] in _DRAWABLES else 1


def add_arguments(procedure, params):
    """Declare parameters to GIMP, with their bounds, choices, defaults and help."""
    # GIMP asks for letters here, without which it complains; a dialog of ours knows all its buttons, and takes others.
    letters, labels = Letters(), {}
    for param in params:
        letters.add(lambda text, name=param.name: labels.update({name: text}), label_of(param), bool(param.group))
    letters.settle(_BUTTON_LETTERS)
    for param in params:
        _add_argument(procedure, param, (param.name, labels[param.name], _blurb(param)))


def _add_argument(procedure, param, text):
    if param.type in _OBJECTS:
        getattr(procedure, "add_%s_argument" % _OBJECTS[param.type])(*text, True, _FLAGS)
    elif param.type in _RESOURCES:
        getattr(procedure, "add_%s_argument" % _RESOURCES[param.type])(*text, True, None, False, _FLAGS)
    elif param.type in pf.PATH_TYPES:
        is_folder = param.type == pf.PF_DIRNAME
        action = Gimp.FileChooserAction.SELECT_FOLDER if is_folder else Gimp.FileChooserAction.OPEN
        procedure.add_file_argument(*text, action, True, None, _FLAGS)
    elif param.type == pf.PF_COLOR:
        ready_pixels()  # GEGL's colours end the process without it
        procedure.add_color_argument(*text, True, color_of(param.default or (0, 0, 0)), _FLAGS)
    elif param.type in (pf.PF_OPTION, pf.PF_RADIO) and not param.is_open:
        _add_choice(procedure, param, text)
    else:
        _add_plain(procedure, param, text)


def add_result(procedure, param):
    """Declare one result to GIMP."""
    text = param.name, param.label, param.help or param.label
    kind = param.kind
    if param.type in _OBJECTS:
        getattr(procedure, "add_%s_return_value" % _OBJECTS[param.type])(*text, True, _FLAGS)
    elif kind == "color":
        ready_pixels()
        procedure.add_color_return_value(*text, True, color_of((0, 0, 0)), _FLAGS)
    elif kind == "int":
        procedure.add_int_return_value(*text, GObject.G_MININT, GObject.G_MAXINT, 0, _FLAGS)
    elif kind == "float":
        procedure.add_double_return_value(*text, *_FLOAT_BOUNDS, 0.0, _FLAGS)
    else:
        procedure.add_string_return_value(*text, "", _FLAGS)


def read_value(config, param):
    """Return a parameter's value from the config, in the form that `dispatch` takes."""
    if param.type == pf.PF_COLOR:
        color = config.get_property(param.name)
        # GIMP (3.0.4 and 3.2.6) passes a colour that the caller left out as transparent black, whatever the default.
        return param.default if color is None or is_transparent(color) else rgb_of(color)
    value = from_gimp(config.get_property(param.name))
    if param.type in _RESOURCES:
        return value or param.default
    if param.type in (pf.PF_OPTION, pf.PF_RADIO) and not param.is_open:
        return {nick: chosen for nick, __, chosen in choices_of(param)}.get(value, param.default)
    return value or 0 if param.is_object else value


def write_value(config, param, value):
    """Put a parameter's value, in the form that `read_value` gives, into the config."""
    if param.type in (pf.PF_OPTION, pf.PF_RADIO) and not param.is_open:
        value = next(nick for nick, __, chosen in choices_of(param) if chosen == value)
    set_argument(config, config.find_property(param.name), value)


def choices_of(param):
    """Return [(nick, label, value)] of an option or radio parameter; nicks are unique."""
    if param.type == pf.PF_OPTION:
        pairs = [(label, index) for index, label in enumerate(param.extra)]
        nicks = [_nick(word) for word in param.values or param.extra]
    else:
        pairs = [(pair[0], pair[1]) for pair in param.extra]
        nicks = [_nick(value) for __, value in pairs]
    unique = len(set(nicks)) == len(nicks) and all(nicks)
    nicks = nicks if unique else ["choice-%d" % (i + 1) for i in range(len(nicks))]
    return [(nick, label, value) for nick, (label, value) in zip(nicks, pairs, strict=True)]


def _add_choice(procedure, param, text):
    choice, default = Gimp.Choice.new(), None
    for number, (nick, label, value) in enumerate(choices_of(param)):
        choice.add(nick, number, label, "")
        default = nick if default is None or value == param.default else default
    procedure.add_choice_argument(*text, choice, default, _FLAGS)


def _add_plain(procedure, param, text):
    if param.type == pf.PF_TOGGLE:
        procedure.add_boolean_argument(*text, bool(param.default), _FLAGS)
    elif param.kind == "float":
        lower, upper = (param.bounds or _FLOAT_BOUNDS)[:2]
        procedure.add_double_argument(*text, lower, upper, float(param.default or 0), _FLAGS)
    elif param.kind == "int":
        lower, upper = (param.bounds or _INT_BOUNDS[param.type])[:2]
        procedure.add_int_argument(*text, int(lower), int(upper), int(param.default or 0), _FLAGS)
    else:
        procedure.add_string_argument(*text, param.default or "", _FLAGS)


def label_of(param):
    """Return what a row is called."""
    return "%s (%s)" % (param.label, param.unit) if param.unit else param.label


def _blurb(param):
    """Return the help with bounds and unit: a dialog's tooltip and the procedure browser show it."""
    bounds = ""
    if param.bounds:
        unit = " " + param.unit if param.unit else ""
        bounds = " " + _("%(least)g to %(most)g%(unit)s.") % {"least": param.bounds[0], "most": param.bounds[1], "unit": unit}
    return (param.help or param.label) + bounds


def _nick(value):
    return re.sub("[^a-z0-9]+", "-", str(value).lower()).strip("-")
