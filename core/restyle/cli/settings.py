"""A filter's settings as options of a command: derived from its declaration, and read back as its parameters."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from restyle.contract.errors import InvalidParameter

__all__ = ["add_settings", "given_settings", "parse_value"]

_BOOLEANS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def add_settings(parser: argparse.ArgumentParser, described: Iterable[Mapping[str, Any]]) -> None:
    """Add an option for each setting, as `describe_filter` describes them."""
    settings = tuple(described)
    for item in settings:
        _add_option(parser, item)
    parser.set_defaults(described=settings)


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that are on the command line; raises InvalidParameter."""
    words = {item["name"]: getattr(options, f"param_{item['name']}") for item in options.described}
    return {item["name"]: parse_value(item, words[item["name"]]) for item in options.described if words[item["name"]]}


def parse_value(described: Mapping[str, Any], text: list[str]) -> Any:
    """The value of one setting from the words on the command line; raises InvalidParameter."""
    name = described["name"]
    if described["type"] == "map":
        return dict(_pair(name, item) for item in text)
    word = text[-1]
    converters: dict[str, Callable[[str], Any]] = {
        "float": float,
        "int": int,
        "bool": lambda value: _BOOLEANS[value.lower()],
    }
    try:
        return converters.get(described["type"], str)(word)
    except (ValueError, KeyError) as error:
        raise InvalidParameter(name, f"{word} is no {described['type']}") from error


def _add_option(parser: argparse.ArgumentParser, described: Mapping[str, Any]) -> None:
    option = "--" + described["name"].replace("_", "-")
    choices = [item["value"] for item in described["choices"]] if described["type"] == "choice" else None
    default = json.dumps(described["default"]) if described["type"] == "map" else described["default"]
    help_text = f"{described['description']} Default: {default} {described['unit']}".strip().replace("%", "%%")
    metavar = "LAYER=WEIGHT" if described["type"] == "map" else None if choices else described["type"].upper()
    destination = f"param_{described['name']}"
    parser.add_argument(option, action="append", dest=destination, choices=choices, metavar=metavar, help=help_text)


def _pair(name: str, text: str) -> tuple[str, float]:
    key, _, value = text.partition("=")
    try:
        return key, float(value)
    except ValueError as error:
        raise InvalidParameter(name, f"{text} is not of the form LAYER=WEIGHT") from error
