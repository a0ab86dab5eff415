# -*- coding: utf-8 -*-
"""A GTK 2 widget for each type of parameter.

A field has `widget`, `focus` (what of it the keyboard comes to), `has_label` (it shows the parameter's label itself), `fills` (it
wants the row's width), get() and set(value) in the shim's values, and when_changed(function).
"""

from __future__ import absolute_import, unicode_literals

import ctypes
import math

from ..compat import to_text
from . import pf
from .gimp2_files import FileField, file_thumbnail, show_picture
from .gimp2_gallery import GalleryField
from .gimp2_gtk import GTK
from .gimp2_names import give_name, give_names
from .gimp2_own_fields import ColorField, ObjectField, ResourceField

_SCALE_WIDTH = 180
_NUMBER_CHARS = 7
_TEXT_CHARS = 30
_TEXT_HEIGHT = 80
_SHADOW_IN = 1
_THUMBNAIL = 64  # pixels
_MOST_SLIDER_STEPS = 2000  # a slider of more steps cannot be set by hand
_PAGE_STEPS = 10
_INT_LIMIT, _FLOAT_DIGITS, _FLOAT_LIMIT = 2**31 - 1, 4, 1e9

__all__ = ["make_fields"]


def make_fields(params, callbacks, letters):
    """Return {name: field} of parameters; a style that is deleted in one of them is offered in none."""
    fields = {param.name: _make_field(param, callbacks, letters) for param in params}
    others = [fields[param.name] for param in params if param.is_open and not param.is_gallery]
    for param in params:
        if param.is_gallery:
            fields[param.name].when_gone(lambda word: [field.forget(word) for field in others])
    return fields


def _make_field(param, callbacks, letters):
    if param.is_gallery:
        return GalleryField(param, callbacks, letters)
    if param.pictures:
        return _PicturedChoiceField(param, callbacks)
    return _FIELDS.get(param.type, _EntryField)(param, callbacks)


class _Field(object):
    """What the fields of plain widgets have in common: who sends which signal when the value changes."""

    has_label = False
    fills = True
    _signal = "changed"

    def __init__(self, callbacks):
        self._callbacks = callbacks

    def when_changed(self, function):
        self._callbacks.connect(self._source(), self._signal, function)

    @property
    def focus(self):
        return self.widget

    def _source(self):
        return self.widget


class _NumberField(_Field):
    """A slider and a spin button; a spin button alone where there are too many steps, or no bounds."""

    _signal = "value-changed"

    def __init__(self, param, callbacks):
        _Field.__init__(self, callbacks)
        self._is_int = param.kind == "int"
        lower, upper, step = param.bounds or _unbounded(self._is_int)
        self._adjustment = GTK.gtk_adjustment_new(param.default or 0, lower, upper, step, step * _PAGE_STEPS, 0)
        digits = _digits(step, self._is_int)
        self._spin = GTK.gtk_spin_button_new(self._adjustment, step, digits)
        GTK.gtk_spin_button_set_numeric(self._spin, True)
        GTK.gtk_entry_set_width_chars(self._spin, _NUMBER_CHARS)
        GTK.gtk_entry_set_activates_default(self._spin, True)
        self.fills = (upper - lower) / step <= _MOST_SLIDER_STEPS
        give_name(self._spin, param.label)
        self.widget = self._with_slider(digits, param.label) if self.fills else self._spin

    @property
    def focus(self):
        return self._spin

    def get(self):
        GTK.gtk_spin_button_update(self._spin)  # what was typed and not yet confirmed
        value = GTK.gtk_adjustment_get_value(self._adjustment)
        return int(round(value)) if self._is_int else value

    def set(self, value):
        GTK.gtk_adjustment_set_value(self._adjustment, value)

    def _source(self):
        return self._adjustment

    def _with_slider(self, digits, label):
        scale = GTK.gtk_hscale_new(self._adjustment)
        give_name(scale, label)
        GTK.gtk_scale_set_draw_value(scale, False)
        GTK.gtk_scale_set_digits(scale, digits)
        GTK.gtk_widget_set_size_request(scale, _SCALE_WIDTH, -1)
        box = GTK.gtk_hbox_new(False, 6)
        GTK.gtk_box_pack_start(box, scale, True, True, 0)
        GTK.gtk_box_pack_start(box, self._spin, False, False, 0)
        return box


class _CheckField(_Field):
    has_label = True
    _signal = "toggled"

    def __init__(self, param, callbacks):
        _Field.__init__(self, callbacks)
        self.widget = GTK.gtk_check_button_new_with_label("")

    def get(self):
        return GTK.gtk_toggle_button_get_active(self.widget)

    def set(self, value):
        GTK.gtk_toggle_button_set_active(self.widget, bool(value))


class _ChoiceField(_Field):
    """A combo box; the value is the row's number, or for PF_RADIO the row's own value."""

    def __init__(self, param, callbacks):
        _Field.__init__(self, callbacks)
        choices, self._default = param.extra or (), param.default
        is_radio = param.type == pf.PF_RADIO
        self._values = [choice[1] for choice in choices] if is_radio else list(range(len(choices)))
        self.widget = GTK.gtk_combo_box_text_new()
        for choice in choices:
            GTK.gtk_combo_box_text_append_text(self.widget, to_text(choice[0] if is_radio else choice))
        give_names(self.widget, param.label)

    def get(self):
        return self._values[max(GTK.gtk_combo_box_get_active(self.widget), 0)]

    def set(self, value):
        GTK.gtk_combo_box_set_active(self.widget, self._values.index(value) if value in self._values else 0)

    def forget(self, value):
        """Offer a value no longer."""
        if self.get() == value:
            self.set(self._default)
        if value in self._values:
            place = self._values.index(value)
            GTK.gtk_combo_box_text_remove(self.widget, place)
            del self._values[place]


class _PicturedChoiceField(_Field):
    """A combo box with a thumbnail of what is chosen."""

    def __init__(self, param, callbacks):
        _Field.__init__(self, callbacks)
        self._choice, self._pictures = _ChoiceField(param, callbacks), param.pictures
        self._thumbnail = GTK.gtk_image_new()
        GTK.gtk_widget_set_size_request(self._thumbnail, _THUMBNAIL, _THUMBNAIL)
        GTK.gtk_widget_set_no_show_all(self._thumbnail, True)
        middle = GTK.gtk_alignment_new(0.0, 0.5, 1.0, 0.0)
        GTK.gtk_container_add(middle, self._choice.widget)
        self.widget = GTK.gtk_hbox_new(False, 6)
        GTK.gtk_box_pack_start(self.widget, middle, True, True, 0)
        GTK.gtk_box_pack_start(self.widget, self._thumbnail, False, False, 0)
        callbacks.connect(self._choice.widget, "changed", self._show)

    @property
    def focus(self):
        return self._choice.focus

    def get(self):
        return self._choice.get()

    def set(self, value):
        self._choice.set(value)
        self._show()

    def forget(self, value):
        self._choice.forget(value)
        self._show()

    def when_changed(self, function):
        self._choice.when_changed(function)

    def _show(self):
        path = self._pictures.get(self.get())
        picture = file_thumbnail(path, _THUMBNAIL, _THUMBNAIL) if path else None
        if picture:
            show_picture(self._thumbnail, picture)
        # For "None" it takes no room.
        GTK.gtk_widget_set_visible(self._thumbnail, bool(picture))


class _EntryField(_Field):
    """One line of text."""

    def __init__(self, param, callbacks):
        _Field.__init__(self, callbacks)
        self.widget = GTK.gtk_entry_new()
        give_name(self.widget, param.label)
        GTK.gtk_entry_set_width_chars(self.widget, _TEXT_CHARS)
        GTK.gtk_entry_set_activates_default(self.widget, True)

    def get(self):
        return GTK.gtk_entry_get_text(self.widget)

    def set(self, value):
        GTK.gtk_entry_set_text(self.widget, to_text(value or ""))


class _TextField(_Field):
    """Several lines of text."""

    def __init__(self, param, callbacks):
        _Field.__init__(self, callbacks)
        view = self._view = GTK.gtk_text_view_new()
        give_name(view, param.label)
        self._buffer = GTK.gtk_text_view_get_buffer(view)
        self.widget = GTK.gtk_scrolled_window_new(None, None)
        GTK.gtk_scrolled_window_set_shadow_type(self.widget, _SHADOW_IN)
        GTK.gtk_widget_set_size_request(self.widget, -1, _TEXT_HEIGHT)
        GTK.gtk_container_add(self.widget, view)

    @property
    def focus(self):
        return self._view

    def get(self):
        start, end = (ctypes.c_void_p * 16)(), (ctypes.c_void_p * 16)()  # GtkTextIter: at most 14 words
        GTK.gtk_text_buffer_get_bounds(self._buffer, start, end)
        return GTK.gtk_text_buffer_get_text(self._buffer, start, end, False)

    def set(self, value):
        GTK.gtk_text_buffer_set_text(self._buffer, to_text(value or ""), -1)

    def _source(self):
        return self._buffer


def _unbounded(is_int):
    return (-_INT_LIMIT, _INT_LIMIT, 1) if is_int else (-_FLOAT_LIMIT, _FLOAT_LIMIT, 10.0**-_FLOAT_DIGITS)


def _digits(step, is_int):
    """How many digits after the point show a step: 2 for 0.05."""
    if is_int or step >= 1:
        return 0
    return min(int(math.ceil(-math.log10(step))), _FLOAT_DIGITS)


_FIELDS = {
    pf.PF_INT8: _NumberField,
    pf.PF_INT16: _NumberField,
    pf.PF_INT32: _NumberField,
    pf.PF_FLOAT: _NumberField,
    pf.PF_SLIDER: _NumberField,
    pf.PF_SPINNER: _NumberField,
    pf.PF_TOGGLE: _CheckField,
    pf.PF_COLOR: ColorField,
    pf.PF_OPTION: _ChoiceField,
    pf.PF_RADIO: _ChoiceField,
    pf.PF_TEXT: _TextField,
    pf.PF_FILE: FileField,
    pf.PF_FILENAME: FileField,
    pf.PF_DIRNAME: FileField,
    pf.PF_ITEM: ObjectField,
    pf.PF_IMAGE: ObjectField,
    pf.PF_LAYER: ObjectField,
    pf.PF_CHANNEL: ObjectField,
    pf.PF_DRAWABLE: ObjectField,
    pf.PF_VECTORS: ObjectField,
    pf.PF_DISPLAY: _NumberField,
    pf.PF_FONT: ResourceField,
    pf.PF_GRADIENT: ResourceField,
    pf.PF_PALETTE: ResourceField,
    pf.PF_PATTERN: ResourceField,
    pf.PF_BRUSH: ResourceField,
}
