"""What a dialog of GIMP 3.x offers to bring: a sentence, a bar while it comes, and a button."""

from gi.repository import GLib, Gtk

from .gimp3_names import give_name
from .offer import DOWNLOAD, LOOK_MS, OfferPanel

_SPACING, _MARGIN, _BAR_WIDTH = 6, 12, 120

__all__ = ["OfferRow"]


class OfferRow(OfferPanel):
    """As OfferPanel, of GTK 3."""

    def __init__(self, supply, on_change, letters):
        OfferPanel.__init__(self, supply, on_change)
        # As wide as the dialog, whatever it says.
        self._sentence = Gtk.Label(visible=True, wrap=True, xalign=0.0, width_chars=1, max_width_chars=1, hexpand=True)
        self._bar = Gtk.ProgressBar(valign=Gtk.Align.CENTER, width_request=_BAR_WIDTH)
        self._button = Gtk.Button(use_underline=True, visible=True, valign=Gtk.Align.CENTER)
        self._label = letters.add(self._button.set_label, DOWNLOAD)
        give_name(self._bar, DOWNLOAD)
        self._button.connect("clicked", lambda _button: self._press())
        self.widget = Gtk.Box(spacing=_SPACING, margin=_MARGIN, no_show_all=True)
        self.widget.pack_start(self._sentence, True, True, 0)
        self.widget.pack_start(self._bar, False, False, 0)
        self.widget.pack_start(self._button, False, False, 0)
        GLib.timeout_add(LOOK_MS, self._look)
        self._look()

    def _show(self, offer):
        self._sentence.set_text(offer.sentence)
        self._label.say(offer.button or DOWNLOAD)
        self._bar.set_visible(offer.share is not None)
        self._bar.set_fraction(min(1.0, offer.share or 0.0))
        self.widget.set_visible(bool(offer.sentence))
