# -*- coding: utf-8 -*-
"""What can go wrong between Python and GIMP.

RuntimeError
  BackendError   GIMP refused; its text is GIMP's own message
    Cancelled    the user cancelled, noticed inside a call of the backend
  error          a procedure failed; its text is for the user (gimpfu's name)
  CancelError    a dialog was cancelled (gimpfu's name)
"""

from __future__ import absolute_import, unicode_literals

# What GIMP says where a procedure said nothing.
_EMPTY = ("execution error", "success")

__all__ = ["BackendError", "CancelError", "Cancelled", "error", "reason", "with_name"]


class BackendError(RuntimeError):
    """GIMP refused a call."""

    def __init__(self, text):
        RuntimeError.__init__(self, text)
        self.text = text


class Cancelled(BackendError):
    """The user cancelled while a call to GIMP was under way."""

    def __init__(self, text="Cancelled"):
        BackendError.__init__(self, text)


class error(RuntimeError):  # noqa: N801  (gimpfu's name)
    """A procedure failed; the text is meant for the user."""


class CancelError(RuntimeError):
    """The user cancelled a dialog."""


def reason(name, text):
    """Return why a procedure failed: its own text, with its name where that says nothing."""
    return text if text and text not in _EMPTY else with_name(name, text or "failed")


def with_name(name, text):
    """Return what a procedure says of its failure, with its name."""
    return text if name in text else "%s: %s" % (name, text)
