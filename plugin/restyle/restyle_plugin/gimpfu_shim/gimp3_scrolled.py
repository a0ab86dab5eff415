"""A window of GTK 3 onto what may be higher than there is room for."""

from gi.repository import Gtk

__all__ = ["scrolled"]


def scrolled(content):
    """Return a window that shows as much of the content as there is room for. Tab goes to what is in it, not to itself."""
    scroller = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER, overlay_scrolling=False, can_focus=False, visible=True)
    scroller.add(content)
    return scroller
