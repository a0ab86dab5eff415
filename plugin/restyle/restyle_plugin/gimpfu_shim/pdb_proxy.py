# -*- coding: utf-8 -*-
"""gimpfu's `pdb`: GIMP's procedures as functions, with objects for ids."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_text
from . import backend
from .backend import call
from .color import RGB
from .errors import BackendError, error, with_name
from .objects import object_of_kind, plain_of
from .parasites import Parasite
from .pf import OBJECT_KINDS

__all__ = ["Pdb", "PdbFunction"]

_RUN_NONINTERACTIVE = 1
_TEXTS = ("blurb", "help", "author", "copyright", "date", "type")
# GimpPDBArgType of a kind; which array it is, is not known.
_TYPES = {"int": 0, "float": 3, "string": 4, "array": 5, "color": 10, "item": 11, "display": 12, "image": 13}
_TYPES.update({"layer": 14, "channel": 15, "drawable": 16, "vectors": 19, "parasite": 20})


class Pdb(object):
    """`pdb.gimp_image_flatten(image)` or `pdb["gimp-image-flatten"](image)`."""

    def __getitem__(self, name):
        name = to_text(name).replace("_", "-")
        if not backend.current().procedure_exists(name):
            raise KeyError("This GIMP has no procedure %s." % name)
        return PdbFunction(name)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except (KeyError, BackendError) as problem:
            raise AttributeError(problem.args[0])

    def query(self, name="", blurb="", help="", author="", copyright="", date="", proc_type=""):  # noqa: A002  (gimp's names)
        """Return the names of the procedures whose texts match the regular expressions; "" matches all."""
        asked = [to_text(text or ".*") for text in (name, blurb, help, author, copyright, date, proc_type)]
        return list(call("gimp-procedural-db-query", *asked)[1])

    def __dir__(self):
        return sorted(name.replace("-", "_") for name in self.query())


class PdbFunction(object):
    """One procedure; the result is None, a value, or a tuple. RuntimeError with GIMP's text on failure."""

    def __init__(self, name):
        self.proc_name = name

    def __call__(self, *arguments, **keywords):
        run_mode = keywords.pop("run_mode", _RUN_NONINTERACTIVE)
        if keywords:
            raise TypeError("unexpected keyword argument %r" % sorted(keywords)[0])
        wanted, offered = self._signature()
        plain = [plain_of(argument) for argument in arguments]
        if wanted and wanted[0][0] == "run-mode":
            plain.insert(0, run_mode)
        if len(plain) > len(wanted):
            raise TypeError("%s: wrong number of parameters: %d, not %d" % (self.proc_name, len(plain), len(wanted)))
        try:
            results = call(self.proc_name, *plain)
        except BackendError as problem:
            raise error(with_name(self.proc_name, problem.text))
        return _from_results(results, offered)

    def __repr__(self):
        return "<gimp procedure %s>" % self.proc_name

    nparams = property(lambda self: len(self._signature()[0]))
    nreturn_vals = property(lambda self: len(self._signature()[1]))
    params = property(lambda self: _described(self._signature()[0]))
    return_vals = property(lambda self: _described(self._signature()[1]))

    def __getattr__(self, name):
        stem, _, text = name.partition("_")
        if stem != "proc" or text not in _TEXTS:
            raise AttributeError(name)
        return call("gimp-procedural-db-proc-info", self.proc_name)[_TEXTS.index(text)]

    def _signature(self):
        return backend.current().procedure_signature(self.proc_name)


def _described(signature):
    return tuple((_TYPES.get(kind, 0), name, name) for name, kind in signature)


def _from_results(results, offered):
    values = [_object(kind, value) for (_, kind), value in zip(offered, results)]
    if not values:
        return None
    return values[0] if len(values) == 1 else tuple(values)


def _object(kind, value):
    if kind in OBJECT_KINDS:
        return object_of_kind(kind, value)
    if kind == "color" and value is not None:
        return RGB(*value)
    if kind == "parasite" and value:
        return Parasite(*value)
    if kind == "array" and value and isinstance(value[0], tuple):
        return tuple(RGB(*color) for color in value)
    return value
