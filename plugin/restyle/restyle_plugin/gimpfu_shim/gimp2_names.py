# -*- coding: utf-8 -*-
"""What a screen reader says of the widgets of GTK 2, their labels' letters, and those of GTK's and GIMP's own buttons."""

from __future__ import absolute_import, unicode_literals

import ctypes

from ..compat import to_text
from .gimp2_gtk import ATK, GTK

_VISIT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)

__all__ = ["give_name", "give_names", "letter_of_stock", "show_on_button", "show_on_label"]


class _StockItem(ctypes.Structure):
    """GtkStockItem: what a button of GTK's says."""

    _fields_ = [
        (str("stock_id"), ctypes.c_char_p),
        (str("label"), ctypes.c_char_p),
        (str("modifier"), ctypes.c_int),
        (str("keyval"), ctypes.c_uint),
        (str("translation_domain"), ctypes.c_char_p),
    ]


def show_on_label(label):
    """Return a function that lets a label say a text with its letter marked."""
    return lambda text: GTK.gtk_label_set_text_with_mnemonic(label, text)


def show_on_button(button):
    """Return a function that lets a button say a text with its letter marked."""
    GTK.gtk_button_set_use_underline(button, True)
    return lambda text: GTK.gtk_button_set_label(button, text)


def give_name(widget, name):
    """Let a screen reader call a widget so."""
    ATK.atk_object_set_name(GTK.gtk_widget_get_accessible(widget), name)


def give_names(widget, name):
    """Let a screen reader call a widget and what it is made of so: a combo box gives the focus to a button of its own."""
    give_name(widget, name)
    visit = _VISIT(lambda part, _data: give_name(part, name))
    GTK.gtk_container_forall(widget, ctypes.cast(visit, ctypes.c_void_p), None)


def letter_of_stock(name):
    """Return the letter, in lower case, of one of GTK's and GIMP's own buttons ("gtk-ok"), "" for none."""
    item = _StockItem()
    label = to_text(item.label) if GTK.gtk_stock_lookup(name, ctypes.byref(item)) and item.label else ""
    return label.partition("_")[2][:1].lower()
