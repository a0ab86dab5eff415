# -*- coding: utf-8 -*-
"""A parameter's value between its three forms: backend (ids, text), gimpfu (objects), stored (JSON)."""

from __future__ import absolute_import, unicode_literals

import json

from ..compat import text_type, to_bytes, to_text
from .color import components
from .pf import PATH_TYPES, PF_COLOR, PF_OPTION, PF_RADIO, PF_SPINNER, PF_TOGGLE

__all__ = ["complete", "dump", "lasting", "load", "to_backend", "to_gimpfu"]


def to_gimpfu(param, value):
    """Return the value that the plug-in's function gets for a backend's value."""
    if param.is_object:
        from .objects import object_of_kind

        return object_of_kind(param.kind, value)
    if param.type == PF_COLOR:
        from .color import RGB

        return RGB(*value)
    return _CONVERT.get(param.type, _BY_KIND.get(param.kind, _same))(value)


def to_backend(param, value):
    """Return the backend's value of a gimpfu value or of a plain one (ids, numbers, text)."""
    if param.is_object:
        return 0 if value is None else getattr(value, "ID", value)
    if param.type == PF_COLOR:
        is_color = hasattr(value, "r") or isinstance(value, (bytes, text_type))
        return components(value)[:3] if is_color else tuple(float(part) for part in value)[:3]
    if param.type in PATH_TYPES:
        return to_text(value) if value else None
    return _CONVERT.get(param.type, _BY_KIND.get(param.kind, _same))(value)


def complete(params, values, fallback):
    """Return `values` as long as `params`; missing ones are taken from `fallback`."""
    return list(values) + list(fallback)[len(values) : len(params)]


def dump(params, values):
    """Return bytes to store; good for as long as this GIMP runs, for they hold ids."""
    return to_bytes(json.dumps({"names": [param.name for param in params], "values": list(values)}))


def lasting(params, chosen):
    """Return the values without ids, which mean something else to the next GIMP."""
    return [None if param.is_object else value for param, value in zip(params, chosen)]


def load(params, data):
    """Return backend values from `dump`'s bytes; defaults where there are none or they no longer fit."""
    try:
        stored = json.loads(to_text(data)) if data else {}
        by_name = dict(zip(stored.get("names", ()), stored.get("values", ())))
    except (ValueError, AttributeError, TypeError):
        by_name = {}
    return [_restored(param, by_name.get(param.name)) for param in params]


def _restored(param, value):
    if value is None:
        return param.default
    try:
        value = to_backend(param, value)
    except (TypeError, ValueError):
        return param.default
    return value if _fits(param, value) else param.default


def _fits(param, value):
    """Whether a stored value is still one of today's: images get closed, another version has other bounds and choices."""
    if param.is_object:
        from .objects import object_of_kind

        return object_of_kind(param.kind, value) is not None
    if param.bounds:
        return param.bounds[0] <= value <= param.bounds[1]
    if param.type == PF_OPTION and param.extra:
        return 0 <= value < len(param.extra)
    if param.type == PF_RADIO and param.extra:
        return value in [choice[1] for choice in param.extra]
    return True


def _same(value):
    return value


def _text(value):
    return "" if value is None else to_text(value)


_CONVERT = {PF_TOGGLE: bool, PF_OPTION: int, PF_RADIO: _same, PF_SPINNER: int}
_CONVERT.update((pf_type, _same) for pf_type in PATH_TYPES)
_BY_KIND = {"int": int, "float": float, "string": _text}
