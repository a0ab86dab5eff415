# -*- coding: utf-8 -*-
"""GIMP 2.10's own widgets as fields of a dialog (see gimp2_widgets): colours, what is open, brushes and their like."""

from __future__ import absolute_import, unicode_literals

import ctypes

from ..compat import to_bytes
from ..languages import _
from . import pf
from .gimp2_gtk import GTK, UI, WIDGETS
from .gimp2_lib import GOBJECT
from .gimp2_names import give_name, give_names
from .gimp2_structs import RgbStruct

_COMBO_WIDTH = 200
_COLOR_SIZE = (60, 22)
_G_TYPE_INT, _G_TYPE_STRING = 6 << 2, 16 << 2
_STORE_VALUE, _STORE_LABEL = 0, 1  # columns of a GimpIntStore
_NONE = to_bytes(_("(None)"))  # GTK points to it for as long as a dialog is open

__all__ = ["ColorField", "ObjectField", "ResourceField"]


class ColorField(object):
    """A button with the colour on it."""

    has_label = False
    fills = False

    def __init__(self, param, callbacks):
        self._callbacks = callbacks
        self.widget = WIDGETS.gimp_color_button_new(param.label, _COLOR_SIZE[0], _COLOR_SIZE[1], ctypes.byref(RgbStruct()), 0)
        self.focus = self.widget
        give_name(self.widget, param.label)

    def get(self):
        color = RgbStruct()
        WIDGETS.gimp_color_button_get_color(self.widget, ctypes.byref(color))
        return color.r, color.g, color.b

    def set(self, value):
        WIDGETS.gimp_color_button_set_color(self.widget, ctypes.byref(RgbStruct(value[0], value[1], value[2], 1.0)))

    def when_changed(self, function):
        self._callbacks.connect(self.widget, "color-changed", function)


class ObjectField(object):
    """A combo box of what is open in GIMP, with none of it above."""

    has_label = False
    fills = True

    def __init__(self, param, callbacks):
        make = getattr(UI, "gimp_%s_combo_box_new" % {"item": "drawable"}.get(param.kind, param.kind))
        self.focus = self.widget = make(None, None)
        give_names(self.widget, param.label)
        self._callbacks = callbacks
        GTK.gtk_widget_set_size_request(self.widget, _COMBO_WIDTH, -1)
        store = GTK.gtk_combo_box_get_model(self.widget)
        row = (ctypes.c_void_p * 4)()  # a GtkTreeIter
        GTK.gtk_list_store_prepend(store, row)
        _store(store, row, _STORE_VALUE, _G_TYPE_INT, GOBJECT.g_value_set_int, 0)
        _store(store, row, _STORE_LABEL, _G_TYPE_STRING, GOBJECT.g_value_set_static_string, _NONE)

    def get(self):
        value = ctypes.c_int()
        found = WIDGETS.gimp_int_combo_box_get_active(self.widget, ctypes.byref(value))
        return max(value.value, 0) if found else 0

    def set(self, value):
        WIDGETS.gimp_int_combo_box_set_active(self.widget, value or 0)

    def when_changed(self, function):
        self._callbacks.connect(self.widget, "changed", function)


class ResourceField(object):
    """GIMP's button for a font, gradient, palette, pattern or brush."""

    has_label = False
    fills = True
    _KINDS = {
        pf.PF_FONT: "font",
        pf.PF_GRADIENT: "gradient",
        pf.PF_PALETTE: "palette",
        pf.PF_PATTERN: "pattern",
        pf.PF_BRUSH: "brush",
    }
    # A brush comes with opacity, spacing and mode, which nobody asks for here.
    _BRUSH_EXTRAS = (1.0, -1, 28)

    def __init__(self, param, callbacks):
        self._callbacks = callbacks
        self._kind = self._KINDS[param.type]
        self._extras = self._BRUSH_EXTRAS if self._kind == "brush" else ()
        make = getattr(UI, "gimp_%s_select_button_new" % self._kind)
        self.focus = self.widget = make(param.label, param.default or None, *self._extras)
        give_name(self.widget, param.label)

    def get(self):
        numbers = (ctypes.c_double(), ctypes.c_int(), ctypes.c_int())[: len(self._extras)]
        return getattr(UI, "gimp_%s_select_button_get_%s" % (self._kind, self._kind))(
            self.widget, *[ctypes.byref(number) for number in numbers]
        )

    def set(self, value):
        getattr(UI, "gimp_%s_select_button_set_%s" % (self._kind, self._kind))(self.widget, value or None, *self._extras)

    def when_changed(self, function):
        self._callbacks.connect(self.widget, "%s-set" % self._kind, function)


def _store(store, row, column, g_type, setter, value):
    g_value = (ctypes.c_uint64 * 3)()  # a GValue
    GOBJECT.g_value_init(g_value, g_type)
    setter(g_value, value)
    GTK.gtk_list_store_set_value(store, row, column, g_value)
    GOBJECT.g_value_unset(g_value)
