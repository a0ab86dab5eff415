# -*- coding: utf-8 -*-
"""Pictures that a dialog of GTK 2 offers to choose from, small and side by side."""

from __future__ import absolute_import, unicode_literals

from .gimp2_files import file_thumbnail, show_picture
from .gimp2_gtk import GTK

_THUMBNAIL = 72
_COLUMNS = 6
_HEIGHT = 124  # of two rows; more of them scroll
_RELIEF_NONE = 2
_POLICY_AUTOMATIC, _POLICY_NEVER = 1, 2
_SHADOW_NONE = 0
_ICON_DIALOG = 6  # GtkIconSize

__all__ = ["shelf"]


def shelf(offers, choose, callbacks):
    """Return a widget of ((title, path), …); a click calls choose(path)."""
    table = GTK.gtk_table_new(1 + (len(offers) - 1) // _COLUMNS, _COLUMNS, False)
    for place, (title, path) in enumerate(offers):
        row, column = divmod(place, _COLUMNS)
        GTK.gtk_table_attach(table, _button(title, path, choose, callbacks), column, column + 1, row, row + 1, 0, 0, 0, 0)
    scroller = GTK.gtk_scrolled_window_new(None, None)
    GTK.gtk_scrolled_window_set_policy(scroller, _POLICY_NEVER, _POLICY_AUTOMATIC)
    GTK.gtk_scrolled_window_add_with_viewport(scroller, table)
    GTK.gtk_viewport_set_shadow_type(GTK.gtk_bin_get_child(scroller), _SHADOW_NONE)
    GTK.gtk_widget_set_size_request(scroller, -1, _HEIGHT)
    return scroller


def _button(title, path, choose, callbacks):
    button, image = GTK.gtk_button_new(), GTK.gtk_image_new()
    GTK.gtk_button_set_relief(button, _RELIEF_NONE)
    GTK.gtk_widget_set_tooltip_text(button, title)
    picture = file_thumbnail(path, _THUMBNAIL)
    if picture:
        show_picture(image, picture)
    else:
        GTK.gtk_image_set_from_icon_name(image, "image-missing", _ICON_DIALOG)
    GTK.gtk_container_add(button, image)
    callbacks.connect(button, "clicked", lambda: choose(path))
    return button
