"""Below a gallery of GIMP 3.x: the chosen style as a favourite, renamed, deleted."""

from gi.repository import Gtk

from .collection_choice import DELETE_HELP, FAVOURITE, FAVOURITE_HELP, NAME_HELP, RENAME, CollectionChoice
from .gimp3_names import give_name

_SPACING, _NAME_CHARS = 6, 16

__all__ = ["CollectionBar"]


class CollectionBar(object):
    """`widget`: a row; renamed(word, title) and gone(word) tell the gallery."""

    def __init__(self, collection, titles, renamed, gone, letters):
        self._choice, self._renamed, self._gone = CollectionChoice(collection, titles), renamed, gone
        self._word, self._is_telling = "", False
        self._favourite = Gtk.CheckButton(use_underline=True, tooltip_text=FAVOURITE_HELP, visible=True)
        self._name = Gtk.Entry(width_chars=_NAME_CHARS, tooltip_text=NAME_HELP, visible=True)
        self._rename = Gtk.Button(use_underline=True, visible=True)
        self._delete = Gtk.Button(use_underline=True, tooltip_text=DELETE_HELP, visible=True)
        give_name(self._name, NAME_HELP)
        letters.add(self._favourite.set_label, FAVOURITE)
        letters.add(self._rename.set_label, RENAME)
        self._delete_label = letters.add(self._delete.set_label, self._choice.delete_label)
        self._favourite.connect("toggled", self._on_favourite)
        self._name.connect("activate", self._on_rename)
        self._rename.connect("clicked", self._on_rename)
        self._delete.connect("clicked", self._on_delete)
        self.widget = Gtk.Box(spacing=_SPACING, visible=True)
        for widget, fills in ((self._favourite, False), (self._name, True), (self._rename, False), (self._delete, False)):
            self.widget.pack_start(widget, fills, fills, 0)

    def choose(self, word):
        """Follow the gallery."""
        self._word = word
        self._choice.choose(word)
        self._settle()

    def _settle(self):
        self._is_telling = True
        self._favourite.set_active(self._choice.is_favourite)
        self._name.set_text(self._choice.title)
        self._delete_label.say(self._choice.delete_label)
        for widget in (self._name, self._rename, self._delete):
            widget.set_sensitive(self._choice.is_own)
        self._is_telling = False

    def _on_favourite(self, switch):
        if not self._is_telling:
            self._choice.favour(switch.get_active())

    def _on_rename(self, _widget):
        problem = self._choice.rename(self._name.get_text())
        self._name.set_tooltip_text(problem or NAME_HELP)
        if not problem:
            self._renamed(self._word, self._choice.title)
        self._settle()

    def _on_delete(self, _button):
        is_gone, problem = self._choice.delete()
        self._delete.set_tooltip_text(problem or DELETE_HELP)
        if is_gone:
            self._gone(self._word)
        else:
            self._delete_label.say(self._choice.delete_label)
