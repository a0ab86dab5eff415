# -*- coding: utf-8 -*-
"""gimpcolor for other people's plug-ins."""

from __future__ import absolute_import

from gimp import _shim

RGB = _shim.color.RGB
RGB_COMPOSITE_NONE, RGB_COMPOSITE_NORMAL, RGB_COMPOSITE_BEHIND = range(3)
for _name in _shim.color_models.__all__:
    globals()[_name] = getattr(_shim.color_models, _name)

__all__ = ["RGB", "RGB_COMPOSITE_BEHIND", "RGB_COMPOSITE_NONE", "RGB_COMPOSITE_NORMAL"]
__all__ += _shim.color_models.__all__
