# -*- coding: utf-8 -*-
"""A GIMP in memory, for tests and demonstrations: a backend of the plug-in's gimpfu shim. It is not installed into any GIMP.

Its folder's parent and the plug-in's folder belong on the path: it shares the plug-in's errors and its Python 2.7.
"""

from __future__ import absolute_import

from .gimp import MemoryGimp

__all__ = ["MemoryGimp"]
