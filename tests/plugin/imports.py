"""What the plug-in's modules import of one another, read and not imported: some need a GIMP."""

from __future__ import annotations

import ast
from pathlib import Path

__all__ = ["circles", "imports_of"]


def imports_of(folder: Path) -> dict[str, set[str]]:
    """For each module of the package in `folder` ("a.b", without the package's name) those it imports, anywhere in its text."""
    files = {_name(path.relative_to(folder)): path for path in folder.rglob("*.py")}
    return {name: _imported(path, name, set(files)) for name, path in files.items()}


def circles(graph: dict[str, set[str]]) -> set[str]:
    """The modules that reach themselves."""
    return {name for name in graph if name in _reached(graph, name)}


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, name: str, modules: set[str]) -> set[str]:
    is_package = path.name == "__init__.py"
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            parents = name.split(".") if name else []
            base = parents[: len(parents) - node.level + is_package] + (node.module.split(".") if node.module else [])
            for alias in node.names:
                whole = ".".join([*base, alias.name])
                found.add(whole if whole in modules else ".".join(base))
    return (found & modules) - {name}


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += graph[name]
    return reached
