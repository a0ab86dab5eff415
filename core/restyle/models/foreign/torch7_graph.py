"""Graphs of modules in Torch7's files (nngraph, as CycleGAN and pix2pix use it), unrolled into modules in a row.

A graph lists its nodes in the order in which they run. In a generator each follows the one before; a U-Net's also joins what came
before each halving to what comes after the doubling: a halving begins with its leaky ReLU, a doubling ends in a join.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from restyle.models.foreign.torch7 import Torch7Object

__all__ = ["is_graph", "unrolled"]

_GRAPH, _DESCENT, _JOIN = "nn.gModule", "nn.LeakyReLU", "nn.JoinTable"
_CHANNELS = 2
"""The dimension of a batch that joins are made in, as Torch7 counts."""


def is_graph(module: Torch7Object) -> bool:
    """Whether a module is a graph of modules."""
    return module.class_name == _GRAPH


def unrolled(graph: Torch7Object) -> Torch7Object:
    """The modules of a graph as a sequence, in which what is joined is a Concat; ValueError for a graph of another form."""
    return _row(deque(_modules(graph)), ())


def _modules(graph: Torch7Object) -> list[Torch7Object]:
    """In the order in which they run; nodes without a module pass on what they get."""
    nodes: Any = graph.fields.get("forwardnodes")
    if not isinstance(nodes, dict):
        raise ValueError("a graph without nodes")
    data = [_fields(nodes.get(number)).get("data") for number in range(1, len(nodes) + 1)]
    found = [_fields(item).get("module") for item in data]
    return [module for module in found if isinstance(module, Torch7Object)]


def _fields(value: Any) -> dict[Any, Any]:
    if isinstance(value, Torch7Object):
        return value.fields
    return value if isinstance(value, dict) else {}


def _row(left: deque[Torch7Object], begun: Iterable[Torch7Object]) -> Torch7Object:
    """The modules that have ``begun`` a descent and those up to its join; without any, all to the end."""
    row = list(begun)
    is_within = bool(row)
    while left:
        module = left.popleft()
        if module.class_name == _JOIN:
            if not is_within or module.fields.get("dimension") != _CHANNELS:
                raise ValueError("a graph that joins more than it has")
            return _sequence(row)
        row.append(_descent(module, left) if module.class_name == _DESCENT else module)
    if is_within:
        raise ValueError("a graph that ends before its join")
    return _sequence(row)


def _descent(first: Torch7Object, left: deque[Torch7Object]) -> Torch7Object:
    """What comes back comes first, then what it began with: the order in which the authors join them."""
    inner = _row(left, (first,))
    return Torch7Object("nn.Concat", {"dimension": _CHANNELS, "modules": _numbered((inner, _sequence(())))})


def _sequence(modules: Iterable[Torch7Object]) -> Torch7Object:
    return Torch7Object("nn.Sequential", {"modules": _numbered(modules)})


def _numbered(modules: Iterable[Torch7Object]) -> dict[int, Torch7Object]:
    return dict(enumerate(modules, start=1))
