# -*- coding: utf-8 -*-
"""A procedure's dialog in GIMP 2.10, drawn with GTK 2: pictures first, then the main rows, other groups folded.

The rows scroll where the screen is too small for them.
"""

from __future__ import absolute_import, unicode_literals

import ctypes

from ..languages import _
from .errors import BackendError
from .form import (
    asked,
    choose_first,
    estimate_of,
    for_layer,
    groups,
    hint_of,
    is_needed,
    matters,
    picture_stems,
    presets_of,
    preview_of,
    rows_height,
    settle,
    supply_of,
    title_of,
)
from .gimp2_boxes import beside, height_of, hint_line, left_label, scrolled
from .gimp2_gtk import GTK, UI, Callbacks, screen_height, set_focus_order
from .gimp2_lib import GEGL, GIMP
from .gimp2_offer import OfferRow
from .gimp2_pictures import Picture
from .gimp2_presets import PresetBar
from .gimp2_preview import PreviewPanel
from .gimp2_widgets import make_fields
from .help_folder import help_folder
from .model import DialogModel
from .preset_choice import PresetChoice

_OK, _CANCEL, _HELP, _RESET = -5, -6, -11, 1  # GtkResponseType; positive ones are free
_BUTTON_ORDER = (_HELP, _RESET, _OK, _CANCEL)  # where GTK's settings say so, as on Windows
_BORDER, _SPACING, _GAP = 12, 6, 12
_WIDTH = 480
_EXPAND, _FILL = 1, 4  # GtkAttachOptions
_BELOW_ROWS = 2  # after the buttons, which GTK keeps first, and the rows

__all__ = ["dialog"]


def dialog(procedure, values, image, drawable):
    """Ask for the parameters' values, starting from `values`; return them all, or None where the user cancelled."""
    if not GIMP.gimp_display_name():
        raise BackendError(_("This GIMP has no window to show the dialog in; call the filter non-interactively."))
    GEGL.gegl_init(None, None)  # for the thumbnails of layers
    UI.gimp_ui_init("restyle", True)
    params = for_layer(asked(procedure.params), drawable)
    model = DialogModel(procedure, values)
    form = _Form(procedure, params)
    try:
        form.set([model.get(param.name) for param in params])
        form.choose_first()
        form.follow(model, preview_of(procedure, image, drawable))
        form.offer(presets_of(procedure))
        form.bring(supply_of(procedure))
        form.estimate(estimate_of(procedure, image, drawable))
        return model.all() if form.ask() else None
    finally:
        form.close()


class _Form(object):
    """The dialog while it is open."""

    def __init__(self, procedure, params):
        self._params = params
        self._procedure_name = procedure.name
        self._callbacks, self._is_open, self._estimate = Callbacks(), True, None
        self._fields = make_fields(params, self._callbacks)
        self._pictures, self._panel, self._offer, self._model, self._is_taking = [], None, None, None, False
        self._window = self._make_window(procedure)
        self._content = GTK.gtk_vbox_new(False, 0)
        for title, members in groups(params):
            rows = self._rows(members)
            GTK.gtk_box_pack_start(self._content, self._folded(title, rows) if title else rows, False, False, 0)
        self._scroller = scrolled(self._content)
        self._hint = hint_line()
        area = GTK.gtk_dialog_get_content_area(self._window)
        self._body = GTK.gtk_hbox_new(False, 0)
        GTK.gtk_box_pack_start(self._body, self._scroller, True, True, 0)
        GTK.gtk_box_pack_start(area, self._body, True, True, 0)
        GTK.gtk_box_pack_start(area, self._hint, False, False, 0)
        self._heights, self._is_measured = None, True
        self._callbacks.connect(self._content, "size-request", self._measure)
        self._refresh()

    def ask(self):
        """Let the person choose; return whether that ended with OK."""
        content = GTK.gtk_dialog_get_content_area(self._window)
        GTK.gtk_widget_show_all(content)
        self._fit()
        response = GTK.gtk_dialog_run(self._window)
        while response in (_RESET, _HELP):
            if response == _RESET:
                self.set([param.default for param in self._params])
            else:
                GIMP.gimp_help(None, self._procedure_name)  # None: the domain of this plug-in
            response = GTK.gtk_dialog_run(self._window)
        self._take()  # what was typed last and not yet confirmed
        return response == _OK

    def follow(self, model, preview):
        """Let a model have what the fields have, now and after each change, and the preview what the model has."""
        self._model = model
        self._take()
        for param in self._params:
            self._fields[param.name].when_changed(self._changed)
        if preview:
            self._panel = PreviewPanel(preview)
            GTK.gtk_box_pack_start(self._body, self._panel.widget, False, False, 0)
            GTK.gtk_box_reorder_child(self._body, self._panel.widget, 0)
            set_focus_order(self._body, [self._scroller, self._panel.widget])
            model.on_change(lambda: preview.change(model.chosen()))
            preview.change(model.chosen())
            for param in self._params:
                if param.is_gallery:
                    self._fields[param.name].paint(preview)

    def offer(self, presets):
        """Let all values be chosen at once; the model is followed already."""
        if presets:
            bar = PresetBar(PresetChoice(presets, self._model, self._put), self._window, self._callbacks)
            area = GTK.gtk_dialog_get_content_area(self._window)
            GTK.gtk_box_pack_start(area, bar.widget, False, False, 0)
            GTK.gtk_box_reorder_child(area, bar.widget, _BELOW_ROWS)

    def bring(self, supply):
        """Let what is chosen be brought where it is not here yet; the model is followed already."""
        if supply:
            self._model.on_change(lambda: supply.change(self._model.chosen()))
            supply.change(self._model.chosen())
            self._offer = OfferRow(supply, self._on_offer, self._callbacks)
            area = GTK.gtk_dialog_get_content_area(self._window)
            GTK.gtk_box_pack_start(area, self._offer.widget, False, False, 0)
            GTK.gtk_box_reorder_child(area, self._offer.widget, _BELOW_ROWS)

    def estimate(self, estimate):
        """Say above OK how long it takes; the model is followed already."""
        self._estimate = estimate
        self._model.on_change(self._refresh)
        self._refresh()

    def _on_offer(self, has_come):
        self._callbacks.when_idle(self._refresh)
        self._callbacks.when_idle(self._fit)
        if has_come and self._panel:
            self._panel.repaint(self._model.chosen())

    def _put(self, values):
        for param in self._params:
            if param.name in values:
                self._fields[param.name].set(values[param.name])

    def _changed(self):
        # Not at once: one choice may change two values, as a file lets go of the layer.
        if not self._is_taking:
            self._is_taking = True
            self._callbacks.when_idle(self._take)

    def _take(self):
        self._is_taking = False
        if self._is_open:
            for param in self._params:
                self._model.change(param.name, self._fields[param.name].get())

    def set(self, values):
        for param, value in zip(self._params, values):
            self._fields[param.name].set(value)

    def choose_first(self):
        for picture in self._pictures:
            picture.choose_first()

    def close(self):
        self._is_open = False
        for panel in (self._panel, self._offer):
            if panel:
                panel.close()
        GTK.gtk_widget_destroy(self._window)
        while GTK.gtk_events_pending():  # else the window stays on the screen while the filter works
            GTK.gtk_main_iteration()

    def _make_window(self, procedure):
        window = GTK.gtk_dialog_new()
        GTK.gtk_window_set_title(window, title_of(procedure))
        GTK.gtk_window_set_role(window, procedure.name)
        GTK.gtk_window_set_default_size(window, _WIDTH, -1)
        for button in [GTK.gtk_dialog_add_button(window, *one) for one in self._aside()]:
            GTK.gtk_button_box_set_child_secondary(GTK.gtk_dialog_get_action_area(window), button, True)
        GTK.gtk_dialog_add_button(window, "gtk-cancel", _CANCEL)
        self._ok = GTK.gtk_dialog_add_button(window, "gtk-ok", _OK)
        order = (ctypes.c_int * len(_BUTTON_ORDER))(*_BUTTON_ORDER)
        GTK.gtk_dialog_set_alternative_button_order_from_array(window, len(order), order)
        GTK.gtk_dialog_set_default_response(window, _OK)
        UI.gimp_window_set_transient(window)
        return window

    def _aside(self):
        """Return the buttons (name, response) that stand apart from OK and Cancel."""
        return ([("gtk-help", _HELP)] if help_folder() else []) + [("gimp-reset", _RESET)]

    def _folded(self, title, rows):
        expander = GTK.gtk_expander_new("<b>%s</b>" % title)
        GTK.gtk_expander_set_use_markup(expander, True)
        GTK.gtk_container_add(expander, rows)
        border = GTK.gtk_alignment_new(0.0, 0.0, 1.0, 1.0)
        GTK.gtk_alignment_set_padding(border, 0, _SPACING, _BORDER, _BORDER)
        GTK.gtk_container_add(border, expander)
        return border

    def _rows(self, params):
        """Return a group's widgets: its pictures, then a table of everything else."""
        box = GTK.gtk_vbox_new(False, _GAP)
        GTK.gtk_container_set_border_width(box, _BORDER)
        rest = list(params)
        for stem in picture_stems(params):
            members = [param for param in params if param.name.startswith(stem + "-")]
            rest = [param for param in rest if param not in members]
            asked_for = next(param for param in members if param.name == stem + "-file")
            picture = Picture(asked_for, self._fields, is_needed(params, stem), self._refresh)
            self._pictures.append(picture)
            GTK.gtk_box_pack_start(box, picture.widget(self._table(members), self._callbacks), False, False, 0)
        if rest:
            GTK.gtk_box_pack_start(box, self._table(rest), False, False, 0)
        return box

    def _table(self, params):
        table = GTK.gtk_table_new(len(params), 3, False)
        GTK.gtk_table_set_row_spacings(table, _SPACING)
        GTK.gtk_table_set_col_spacings(table, _SPACING)
        for row, param in enumerate(params):
            self._row(table, row, param, self._fields[param.name])
        return table

    def _row(self, table, row, param, field):
        """Attach the label, the field and the unit of a parameter."""
        GTK.gtk_widget_set_tooltip_text(field.widget, param.help or None)
        if field.has_label:
            GTK.gtk_table_attach(table, field.widget, 0, 3, row, row + 1, _FILL, _FILL, 0, 0)
            return
        label = left_label("%s:" % param.label)
        GTK.gtk_widget_set_tooltip_text(label, param.help or None)
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

    def _refresh(self):
        """Let OK wait for the pictures that are needed, and for what is to be brought."""
        if not self._is_open:
            return
        is_chosen, waits_for = settle(self._pictures, self._model), self._offer.offer.hint if self._offer else ""
        GTK.gtk_dialog_set_response_sensitive(self._window, _OK, is_chosen and not waits_for)
        lasts = self._estimate(self._model.chosen()) if self._estimate else ""
        hint = hint_of(is_chosen, waits_for, lasts, choose_first(self._params))
        GTK.gtk_label_set_text(self._hint, hint)
        for param in self._params if self._model else ():
            if param.matters_with:
                GTK.gtk_widget_set_sensitive(self._fields[param.name].widget, matters(param, self._model))

    def _measure(self):
        """Fit the window when GTK is done with what it measures now: an expander tells too early."""
        if self._is_measured:
            self._is_measured = False
            self._callbacks.when_idle(self._fit)

    def _fit(self):
        """Let the rows be as high as they are, or as the screen allows; the buttons below them stay in sight."""
        if not self._is_open:
            return
        self._is_measured = True
        others = height_of(self._window) - height_of(self._body)
        height = rows_height(height_of(self._content), others, screen_height(self._window))
        if (height, others) != self._heights:
            self._heights = height, others
            GTK.gtk_widget_set_size_request(self._scroller, -1, height)
            # A window grows with its content, but does not shrink.
            width = ctypes.c_int()
            GTK.gtk_window_get_size(self._window, ctypes.byref(width), None)
            GTK.gtk_window_resize(self._window, width.value, 1)
