# -*- coding: utf-8 -*-
"""gimpshelf for other people's plug-ins: values kept under names until GIMP ends."""

from __future__ import absolute_import

import pickle

import gimp

__all__ = ["shelf"]


class Gimpshelf(object):
    """A mapping whose values outlive the plug-in's process."""

    def __getitem__(self, key):
        try:
            # What lies there was put there by this session's own plug-ins.
            return pickle.loads(gimp.get_data(key))  # noqa: S301
        except gimp.error:
            raise KeyError(key)

    def __setitem__(self, key, value):
        gimp.set_data(key, pickle.dumps(value))

    def __delitem__(self, key):
        gimp.set_data(key, b"")

    def has_key(self, key):
        """Whether something is kept under a name."""
        try:
            return bool(gimp.get_data(key))
        except gimp.error:
            return False

    __contains__ = has_key


shelf = Gimpshelf()
