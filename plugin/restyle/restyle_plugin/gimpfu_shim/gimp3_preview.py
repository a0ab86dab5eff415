"""The preview in a dialog of GIMP 3.x: the photo, half before and half after, a switch, and a sentence below."""

from gi.repository import Gdk, GdkPixbuf, GLib, Gtk

from .split import HELP, LOOK_MS, TITLE, split

_WIDTH, _SPACING, _MARGIN = 320, 6, 12
_BITS = 8

__all__ = ["PreviewPanel"]


class PreviewPanel(object):
    """A column beside the rows; `preview`: what registry.describe asks for."""

    def __init__(self, preview):
        self._preview = preview
        self._revision, self._place, self._is_open = None, 0.5, True
        self._picture = Gtk.Image(visible=True)
        self._events = Gtk.EventBox(visible=True, tooltip_text=HELP, halign=Gtk.Align.CENTER, valign=Gtk.Align.CENTER)
        self._events.add(self._picture)
        self._events.add_events(Gdk.EventMask.BUTTON_MOTION_MASK | Gdk.EventMask.BUTTON_PRESS_MASK)
        for signal in ("button-press-event", "motion-notify-event"):
            self._events.connect(signal, self._drag)
        self._switch = Gtk.CheckButton(label=TITLE, active=preview.is_on, visible=True)
        self._switch.connect("toggled", self._toggle)
        # A sentence as wide as the picture, whatever it says.
        self._sentence = Gtk.Label(visible=True, wrap=True, xalign=0.0, width_chars=1, max_width_chars=1, hexpand=True)
        self.widget = self._packed()
        GLib.timeout_add(LOOK_MS, self._look)

    def close(self):
        """End it; the widgets end with their window."""
        self._is_open = False
        self._preview.close()

    def _packed(self):
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=_SPACING, border_width=_MARGIN, visible=True)
        frame = Gtk.Frame(visible=True, width_request=_WIDTH, height_request=_WIDTH * 3 // 4)
        frame.add(self._events)
        for widget in (frame, self._switch, self._sentence):
            box.pack_start(widget, False, False, 0)
        return box

    def _toggle(self, switch):
        self._preview.switch(switch.get_active())
        self._show(self._preview.look())

    def _drag(self, _events, event):
        view = self._preview.look()
        self._place = min(1.0, max(0.0, event.x / view.size[0]))
        self._show(view)
        return True

    def _look(self):
        if self._is_open:
            view = self._preview.look()
            if view.revision != self._revision:
                self._show(view)
        return self._is_open

    def _show(self, view):
        self._revision = view.revision
        if not self._preview.is_on:
            view = view._replace(after=None, sentence="")
        self._sentence.set_text(view.sentence)
        data, (width, height) = GLib.Bytes.new(split(view, self._place)), view.size
        colors = GdkPixbuf.Colorspace.RGB
        self._picture.set_from_pixbuf(GdkPixbuf.Pixbuf.new_from_bytes(data, colors, False, _BITS, width, height, 3 * width))
