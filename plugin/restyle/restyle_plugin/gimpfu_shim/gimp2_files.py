# -*- coding: utf-8 -*-
"""Choosing files in GTK 2: a button with GIMP's pictures previewed, and thumbnails."""

from __future__ import absolute_import, unicode_literals

import ctypes

from ..languages import _
from . import pf
from .gimp2_gtk import GTK, PIXBUF, UI
from .gimp2_lib import GLIB, GOBJECT
from .gimp2_names import give_name, give_names
from .opened import opened

_ACCEPT, _CANCEL = -3, -6  # GtkResponseType
_OPEN, _SELECT_FOLDER = 0, 2  # GtkFileChooserAction
_PICTURES = 4  # GUserDirectory
_PREVIEW_SIZE = 192
_MENU_ICON = 1  # GtkIconSize
_RELIEF_NONE = 2
_CHECKS = 1  # GimpPixbufTransparency: small checks
# What GIMP opens and the system may not know as a picture.
_MORE_PATTERNS = ("*.xcf", "*.xcf.gz", "*.xcf.bz2", "*.xcf.xz", "*.psd", "*.webp", "*.heic", "*.avif", "*.jxl", "*.exr", "*.ora")

__all__ = ["FileField", "any_thumbnail", "ask_for_file", "file_thumbnail", "layer_thumbnail", "show_picture"]


class FileField(object):
    """A file (or folder) chooser button and one to choose nothing again; the value is a path or None."""

    has_label = False
    fills = True

    def __init__(self, param, callbacks):
        self._path = None
        self._listeners = []
        is_folder = param.type == pf.PF_DIRNAME
        chooser = _chooser(param.label, _SELECT_FOLDER if is_folder else _OPEN)
        self._button = GTK.gtk_file_chooser_button_new_with_dialog(chooser)
        folder = GLIB.g_get_user_special_dir(_PICTURES)
        if folder:  # else it would begin with the recently used files, an empty list at first
            GTK.gtk_file_chooser_set_current_folder(self._button, folder)
        clear = _icon_button("gtk-clear", _("Choose none"))
        self.focus = self._button
        give_names(self._button, param.label)
        self.widget = GTK.gtk_hbox_new(False, 2)
        GTK.gtk_box_pack_start(self.widget, self._button, True, True, 0)
        GTK.gtk_box_pack_start(self.widget, clear, False, False, 0)
        callbacks.connect(self._button, "file-set", self._read)
        callbacks.connect(clear, "clicked", lambda: self.set(None))
        if not is_folder:
            _offer_pictures(chooser, callbacks)

    def get(self):
        """Return the path that was chosen, None for none."""
        return self._path

    def set(self, value):
        """Choose a path, None for none; those who listen are told."""
        self._path = value or None
        if self._path:
            GTK.gtk_file_chooser_set_filename(self._button, self._path)
        else:
            GTK.gtk_file_chooser_unselect_all(self._button)
        self._tell()

    def when_changed(self, function):
        """Call `function` after each choice."""
        self._listeners.append(function)

    def _read(self):
        # GTK answers for a file that was set only after reading its folder: so the path is kept here.
        self._path = GTK.gtk_file_chooser_get_filename(self._button)
        self._tell()

    def _tell(self):
        for listener in self._listeners:
            listener()


def ask_for_file(title, window):
    """Let the person choose a file of any kind; return its path, None for none."""
    chooser = _chooser(title, _OPEN)
    GTK.gtk_window_set_transient_for(chooser, window)
    path = GTK.gtk_file_chooser_get_filename(chooser) if GTK.gtk_dialog_run(chooser) == _ACCEPT else None
    GTK.gtk_widget_destroy(chooser)
    return path


def file_thumbnail(path, width, height):
    """Return a new GdkPixbuf of a picture file, at most width x height, or None where gdk-pixbuf cannot read it."""
    return PIXBUF.gdk_pixbuf_new_from_file_at_size(path, width, height, None)


def any_thumbnail(path, width, height):
    """As file_thumbnail, but GIMP opens what gdk-pixbuf does not know, which may take a moment."""
    picture = file_thumbnail(path, width, height)
    if picture:
        return picture
    with opened(path) as layer:
        return layer_thumbnail(layer, width, height) if layer else None


def layer_thumbnail(drawable, width, height):
    """Return a new GdkPixbuf of a layer, at most width x height, or None."""
    return UI.gimp_drawable_get_thumbnail(drawable, width, height, _CHECKS)


def show_picture(image, pixbuf):
    """Show a GdkPixbuf in a GtkImage, which then owns it."""
    GTK.gtk_image_set_from_pixbuf(image, pixbuf)
    GOBJECT.g_object_unref(pixbuf)


def _chooser(title, action):
    # A dialog of our own, for that of GTK's button does not tell when a preview is wanted.
    chooser = GTK.gtk_file_chooser_dialog_new(title, None, action, None)
    GTK.gtk_dialog_add_button(chooser, "gtk-cancel", _CANCEL)
    GTK.gtk_dialog_add_button(chooser, "gtk-open", _ACCEPT)
    order = (ctypes.c_int * 2)(_ACCEPT, _CANCEL)
    GTK.gtk_dialog_set_alternative_button_order_from_array(chooser, len(order), order)
    GTK.gtk_dialog_set_default_response(chooser, _ACCEPT)
    return chooser


def _offer_pictures(chooser, callbacks):
    pictures, everything = GTK.gtk_file_filter_new(), GTK.gtk_file_filter_new()
    GTK.gtk_file_filter_set_name(pictures, _("Pictures"))
    GTK.gtk_file_filter_add_mime_type(pictures, "image/*")
    for pattern in _MORE_PATTERNS:
        GTK.gtk_file_filter_add_pattern(pictures, pattern)
    GTK.gtk_file_filter_set_name(everything, _("All files"))
    GTK.gtk_file_filter_add_pattern(everything, "*")
    GTK.gtk_file_chooser_add_filter(chooser, pictures)
    GTK.gtk_file_chooser_add_filter(chooser, everything)
    preview = GTK.gtk_image_new()
    GTK.gtk_widget_show_all(preview)
    GTK.gtk_file_chooser_set_preview_widget(chooser, preview)
    callbacks.connect(chooser, "update-preview", lambda: _preview(chooser, preview))


def _preview(chooser, image):
    path = GTK.gtk_file_chooser_get_preview_filename(chooser)
    pixbuf = file_thumbnail(path, _PREVIEW_SIZE, _PREVIEW_SIZE) if path else None
    if pixbuf:
        show_picture(image, pixbuf)
    GTK.gtk_file_chooser_set_preview_widget_active(chooser, bool(pixbuf))


def _icon_button(icon, tooltip):
    button = GTK.gtk_button_new()
    GTK.gtk_button_set_relief(button, _RELIEF_NONE)
    GTK.gtk_container_add(button, GTK.gtk_image_new_from_icon_name(icon, _MENU_ICON))
    GTK.gtk_widget_set_tooltip_text(button, tooltip)
    give_name(button, tooltip)
    return button
