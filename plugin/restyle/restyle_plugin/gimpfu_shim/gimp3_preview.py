"""The preview in a dialog of GIMP 3.x: the photo, half before and half after, a switch, and a sentence below."""

from gi.repository import Gdk, GdkPixbuf, GLib, Gtk

from .gimp3_names import give_name
from .split import FULL_SIZE, FULL_SIZE_HELP, HELP, HELP_FULL_SIZE, LOOK_MS, NAME, TITLE, SplitPanel

_WIDTH, _SPACING, _MARGIN = 320, 6, 12
_BITS = 8
_DRAGGED = Gdk.EventMask.BUTTON_MOTION_MASK | Gdk.EventMask.BUTTON_PRESS_MASK | Gdk.EventMask.BUTTON_RELEASE_MASK

__all__ = ["PreviewPanel"]


class PreviewPanel(SplitPanel):
    """As SplitPanel, of GTK 3."""

    def __init__(self, preview, letters):
        SplitPanel.__init__(self, preview)
        self._picture = Gtk.Image(visible=True)
        self._events = Gtk.EventBox(
            visible=True, tooltip_text=HELP, halign=Gtk.Align.CENTER, valign=Gtk.Align.CENTER, can_focus=True
        )
        give_name(self._events, NAME)
        self._events.add(self._picture)
        self._events.add_events(_DRAGGED)
        self._events.connect("button-press-event", self._press)
        self._events.connect("motion-notify-event", self._drag)
        self._events.connect("button-release-event", lambda *_: self._let_go())
        self._events.connect("key-press-event", self._press_key)
        self._events.connect("focus-in-event", lambda *_: self._focus(True))
        self._events.connect("focus-out-event", lambda *_: self._focus(False))
        self._switch = Gtk.CheckButton(use_underline=True, active=preview.is_on, visible=True)
        self._switch.connect("toggled", lambda switch: self._switch_to(switch.get_active()))
        self._full_size = Gtk.CheckButton(use_underline=True, tooltip_text=FULL_SIZE_HELP, visible=True)
        self._full_size.connect("toggled", self._resize)
        letters.add(self._switch.set_label, TITLE)
        letters.add(self._full_size.set_label, FULL_SIZE)
        # A sentence as wide as the picture, whatever it says.
        self._sentence = Gtk.Label(visible=True, wrap=True, xalign=0.0, width_chars=1, max_width_chars=1, hexpand=True)
        self.widget = self._packed()
        GLib.timeout_add(LOOK_MS, self._look)

    def _packed(self):
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=_SPACING, border_width=_MARGIN, visible=True)
        frame = Gtk.Frame(visible=True, width_request=_WIDTH, height_request=_WIDTH * 3 // 4)
        frame.add(self._events)
        switches = Gtk.Box(spacing=2 * _MARGIN, visible=True)
        for widget in (self._switch, self._full_size):
            switches.pack_start(widget, False, False, 0)
        for widget in (frame, switches, self._sentence):
            box.pack_start(widget, False, False, 0)
        return box

    def _resize(self, switch):
        self._events.set_tooltip_text(HELP_FULL_SIZE if switch.get_active() else HELP)
        self._switch_to_full_size(switch.get_active())

    def _press_key(self, _events, event):
        return self._key(Gdk.keyval_name(event.keyval), bool(event.state & Gdk.ModifierType.CONTROL_MASK))

    def _press(self, _events, event):
        self._events.grab_focus()
        self._press_at(event.x, event.y)
        return True

    def _drag(self, _events, event):
        self._drag_to(event.x, event.y)
        return True

    def _paint(self, data, size, sentence):
        self._sentence.set_text(sentence)
        (width, height), colors = size, GdkPixbuf.Colorspace.RGB
        pixels = GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(data), colors, False, _BITS, width, height, 3 * width)
        self._picture.set_from_pixbuf(pixels)
