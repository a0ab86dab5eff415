# -*- coding: utf-8 -*-
"""Below a gallery of GTK 2: the chosen style as a favourite, renamed, deleted."""

from __future__ import absolute_import, unicode_literals

from .collection_choice import DELETE_HELP, FAVOURITE, FAVOURITE_HELP, NAME_HELP, RENAME, CollectionChoice
from .gimp2_gtk import GTK
from .gimp2_names import give_name, show_on_button

_SPACING, _NAME_CHARS = 6, 16

__all__ = ["CollectionBar"]


class CollectionBar(object):
    """`widget`: a row; renamed(word, title) and gone(word) tell the gallery."""

    def __init__(self, collection, titles, renamed, gone, callbacks, letters):
        self._choice, self._renamed, self._gone = CollectionChoice(collection, titles), renamed, gone
        self._word, self._is_telling = "", False
        self._favourite = GTK.gtk_check_button_new_with_label("")
        self._name, self._rename = GTK.gtk_entry_new(), GTK.gtk_button_new_with_label("")
        self._delete = GTK.gtk_button_new_with_label("")
        letters.add(show_on_button(self._favourite), FAVOURITE)
        letters.add(show_on_button(self._rename), RENAME)
        self._delete_label = letters.add(show_on_button(self._delete), self._choice.delete_label)
        give_name(self._name, NAME_HELP)
        GTK.gtk_entry_set_width_chars(self._name, _NAME_CHARS)
        for widget, text in ((self._favourite, FAVOURITE_HELP), (self._name, NAME_HELP), (self._delete, DELETE_HELP)):
            GTK.gtk_widget_set_tooltip_text(widget, text)
        callbacks.connect(self._favourite, "toggled", self._on_favourite)
        callbacks.connect(self._name, "activate", self._on_rename)
        callbacks.connect(self._rename, "clicked", self._on_rename)
        callbacks.connect(self._delete, "clicked", self._on_delete)
        self.widget = GTK.gtk_hbox_new(False, _SPACING)
        for widget, fills in ((self._favourite, False), (self._name, True), (self._rename, False), (self._delete, False)):
            GTK.gtk_box_pack_start(self.widget, widget, fills, fills, 0)

    def choose(self, word):
        """Follow the gallery."""
        self._word = word
        self._choice.choose(word)
        self._settle()

    def _settle(self):
        self._is_telling = True
        GTK.gtk_toggle_button_set_active(self._favourite, self._choice.is_favourite)
        GTK.gtk_entry_set_text(self._name, self._choice.title)
        self._delete_label.say(self._choice.delete_label)
        for widget in (self._name, self._rename, self._delete):
            GTK.gtk_widget_set_sensitive(widget, self._choice.is_own)
        self._is_telling = False

    def _on_favourite(self):
        if not self._is_telling:
            self._choice.favour(GTK.gtk_toggle_button_get_active(self._favourite))

    def _on_rename(self):
        problem = self._choice.rename(GTK.gtk_entry_get_text(self._name))
        GTK.gtk_widget_set_tooltip_text(self._name, problem or NAME_HELP)
        if not problem:
            self._renamed(self._word, self._choice.title)
        self._settle()

    def _on_delete(self):
        is_gone, problem = self._choice.delete()
        GTK.gtk_widget_set_tooltip_text(self._delete, problem or DELETE_HELP)
        if is_gone:
            self._gone(self._word)
        else:
            self._delete_label.say(self._choice.delete_label)
