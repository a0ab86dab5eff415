# -*- coding: utf-8 -*-
"""A field of GTK 2 that shows all its choices as pictures; a click chooses."""

from __future__ import absolute_import, unicode_literals

import ctypes

from ..compat import to_text
from .caption import caption
from .gimp2_boxes import height_of, scrolled
from .gimp2_collection import CollectionBar
from .gimp2_files import file_thumbnail, show_picture
from .gimp2_gtk import GTK, PIXBUF, set_font
from .gimp2_lib import GOBJECT
from .gimp2_names import give_name

_THUMBNAIL, _COLUMNS, _SPACING = 64, 6, 2
_ROWS = 2  # more of them scroll
_NAME_CHARS, _NAME_FONT = 12, "8"
_RELIEF_NONE = 2
_CENTERED = 2  # GtkJustification
_ICON_DIALOG = 6  # GtkIconSize
_RGB, _BITS, _BILINEAR = 0, 8, 2
_LOOK_MS = 150
_ENTER = ("Return", "KP_Enter", "ISO_Enter")
_NO_PICTURE = "gimp-image"  # comes with GIMP, whatever icons the system has

__all__ = ["GalleryField"]


class GalleryField(object):
    """The value is the chosen word; see gimp2_widgets for what a field has."""

    has_label = False
    fills = True

    def __init__(self, param, callbacks, letters):
        self._param, self._callbacks = param, callbacks
        self._buttons, self._images, self._names, self._made = {}, {}, {}, None
        self._is_open, self._when_gone = True, []
        table = GTK.gtk_table_new(1 + (len(param.extra) - 1) // _COLUMNS, _COLUMNS, False)
        for place, (title, word) in enumerate(param.extra):
            row, column = divmod(place, _COLUMNS)
            GTK.gtk_table_attach(table, self._button(to_text(title), word), column, column + 1, row, row + 1, 0, 0, _SPACING, 0)
        scroller = self.focus = scrolled(table)
        # Only in its window a name has the theme's font.
        callbacks.connect(scroller, "realize", lambda: GTK.gtk_widget_set_size_request(scroller, -1, self._height()))
        # The label's letter leads to what is chosen; a button would take it for a click.
        callbacks.connect_event(scroller, "mnemonic-activate", self._go_to_choice)
        self.widget = GTK.gtk_vbox_new(False, 3 * _SPACING)
        GTK.gtk_box_pack_start(self.widget, scroller, False, False, 0)
        if param.collection:
            self._add_bar(param.collection, letters)

    def _height(self):
        """Return the pixels of the first rows: the names are as high as their script is."""
        rows = min(_ROWS, 1 + (len(self._param.extra) - 1) // _COLUMNS)
        return rows * max(height_of(button) for button in self._buttons.values())

    def _go_to_choice(self):
        GTK.gtk_widget_grab_focus(self._buttons[self.get()])

    def _confirm(self, button, key):
        """Let Enter on a picture confirm the dialog: the arrows have chosen it already."""
        return key in _ENTER and bool(GTK.gtk_window_activate_default(GTK.gtk_widget_get_toplevel(button)))

    def _add_bar(self, collection, letters):
        """Add the row for what is done with a style, below the pictures."""
        titles = {word: to_text(title) for title, word in self._param.extra}
        bar = CollectionBar(collection, titles, self._rename, self._remove, self._callbacks, letters)
        GTK.gtk_box_pack_start(self.widget, bar.widget, False, False, 0)
        self.when_changed(lambda: bar.choose(self.get()))
        bar.choose(self.get())

    def _rename(self, word, title):
        GTK.gtk_label_set_text(self._names[word], caption(title, _NAME_CHARS))
        GTK.gtk_widget_set_tooltip_text(self._buttons[word], title)
        give_name(self._buttons[word], title)

    def _remove(self, word):
        self.set(self._param.default)
        GTK.gtk_widget_set_visible(self._buttons[word], False)
        for function in self._when_gone:
            function(word)

    def get(self):
        chosen = [word for word, button in self._buttons.items() if GTK.gtk_toggle_button_get_active(button)]
        return chosen[0] if chosen else self._param.default

    def set(self, value):
        """Choose a word; for that of a model that is gone, the one that is always there."""
        GTK.gtk_toggle_button_set_active(self._buttons.get(value) or self._buttons[self._param.default], True)

    def when_changed(self, function):
        for button in self._buttons.values():
            self._callbacks.connect(button, "toggled", function)

    def when_gone(self, function):
        """Call function(word) after a style was deleted."""
        self._when_gone.append(function)

    def paint(self, preview):
        """Show the photo at hand in each style, as they are painted."""
        self._made = preview.gallery(self._param.name, [word for _, word in self._param.extra])
        if self._made:
            self._callbacks.connect(self.widget, "destroy", self._end)
            self._callbacks.every(_LOOK_MS, self._look)

    def _end(self):
        self._is_open = False

    def _button(self, title, word):
        first = next(iter(self._buttons.values()), None)
        button = GTK.gtk_radio_button_new_from_widget(first)
        GTK.gtk_toggle_button_set_mode(button, False)
        GTK.gtk_button_set_relief(button, _RELIEF_NONE)
        GTK.gtk_widget_set_tooltip_text(button, title)
        give_name(button, title)
        self._callbacks.connect_key(button, lambda key, _is_control: self._confirm(button, key))
        name, box = _name(title), GTK.gtk_vbox_new(False, 0)
        self._images[word], self._names[word] = _picture(self._param.pictures.get(word)), name
        for widget in (self._images[word], name):
            GTK.gtk_box_pack_start(box, widget, False, False, 0)
        GTK.gtk_container_add(button, box)
        self._buttons[word] = button
        return button

    def _look(self):
        made = self._made.take() if self._is_open else None
        if made:
            word, (width, height), data = made
            start = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p)
            whole = PIXBUF.gdk_pixbuf_new_from_data(start, _RGB, False, _BITS, width, height, 3 * width, None, None)
            # Scaled it is a copy, which needs the bytes no more.
            show_picture(self._images[word], PIXBUF.gdk_pixbuf_scale_simple(whole, _THUMBNAIL, _THUMBNAIL, _BILINEAR))
            GOBJECT.g_object_unref(whole)
        return self._is_open


def _name(title):
    label = GTK.gtk_label_new(caption(title, _NAME_CHARS))
    GTK.gtk_label_set_justify(label, _CENTERED)
    GTK.gtk_label_set_width_chars(label, _NAME_CHARS)
    set_font(label, _NAME_FONT)
    return label


def _picture(path):
    image = GTK.gtk_image_new()
    GTK.gtk_widget_set_size_request(image, _THUMBNAIL, _THUMBNAIL)
    picture = file_thumbnail(path, _THUMBNAIL, _THUMBNAIL) if path else None
    if picture:
        show_picture(image, picture)
    else:
        GTK.gtk_image_set_from_icon_name(image, _NO_PICTURE, _ICON_DIALOG)
    return image
