"""The plug-in's modules import one another in one direction only."""

from pathlib import Path

import pytest

from tests.plugin.imports import circles, imports_of

# The topmost first: a module may import those of the rows below its own.
LAYERS = (
    ("menu",),
    ("care", "folder"),
    ("preview",),
    ("doctor", "zoom", "entry", "edit", "presets", "set_up", "settings_dialog", "supply"),
    ("bootstrap", "gallery", "places"),
    ("growth", "rows", "session", "pixels"),
    ("canvas", "results", "sending"),
    ("inputs",),
    ("animation", "estimates", "insertion", "small"),
    ("batch_process", "beneath", "painter", "picture_kind", "provenance", "regions", "visibility"),
    ("collection", "fetcher", "launch", "layers", "pace", "request", "row", "waiting"),
    ("gimpfu_shim", "remote"),
    ("caches", "models", "client", "start_lock", "startup_log", "style_pictures"),
    ("preferences",),
    ("remembered",),
    ("home", "kind", "pinned", "words"),
    ("errors",),
    ("sentences",),
    ("languages",),
    ("compat",),
)


@pytest.fixture(scope="module")
def graph(root: Path) -> dict[str, set[str]]:
    """What each module imports, wherever in its text."""
    return imports_of(root / "plugin" / "restyle" / "restyle_plugin")


def test_no_module_reaches_itself(graph: dict[str, set[str]]) -> None:
    assert circles(graph) == set()


def test_the_in_memory_gimp_has_no_circle_either(root: Path) -> None:
    assert circles(imports_of(root / "plugin" / "memory_gimp")) == set()


def test_every_module_has_its_place_in_the_layers(graph: dict[str, set[str]]) -> None:
    placed = [name for row in LAYERS for name in row]
    assert sorted(placed) == sorted({name.split(".")[0] for name in graph} - {""})


def test_imports_point_inward(graph: dict[str, set[str]]) -> None:
    rank = {name: number for number, row in enumerate(LAYERS) for name in row}
    outward = [
        f"{module} -> {imported}"
        for module, all_imported in graph.items()
        for imported in all_imported
        if imported.split(".")[0] != module.split(".")[0] and rank[imported.split(".")[0]] <= rank[module.split(".")[0]]
    ]
    assert outward == []


def test_a_circle_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from .b import x\n")
    (tmp_path / "b.py").write_text("def f():\n    from . import a\n")
    (tmp_path / "c.py").write_text("from . import b\n")
    assert circles(imports_of(tmp_path)) == {"a", "b"}
