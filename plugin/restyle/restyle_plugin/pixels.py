# -*- coding: utf-8 -*-
"""Everything beyond gimpfu, by ids: the backend's functions, also where the real gimpfu runs the plug-in."""

from __future__ import absolute_import, unicode_literals

from .gimpfu_shim import backend
from .gimpfu_shim.errors import BackendError

__all__ = ["gimp"]


def gimp():
    """Return the object with the backend functions of the GIMP that this process serves."""
    try:
        return backend.current()
    except BackendError:
        # The real gimpfu runs: its process has libgimp-2.0 loaded and connected, which gimp2's functions share.
        from .gimpfu_shim import gimp2

        backend.use(gimp2)
        return gimp2
