# -*- coding: utf-8 -*-
"""The structures of GIMP 2.10's libraries, and the functions that a plug-in gives them, for ctypes."""

from __future__ import absolute_import, unicode_literals

import ctypes

__all__ = [
    "QUERY_FUNCTION",
    "RUN_FUNCTION",
    "ParamData",
    "ParamDefStruct",
    "ParamStruct",
    "ParasiteStruct",
    "PlugInInfo",
    "Rectangle",
    "RgbStruct",
]


class RgbStruct(ctypes.Structure):
    """GimpRGB: four doubles, 0..1."""

    _fields_ = [(str(name), ctypes.c_double) for name in "rgba"]


class ParasiteStruct(ctypes.Structure):
    """GimpParasite."""

    _fields_ = [
        (str("name"), ctypes.c_char_p),
        (str("flags"), ctypes.c_uint32),
        (str("size"), ctypes.c_uint32),
        (str("data"), ctypes.c_void_p),
    ]


class ParamData(ctypes.Union):
    """GimpParamData; every kind of id is a d_int32."""

    _fields_ = [
        (str("d_int32"), ctypes.c_int32),
        (str("d_int16"), ctypes.c_int16),
        (str("d_int8"), ctypes.c_uint8),
        (str("d_float"), ctypes.c_double),
        (str("d_string"), ctypes.c_char_p),
        (str("d_pointer"), ctypes.c_void_p),
        (str("d_color"), RgbStruct),
        (str("d_parasite"), ParasiteStruct),
    ]


class ParamStruct(ctypes.Structure):
    """GimpParam."""

    _fields_ = [(str("type"), ctypes.c_int), (str("data"), ParamData)]


class ParamDefStruct(ctypes.Structure):
    """GimpParamDef."""

    _fields_ = [(str("type"), ctypes.c_int), (str("name"), ctypes.c_char_p), (str("description"), ctypes.c_char_p)]


class Rectangle(ctypes.Structure):
    """GeglRectangle."""

    _fields_ = [(str(name), ctypes.c_int) for name in ("x", "y", "width", "height")]


QUERY_FUNCTION = ctypes.CFUNCTYPE(None)
RUN_FUNCTION = ctypes.CFUNCTYPE(
    None,
    ctypes.c_char_p,
    ctypes.c_int,
    ctypes.POINTER(ParamStruct),
    ctypes.POINTER(ctypes.c_int),
    ctypes.POINTER(ctypes.POINTER(ParamStruct)),
)


class PlugInInfo(ctypes.Structure):
    """GimpPlugInInfo; init and quit stay NULL."""

    _fields_ = [
        (str("init"), QUERY_FUNCTION),
        (str("quit"), QUERY_FUNCTION),
        (str("query"), QUERY_FUNCTION),
        (str("run"), RUN_FUNCTION),
    ]
