# -*- coding: utf-8 -*-
"""Which GIMP the shim talks to. A plug-in's process serves one GIMP, so there is one current backend."""

from __future__ import absolute_import, unicode_literals

from .errors import BackendError

_current = []

__all__ = ["call", "current", "use"]


def use(backend):
    """Make `backend` (a module or object with the backend functions) the current one; None for none."""
    _current[:] = [] if backend is None else [backend]


def call(name, *arguments):
    """Run a procedure of the current backend's GIMP; return its results as a list. BackendError where it fails."""
    return current().call(name, list(arguments))


def current():
    """Return the current backend; BackendError if none was chosen."""
    if not _current:
        raise BackendError("There is no GIMP here: gimpfu_shim.main() was not called by one.")
    return _current[0]
