"""Pictures that a GIMP 3.x dialog offers to choose from, small and side by side."""

from gi.repository import GLib, Gtk

from .gimp3_chooser import any_picture

_THUMBNAIL = 72
_COLUMNS = 6
_HEIGHT = 124  # of two rows; more of them scroll

__all__ = ["shelf"]


def shelf(offers, choose):
    """Return a widget of ((title, path), …); a click calls choose(path). Their pictures come one by one once it is shown."""
    grid, waiting = Gtk.Grid(visible=True), []
    for place, (title, path) in enumerate(offers):
        image = Gtk.Image(visible=True)
        image.set_size_request(_THUMBNAIL, _THUMBNAIL)
        waiting.append((image, path))
        grid.attach(_button(title, path, image, choose), place % _COLUMNS, place // _COLUMNS, 1, 1)
    scroller = Gtk.ScrolledWindow(
        hscrollbar_policy=Gtk.PolicyType.NEVER, min_content_height=_HEIGHT, overlay_scrolling=False, visible=True
    )
    scroller.add(grid)
    scroller.connect("destroy", lambda _: waiting.clear())
    GLib.idle_add(_show_next, waiting)
    return scroller


def _show_next(waiting):
    """Show one picture: a photo of a camera takes a tenth of a second. Return whether there are more."""
    if waiting:
        _show(*waiting.pop(0))
    return bool(waiting)


def _show(image, path):
    try:
        image.set_from_pixbuf(any_picture(path, _THUMBNAIL))
    except GLib.Error:
        image.set_from_icon_name("image-missing", Gtk.IconSize.DIALOG)


def _button(title, path, image, choose):
    button = Gtk.Button(visible=True, tooltip_text=title, relief=Gtk.ReliefStyle.NONE)
    button.add(image)
    button.get_accessible().set_name(title)
    button.connect("clicked", lambda _: choose(path))
    return button
