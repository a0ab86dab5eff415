# -*- coding: utf-8 -*-
"""gimp for other people's plug-ins: importing it gives the shim's object, whose functions and classes are the module's."""

from __future__ import absolute_import

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
# Only while it is imported: the names in that folder are none of another plug-in's business.
sys.path.insert(0, os.path.dirname(_HERE))
try:
    from restyle_plugin import gimpfu_shim
    from restyle_plugin.gimpfu_shim import color, color_models, enums
finally:
    sys.path.remove(os.path.dirname(_HERE))

gimpfu_shim.gimp._shim = gimpfu_shim
gimpfu_shim.gimp.__name__ = "gimp"
sys.modules[__name__] = gimpfu_shim.gimp
