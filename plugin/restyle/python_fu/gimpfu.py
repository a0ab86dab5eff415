# -*- coding: utf-8 -*-
"""gimpfu for other people's plug-ins: `from gimpfu import *` as in GIMP 2.10, in every GIMP that has Restyle.

GIMP puts this folder on the path of every plug-in that it starts (environ/ in its profile).
"""

from __future__ import absolute_import

import math

import gimp
import gimpcolor
import gimpenums as _gimpenums
from gimp import _shim
from gimpenums import *

for _name in _shim.__all__:
    globals()[_name] = getattr(_shim, _name)

__all__ = sorted(  # noqa: PLE0605
    set(_shim.__all__) - {"_", "describe"} | set(_gimpenums.__all__) | {"gimp", "gimpcolor", "math"}
)
