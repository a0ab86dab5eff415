"""Pictures that a GIMP 3.x dialog offers to choose from, small and side by side."""

from gi.repository import GLib, Gtk

from .gimp3_chooser import any_picture
from .gimp3_names import give_name
from .gimp3_scrolled import scrolled

_WIDTH, _HEIGHT = 72, 54  # of a thumbnail
_COLUMNS = 6
_ROWS = 2  # more of them scroll

__all__ = ["shelf"]


def shelf(offers, choose):
    """Return a widget of ((title, path), …); a click calls choose(path). Their pictures come one by one once it is shown."""
    grid, waiting = Gtk.Grid(visible=True), []
    for place, (title, path) in enumerate(offers):
        image = Gtk.Image(visible=True)
        image.set_size_request(_WIDTH, _HEIGHT)
        waiting.append((image, path))
        grid.attach(_button(title, path, image, choose), place % _COLUMNS, place // _COLUMNS, 1, 1)
    scroller = scrolled(grid)
    row = grid.get_child_at(0, 0).get_preferred_height()[1]
    scroller.set_min_content_height(row * min(_ROWS, (len(offers) - 1) // _COLUMNS + 1))
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
        image.set_from_pixbuf(any_picture(path, _WIDTH, _HEIGHT))
    except GLib.Error:
        image.set_from_icon_name("image-missing", Gtk.IconSize.DIALOG)


def _button(title, path, image, choose):
    button = Gtk.Button(visible=True, tooltip_text=title, relief=Gtk.ReliefStyle.NONE)
    button.add(image)
    give_name(button, title)
    button.connect("clicked", lambda _: choose(path))
    return button
