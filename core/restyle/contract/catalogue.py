"""The catalogue: every filter's declaration as plain data, for dialogs, command line, HTTP and manual.

Two files derive from it and are committed: the plug-in's ``catalogue.json`` and ``docs/filters.md``. ``stale_files``
tells which of them no longer say what the declarations say.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from restyle.contract.filter import AnyFilter
from restyle.contract.params import Params
from restyle.version import PROTOCOL, VERSION

__all__ = ["catalogue", "describe_filter", "generated_files", "stale_files", "write_files"]

CATALOGUE_PATH = Path("plugin/restyle/restyle_plugin/catalogue.json")
MANUAL_PATH = Path("docs/filters.md")

_MANUAL_HEAD = """# The filters

This page is made from the filters' declarations by `restyle catalogue --write`; do not edit it.
"""


def catalogue(filters: Sequence[AnyFilter]) -> dict[str, Any]:
    """These filters with their inputs and parameters, in menu order; JSON-ready."""
    return {"version": VERSION, "protocol": PROTOCOL, "filters": [describe_filter(item) for item in filters]}


def describe_filter(declared: AnyFilter) -> dict[str, Any]:
    """One filter as plain data. Parameters are a list: old Pythons lose the order of JSON objects."""
    return {
        "id": declared.id,
        "title": declared.title,
        "menu_label": declared.menu_label,
        "summary": declared.summary,
        "paper": declared.paper,
        "inputs": [item.describe() for item in declared.inputs],
        "outputs": [asdict(item) for item in declared.outputs],
        "held": declared.needs.held,
        "stays": declared.needs.stays,
        "params": _describe_params(declared.params),
    }


def generated_files(root: Path, filters: Sequence[AnyFilter]) -> dict[Path, str]:
    """The text that each generated file below ``root`` must have."""
    described = catalogue(filters)
    return {
        root / CATALOGUE_PATH: json.dumps(described, indent=1, ensure_ascii=True) + "\n",
        root / MANUAL_PATH: _manual(described),
    }


def stale_files(root: Path, filters: Sequence[AnyFilter]) -> list[Path]:
    """The generated files that are missing or no longer what the declarations say."""
    wanted = generated_files(root, filters)
    return [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]


def write_files(root: Path, filters: Sequence[AnyFilter]) -> list[Path]:
    """Write the stale files anew and return them."""
    stale = stale_files(root, filters)
    texts = generated_files(root, filters)
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], encoding="utf-8", newline="\n")
    return stale


def _describe_params(params: type[Params]) -> list[dict[str, Any]]:
    properties = params.model_json_schema()["properties"]
    return [_describe_param(name, field, properties[name]) for name, field in params.model_fields.items()]


def _describe_param(name: str, field: FieldInfo, schema: dict[str, Any]) -> dict[str, Any]:
    kinds = {"number": "float", "integer": "int", "boolean": "bool", "string": "choice"}
    # "type" itself must stay JSON Schema's, or OpenAPI refuses the schema.
    kind = schema.get("kind") or kinds.get(schema["type"], schema["type"])
    described = {
        "name": name,
        "type": kind,
        "title": field.title,
        "description": field.description,
        "default": field.get_default(call_default_factory=True),
        "unit": schema.get("unit", ""),
        "group": schema.get("group", ""),
        "role": schema.get("role"),
        "dialog": schema.get("dialog", True),
    }
    if schema.get("matters_with"):
        described["matters_with"] = schema["matters_with"]
    if kind in ("float", "int"):
        described |= {"minimum": schema["minimum"], "maximum": schema["maximum"], "step": schema["step"]}
    if kind == "float":
        described["default"] = float(described["default"])
    if kind == "choice":
        labels = schema["labels"]
        described["choices"] = [{"value": value, "title": labels[value]} for value in schema["enum"]]
        described["weights"] = schema["weights"]
    if kind == "model":
        described["choices"] = [{"value": value, "title": label} for value, label in schema["labels"].items()]
        described |= {"folder": schema["folder"], "weights": schema["weights"]}
    return described


def _manual(described: dict[str, Any]) -> str:
    return _MANUAL_HEAD + "".join(_manual_section(item) for item in described["filters"])


def _manual_section(described: dict[str, Any]) -> str:
    lines = ["", f"## {described['menu_label'].rstrip('…')}", "", described["summary"], "", f"*{described['paper']}*", ""]
    lines += ["| input | how many | what |", "|---|---|---|"]
    for item in described["inputs"]:
        count = f"{item['minimum']}" if item["minimum"] == item["maximum"] else f"{item['minimum']} to {item['maximum']}"
        lines.append(f"| {item['title']} | {count} | {item['description']} |")
    lines += ["", "| setting | values | default | on the command line | what it does |", "|---|---|---|---|---|"]
    for item in described["params"]:
        option = "--" + item["name"].replace("_", "-")
        lines.append(f"| {item['title']} | {_values(item)} | {_default(item)} | `{option}` | {item['description']} |")
    return "\n".join(lines) + "\n"


def _values(described: dict[str, Any]) -> str:
    if described["type"] == "model":
        styles = ", ".join(f"`{item['value']}`: {item['title']}" for item in described["choices"] if item["value"])
        return f"{styles}, or the name of a model of your own"
    if described["type"] == "choice":
        return ", ".join(f"`{item['value']}`: {item['title']}" for item in described["choices"])
    if described["type"] in ("float", "int"):
        unit = f" {described['unit']}" if described["unit"] else ""
        spelling = "d" if described["type"] == "int" else "g"
        return f"{described['minimum']:{spelling}} to {described['maximum']:{spelling}}{unit}"
    forms = {
        "bool": "yes or no", "color": "#rrggbb", "map": "`LAYER=WEIGHT`, repeated", "text": "a line of text", "folder": "a path"
    }  # fmt: skip
    return forms[described["type"]]


def _default(described: dict[str, Any]) -> str:
    value = described["default"]
    if described["type"] == "map":
        return ", ".join(f"`{name}={weight:g}`" for name, weight in value.items()) or "the filter's own"
    if described["type"] == "bool":
        return "yes" if value else "no"
    if value == "":
        return "none"
    return f"{value:g}" if isinstance(value, float) else f"`{value}`" if isinstance(value, str) else str(value)
