"""Presets and history in a dialog of GIMP 3.x: one row, and a line below that tells what came of a click."""

from gi.repository import Gtk, Pango

from .gimp3_names import give_name
from .preset_choice import DELETE, HISTORY, LABEL, NAME_HELP, OPEN, OPEN_TITLE, SAVE, stem_of

_SPACING, _MARGIN = 6, 12
_NAME_CHARS, _RECENT_CHARS = 16, 20

__all__ = ["PresetBar"]


class PresetBar(object):
    """`widget`: the row; `choice`: a PresetChoice."""

    def __init__(self, choice, window, letters):
        self._choice, self._window, self._letters, self._is_telling = choice, window, letters, False
        self._name = Gtk.ComboBoxText.new_with_entry()
        self._entry = self._name.get_child()
        self._entry.set_width_chars(_NAME_CHARS)
        self._history = Gtk.ComboBoxText(visible=True)
        self._sentence = Gtk.Label(xalign=0.0, wrap=True, width_chars=1, max_width_chars=1, hexpand=True)
        saves, deletes, opens, history = choice.helps()
        self._entry.set_tooltip_text(NAME_HELP)
        self._history.set_tooltip_text(history)
        self._save, self._delete = self._button(SAVE, saves, self._on_save), self._button(DELETE, deletes, self._on_delete)
        self._open = self._button(OPEN, opens, self._on_open)
        give_name(self._entry, NAME_HELP)
        give_name(self._history, HISTORY)
        self.widget = self._packed()
        self._fill()
        recent = choice.recent()
        for title in [HISTORY, *recent]:
            self._history.append_text(title)
        self._history.set_active(0)
        self._history.set_sensitive(bool(recent))
        self._name.connect("changed", self._on_name)
        self._entry.connect("activate", self._on_save)
        self._history.connect("changed", self._on_recent)

    def _packed(self):
        row = Gtk.Box(spacing=_SPACING, visible=True)
        label = Gtk.Label(visible=True, mnemonic_widget=self._entry)
        self._letters.add(label.set_text_with_mnemonic, LABEL)
        row.pack_start(label, False, False, 0)
        row.pack_start(self._name, True, True, 0)
        for button in (self._save, self._delete, self._open):
            row.pack_start(button, False, False, 0)
        (cell,) = self._history.get_cells()
        cell.set_property("ellipsize", Pango.EllipsizeMode.END)
        cell.set_property("width-chars", _RECENT_CHARS)
        cell.set_property("max-width-chars", _RECENT_CHARS)
        row.pack_end(self._history, False, False, 0)
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=_SPACING, visible=True)
        box.set_margin_start(_MARGIN)
        box.set_margin_end(_MARGIN)
        box.set_margin_top(_SPACING)
        box.pack_start(row, False, False, 0)
        box.pack_start(self._sentence, False, False, 0)
        self._name.show()
        return box

    def _button(self, label, text, function):
        button = Gtk.Button(use_underline=True, tooltip_text=text, visible=True)
        self._letters.add(button.set_label, label)
        button.connect("clicked", function)
        return button

    def _fill(self):
        """Offer the presets that there are now; the name that was typed stays."""
        self._is_telling = True
        typed = self._entry.get_text()
        self._name.remove_all()
        for name in self._choice.names():
            self._name.append_text(name)
        self._entry.set_text(typed)
        self._is_telling = False
        self._settle()

    def _settle(self):
        name = self._entry.get_text().strip()
        self._save.set_sensitive(bool(name))
        self._delete.set_sensitive(name in self._choice.names())

    def _tell(self, sentence):
        self._sentence.set_text(sentence)
        self._sentence.set_visible(bool(sentence))

    def _on_name(self, _combo):
        self._settle()
        if not self._is_telling and self._name.get_active() >= 0:
            self._tell(self._choice.choose(self._entry.get_text()))

    def _on_save(self, _widget):
        self._tell(self._choice.save(self._entry.get_text()))
        self._fill()

    def _on_delete(self, _button):
        self._tell(self._choice.delete(self._entry.get_text()))
        self._entry.set_text("")
        self._fill()

    def _on_open(self, _button):
        chooser = Gtk.FileChooserDialog(title=OPEN_TITLE, transient_for=self._window, action=Gtk.FileChooserAction.OPEN)
        chooser.add_buttons("_Cancel", Gtk.ResponseType.CANCEL, "_Open", Gtk.ResponseType.ACCEPT)
        chooser.set_default_response(Gtk.ResponseType.ACCEPT)
        path = chooser.get_filename() if chooser.run() == Gtk.ResponseType.ACCEPT else None
        chooser.destroy()
        if path:
            sentence = self._choice.open(path)
            if not sentence:
                self._is_telling = True
                self._entry.set_text(stem_of(path))
                self._is_telling = False
            self._tell(sentence)
            self._settle()

    def _on_recent(self, _combo):
        number = self._history.get_active() - 1
        if number >= 0:
            self._tell(self._choice.recall(number))
