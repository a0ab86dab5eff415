# -*- coding: utf-8 -*-
"""A picture that a dialog of GTK 2 asks for: a thumbnail beside the fields for a file, a layer of any open image, a weight."""

from __future__ import absolute_import, unicode_literals

import os

from ..compat import encode_path
from .gimp2_files import any_thumbnail, layer_thumbnail, show_picture
from .gimp2_gtk import GTK, set_focus_order
from .gimp2_shelf import shelf

_GAP = 12
_SHADOW_IN = 1
_ICON_DIALOG = 6  # GtkIconSize
_THUMBNAIL = 96  # pixels: three rows of widgets are about as high
_NOTHING_CHOSEN, _UNREADABLE = "gimp-image", "image-missing"

__all__ = ["Picture"]


class Picture(object):
    """The fields X-file, X-layer and X-weight beside a thumbnail; choosing a file lets go of the layer and vice versa.

    Where there is something to offer, the first of it is chosen until somebody chooses.
    """

    def __init__(self, asked, fields, is_needed, refresh):
        """asked: the parameter of the file."""
        stem = asked.name[: -len("-file")]
        self.stem, self.is_needed, self.spared_by = stem, is_needed, asked.spared_by
        self._offers = asked.offers() if asked.offers else ()
        self._file, self._layer = fields[stem + "-file"], fields[stem + "-layer"]
        self._weight = fields.get(stem + "-weight")
        self._refresh = refresh
        self._thumbnail = GTK.gtk_image_new()
        GTK.gtk_widget_set_size_request(self._thumbnail, _THUMBNAIL, _THUMBNAIL)
        self._file.when_changed(lambda: self._changed(self._file, self._layer, 0))
        self._layer.when_changed(lambda: self._changed(self._layer, self._file, None))
        self._show()

    def widget(self, table, callbacks):
        """Return the thumbnail with a table of the fields on its right, and what is offered above."""
        column = GTK.gtk_vbox_new(False, _GAP // 2)
        row = self._row(table)
        if self._offers:
            offered = shelf(self._offers, self._file.set, callbacks)
            GTK.gtk_box_pack_start(column, offered, False, False, 0)
            # By keyboard, two dozen pictures come after the few fields.
            set_focus_order(column, [row, offered])
        GTK.gtk_box_pack_start(column, row, False, False, 0)
        return column

    def choose_first(self):
        """Choose the first picture that is offered, where none is chosen, or one that was deleted since."""
        if self._file.get() and not os.path.exists(encode_path(self._file.get())):
            self._file.set(None)
        if self._offers and not self.is_chosen():
            self._file.set(self._offers[0][1])

    def _row(self, table):
        box = GTK.gtk_hbox_new(False, _GAP)
        frame = GTK.gtk_frame_new(None)
        GTK.gtk_frame_set_shadow_type(frame, _SHADOW_IN)
        GTK.gtk_container_add(frame, self._thumbnail)
        GTK.gtk_box_pack_start(box, frame, False, False, 0)
        middle = GTK.gtk_alignment_new(0.0, 0.5, 1.0, 0.0)
        GTK.gtk_container_add(middle, table)
        GTK.gtk_box_pack_start(box, middle, True, True, 0)
        return box

    def is_chosen(self):
        return bool(self._file.get() or self._layer.get())

    def set_weight_matters(self, matters):
        if self._weight:
            GTK.gtk_widget_set_sensitive(self._weight.widget, matters)

    def _changed(self, chosen, other, nothing):
        if chosen.get() and other.get():
            other.set(nothing)
        self._show()
        self._refresh()

    def _show(self):
        path, layer = self._file.get(), self._layer.get()
        picture = (
            layer_thumbnail(layer, _THUMBNAIL, _THUMBNAIL)
            if layer
            else any_thumbnail(path, _THUMBNAIL, _THUMBNAIL)
            if path
            else None
        )
        if picture:
            show_picture(self._thumbnail, picture)
        else:
            icon = _UNREADABLE if path or layer else _NOTHING_CHOSEN
            GTK.gtk_image_set_from_icon_name(self._thumbnail, icon, _ICON_DIALOG)
