# -*- coding: utf-8 -*-
"""The preview in a dialog of GTK 2: the photo, half before and half after, a switch, and a sentence below."""

from __future__ import absolute_import, unicode_literals

import ctypes

from .gimp2_events import Callbacks
from .gimp2_gtk import GTK, PIXBUF
from .gimp2_lib import GOBJECT
from .gimp2_names import give_name, show_on_button
from .split import FULL_SIZE, FULL_SIZE_HELP, HELP, HELP_FULL_SIZE, LOOK_MS, NAME, TITLE, SplitPanel

_WIDTH, _LEAST_HEIGHT, _SPACING, _BORDER = 320, 240, 6, 12
_DRAGGED = 1 << 4 | 1 << 8 | 1 << 9  # GdkEventMask: motion with a button, a button pressed, released
_RGB, _BITS = 0, 8  # GdkColorspace
_SHADOW_IN = 1

__all__ = ["PreviewPanel"]


class PreviewPanel(SplitPanel):
    """As SplitPanel, of GTK 2."""

    def __init__(self, preview, letters):
        SplitPanel.__init__(self, preview)
        self._callbacks, self._shown = Callbacks(), None
        self._picture, self._events = GTK.gtk_image_new(), GTK.gtk_event_box_new()
        self._middle = GTK.gtk_alignment_new(0.5, 0.5, 0.0, 0.0)
        self._switch = GTK.gtk_check_button_new_with_label("")
        self._full_size = GTK.gtk_check_button_new_with_label("")
        letters.add(show_on_button(self._switch), TITLE)
        letters.add(show_on_button(self._full_size), FULL_SIZE)
        GTK.gtk_widget_set_tooltip_text(self._full_size, FULL_SIZE_HELP)
        self._callbacks.connect(self._full_size, "toggled", self._resize)
        self._sentence = _sentence()
        GTK.gtk_toggle_button_set_active(self._switch, preview.is_on)
        GTK.gtk_widget_set_tooltip_text(self._events, HELP)
        GTK.gtk_widget_add_events(self._events, _DRAGGED)
        GTK.gtk_widget_set_can_focus(self._events, True)
        give_name(self._events, NAME)
        self._callbacks.connect_key(self._events, self._key)
        self._callbacks.connect_event(self._events, "focus-in-event", lambda: self._focus(True))
        self._callbacks.connect_event(self._events, "focus-out-event", lambda: self._focus(False))
        self._callbacks.connect_event(self._events, "button-press-event", self._press)
        self._callbacks.connect_event(self._events, "motion-notify-event", self._drag)
        self._callbacks.connect_event(self._events, "button-release-event", self._let_go)
        self._callbacks.connect(self._switch, "toggled", self._toggle)
        self.widget = self._packed()
        self._callbacks.every(LOOK_MS, self._look)

    def _packed(self):
        box = GTK.gtk_vbox_new(False, _SPACING)
        GTK.gtk_container_set_border_width(box, _BORDER)
        frame = GTK.gtk_frame_new(None)
        GTK.gtk_frame_set_shadow_type(frame, _SHADOW_IN)
        GTK.gtk_widget_set_size_request(self._middle, _WIDTH, _LEAST_HEIGHT)
        GTK.gtk_container_add(self._events, self._picture)
        GTK.gtk_container_add(self._middle, self._events)
        GTK.gtk_container_add(frame, self._middle)
        switches = GTK.gtk_hbox_new(False, 2 * _BORDER)
        for widget in (self._switch, self._full_size):
            GTK.gtk_box_pack_start(switches, widget, False, False, 0)
        for widget in (frame, switches, self._sentence):
            GTK.gtk_box_pack_start(box, widget, False, False, 0)
        return box

    def _toggle(self):
        self._switch_to(GTK.gtk_toggle_button_get_active(self._switch))

    def _resize(self):
        is_on = GTK.gtk_toggle_button_get_active(self._full_size)
        GTK.gtk_widget_set_tooltip_text(self._events, HELP_FULL_SIZE if is_on else HELP)
        self._switch_to_full_size(is_on)

    def _press(self):
        GTK.gtk_widget_grab_focus(self._events)
        self._press_at(*self._pointer())

    def _drag(self):
        self._drag_to(*self._pointer())

    def _pointer(self):
        x, y = ctypes.c_int(), ctypes.c_int()
        GTK.gtk_widget_get_pointer(self._events, ctypes.byref(x), ctypes.byref(y))
        return x.value, y.value

    def _paint(self, data, size, sentence):
        GTK.gtk_label_set_text(self._sentence, sentence)
        width, height = size
        # What GTK 2 is asked for it gives and no more: a picture that is higher would be cut.
        GTK.gtk_widget_set_size_request(self._middle, max(_WIDTH, width), max(_LEAST_HEIGHT, height))
        start = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p)
        pixbuf = PIXBUF.gdk_pixbuf_new_from_data(start, _RGB, False, _BITS, width, height, 3 * width, None, None)
        GTK.gtk_image_set_from_pixbuf(self._picture, pixbuf)
        GOBJECT.g_object_unref(pixbuf)
        self._shown = data  # the pixbuf does not copy it


def _sentence():
    label = GTK.gtk_label_new("")
    GTK.gtk_label_set_line_wrap(label, True)
    GTK.gtk_misc_set_alignment(label, 0.0, 0.0)
    GTK.gtk_widget_set_size_request(label, _WIDTH, -1)
    return label
