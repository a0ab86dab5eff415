"""``restyle list``, ``restyle doctor`` and ``restyle catalogue``: what there is, and whether it works."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path
from typing import Any

from restyle.contract.catalogue import catalogue, stale_files, write_files
from restyle.filters import filters
from restyle.host.home import home_folder
from restyle.version import VERSION

__all__ = ["add_commands"]

_LIBRARIES = ("torch", "torchvision", "numpy", "scipy", "pillow", "scikit-image", "fastapi", "uvicorn", "pydantic", "safetensors")

_SOURCE_ROOT = Path(__file__).resolve().parents[3]
"""The checkout that this package was installed from, editable; elsewhere it has no pyproject.toml."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the three commands."""
    listing = commands.add_parser("list", help="name the filters")
    listing.add_argument("--json", action="store_true", help="the whole catalogue as JSON")
    listing.set_defaults(run=_list)
    doctor = commands.add_parser("doctor", help="tell what this computer has and what is missing")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(run=_doctor)
    generated = commands.add_parser("catalogue", help="the files that derive from the filters' declarations (for developers)")
    action = generated.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true", help="fail where a generated file is stale")
    action.add_argument("--write", action="store_true", help="write the stale ones anew")
    generated.add_argument("--root", type=Path, default=_SOURCE_ROOT, help="the checkout")
    generated.set_defaults(run=_catalogue)


def _list(options: argparse.Namespace) -> int:
    described = catalogue(filters())
    if options.json:
        print(json.dumps(described, ensure_ascii=False))
        return 0
    for item in described["filters"]:
        print(f"{item['id']:<20} {item['summary']}")
    return 0


def _catalogue(options: argparse.Namespace) -> int:
    from restyle.models.manifest import for_the_plugin

    more = {options.root / path: text for path, text in for_the_plugin().items()}
    stale = stale_files(options.root, filters())
    stale += [path for path, text in more.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if options.write:
        write_files(options.root, filters())
        for path in stale:
            if path in more:
                path.write_text(more[path], encoding="utf-8", newline="\n")
            print(f"written: {path}")
        return 0
    for path in stale:
        print(f"stale: {path}; run `restyle catalogue --write`", file=sys.stderr)
    return 1 if stale else 0


def _doctor(options: argparse.Namespace) -> int:
    facts = _facts()
    if options.json:
        print(json.dumps(facts))
    else:
        for name, value in facts.items():
            print(f"{name:<12} {_line(value)}")
    return 0


def _facts() -> dict[str, Any]:
    from restyle.host.device import settled_device
    from restyle.models.manifest import known_weights
    from restyle.models.store import Store
    from restyle.service.remote.chosen import chosen_server
    from restyle.service.state import server_state

    chosen = chosen_server(home_folder())
    device = settled_device(home_folder())
    store = Store()
    return {
        "restyle": VERSION,
        "python": f"{platform.python_version()} ({sys.executable})",
        "system": platform.platform(),
        "device": device.name,
        "precision": str(device.precision).removeprefix("torch."),
        "memory": f"{device.memory_budget_bytes / 2**30:.1f} GiB to use",
        "home": str(home_folder()),
        "computes on": "this computer" if chosen is None else chosen.place,
        "server": str(server_state(home_folder()) or "not running"),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "weights": {
            name: "here" if store.has(name) else "not fetched"
            for name, entry in known_weights().items()
            if entry.form == "tensors"
        },
    }


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _line(value: Any) -> str:
    return ", ".join(f"{key} {item}" for key, item in value.items()) if isinstance(value, dict) else str(value)
