"""A table of 2.10's procedures that GIMP 3.x does by other calls: 2.10's signature, and the function that does it."""

from collections import namedtuple

Call = namedtuple("Call", "wanted offered function")
"""wanted, offered: [(name, kind)] of 2.10's arguments and results; function: plain values → plain values or None."""

__all__ = ["Call", "signature", "table"]


def table():
    """Return ({name: Call}, a decorator that fills it: old(names, "image layer position:int", "layer"))."""
    calls = {}

    def old(names, wanted="", offered=""):
        def register(function):
            for name in names.split():
                calls[name] = Call(signature(wanted), signature(offered), function)
            return function

        return register

    return calls, old


def signature(text):
    """Return [(name, kind)] of "image opacity:float": a name alone is its kind, too."""
    pairs = [word.partition(":") for word in text.split()]
    return [(name, kind or name) for name, _, kind in pairs]
