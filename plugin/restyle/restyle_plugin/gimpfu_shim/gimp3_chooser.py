"""The file button of a GIMP 3.x dialog, dressed for choosing pictures: a filter, a preview, the Pictures folder."""

from gi.repository import GdkPixbuf, GLib, Gtk

from ..languages import _
from .gimp3_lib import Gimp
from .opened import opened

_BUTTON_WIDTH = 260  # pixels: room for a file's name
_PREVIEW = 256  # pixels
# What GIMP opens beyond the formats of gdk-pixbuf, by the endings painters are likely to have.
_GIMP_ENDINGS = ("xcf", "psd", "ora", "exr", "webp", "heic", "avif", "jxl")

__all__ = ["any_picture", "dress_choosers", "scaled_picture"]


def dress_choosers(widget):
    """Dress every file button inside one of GIMP's widgets."""
    if isinstance(widget, Gtk.FileChooserButton):
        _dress(widget)
    elif isinstance(widget, Gtk.Container):
        widget.forall(dress_choosers)


def scaled_picture(path, width, height):
    """Return a pixbuf of a picture file that fits width x height; GLib.Error where gdk-pixbuf cannot read it."""
    picture = GdkPixbuf.Pixbuf.new_from_file_at_scale(path, width, height, True)
    return picture.apply_embedded_orientation() or picture


def any_picture(path, width, height):
    """As scaled_picture, but GIMP opens what gdk-pixbuf does not know, which may take a moment."""
    try:
        return scaled_picture(path, width, height)
    except GLib.Error:
        with opened(path) as layer:
            if not layer:
                raise
            return Gimp.Drawable.get_by_id(layer).get_thumbnail(width, height, Gimp.PixbufTransparency.SMALL_CHECKS)


def _dress(button):
    button.set_size_request(_BUTTON_WIDTH, -1)
    pictures = Gtk.FileFilter()
    pictures.set_name(_("Pictures"))
    pictures.add_pixbuf_formats()
    for ending in _GIMP_ENDINGS:
        pictures.add_pattern("*." + ending)
        pictures.add_pattern("*." + ending.upper())
    everything = Gtk.FileFilter()
    everything.set_name(_("All files"))
    everything.add_pattern("*")
    button.add_filter(pictures)
    button.add_filter(everything)
    preview = Gtk.Image()
    preview.set_size_request(_PREVIEW, _PREVIEW)
    button.set_preview_widget(preview)
    button.connect("update-preview", _preview, preview)
    folder = GLib.get_user_special_dir(GLib.UserDirectory.DIRECTORY_PICTURES)
    if folder and not button.get_filename():
        button.set_current_folder(folder)


def _preview(button, preview):
    path = button.get_preview_filename()
    try:
        picture = scaled_picture(path, _PREVIEW, _PREVIEW) if path else None
    except GLib.Error:  # a folder, or a format that only GIMP knows
        picture = None
    preview.set_from_pixbuf(picture)
    button.set_preview_widget_active(picture is not None)
