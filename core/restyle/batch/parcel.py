"""Parcel: a task as it travels to another machine, its files with it; what is made there comes back the same way.

The machines need share no folder. Pictures lie in a temporary one while they are worked on; models that a machine lacks are
kept in its own store.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from restyle.batch.crew import Outcome, Task, attempt
from restyle.contract.errors import WeightsUnavailable
from restyle.contract.progress import Progress
from restyle.contract.request import Use
from restyle.host.home import models_folder
from restyle.host.private import private_folder
from restyle.host.replacing import replacing
from restyle.pictures.paths import path_of, ref_of
from restyle.service.clients import Client, Done
from restyle.version import VERSION

__all__ = ["OTHER_VERSION", "Delivery", "Parcel", "kept_whole", "work"]

OTHER_VERSION = "version-mismatch"
"""The code of a problem that no other picture would escape."""


@dataclass(frozen=True)
class Parcel:
    """A task, and how the files are called whose contents travel beside it: first pictures by their refs, then models by their
    paths below the folder of models. ``client`` is who works on it there."""

    task: Task
    client: Client
    pictures: tuple[str, ...]
    models: tuple[str, ...]
    version: str = VERSION


@dataclass(frozen=True)
class Delivery:
    """How a task ended elsewhere: what was made of it, by the files' names; the weights that it lacked there, "" for none."""

    outcome: Outcome
    files: dict[str, bytes]
    lacking: str = ""


class _Noticing(Client):
    """Another client, and which weights it lacked."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.lacking = ""

    def perform(self, use: Use[Any], output: Path, progress: Progress) -> Done:
        """As the other."""
        try:
            return self._client.perform(use, output, progress)
        except WeightsUnavailable as error:
            self.lacking = error.weights_id
            raise


def work(parcel: Parcel, *contents: bytes) -> Delivery:
    """Do a task here, which came from elsewhere. All that goes wrong is in the outcome, with the paths that it has there."""
    if parcel.version != VERSION:
        sentence = f"There is Restyle {VERSION} on a node and {parcel.version} here; install the same on all of them."
        return Delivery(Outcome(parcel.task, problem=sentence, code=OTHER_VERSION), {})
    for name, content in zip(parcel.models, contents[len(parcel.pictures) :], strict=True):
        _keep_model(name, content)
    with tempfile.TemporaryDirectory(prefix="restyle-") as place:
        here = {
            ref: _laid_down(Path(place, str(number)), ref, content)
            for number, (ref, content) in enumerate(_pairs(parcel, contents))
        }
        made = Path(place, "made")
        made.mkdir()
        client = _Noticing(_kept(parcel.client))
        task = replace(
            parcel.task,
            output=made / parcel.task.output.name,
            request=parcel.task.request.with_refs(lambda ref: here.get(ref, ref)),
        )
        outcome = attempt(client, task)
        files = {path.name: path.read_bytes() for path in sorted(made.iterdir())}
        there = {**{path: ref for ref, path in here.items()}, ref_of(made): ref_of(parcel.task.output.parent)}
        told = replace(
            outcome,
            task=parcel.task,
            problem=_as_there(outcome.problem, there),
            notes=tuple(_as_there(note, there) for note in outcome.notes),
        )
    return Delivery(told, files, client.lacking)


def kept_whole(output: Path, files: dict[str, bytes]) -> None:
    """Write what was delivered into the output's folder, each file at once and whole. Raises OSError."""
    for name, content in files.items():
        with replacing(output.with_name(name)) as part:
            part.write_bytes(content)


@lru_cache(1)
def _kept(client: Client) -> Client:
    """The first that was equal to it: it has loaded its networks already."""
    return client


def _pairs(parcel: Parcel, contents: tuple[bytes, ...]) -> list[tuple[str, bytes]]:
    return list(zip(parcel.pictures, contents, strict=False))


def _laid_down(folder: Path, ref: str, content: bytes) -> str:
    """The ref of a file with a picture's own name, which may say how it is to be read."""
    folder.mkdir()
    path = folder / path_of(ref).name
    path.write_bytes(content)
    return ref_of(path)


def _keep_model(name: str, content: bytes) -> None:
    """Into this machine's store, once."""
    place = models_folder() / name
    if not place.is_file():
        private_folder(place.parent)
        kept_whole(place, {place.name: content})


def _as_there(sentence: str, paths: dict[str, str]) -> str:
    for here, there in paths.items():
        sentence = sentence.replace(here, there)
    return sentence
