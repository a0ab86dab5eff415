# -*- coding: utf-8 -*-
"""gimpfu for other people's plug-ins: `from gimpfu import *` as in GIMP 2.10, in every GIMP that has Restyle.

GIMP puts this folder on the path of every plug-in that it starts (environ/ in its profile).
"""

from __future__ import absolute_import

import functools
import gettext as _gettext
import math
import sys

import gimp
import gimpcolor
import gimpenums as _gimpenums
from gimp import _shim
from gimpenums import *

for _name in _shim.__all__:
    globals()[_name] = getattr(_shim, _name)


class _Translations(object):
    """The module gettext as scripts know it, whose `install` took `unicode`."""

    def __getattr__(self, name):
        return getattr(_gettext, name)

    @staticmethod
    def install(domain, localedir=None, unicode=False, codeset=None, names=None):
        """Make `_` a builtin that translates by a domain."""
        _gettext.install(domain, localedir, names=names)


gettext = _Translations()
# Built into the Python that such scripts were written for; print without brackets stays an error, which comes before all this.
_OLD = {"basestring": str, "long": int, "reduce": functools.reduce, "unichr": chr, "unicode": str, "xrange": range}
if sys.version_info[0] > 2:
    globals().update(_OLD)
else:
    _OLD = {}

__all__ = sorted(  # noqa: PLE0605
    set(_shim.__all__) - {"_", "describe"} | set(_gimpenums.__all__) | {"gettext", "gimp", "gimpcolor", "math"} | set(_OLD)
)
