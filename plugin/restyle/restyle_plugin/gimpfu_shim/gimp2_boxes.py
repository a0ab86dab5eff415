# -*- coding: utf-8 -*-
"""The plain pieces of a dialog of GTK 2: labels, what scrolls, and how high a piece wants to be."""

from __future__ import absolute_import, unicode_literals

import ctypes

from .gimp2_gtk import GTK, Requisition

_BORDER, _SPACING = 12, 6
_SHADOW_NONE = 0
_POLICY_AUTOMATIC, _POLICY_NEVER = 1, 2

__all__ = ["beside", "height_of", "hint_line", "left_label", "scrolled"]


def left_label(text):
    """Return a label that begins at the left of its room."""
    label = GTK.gtk_label_new(text)
    GTK.gtk_misc_set_alignment(label, 0.0, 0.5)
    return label


def beside(widget, text):
    """Return a widget with a text at its right."""
    box = GTK.gtk_hbox_new(False, _SPACING)
    for each in [widget] + ([left_label(text)] if text else []):
        GTK.gtk_box_pack_start(box, each, False, False, 0)
    return box


def hint_line():
    """Return the line above OK; empty it keeps its room, so that nothing moves when it speaks."""
    label = left_label("")
    GTK.gtk_misc_set_alignment(label, 1.0, 0.5)
    GTK.gtk_misc_set_padding(label, _BORDER, 0)
    return label


def scrolled(content):
    """Return a window that shows as much of the content as there is room for. Tab goes to what is in it, not to itself."""
    scroller = GTK.gtk_scrolled_window_new(None, None)
    GTK.gtk_widget_set_can_focus(scroller, False)
    GTK.gtk_scrolled_window_set_policy(scroller, _POLICY_NEVER, _POLICY_AUTOMATIC)
    GTK.gtk_scrolled_window_add_with_viewport(scroller, content)
    GTK.gtk_viewport_set_shadow_type(GTK.gtk_bin_get_child(scroller), _SHADOW_NONE)
    # What the keyboard comes to is scrolled into sight.
    GTK.gtk_container_set_focus_vadjustment(content, GTK.gtk_scrolled_window_get_vadjustment(scroller))
    return scroller


def height_of(widget):
    """Return the pixels that a widget asks for."""
    wanted = Requisition()
    GTK.gtk_widget_size_request(widget, ctypes.byref(wanted))
    return wanted.height
