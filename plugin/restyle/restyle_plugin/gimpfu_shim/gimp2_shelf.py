# -*- coding: utf-8 -*-
"""Pictures that a dialog of GTK 2 offers to choose from, small and side by side."""

from __future__ import absolute_import, unicode_literals

from .gimp2_boxes import height_of, scrolled
from .gimp2_files import any_thumbnail, show_picture
from .gimp2_gtk import GTK
from .gimp2_names import give_name

_WIDTH, _HEIGHT = 72, 54  # of a thumbnail
_COLUMNS = 6
_ROWS = 2  # more of them scroll
_RELIEF_NONE = 2
_ICON_DIALOG = 6  # GtkIconSize

__all__ = ["shelf"]


def shelf(offers, choose, callbacks):
    """Return a widget of ((title, path), …); a click calls choose(path). Their pictures come one by one once it is shown."""
    waiting, highest = [], 0
    table = GTK.gtk_table_new(1 + (len(offers) - 1) // _COLUMNS, _COLUMNS, False)
    for place, (title, path) in enumerate(offers):
        row, column = divmod(place, _COLUMNS)
        image = GTK.gtk_image_new()
        GTK.gtk_widget_set_size_request(image, _WIDTH, _HEIGHT)
        waiting.append((image, path))
        button = _button(title, path, image, choose, callbacks)
        GTK.gtk_widget_show_all(button)  # what is hidden asks for nothing
        highest = max(highest, height_of(button))
        GTK.gtk_table_attach(table, button, column, column + 1, row, row + 1, 0, 0, 0, 0)
    scroller = scrolled(table)
    GTK.gtk_widget_set_size_request(scroller, -1, highest * min(_ROWS, 1 + (len(offers) - 1) // _COLUMNS))

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
    picture = any_thumbnail(path, _WIDTH, _HEIGHT)
    if picture:
        show_picture(image, picture)
    else:
        GTK.gtk_image_set_from_icon_name(image, "image-missing", _ICON_DIALOG)


def _button(title, path, image, choose, callbacks):
    button = GTK.gtk_button_new()
    GTK.gtk_button_set_relief(button, _RELIEF_NONE)
    GTK.gtk_widget_set_tooltip_text(button, title)
    give_name(button, title)
    GTK.gtk_container_add(button, image)
    callbacks.connect(button, "clicked", lambda: choose(path))
    return button
