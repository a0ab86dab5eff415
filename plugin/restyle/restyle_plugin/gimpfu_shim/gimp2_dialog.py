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
    matters,
    presets_of,
    preview_of,
    rows_height,
    settle,
    supply_of,
    title_of,
)
from .gimp2_boxes import height_of, hint_line, scrolled
from .gimp2_events import Callbacks
from .gimp2_gtk import GTK, UI, screen_height, set_focus_order
from .gimp2_lib import GEGL, GIMP
from .gimp2_names import letter_of_stock
from .gimp2_offer import OfferRow
from .gimp2_presets import PresetBar
from .gimp2_preview import PreviewPanel
from .gimp2_rows import RowMaker
from .gimp2_widgets import make_fields
from .help_folder import help_folder
from .letters import Letters
from .model import DialogModel
from .preset_choice import PresetChoice

_OK, _CANCEL, _HELP, _RESET = -5, -6, -11, 1  # GtkResponseType; positive ones are free
_BUTTON_ORDER = (_HELP, _RESET, _OK, _CANCEL)  # where GTK's settings say so, as on Windows
_WIDTH = 480
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
        self._callbacks, self._letters, self._is_open, self._estimate = Callbacks(), Letters(), True, None
        self._fields = make_fields(params, self._callbacks, self._letters)
        self._rows = RowMaker(self._fields, self._callbacks, self._letters)
        self._panel, self._offer, self._model, self._is_taking = None, None, None, False
        self._window = self._make_window(procedure)
        self._content = GTK.gtk_vbox_new(False, 0)
        for title, members in groups(params):
            rows = self._rows.rows(members, self._refresh, bool(title))
            GTK.gtk_box_pack_start(self._content, self._rows.folded(title, rows) if title else rows, False, False, 0)
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
        self._letters.settle([letter_of_stock(name) for name in ("gtk-ok", "gtk-cancel", "gtk-help", "gimp-reset")])
        GTK.gtk_widget_show_all(GTK.gtk_dialog_get_content_area(self._window))
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
            self._panel = PreviewPanel(preview, self._letters)
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
            bar = PresetBar(PresetChoice(presets, self._model, self._put), self._window, self._callbacks, self._letters)
            area = GTK.gtk_dialog_get_content_area(self._window)
            GTK.gtk_box_pack_start(area, bar.widget, False, False, 0)
            GTK.gtk_box_reorder_child(area, bar.widget, _BELOW_ROWS)

    def bring(self, supply):
        """Let what is chosen be brought where it is not here yet; the model is followed already."""
        if supply:
            self._model.on_change(lambda: supply.change(self._model.chosen()))
            supply.change(self._model.chosen())
            self._offer = OfferRow(supply, self._on_offer, self._callbacks, self._letters)
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
        for picture in self._rows.pictures:
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

    def _refresh(self):
        """Let OK wait for the pictures that are needed, and for what is to be brought."""
        if not self._is_open:
            return
        is_chosen, waits_for = settle(self._rows.pictures, self._model), self._offer.offer.hint if self._offer else ""
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
