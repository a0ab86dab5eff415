# -*- coding: utf-8 -*-
"""What a dialog of GTK 2 offers to bring: a sentence, a bar while it comes, and a button."""

from __future__ import absolute_import, unicode_literals

from .gimp2_gtk import GTK
from .gimp2_names import give_name, show_on_button
from .offer import DOWNLOAD, LOOK_MS, OfferPanel

_SPACING, _BORDER, _WIDTH, _BAR_WIDTH = 6, 12, 480, 120

__all__ = ["OfferRow"]


class OfferRow(OfferPanel):
    """As OfferPanel, of GTK 2."""

    def __init__(self, supply, on_change, callbacks, letters):
        OfferPanel.__init__(self, supply, on_change)
        self._sentence, self._bar = GTK.gtk_label_new(""), GTK.gtk_progress_bar_new()
        self._button = GTK.gtk_button_new_with_label("")
        self._label = letters.add(show_on_button(self._button), DOWNLOAD)
        give_name(self._bar, DOWNLOAD)
        GTK.gtk_label_set_line_wrap(self._sentence, True)
        GTK.gtk_misc_set_alignment(self._sentence, 0.0, 0.5)
        GTK.gtk_widget_set_size_request(self._sentence, _WIDTH, -1)
        GTK.gtk_widget_set_size_request(self._bar, _BAR_WIDTH, -1)
        self.widget, middle = GTK.gtk_hbox_new(False, _SPACING), GTK.gtk_alignment_new(0.5, 0.5, 1.0, 0.0)
        beside = GTK.gtk_hbox_new(False, _SPACING)  # as high as a button, however many lines the sentence has
        GTK.gtk_container_add(middle, beside)
        GTK.gtk_container_set_border_width(self.widget, _BORDER)
        GTK.gtk_box_pack_start(self.widget, self._sentence, True, True, 0)
        GTK.gtk_box_pack_start(self.widget, middle, False, False, 0)
        for widget in (self._bar, self._button):
            GTK.gtk_box_pack_start(beside, widget, False, False, 0)
        for widget in (self._sentence, self._bar, self._button, middle, beside):
            GTK.gtk_widget_set_visible(widget, True)
        GTK.gtk_widget_set_no_show_all(self.widget, True)
        callbacks.connect(self._button, "clicked", self._press)
        callbacks.every(LOOK_MS, self._look)
        self._look()

    def _show(self, offer):
        GTK.gtk_label_set_text(self._sentence, offer.sentence)
        self._label.say(offer.button or DOWNLOAD)
        GTK.gtk_widget_set_visible(self._bar, offer.share is not None)
        GTK.gtk_progress_bar_set_fraction(self._bar, min(1.0, offer.share or 0.0))
        GTK.gtk_widget_set_visible(self.widget, bool(offer.sentence))
