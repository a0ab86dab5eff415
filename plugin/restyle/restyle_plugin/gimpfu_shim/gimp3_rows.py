"""The rows of a GIMP 3.x dialog: pictures, then everything else, each with its label and its letter."""

import copy

from gi.repository import GimpUi, GObject, Gtk

from . import pf
from .form import is_needed, picture_stems
from .gimp3_arguments import choices_of, label_of
from .gimp3_gallery import Gallery
from .gimp3_models import open_choice
from .gimp3_names import give_names, label_in
from .gimp3_pictures import PictureRow

_SPACING = 6
_SCALE_FACTOR = 1.0
_SCALE_WIDTH = 120  # at least, where the row has little else
_NUMBER_CHARS = 6  # "100.0" and "1.400" take as much, so that sliders end at one line
_PAGE_STEPS = 10  # a click beside the slider's knob moves it by ten steps
_MOST_STEPS = 200  # a slider with more of them cannot be set exactly; those have a field and two buttons alone

__all__ = ["RowMaker", "in_words"]


class RowMaker(object):
    """Makes a dialog's rows; `pictures`: its PictureRows; `idle`: (parameter, widget) of those that matter with others alone."""

    def __init__(self, dialog, config, letters, preview):
        self.pictures, self.idle = [], []
        self._dialog, self._config, self._letters, self._preview = dialog, config, letters, preview
        self._when_gone = []  # told of a style that is deleted in the dialog

    def box(self, params, refresh, is_folded):
        """Return a group's rows; refresh: called when another picture was chosen."""
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=_SPACING, visible=True)
        by_name = {param.name: param for param in params}
        for stem in picture_stems(params):
            taken = [by_name.pop(stem + part, None) for part in ("-file", "-layer", "-weight")]
            widgets = [param and self._widget(param, is_folded) for param in taken]
            row = PictureRow(self._config, taken, widgets, is_needed(params, stem))
            row.when_changed(refresh)
            self.pictures.append(row)
            box.pack_start(row.box, False, False, _SPACING)
        # The rows that are not GIMP's own have their labels aligned with those that are.
        labels = Gtk.SizeGroup(mode=Gtk.SizeGroupMode.HORIZONTAL)
        is_mixed = any(param.is_open or param.labels for param in by_name.values())
        for param in by_name.values():
            is_own = param.is_open or param.labels
            widget = self._own(param, labels, is_folded) if is_own else self._widget(param, is_folded)
            box.pack_start(widget, False, False, 0)
            if param.matters_with:
                self.idle.append((param, widget))
            if is_mixed and not is_own and label_in(widget):
                labels.add_widget(label_in(widget))
        return box

    def _widget(self, param, is_folded):
        """Return GIMP's widget for a parameter, label included, bound to the config."""
        if param.bounds and (param.bounds[1] - param.bounds[0]) / param.bounds[2] <= _MOST_STEPS:
            widget = self._dialog.get_scale_entry(param.name, _SCALE_FACTOR)
            widget.get_range().set_size_request(_SCALE_WIDTH, -1)
        elif param.type in (pf.PF_OPTION, pf.PF_RADIO):
            # Else 3.2 shows a frame of radio buttons, which takes a screen's height for a dozen choices.
            widget = self._dialog.get_widget(param.name, Gtk.ComboBox)
        else:
            widget = self._dialog.get_widget(param.name, GObject.TYPE_NONE)
        if isinstance(widget, GimpUi.LabelSpin):
            widget.get_spin_button().set_activates_default(True)
            if param.bounds:
                widget.set_increments(param.bounds[2], param.bounds[2] * _PAGE_STEPS)
                widget.get_spin_button().set_width_chars(_NUMBER_CHARS)
        elif isinstance(widget, GimpUi.LabelEntry):
            widget.get_entry().set_activates_default(True)
        self._letter(widget, param, is_folded)
        widget.show()
        return widget

    def _letter(self, widget, param, is_folded):
        """Let Alt and a letter reach a row, and screen readers say what each of its parts is for."""
        text = label_of(param)
        if isinstance(widget, Gtk.CheckButton):
            widget.set_use_underline(True)
            self._letters.add(widget.set_label, text, is_folded)
            return
        give_names(widget, text)
        label = label_in(widget)
        if label is not None:
            self._letters.add(label.set_text_with_mnemonic, text, is_folded)

    def _own(self, param, labels, is_folded):
        label = Gtk.Label(xalign=0.0, visible=True, tooltip_text=param.help)
        self._letters.add(label.set_text_with_mnemonic, label_of(param), is_folded)
        if param.is_gallery:
            return Gallery(self._config, param, label, self._preview, self._when_gone, self._letters).box
        labels.add_widget(label)
        row = open_choice(self._config, in_words(param) if param.labels else param, label, self._when_gone)
        give_names(row, label_of(param))
        return row


def in_words(param):
    """Return an option as a choice of (label, GIMP's word for it), as open_choice takes it."""
    words = copy.copy(param)
    words.extra = [(label, nick) for nick, label, _ in choices_of(param)]
    words.default = next(nick for nick, _, value in choices_of(param) if value == param.default)
    return words
