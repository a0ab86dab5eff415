"""Goods: the files that travel with tasks. What several tasks share is handed over once, and from then on by its ref."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from restyle.batch.crew import Task, checked
from restyle.batch.parcel import Parcel
from restyle.contract.errors import RestyleError
from restyle.contract.request import Use
from restyle.pictures.paths import path_of
from restyle.service.clients import Client

__all__ = ["Goods"]


class Goods:
    """``put`` hands bytes over and returns what stands for them."""

    def __init__(self, put: Callable[[bytes], Any]) -> None:
        self._put = put
        self._shared: dict[str, Any] = {}
        self._models: dict[str, Any] = {}

    def parcel(self, task: Task, client: Client) -> tuple[Parcel, list[Any]]:
        """The task with all that it needs, and the contents, or what stands for them. Raises OSError."""
        use = checked(task.request)
        layer = use.filter.layer
        own = set(layer.refs(use.inputs.get(layer.name))) if layer is not None else set()
        refs = list(Counter(use.refs()))
        for path in _own_models(use):
            self._bring_file(path)
        contents = [path_of(ref).read_bytes() if ref in own else self._handed(ref) for ref in refs]
        return Parcel(task, client, tuple(refs), tuple(self._models)), [*contents, *self._models.values()]

    def bring(self, weights_id: str) -> bool:
        """Send these weights along from now on; whether they are here at all."""
        try:
            self._bring_file(_store().path(weights_id))
        except (RestyleError, OSError):
            return False
        return True

    def _handed(self, ref: str) -> Any:
        if ref not in self._shared:
            self._shared[ref] = self._put(path_of(ref).read_bytes())
        return self._shared[ref]

    def _bring_file(self, path: Path) -> None:
        folder = _store().folder
        if path.is_relative_to(folder):
            name = path.relative_to(folder).as_posix()
            if name not in self._models:
                self._models[name] = self._put(path.read_bytes())


def _own_models(use: Use[Any]) -> list[Path]:
    """The files of models that a use names and that did not come with Restyle."""
    chosen = use.params.own_models()
    found = [path for name, folder in chosen if (path := _store().own_models(folder).get(name)) is not None]
    # Some are several files of one name.
    return [part for path in found for part in sorted(path.parent.glob(f"{path.stem}.*"))]


def _store() -> Any:
    from restyle.models.store import Store  # torch, which most batches need here for nothing else

    return Store()
