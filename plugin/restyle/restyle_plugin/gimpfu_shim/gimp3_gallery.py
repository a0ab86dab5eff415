"""A row of a GIMP 3.x dialog that shows all its choices as pictures; a click chooses."""

from gi.repository import Gdk, GdkPixbuf, GLib, Gtk, Pango

from .caption import caption
from .gimp3_chooser import scaled_picture
from .gimp3_collection import CollectionBar
from .gimp3_names import give_name
from .gimp3_scrolled import scrolled

_THUMBNAIL, _COLUMNS, _SPACING = 64, 6, 2
_ROWS = 2  # more of them scroll
_NAME_CHARS, _NAME_SCALE = 12, 0.85
_LOOK_MS = 150
_ENTER = (Gdk.KEY_Return, Gdk.KEY_KP_Enter, Gdk.KEY_ISO_Enter)
_BITS = 8
_NO_PICTURE = "gimp-image"  # comes with GIMP, whatever icons the system has

__all__ = ["Gallery"]


class Gallery(object):
    """`box`: the row; `preview`: what registry.describe asks for, None for none; `when_gone`: told of a word that is deleted."""

    def __init__(self, config, param, label, preview, when_gone, letters):
        self._when_gone = when_gone
        self._config, self._param, self._images, self._buttons, self._names = config, param, {}, {}, {}
        self._made, self._is_telling = None, False
        self._grid = Gtk.Grid(row_spacing=_SPACING, column_spacing=_SPACING, visible=True)
        for place, (title, word) in enumerate(param.extra):
            self._grid.attach(self._button(title, word), place % _COLUMNS, place // _COLUMNS, 1, 1)
        scroller = scrolled(self._grid)
        # The names are as high as their script is.
        scroller.connect("map", lambda *_: scroller.set_min_content_height(self._height()))
        self.box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=3 * _SPACING, visible=True)
        self.box.pack_start(label, False, False, 0)
        self.box.pack_start(scroller, False, False, 0)
        self._bar = self._collection(letters)
        # Its letter leads to what is chosen; a button would take it for a click.
        label.set_mnemonic_widget(scroller)
        scroller.connect("mnemonic-activate", self._go_to_choice)
        self._show_choice()
        config.connect("notify::" + param.name, lambda *_: self._show_choice())
        self._made = preview and preview.gallery(param.name, [word for _, word in param.extra])
        if self._made:
            timer = GLib.timeout_add(_LOOK_MS, self._look)
            self.box.connect("destroy", lambda *_: GLib.source_remove(timer))

    def _height(self):
        """Return the pixels of the first rows."""
        rows = min(_ROWS, (len(self._param.extra) - 1) // _COLUMNS + 1)
        highest = max(button.get_preferred_height()[1] for button in self._buttons.values())
        return rows * highest + (rows - 1) * _SPACING

    def _go_to_choice(self, *_signal):
        self._buttons[self._config.get_property(self._param.name)].grab_focus()
        return True

    def _confirm(self, button, event):
        """Let Enter on a picture confirm the dialog: the arrows have chosen it already."""
        return event.keyval in _ENTER and button.get_toplevel().activate_default()

    def _collection(self, letters):
        """Return the row for what is done with a style, below the pictures; None where nobody keeps them."""
        if not self._param.collection:
            return None
        titles = {word: title for title, word in self._param.extra}
        bar = CollectionBar(self._param.collection, titles, self._rename, self._remove, letters)
        self.box.pack_start(bar.widget, False, False, 0)
        return bar

    def _rename(self, word, title):
        self._names[word].set_text(caption(title, _NAME_CHARS))
        self._buttons[word].set_tooltip_text(title)
        give_name(self._buttons[word], title)

    def _remove(self, word):
        self._config.set_property(self._param.name, self._param.default)
        self._buttons.pop(word).hide()
        for function in self._when_gone:
            function(word)

    def _button(self, title, word):
        button = Gtk.RadioButton(draw_indicator=False, visible=True, tooltip_text=title, relief=Gtk.ReliefStyle.NONE)
        if self._buttons:
            button.join_group(next(iter(self._buttons.values())))
        column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, visible=True)
        self._images[word] = _picture(self._param.pictures.get(word))
        name = _name(title)
        self._names[word] = name
        column.pack_start(self._images[word], False, False, 0)
        column.pack_start(name, False, False, 0)
        button.add(column)
        give_name(button, title)
        button.connect("toggled", self._choose, word)
        button.connect("key-press-event", self._confirm)
        self._buttons[word] = button
        return button

    def _choose(self, button, word):
        if button.get_active() and not self._is_telling:
            self._config.set_property(self._param.name, word)

    def _show_choice(self):
        """Show the config's word; for that of a model that is gone, choose the one that is always there."""
        word = self._config.get_property(self._param.name)
        if word not in self._buttons:
            self._config.set_property(self._param.name, self._param.default)
            return
        self._is_telling = True
        self._buttons[word].set_active(True)
        self._is_telling = False
        if self._bar:
            self._bar.choose(word)

    def _look(self):
        made = self._made.take()
        if made:
            word, (width, height), data = made
            colors, shown = GdkPixbuf.Colorspace.RGB, GLib.Bytes.new(data)
            picture = GdkPixbuf.Pixbuf.new_from_bytes(shown, colors, False, _BITS, width, height, 3 * width)
            self._images[word].set_from_pixbuf(picture.scale_simple(_THUMBNAIL, _THUMBNAIL, GdkPixbuf.InterpType.BILINEAR))
        return True


def _name(title):
    label = Gtk.Label(label=caption(title, _NAME_CHARS), justify=Gtk.Justification.CENTER, visible=True)
    label.set_width_chars(round(_NAME_CHARS * _NAME_SCALE))  # of the larger letters that it would have else
    smaller = Pango.AttrList()
    smaller.insert(Pango.attr_scale_new(_NAME_SCALE))
    label.set_attributes(smaller)
    return label


def _picture(path):
    image = Gtk.Image(visible=True)
    image.set_size_request(_THUMBNAIL, _THUMBNAIL)
    try:
        image.set_from_pixbuf(scaled_picture(path, _THUMBNAIL, _THUMBNAIL)) if path else image.set_from_icon_name(
            _NO_PICTURE, Gtk.IconSize.DIALOG
        )
    except GLib.Error:
        image.set_from_icon_name(_NO_PICTURE, Gtk.IconSize.DIALOG)
    return image
