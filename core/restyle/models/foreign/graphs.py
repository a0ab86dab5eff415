"""Graphs in kept files: where a published file says what its network computes, the kept file's notes say it, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from restyle.contract.errors import WeightsDamaged
from restyle.contract.sentence import said
from restyle.models.foreign.layers import Draft
from restyle.models.foreign.readers import StateDict, read_metadata, read_state_dict
from restyle.models.kept import ARCHITECTURE

__all__ = ["graph_notes", "read_graphs"]


def graph_notes(drafts: Mapping[str, Draft]) -> tuple[StateDict, dict[str, str]]:
    """The tensors and notes of a kept file of these networks; the names of their tensors begin with those of the networks."""
    state = {name + tensor: values for name, draft in drafts.items() for tensor, values in draft.state.items()}
    return state, {ARCHITECTURE: json.dumps({name: draft.architecture for name, draft in drafts.items()})} if drafts else {}


def read_graphs(path: Path) -> dict[str, Draft]:
    """The networks of a kept file by name; raises WeightsDamaged."""
    state = read_state_dict(path)
    try:
        architectures = json.loads(read_metadata(path)[ARCHITECTURE])
        return {name: Draft(architecture, _named(state, name)) for name, architecture in architectures.items()}
    except (AttributeError, KeyError, ValueError, RecursionError) as error:
        raise WeightsDamaged(path, said("it says nothing sensible of what its networks compute")) from error


def _named(state: StateDict, name: str) -> StateDict:
    return {tensor.removeprefix(name): values for tensor, values in state.items() if tensor.startswith(name)}
