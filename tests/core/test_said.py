"""Whatever the core says to a person is `said`, so that it is gathered and translated: read from the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import restyle
from restyle.contract import errors
from restyle.contract.errors import RestyleError

CORE = Path(restyle.__file__).parent

IN_A_TERMINAL = (
    "api.py",
    "batch/crews.py",  # who works, as --on and --workers say
    "batch/farm.py",
    "batch/places.py",  # some of it is of --name
    "cli/",
    "contract/inputs/",  # what options of the command line say
    "service/clients/",  # the command line's
    "service/connection.py",
    "service/remote/",
    "video/",
)
"""Who hears of these uses the command line or Python, which are English."""

BY_OTHERS = ("contract/refusals.py",)
"""Its places are filled in with what pydantic knows of them."""

_ERRORS = {name for name in errors.__all__ if issubclass(getattr(errors, name), RestyleError)} | {"Refused"}
_PLACE = re.compile(r"\{(\w+)\}")


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    paths = sorted(CORE.rglob("*.py"))
    return tuple((path.relative_to(CORE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in names:
            yield node


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def spoken(tree: ast.AST) -> Iterator[ast.expr]:
    """What is handed to errors and to progress, as it is written there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            is_heard = _name(node) in {*_ERRORS, "note", "tick", "in_bands"}
            yield from node.args if is_heard else ()
            yield from (keyword.value for keyword in node.keywords if is_heard or keyword.arg == "message")
        elif isinstance(node, ast.ClassDef) and node.name in _ERRORS:
            yield from (part for call in calls(node, "__init__") for part in call.args)
        elif isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "message" for target in node.targets):
            yield node.value


def texts(expression: ast.expr) -> Iterator[str]:
    """The texts in it that a person would read as they are: filled in, or of several words, or beginning one."""
    if isinstance(expression, ast.JoinedStr):
        yield ast.unparse(expression)
    elif isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        if " " in expression.value or expression.value[:1].isupper():
            yield expression.value
    elif isinstance(expression, ast.IfExp | ast.BoolOp | ast.BinOp):
        for part in ast.iter_child_nodes(expression):
            if isinstance(part, ast.expr):
                yield from texts(part)


def test_errors_notes_and_progress_say_what_is_translated() -> None:
    unsaid = [
        (place, text)
        for place, tree in modules()
        if not place.startswith(IN_A_TERMINAL)
        for part in spoken(tree)
        for text in texts(part)
    ]
    assert unsaid == []


def test_what_is_said_is_a_literal_with_a_value_for_each_place() -> None:
    for place, tree in modules():
        for call in calls(tree, "said"):
            (template,) = call.args
            text = ast.literal_eval(template)
            values = {keyword.arg for keyword in call.keywords}
            assert values == set(_PLACE.findall(text)) or place in BY_OTHERS, (place, text)


def test_each_exception_is_one() -> None:
    found = {place for place, tree in modules() if any(list(texts(part)) for part in spoken(tree))}
    assert [name for name in IN_A_TERMINAL if not any(place.startswith(name) for place in found)] == []
