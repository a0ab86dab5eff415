# -*- coding: utf-8 -*-
"""The rows of a dialog of GTK 2: pictures, then a table of everything else, each with its label and its letter."""

from __future__ import absolute_import, unicode_literals

from .form import is_needed, picture_stems
from .gimp2_boxes import beside, left_label
from .gimp2_gtk import GTK
from .gimp2_names import show_on_button, show_on_label
from .gimp2_pictures import Picture

_BORDER, _SPACING, _GAP = 12, 6, 12
_EXPAND, _FILL = 1, 4  # GtkAttachOptions

__all__ = ["RowMaker"]


class RowMaker(object):
    """Makes a dialog's rows of its fields; `pictures`: its Pictures."""

    def __init__(self, fields, callbacks, letters):
        self.pictures = []
        self._fields, self._callbacks, self._letters = fields, callbacks, letters

    def folded(self, title, rows):
        """Return a group with a title, folded."""
        expander = GTK.gtk_expander_new("")
        GTK.gtk_expander_set_use_markup(expander, True)
        GTK.gtk_expander_set_use_underline(expander, True)
        self._letters.add(lambda text: GTK.gtk_expander_set_label(expander, "<b>%s</b>" % text), title)
        GTK.gtk_container_add(expander, rows)
        border = GTK.gtk_alignment_new(0.0, 0.0, 1.0, 1.0)
        GTK.gtk_alignment_set_padding(border, 0, _SPACING, _BORDER, _BORDER)
        GTK.gtk_container_add(border, expander)
        return border

    def rows(self, params, refresh, is_folded):
        """Return a group's widgets; refresh: called when another picture was chosen."""
        box = GTK.gtk_vbox_new(False, _GAP)
        GTK.gtk_container_set_border_width(box, _BORDER)
        rest = list(params)
        for stem in picture_stems(params):
            members = [param for param in params if param.name.startswith(stem + "-")]
            rest = [param for param in rest if param not in members]
            asked_for = next(param for param in members if param.name == stem + "-file")
            picture = Picture(asked_for, self._fields, is_needed(params, stem), refresh)
            self.pictures.append(picture)
            table = self._table(members, is_folded)
            GTK.gtk_box_pack_start(box, picture.widget(table, self._callbacks), False, False, 0)
        if rest:
            GTK.gtk_box_pack_start(box, self._table(rest, is_folded), False, False, 0)
        return box

    def _table(self, params, is_folded):
        table = GTK.gtk_table_new(len(params), 3, False)
        GTK.gtk_table_set_row_spacings(table, _SPACING)
        GTK.gtk_table_set_col_spacings(table, _SPACING)
        for row, param in enumerate(params):
            self._row(table, row, param, is_folded)
        return table

    def _row(self, table, row, param, is_folded):
        """Attach the label, the field and the unit of a parameter."""
        field = self._fields[param.name]
        GTK.gtk_widget_set_tooltip_text(field.widget, param.help or None)
        if field.has_label:
            self._letters.add(show_on_button(field.widget), param.label, is_folded)
            GTK.gtk_table_attach(table, field.widget, 0, 3, row, row + 1, _FILL, _FILL, 0, 0)
            return
        label = self._label(param, field, is_folded)
        if param.is_gallery:
            box = GTK.gtk_vbox_new(False, 0)  # the pictures need the whole width
            GTK.gtk_box_pack_start(box, label, False, False, 0)
            GTK.gtk_box_pack_start(box, field.widget, False, False, 0)
            GTK.gtk_table_attach(table, box, 0, 3, row, row + 1, _FILL, _FILL, 0, 0)
            return
        GTK.gtk_table_attach(table, label, 0, 1, row, row + 1, _FILL, _FILL, 0, 0)
        left = GTK.gtk_alignment_new(0.0, 0.5, 1.0 if field.fills else 0.0, 0.0)
        GTK.gtk_container_add(left, field.widget if field.fills else beside(field.widget, param.unit))
        GTK.gtk_table_attach(table, left, 1, 2, row, row + 1, _EXPAND | _FILL, _FILL, 0, 0)
        if param.unit and field.fills:
            GTK.gtk_table_attach(table, left_label(param.unit), 2, 3, row, row + 1, _FILL, _FILL, 0, 0)

    def _label(self, param, field, is_folded):
        label = left_label("")
        self._letters.add(show_on_label(label), "%s:" % param.label, is_folded)
        GTK.gtk_label_set_mnemonic_widget(label, field.focus)
        GTK.gtk_widget_set_tooltip_text(label, param.help or None)
        return label
