# -*- coding: utf-8 -*-
"""Pictures that a dialog of GTK 2 offers to choose from, small and side by side."""

from __future__ import absolute_import, unicode_literals

from .gimp2_files import any_thumbnail, show_picture
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
    """Return a widget of ((title, path), …); a click calls choose(path). Their pictures come one by one once it is shown."""
    waiting = []
    table = GTK.gtk_table_new(1 + (len(offers) - 1) // _COLUMNS, _COLUMNS, False)
    for place, (title, path) in enumerate(offers):
        row, column = divmod(place, _COLUMNS)
        image = GTK.gtk_image_new()
        GTK.gtk_widget_set_size_request(image, _THUMBNAIL, _THUMBNAIL)
        waiting.append((image, path))
        GTK.gtk_table_attach(table, _button(title, path, image, choose, callbacks), column, column + 1, row, row + 1, 0, 0, 0, 0)
    scroller = GTK.gtk_scrolled_window_new(None, None)
    GTK.gtk_scrolled_window_set_policy(scroller, _POLICY_NEVER, _POLICY_AUTOMATIC)
    GTK.gtk_scrolled_window_add_with_viewport(scroller, table)
    GTK.gtk_viewport_set_shadow_type(GTK.gtk_bin_get_child(scroller), _SHADOW_NONE)
    GTK.gtk_widget_set_size_request(scroller, -1, _HEIGHT)

    def end():
        del waiting[:]

    callbacks.connect(scroller, "destroy", end)
    callbacks.when_idle(lambda: _show_next(waiting, callbacks))
    return scroller


def _show_next(waiting, callbacks):
    """Show one picture: a photo of a camera takes a tenth of a second."""
    if waiting:
        _show(*waiting.pop(0))
        callbacks.when_idle(lambda: _show_next(waiting, callbacks))


def _show(image, path):
    picture = any_thumbnail(path, _THUMBNAIL)
    if picture:
        show_picture(image, picture)
    else:
        GTK.gtk_image_set_from_icon_name(image, "image-missing", _ICON_DIALOG)


def _button(title, path, image, choose, callbacks):
    button = GTK.gtk_button_new()
    GTK.gtk_button_set_relief(button, _RELIEF_NONE)
    GTK.gtk_widget_set_tooltip_text(button, title)
    GTK.gtk_container_add(button, image)
    callbacks.connect(button, "clicked", lambda: choose(path))
    return button
