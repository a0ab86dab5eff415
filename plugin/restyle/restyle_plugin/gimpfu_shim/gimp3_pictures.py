"""A row of a GIMP 3.x dialog that asks for a picture: a thumbnail, a file or a layer of any open image, a weight."""

from gi.repository import Gio, GLib, Gtk

from .gimp3_chooser import any_picture, dress_choosers
from .gimp3_lib import Gimp
from .gimp3_shelf import shelf

_THUMBNAIL = 96  # pixels: three rows of widgets are about as high
_SPACING = 6
_GAP = 12
_NOTHING_CHOSEN = "gimp-image"
_UNREADABLE = "image-missing"

__all__ = ["PictureRow"]


class PictureRow(object):
    """Thumbnail and widgets; choosing a file lets go of the layer, and the other way round.

    Where there is something to offer, the first of it is chosen until somebody chooses.
    """

    def __init__(self, config, params, widgets, is_needed):
        self.stem, self.is_needed, self.spared_by = params[0].name[: -len("-file")], is_needed, params[0].spared_by
        self._config = config
        self._file, self._layer = params[0].name, params[1].name
        self._weight = widgets[2]
        self._thumbnail = Gtk.Image(visible=True)
        self._thumbnail.set_size_request(_THUMBNAIL, _THUMBNAIL)
        self.box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=_SPACING, visible=True)
        row = Gtk.Box(spacing=_GAP, visible=True)
        frame = Gtk.Frame(visible=True, valign=Gtk.Align.START)
        frame.add(self._thumbnail)
        row.pack_start(frame, False, False, 0)
        column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=_SPACING, visible=True, valign=Gtk.Align.CENTER)
        for widget in filter(None, widgets):
            dress_choosers(widget)
            column.pack_start(widget, False, False, 0)
        row.pack_start(column, True, True, 0)
        offers = params[0].offers() if params[0].offers else ()
        if offers:
            offered = shelf(offers, self._choose)
            self.box.pack_start(offered, False, False, 0)
            # By keyboard, two dozen pictures come after the few fields.
            self.box.set_focus_chain([row, offered])
        self.box.pack_start(row, False, False, 0)
        config.connect("notify::" + self._file, self._prefer, self._file, self._layer)
        config.connect("notify::" + self._layer, self._prefer, self._layer, self._file)
        self._let_go_of_what_is_gone()
        if offers and not self.is_chosen():
            self._choose(offers[0][1])
        self._show_thumbnail()

    def is_chosen(self):
        """Whether a file or a layer is chosen."""
        return bool(self._config.get_property(self._file) or self._config.get_property(self._layer))

    def when_changed(self, function):
        """Call `function` after another picture was chosen."""
        for name in (self._file, self._layer):
            self._config.connect_after("notify::" + name, lambda *_: function())

    def set_weight_matters(self, matters):
        """Let the weight be changed, or show it greyed out."""
        if self._weight:
            self._weight.set_sensitive(matters)

    def _let_go_of_what_is_gone(self):
        """GIMP remembers the file of the last time, which may have been deleted since."""
        file = self._config.get_property(self._file)
        if file and not file.query_exists(None):
            self._config.set_property(self._file, None)

    def _choose(self, path):
        self._config.set_property(self._file, Gio.File.new_for_path(path))

    def _prefer(self, config, _spec, chosen, other):
        if config.get_property(chosen) and config.get_property(other):
            config.set_property(other, None)
        self._show_thumbnail()

    def _show_thumbnail(self):
        try:
            picture = self._picture()
        except GLib.Error:
            self._thumbnail.set_from_icon_name(_UNREADABLE, Gtk.IconSize.DIALOG)
            return
        if picture is None:
            self._thumbnail.set_from_icon_name(_NOTHING_CHOSEN, Gtk.IconSize.DIALOG)
        else:
            self._thumbnail.set_from_pixbuf(picture)

    def _picture(self):
        file, layer = self._config.get_property(self._file), self._config.get_property(self._layer)
        if file and file.get_path():
            return any_picture(file.get_path(), _THUMBNAIL, _THUMBNAIL)
        if layer:
            return layer.get_thumbnail(_THUMBNAIL, _THUMBNAIL, Gimp.PixbufTransparency.KEEP_ALPHA)
        return None
