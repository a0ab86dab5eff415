# -*- coding: utf-8 -*-
"""gimpenums for other people's plug-ins: GIMP 2.10's enumerations."""

from __future__ import absolute_import

from gimp import _shim

for _name in _shim.enums.__all__:
    globals()[_name] = getattr(_shim.enums, _name)

__all__ = list(_shim.enums.__all__)
