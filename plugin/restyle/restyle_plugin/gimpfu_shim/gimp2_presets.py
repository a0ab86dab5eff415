# -*- coding: utf-8 -*-
"""Presets and history in a dialog of GTK 2: one row, and a line below that tells what came of a click."""

from __future__ import absolute_import, unicode_literals

from .gimp2_files import ask_for_file
from .gimp2_gtk import GTK
from .gimp2_names import give_names, show_on_button, show_on_label
from .preset_choice import DELETE, HISTORY, LABEL, NAME_HELP, OPEN, OPEN_TITLE, SAVE, stem_of

_SPACING, _BORDER = 6, 12
_NAME_CHARS, _RECENT_WIDTH, _SENTENCE_WIDTH = 16, 200, 480

__all__ = ["PresetBar"]


class PresetBar(object):
    """`widget`: the row; `choice`: a PresetChoice."""

    def __init__(self, choice, window, callbacks, letters):
        self._choice, self._window, self._callbacks, self._letters = choice, window, callbacks, letters
        self._is_telling, self._count = False, 0
        self._name = GTK.gtk_combo_box_text_new_with_entry()
        self._entry = GTK.gtk_bin_get_child(self._name)
        self._history = GTK.gtk_combo_box_text_new()
        self._sentence = GTK.gtk_label_new("")
        saves, deletes, opens, history = choice.helps()
        GTK.gtk_entry_set_width_chars(self._entry, _NAME_CHARS)
        GTK.gtk_widget_set_tooltip_text(self._entry, NAME_HELP)
        GTK.gtk_widget_set_tooltip_text(self._history, history)
        GTK.gtk_widget_set_size_request(self._history, _RECENT_WIDTH, -1)
        self._save, self._delete = self._button(SAVE, saves, self._on_save), self._button(DELETE, deletes, self._on_delete)
        self._open = self._button(OPEN, opens, self._on_open)
        give_names(self._history, HISTORY)
        give_names(self._name, NAME_HELP)
        self.widget = self._packed()
        self._fill()
        recent = choice.recent()
        for title in [HISTORY] + recent:
            GTK.gtk_combo_box_text_append_text(self._history, title)
        GTK.gtk_combo_box_set_active(self._history, 0)
        GTK.gtk_widget_set_sensitive(self._history, bool(recent))
        callbacks.connect(self._name, "changed", self._on_name)
        callbacks.connect(self._entry, "activate", self._on_save)
        callbacks.connect(self._history, "changed", self._on_recent)

    def _packed(self):
        row, box = GTK.gtk_hbox_new(False, _SPACING), GTK.gtk_vbox_new(False, _SPACING)
        GTK.gtk_container_set_border_width(box, _BORDER)
        label = GTK.gtk_label_new("")
        self._letters.add(show_on_label(label), LABEL)
        GTK.gtk_label_set_mnemonic_widget(label, self._entry)
        GTK.gtk_box_pack_start(row, label, False, False, 0)
        GTK.gtk_box_pack_start(row, self._name, True, True, 0)
        for widget in (self._save, self._delete, self._open, self._history):
            GTK.gtk_box_pack_start(row, widget, False, False, 0)
        GTK.gtk_misc_set_alignment(self._sentence, 0.0, 0.5)
        GTK.gtk_label_set_line_wrap(self._sentence, True)
        GTK.gtk_widget_set_size_request(self._sentence, _SENTENCE_WIDTH, -1)  # else it would wrap where it likes
        GTK.gtk_widget_set_no_show_all(self._sentence, True)
        GTK.gtk_box_pack_start(box, row, False, False, 0)
        GTK.gtk_box_pack_start(box, self._sentence, False, False, 0)
        return box

    def _button(self, label, text, function):
        button = GTK.gtk_button_new_with_label("")
        self._letters.add(show_on_button(button), label)
        GTK.gtk_widget_set_tooltip_text(button, text)
        self._callbacks.connect(button, "clicked", function)
        return button

    def _fill(self):
        """Offer the presets that there are now; the name that was typed stays."""
        self._is_telling = True
        typed, names = self._typed(), self._choice.names()
        for _ in range(self._count):
            GTK.gtk_combo_box_text_remove(self._name, 0)
        for name in names:
            GTK.gtk_combo_box_text_append_text(self._name, name)
        self._count = len(names)
        GTK.gtk_entry_set_text(self._entry, typed)
        self._is_telling = False
        self._settle()

    def _typed(self):
        return GTK.gtk_entry_get_text(self._entry)

    def _settle(self):
        name = self._typed().strip()
        GTK.gtk_widget_set_sensitive(self._save, bool(name))
        GTK.gtk_widget_set_sensitive(self._delete, name in self._choice.names())

    def _tell(self, sentence):
        GTK.gtk_label_set_text(self._sentence, sentence)
        GTK.gtk_widget_set_visible(self._sentence, bool(sentence))

    def _on_name(self):
        self._settle()
        if not self._is_telling and GTK.gtk_combo_box_get_active(self._name) >= 0:
            self._tell(self._choice.choose(self._typed()))

    def _on_save(self):
        self._tell(self._choice.save(self._typed()))
        self._fill()

    def _on_delete(self):
        self._tell(self._choice.delete(self._typed()))
        GTK.gtk_entry_set_text(self._entry, "")
        self._fill()

    def _on_open(self):
        path = ask_for_file(OPEN_TITLE, self._window)
        if path:
            sentence = self._choice.open(path)
            if not sentence:
                self._is_telling = True
                GTK.gtk_entry_set_text(self._entry, stem_of(path))
                self._is_telling = False
            self._tell(sentence)
            self._settle()

    def _on_recent(self):
        number = GTK.gtk_combo_box_get_active(self._history) - 1
        if number >= 0:
            self._tell(self._choice.recall(number))
