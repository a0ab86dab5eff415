"""A preset of the dialog is a request as the core knows it, for each filter; and one of the command line opens in the dialog."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from restyle.contract.request import Request, check
from restyle.filters import find_filter
from restyle_plugin.gimpfu_shim import registry
from restyle_plugin.gimpfu_shim.model import DialogModel
from tests.plugin.portable.stage import Stage

PICTURE, PHOTO = "/pictures/night.jpg", "photo.jpg"


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    with Stage() as found:
        yield found


def filters() -> list[str]:
    with Stage() as stage:
        return [declared["id"] for declared in stage.catalogue["filters"]]


def presets_of(stage: Stage, name: str) -> tuple[Any, DialogModel]:
    procedure = next(known for known in registry.procedures() if known.name == f"python-fu-restyle-{name}")
    return procedure.presets(stage.gimp), DialogModel(procedure, procedure.defaults())


@pytest.mark.parametrize("name", filters())
def test_the_core_takes_a_preset(stage: Stage, name: str) -> None:
    presets, model = presets_of(stage, name)
    files = [key for key in model.chosen() if key.endswith("-1-file")]
    for key in files:
        model.change(key, PICTURE)
    presets.save("mine", model.chosen())
    request = Request.model_validate_json((Path(presets.folder) / "mine.json").read_text())
    declared = find_filter(name)
    needed = [item for item in declared.inputs if item.minimum and item.name not in request.inputs]
    photo = Request.of(declared, {item.name: item.required(PHOTO) for item in needed}, {}).inputs
    use = check(declared, request.model_copy(update={"inputs": {**request.inputs, **photo}}))
    assert sorted(use.refs()) == sorted([PHOTO] * len(needed) + [PICTURE] * len(files))


@pytest.mark.parametrize("name", filters())
def test_what_the_core_writes_opens_in_the_dialog(stage: Stage, name: str, tmp_path: Path) -> None:
    presets, model = presets_of(stage, name)
    declared = find_filter(name)
    inputs = {item.name: item.required(PICTURE) for item in declared.inputs if item.minimum}
    path = tmp_path / "look.json"
    path.write_text(json.dumps(check(declared, Request.of(declared, inputs, {})).request().model_dump(mode="json")))
    found = presets.values_in(str(path))
    # Where regions come from is another question to the command line.
    rows = {key: value for key, value in model.chosen().items() if key in found and key != "regions-from"}
    assert {key: found[key] for key in rows} == {
        key: PICTURE if key == "style-1-file" and "styles" in inputs else plain(value, found[key]) for key, value in rows.items()
    }


def plain(value: Any, found: Any) -> Any:
    """What a plug-in's function gets, as the dialog has it: colours as tuples, no layer as 0."""
    if hasattr(value, "r"):
        return value.r, value.g, value.b
    return 0 if value is None and found == 0 else value
