"""Talking to the person in GIMP 3.x: progress, messages, fresh displays."""

from .gimp3_lib import Gimp

__all__ = ["displays_flush", "message", "progress_end", "progress_init", "progress_pulse", "progress_text", "progress_update"]


def progress_init(text):
    """Show the progress bar with a text. Its Cancel button ends this process without notice."""
    Gimp.progress_init(text)


def progress_text(text):
    """Change the progress bar's text."""
    Gimp.progress_set_text(text)


def progress_update(fraction):
    """Fill the progress bar: 0 to 1."""
    Gimp.progress_update(fraction)


def progress_pulse():
    """Show that something goes on, how far is not known."""
    Gimp.progress_pulse()


def progress_end():
    """Take the progress bar away."""
    Gimp.progress_end()


def displays_flush():
    """Redraw what changed."""
    Gimp.displays_flush()


def message(text):
    """Show a sentence: in a window, or on stderr where there is none."""
    Gimp.message(text)
