# -*- coding: utf-8 -*-
"""Talking to the person in GIMP 2.10: progress, messages, fresh displays."""

from __future__ import absolute_import, unicode_literals

from .gimp2_lib import GIMP

__all__ = ["displays_flush", "message", "progress_end", "progress_init", "progress_pulse", "progress_text", "progress_update"]


def progress_init(text):
    """Show the progress bar with a text. Its Cancel button ends this process without notice."""
    GIMP.gimp_progress_init(text)


def progress_text(text):
    """Change the progress bar's text."""
    GIMP.gimp_progress_set_text(text)


def progress_update(fraction):
    """Fill the progress bar: 0 to 1."""
    GIMP.gimp_progress_update(fraction)


def progress_pulse():
    """Show that something goes on, how far is not known."""
    GIMP.gimp_progress_pulse()


def progress_end():
    """Take the progress bar away."""
    GIMP.gimp_progress_end()


def displays_flush():
    """Redraw what changed."""
    GIMP.gimp_displays_flush()


def message(text):
    """Show a sentence: in a window, or on stderr where there is none."""
    GIMP.gimp_message(text)
