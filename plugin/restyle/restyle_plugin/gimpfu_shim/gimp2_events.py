# -*- coding: utf-8 -*-
"""Signals and events of GTK 2, and callbacks that outlive the call that connects them."""

from __future__ import absolute_import, unicode_literals

import ctypes

from .gimp2_gtk import GDK
from .gimp2_lib import GLIB, GOBJECT

_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
_EVENT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
_SOURCE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_SOURCE_ENDS = 0
_CONTROL = 1 << 2  # GdkModifierType

__all__ = ["Callbacks"]


class _KeyEvent(ctypes.Structure):
    """The beginning of GdkEventKey."""

    _fields_ = [
        (str("type"), ctypes.c_int),
        (str("window"), ctypes.c_void_p),
        (str("send_event"), ctypes.c_int8),
        (str("time"), ctypes.c_uint32),
        (str("state"), ctypes.c_uint),
        (str("keyval"), ctypes.c_uint),
    ]


class Callbacks(object):
    """Python functions connected to signals; C calls them only while this object lives."""

    def __init__(self):
        self._kept = []

    def connect(self, widget, signal, function):
        """Call function() whenever `widget` sends `signal`."""
        callback = _CALLBACK(lambda _widget, _data: function())
        self._kept.append(callback)
        GOBJECT.g_signal_connect_data(widget, signal, ctypes.cast(callback, ctypes.c_void_p), None, None, 0)

    def connect_event(self, widget, signal, function):
        """Call function() whenever `widget` gets an event ("button-press-event"), which nobody else then needs unless it returns
        False."""
        self._connect(widget, signal, lambda _event: function() is not False)

    def connect_key(self, widget, function):
        """Call function(name of a key, whether Ctrl is down) when one is pressed in a widget; it returns whether it took it."""

        def press(event):
            key = ctypes.cast(event, ctypes.POINTER(_KeyEvent)).contents
            return function(GDK.gdk_keyval_name(key.keyval), bool(key.state & _CONTROL))

        self._connect(widget, "key-press-event", press)

    def _connect(self, widget, signal, function):
        callback = _EVENT(lambda _widget, event, _data: bool(function(event)))
        self._kept.append(callback)
        GOBJECT.g_signal_connect_data(widget, signal, ctypes.cast(callback, ctypes.c_void_p), None, None, 0)

    def every(self, interval_ms, function):
        """Call function() again and again while GTK waits, until it returns False."""
        callback = _SOURCE(lambda _data: bool(function()))
        self._kept.append(callback)
        GLIB.g_timeout_add(interval_ms, ctypes.cast(callback, ctypes.c_void_p), None)

    def when_idle(self, function):
        """Call function() once, as soon as GTK has nothing else to do."""

        def call(_data):
            function()
            return _SOURCE_ENDS

        callback = _SOURCE(call)
        self._kept.append(callback)
        GLIB.g_idle_add(ctypes.cast(callback, ctypes.c_void_p), None)
