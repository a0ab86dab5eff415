# -*- coding: utf-8 -*-
"""GIMP 2.10 without Python-Fu: the backend functions, by ctypes on libgimp-2.0 (Python 2.7 and 3).

What a backend is stands in backend.pyi. Every function but the dialog and the plug-in's life works in the real gimpfu's process,
too.
"""

from __future__ import absolute_import, unicode_literals

from .gimp2_dialog import *
from .gimp2_images import *
from .gimp2_items import *
from .gimp2_pixels import *
from .gimp2_procedures import *
from .gimp2_talk import *
from .gimp2_text import *

KEEPS_LAST_VALUES = False  # the shared code keeps them, with set_data
