"""A window with a long text in GIMP 3.x, and a button that copies it."""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GimpUi, Gtk  # noqa: E402  (a version is required before the import)

from .text_window import COPIED, COPY, SIZE  # noqa: E402

_COPY = 1  # positive responses are free
_MARGIN = 12

__all__ = ["show"]


def show(title, text):
    """Show the window; return when it was closed."""
    GimpUi.init("restyle")
    window = Gtk.Dialog(title=title)
    window.set_default_size(*SIZE)
    window.add_button(COPY, _COPY)
    window.add_button("_Close", Gtk.ResponseType.CLOSE)
    window.set_default_response(Gtk.ResponseType.CLOSE)
    view = Gtk.TextView(
        editable=False, monospace=True, wrap_mode=Gtk.WrapMode.WORD_CHAR, left_margin=_MARGIN, right_margin=_MARGIN
    )
    view.get_buffer().set_text(text)
    scroller = Gtk.ScrolledWindow(shadow_type=Gtk.ShadowType.IN, margin=_MARGIN, expand=True)
    scroller.add(view)
    told = Gtk.Label(xalign=0.0, margin_start=_MARGIN, margin_end=_MARGIN)
    area = window.get_content_area()
    area.pack_start(scroller, True, True, 0)
    area.pack_start(told, False, False, 0)
    area.show_all()
    while window.run() == _COPY:
        clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
        clipboard.set_text(text, -1)
        clipboard.store()
        told.set_text(COPIED)
    window.destroy()
