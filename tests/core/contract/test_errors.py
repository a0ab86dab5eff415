"""The tree of errors is as it is drawn, and nothing stands in it that nobody raises."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import restyle
from restyle.contract import errors

CORE = Path(restyle.__file__).parent
CLASSES = {name: getattr(errors, name) for name in errors.__all__}


def test_the_tree_is_drawn_as_it_is() -> None:
    drawn, above = {}, ["RestyleError"]
    for line in (errors.__doc__ or "").splitlines():
        if found := re.fullmatch(r"    ([│ ├└─]+)(\w+)", line):
            depth = len(found[1]) // 4
            above = [*above[:depth], found[2]]
            drawn[found[2]] = above[depth - 1]
    bases = {name: error.__base__.__name__ for name, error in CLASSES.items() if error is not errors.RestyleError}
    assert drawn == bases


def test_each_has_a_code_of_its_own() -> None:
    codes = [error.code for error in CLASSES.values()]
    assert sorted(codes) == sorted(set(codes))


def test_each_is_raised_or_is_what_others_are() -> None:
    named = {
        node.id
        for path in CORE.rglob("*.py")
        if "errors" not in path.parts
        for raised in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(raised, ast.Call | ast.Raise)
        for node in ast.iter_child_nodes(raised)
        if isinstance(node, ast.Name)
    }
    unused = [name for name, error in CLASSES.items() if name not in named and not error.__subclasses__()]
    assert unused == []
