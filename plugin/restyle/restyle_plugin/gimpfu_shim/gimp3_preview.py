"""The preview in a dialog of GIMP 3.x: the photo, half before and half after, a switch, and a sentence below."""

from gi.repository import Gdk, GdkPixbuf, GLib, Gtk

from .split import HELP, LOOK_MS, TITLE, SplitPanel

_WIDTH, _SPACING, _MARGIN = 320, 6, 12
_BITS = 8

__all__ = ["PreviewPanel"]


class PreviewPanel(SplitPanel):
    """As SplitPanel, of GTK 3."""

    def __init__(self, preview):
        SplitPanel.__init__(self, preview)
        self._picture = Gtk.Image(visible=True)
        self._events = Gtk.EventBox(visible=True, tooltip_text=HELP, halign=Gtk.Align.CENTER, valign=Gtk.Align.CENTER)
        self._events.add(self._picture)
        self._events.add_events(Gdk.EventMask.BUTTON_MOTION_MASK | Gdk.EventMask.BUTTON_PRESS_MASK)
        for signal in ("button-press-event", "motion-notify-event"):
            self._events.connect(signal, self._drag)
        self._switch = Gtk.CheckButton(label=TITLE, active=preview.is_on, visible=True)
        self._switch.connect("toggled", lambda switch: self._switch_to(switch.get_active()))
        # A sentence as wide as the picture, whatever it says.
        self._sentence = Gtk.Label(visible=True, wrap=True, xalign=0.0, width_chars=1, max_width_chars=1, hexpand=True)
        self.widget = self._packed()
        GLib.timeout_add(LOOK_MS, self._look)

    def _packed(self):
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=_SPACING, border_width=_MARGIN, visible=True)
        frame = Gtk.Frame(visible=True, width_request=_WIDTH, height_request=_WIDTH * 3 // 4)
        frame.add(self._events)
        for widget in (frame, self._switch, self._sentence):
            box.pack_start(widget, False, False, 0)
        return box

    def _drag(self, _events, event):
        self._drag_to(event.x)
        return True

    def _paint(self, data, size, sentence):
        self._sentence.set_text(sentence)
        (width, height), colors = size, GdkPixbuf.Colorspace.RGB
        pixels = GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(data), colors, False, _BITS, width, height, 3 * width)
        self._picture.set_from_pixbuf(pixels)
