"""A row of a GIMP 3.x dialog that asks for one of many words, not all of them known when GIMP asked what there is."""

from gi.repository import GLib, Gtk

from .gimp3_chooser import scaled_picture

_THUMBNAIL = 64  # pixels
_SPACING = 6
_ID = 1  # the column of a GtkComboBoxText's model

__all__ = ["open_choice"]


def open_choice(config, param, label, when_gone):
    """Return a box with a label, a combo box over the config's property, and the chosen word's picture if it has one.

    when_gone: a list of functions of a word whose model is deleted meanwhile; it gets one more.
    """
    box = Gtk.Box(spacing=_SPACING, visible=True)
    box.pack_start(label, False, False, 0)
    combo = Gtk.ComboBoxText(visible=True, valign=Gtk.Align.CENTER, tooltip_text=param.help)
    for title, word in param.extra:
        combo.append(word, title)
    _choose(combo, config, param)
    when_gone.append(lambda word: _forget(combo, config, param, word))
    label.set_mnemonic_widget(combo)
    box.pack_start(combo, True, True, 0)
    if param.pictures:
        thumbnail = Gtk.Image()
        thumbnail.set_size_request(_THUMBNAIL, _THUMBNAIL)
        box.pack_start(thumbnail, False, False, 0)
        _show(thumbnail, param.pictures.get(combo.get_active_id()))
        combo.connect("changed", lambda chosen: _show(thumbnail, param.pictures.get(chosen.get_active_id())))
    combo.connect("changed", lambda chosen: config.set_property(param.name, chosen.get_active_id()))
    # Reset and Load Settings change the config.
    config.connect("notify::" + param.name, lambda *_: _choose(combo, config, param))
    return box


def _choose(combo, config, param):
    """Show the config's word; for that of a model that is gone, choose the one that is always there."""
    if not combo.set_active_id(config.get_property(param.name)):
        config.set_property(param.name, param.default)
        combo.set_active_id(param.default)


def _forget(combo, config, param, word):
    """Offer a word no longer."""
    if config.get_property(param.name) == word:
        config.set_property(param.name, param.default)
    words = [row[_ID] for row in combo.get_model()]
    if word in words:
        combo.remove(words.index(word))


def _show(thumbnail, path):
    try:
        picture = scaled_picture(path, _THUMBNAIL, _THUMBNAIL) if path else None
    except GLib.Error:
        picture = None
    # For "None" it takes no room.
    thumbnail.set_visible(picture is not None)
    thumbnail.set_from_pixbuf(picture)
