"""Python's pickles, as data: containers, text and numbers are made, and whatever else they name stays a name.

A pickle is a program for a small machine. This one knows the steps that weights are written with; a step that would call
something makes a `Named`, which says what was to be called and on what: nothing in a file is ever imported or run.
"""

from __future__ import annotations

import pickletools
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

__all__ = ["Named", "Readable", "read_pickle"]

_MOST_STEPS = 1_000_000
"""A checkpoint with its optimiser has tens of thousands."""
_LONGEST_TEXT = 1 << 16
_LARGEST_KEY = 1 << 31  # numbers beyond could be chosen to make a dictionary slow

_PLAIN = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY: dict[str, Callable[[], Any]] = {"EMPTY_DICT": dict, "EMPTY_LIST": list}
_VALUES = frozenset(
    (
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
        *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8"),
    )
)
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_SILENT = frozenset(("PROTO", "FRAME"))
_ORDERED = "collections OrderedDict"


class Readable(Protocol):
    """A file, or one that is mapped into memory."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""

    def readline(self) -> bytes:
        """The next bytes, until a line ends."""

    def tell(self) -> int:
        """How many bytes were read."""


@dataclass
class Named:
    """What a pickle names: a function or class as "module name", what it was to be called with and to be filled with."""

    name: str
    arguments: tuple[Any, ...] = ()
    state: Any = None
    is_call: bool = False


@dataclass
class _Machine:
    stack: list[Any] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)
    outside: list[Any] = field(default_factory=list)

    def since_mark(self) -> list[Any]:
        """What was put on the stack since the last mark, taken off."""
        at = self.marks.pop()
        items = self.stack[at:]
        del self.stack[at:]
        return items


def read_pickle(source: bytes | bytearray | Readable) -> tuple[Any, list[Any]]:
    """The value of one pickle, and what it says of things that lie outside of it; a file is then right behind it.

    Such a thing is a `Named` without a name in the value. Raises ValueError, LookupError or TypeError for what is no pickle.
    """
    machine = _Machine()
    with warnings.catch_warnings():
        # Of an escape in a text that Python no longer likes: nobody can do anything about it.
        warnings.simplefilter("ignore", DeprecationWarning)
        for count, (step, argument, _) in enumerate(pickletools.genops(source)):  # type: ignore[arg-type]
            if count > _MOST_STEPS:
                raise ValueError("a pickle of more parts than any model")
            if step.name == "STOP":
                return machine.stack.pop(), machine.outside
            if step.name in _VALUES:
                if isinstance(argument, (str, bytes)) and len(argument) > _LONGEST_TEXT:
                    raise ValueError("a pickle with texts longer than any name")
                machine.stack.append(argument)
            elif step.name not in _SILENT:
                _take(machine, step.name, argument)
        raise ValueError("a pickle without an end")


def _take(machine: _Machine, name: str, argument: Any) -> None:
    stack = machine.stack
    if name in _PLAIN:
        stack.append(_PLAIN[name])
    elif name in _EMPTY:
        stack.append(_EMPTY[name]())
    elif name in _TUPLES:
        count = _TUPLES[name]
        if count > len(stack):
            raise ValueError("a pickle that takes more than there is")
        items = tuple(stack[len(stack) - count :])
        del stack[len(stack) - count :]
        stack.append(items)
    elif name in _STEPS:
        _STEPS[name](machine, argument)
    else:
        raise ValueError(f"a pickle of more than weights ({name})")


def _mark(machine: _Machine, _: Any) -> None:
    machine.marks.append(len(machine.stack))


def _get(machine: _Machine, index: Any) -> None:
    machine.stack.append(machine.memo[int(index)])


def _put(machine: _Machine, index: Any) -> None:
    machine.memo[int(index)] = machine.stack[-1]


def _memoize(machine: _Machine, _: Any) -> None:
    machine.memo[len(machine.memo)] = machine.stack[-1]


def _append(machine: _Machine, _: Any) -> None:
    item = machine.stack.pop()
    _extend(machine.stack[-1], [item])


def _appends(machine: _Machine, _: Any) -> None:
    items = machine.since_mark()
    _extend(machine.stack[-1], items)


def _set_item(machine: _Machine, _: Any) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    _fill(machine.stack[-1], [key, value])


def _set_items(machine: _Machine, _: Any) -> None:
    items = machine.since_mark()
    _fill(machine.stack[-1], items)


def _tuple(machine: _Machine, _: Any) -> None:
    machine.stack.append(tuple(machine.since_mark()))


def _list(machine: _Machine, _: Any) -> None:
    machine.stack.append(machine.since_mark())


def _dict(machine: _Machine, _: Any) -> None:
    made: dict[Any, Any] = {}
    _fill(made, machine.since_mark())
    machine.stack.append(made)


def _global(machine: _Machine, name: Any) -> None:
    machine.stack.append(Named(str(name)))


def _stack_global(machine: _Machine, _: Any) -> None:
    name, module = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(Named(f"{module} {name}"))


def _reduce(machine: _Machine, _: Any) -> None:
    arguments, called = machine.stack.pop(), machine.stack.pop()
    if not isinstance(called, Named) or not isinstance(arguments, tuple):
        raise ValueError("a pickle that calls what is no name")
    machine.stack.append({} if called.name == _ORDERED and not arguments else Named(called.name, arguments, is_call=True))


def _build(machine: _Machine, _: Any) -> None:
    state, built = machine.stack.pop(), machine.stack[-1]
    # What a dictionary carries beside its items (the versions of a state dict's modules) says nothing of weights.
    if isinstance(built, Named):
        built.state = state


def _persistent(machine: _Machine, _: Any) -> None:
    described = machine.stack.pop()
    machine.outside.append(described)
    machine.stack.append(Named("", (described,)))


def _pop(machine: _Machine, _: Any) -> None:
    machine.stack.pop()


_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    "APPEND": _append,
    "APPENDS": _appends,
    "BINGET": _get,
    "BINPERSID": _persistent,
    "BINPUT": _put,
    "BUILD": _build,
    "DICT": _dict,
    "GET": _get,
    "GLOBAL": _global,
    "LIST": _list,
    "LONG_BINGET": _get,
    "LONG_BINPUT": _put,
    "MARK": _mark,
    "MEMOIZE": _memoize,
    "NEWOBJ": _reduce,
    "POP": _pop,
    "PUT": _put,
    "REDUCE": _reduce,
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    "STACK_GLOBAL": _stack_global,
    "TUPLE": _tuple,
}


def _extend(target: Any, items: list[Any]) -> None:
    if isinstance(target, list):
        target.extend(items)
    elif not isinstance(target, Named):
        raise ValueError("a pickle that appends to what is no list")


def _fill(target: Any, items: list[Any]) -> None:
    if isinstance(target, Named):
        return
    if not isinstance(target, dict) or len(items) % 2:
        raise ValueError("a pickle that fills what is no dictionary")
    for key, value in zip(items[::2], items[1::2], strict=True):
        if isinstance(key, str) or (isinstance(key, int) and abs(key) < _LARGEST_KEY):
            target[key] = value
