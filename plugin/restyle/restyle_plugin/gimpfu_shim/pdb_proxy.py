# -*- coding: utf-8 -*-
"""gimpfu's `pdb`: GIMP's procedures as functions, with objects for ids."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_text
from . import backend
from .errors import BackendError, error
from .gimp_module import object_of_kind
from .pf import OBJECT_KINDS

__all__ = ["Pdb"]

_RUN_NONINTERACTIVE = 1


class Pdb(object):
    """`pdb.gimp_image_flatten(image)` or `pdb["gimp-image-flatten"](image)`."""

    def __getitem__(self, name):
        name = to_text(name).replace("_", "-")
        if not backend.current().procedure_exists(name):
            raise KeyError(name)
        return PdbFunction(name)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except (KeyError, BackendError):
            raise AttributeError(name)


class PdbFunction(object):
    """One procedure; the result is None, a value, or a tuple. RuntimeError with GIMP's text on failure."""

    def __init__(self, name):
        self.proc_name = name

    def __call__(self, *arguments, **keywords):
        run_mode = keywords.pop("run_mode", _RUN_NONINTERACTIVE)
        if keywords:
            raise TypeError("unexpected keyword argument %r" % sorted(keywords)[0])
        wanted, offered = backend.current().procedure_signature(self.proc_name)
        plain = [_to_id(argument) for argument in arguments]
        if wanted and wanted[0][0] == "run-mode":
            plain.insert(0, run_mode)
        if len(plain) > len(wanted):
            raise TypeError("wrong number of parameters: %d, not %d" % (len(plain), len(wanted)))
        try:
            results = backend.current().call(self.proc_name, plain)
        except BackendError as problem:
            raise error(problem.text)
        return _from_results(results, offered)

    nparams = property(lambda self: len(self._signature()[0]))
    nreturn_vals = property(lambda self: len(self._signature()[1]))
    params = property(lambda self: tuple(self._signature()[0]))
    return_vals = property(lambda self: tuple(self._signature()[1]))

    def _signature(self):
        return backend.current().procedure_signature(self.proc_name)


def _to_id(argument):
    if argument is None:
        return 0
    if isinstance(argument, (list, tuple)):
        return [_to_id(part) for part in argument] if isinstance(argument, list) else tuple(_to_id(part) for part in argument)
    return getattr(argument, "ID", argument)


def _from_results(results, offered):
    values = [object_of_kind(kind, value) if kind in OBJECT_KINDS else value for (_, kind), value in zip(offered, results)]
    if not values:
        return None
    return values[0] if len(values) == 1 else tuple(values)
