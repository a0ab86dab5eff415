# -*- coding: utf-8 -*-
"""A window with a long text in GIMP 2.10, and a button that copies it."""

from __future__ import absolute_import, unicode_literals

from ..languages import _
from .errors import BackendError
from .gimp2_gtk import GDK, GTK, UI, set_font
from .gimp2_lib import GIMP
from .text_window import COPIED, COPY, SIZE

_COPY, _CLOSE = 1, -7  # GtkResponseType; positive ones are free
_SHADOW_IN, _AUTOMATIC, _WRAP = 1, 1, 3  # GtkWrapMode: at words, else anywhere
_BORDER = 12

__all__ = ["show_text"]


def show_text(title, text):
    """Show a long text in a window that can copy it; return when it was closed."""
    if not GIMP.gimp_display_name():
        raise BackendError(_("This GIMP has no window to show the text in."))
    UI.gimp_ui_init("restyle", True)
    window = GTK.gtk_dialog_new()
    GTK.gtk_window_set_title(window, title)
    GTK.gtk_window_set_default_size(window, SIZE[0], SIZE[1])
    GTK.gtk_dialog_add_button(window, COPY, _COPY)
    GTK.gtk_dialog_add_button(window, "gtk-close", _CLOSE)
    GTK.gtk_dialog_set_default_response(window, _CLOSE)
    told = GTK.gtk_label_new("")
    GTK.gtk_misc_set_alignment(told, 0.0, 0.5)
    GTK.gtk_misc_set_padding(told, _BORDER, 0)
    area = GTK.gtk_dialog_get_content_area(window)
    GTK.gtk_box_pack_start(area, _view(text), True, True, 0)
    GTK.gtk_box_pack_start(area, told, False, False, 0)
    GTK.gtk_widget_show_all(area)
    UI.gimp_window_set_transient(window)
    while GTK.gtk_dialog_run(window) == _COPY:
        clipboard = GTK.gtk_clipboard_get(GDK.gdk_atom_intern("CLIPBOARD", False))
        GTK.gtk_clipboard_set_text(clipboard, text, -1)
        GTK.gtk_clipboard_store(clipboard)
        GTK.gtk_label_set_text(told, COPIED)
    GTK.gtk_widget_destroy(window)
    while GTK.gtk_events_pending():
        GTK.gtk_main_iteration()


def _view(text):
    view = GTK.gtk_text_view_new()
    GTK.gtk_text_view_set_editable(view, False)
    GTK.gtk_text_view_set_wrap_mode(view, _WRAP)
    set_font(view, "Monospace")
    GTK.gtk_text_buffer_set_text(GTK.gtk_text_view_get_buffer(view), text, -1)
    scroller = GTK.gtk_scrolled_window_new(None, None)
    GTK.gtk_scrolled_window_set_policy(scroller, _AUTOMATIC, _AUTOMATIC)
    GTK.gtk_scrolled_window_set_shadow_type(scroller, _SHADOW_IN)
    GTK.gtk_container_set_border_width(scroller, _BORDER)
    GTK.gtk_container_add(scroller, view)
    return scroller
