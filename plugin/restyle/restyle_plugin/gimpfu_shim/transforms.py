# -*- coding: utf-8 -*-
"""gimp.Drawable's transform_* methods: calls of gimp-drawable-transform-*."""

from __future__ import absolute_import, unicode_literals

from .backend import call
from .items import Drawable, item

_RECURSION, _CLIP = 3, 0  # pygimp's defaults
# method → how many numbers it takes of its own.
_SHAPES = {"flip": 4, "perspective": 8, "rotate": 4, "scale": 4, "shear": 2, "2d": 7, "matrix": 9}

__all__ = []


def _transformed(name, drawable, arguments):
    made = call("gimp-drawable-transform-" + name, drawable.ID, *arguments)
    return item(made[0])


def _whole(name, count):
    def method(self, *arguments):
        own, settings = list(arguments[:count]), list(arguments[count:])
        # transform_direction, interpolation, then supersample, recursion_level, clip_result
        settings += [False, _RECURSION, _CLIP][len(settings) - 2 :]
        return _transformed(name, self, own + [int(value) for value in settings])

    method.__doc__ = "Return the drawable after gimp-drawable-transform-%s." % name
    return method


def _default(name, count):
    def method(self, *arguments):
        own, settings = list(arguments[:count]), list(arguments[count:])
        settings += [True, _CLIP][len(settings) :]
        return _transformed(name + "-default", self, own + [int(value) for value in settings])

    method.__doc__ = "Return the drawable after gimp-drawable-transform-%s-default." % name
    return method


def _flip_simple(self, flip_type, auto_center, axis, clip_result=False):
    """Return the drawable mirrored at an axis."""
    return _transformed("flip-simple", self, [flip_type, int(auto_center), float(axis), int(clip_result)])


def _rotate_simple(self, rotate_type, auto_center, center_x, center_y, clip_result=False):
    """Return the drawable turned by a multiple of a right angle."""
    return _transformed("rotate-simple", self, [rotate_type, int(auto_center), int(center_x), int(center_y), int(clip_result)])


for _name, _count in _SHAPES.items():
    setattr(Drawable, str("transform_" + _name), _whole(_name, _count))
    setattr(Drawable, str("transform_%s_default" % _name), _default(_name, _count))
Drawable.transform_flip_simple = _flip_simple
Drawable.transform_rotate_simple = _rotate_simple
