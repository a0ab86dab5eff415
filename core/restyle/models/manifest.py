"""Manifest: every set of trained weights that Restyle knows a place of.

Each stands beside the filter that uses it, in the filter's module ``models``, and is found there as filters themselves are found,
by their folders; what several filters use is in `restyle.models.shared`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import urlsplit

from restyle.contract.errors import UnknownWeights
from restyle.models.entries import WeightsEntry
from restyle.models.shared import WEIGHTS as SHARED

__all__ = ["find_weights", "for_the_plugin", "known_weights", "no_styles"]

_PLUGIN = Path("plugin/restyle/restyle_plugin")

# By its name: what imports nothing of filters may not depend on any of them.
_FILTERS = "restyle.filters"
_LIST, _ENTRIES = "models", "WEIGHTS"


@cache
def known_weights() -> dict[str, WeightsEntry]:
    """All entries by id: the shared ones, then those of the filters in the order of their folders' names."""
    package = import_module(_FILTERS)
    folders = (f"{_FILTERS}.{item.name}" for item in iter_modules(package.__path__) if item.ispkg)
    listed = [import_module(f"{folder}.{_LIST}") for folder in folders if find_spec(f"{folder}.{_LIST}")]
    own: list[WeightsEntry] = [entry for module in listed for entry in getattr(module, _ENTRIES)]
    return {entry.id: entry for entry in (*SHARED, *own)}


def find_weights(weights_id: str, entries: dict[str, WeightsEntry] | None = None) -> WeightsEntry:
    """The entry of this id, among all or ``entries``; raises UnknownWeights."""
    try:
        return (known_weights() if entries is None else entries)[weights_id]
    except KeyError as error:
        raise UnknownWeights(weights_id) from error


def no_styles(entries: Iterable[WeightsEntry]) -> frozenset[str]:
    """The names of files that may lie in the folder of models and are no styles: published ones, and what is kept of them."""
    others = [entry for entry in entries if entry.form != "style"]
    return frozenset(name for entry in others for name in (entry.filename, *(file.name for file in entry.files)))


def for_the_plugin() -> dict[Path, str]:
    """What the plug-in knows of the manifest, by its files in the checkout; `restyle catalogue` keeps them fresh."""
    return {
        _PLUGIN / "no_styles.json": json.dumps(sorted(no_styles(known_weights().values())), indent=1) + "\n",
        _PLUGIN / "published.json": json.dumps(_published(), indent=1, sort_keys=True) + "\n",
    }


def _published() -> dict[str, dict[str, str | int]]:
    """What a dialog says of the models that it may download, by id."""
    return {
        entry.id: {
            "filename": entry.filename,
            "licence": entry.licence,
            "place": urlsplit(entry.url).netloc,
            "size_bytes": entry.size_bytes,
            "title": entry.title,
        }
        for entry in known_weights().values()
        if entry.url and entry.form in ("tensors", "domain")
    }
