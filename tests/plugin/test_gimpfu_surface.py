"""All that GIMP 2.10's gimp, gimpcolor and gimpfu offer is there under its name, by the lists read from their source."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from memory_gimp import MemoryGimp
from restyle_plugin import gimpfu_shim
from restyle_plugin.gimpfu_shim import backend, color, color_models, enums, gimp_module

# Tables of the lists → the classes that have them; an object of the shim's pdb is no class of its own.
CLASSES: dict[str, Any] = {
    "gimp_methods": gimpfu_shim.gimp,
    "img_methods": gimpfu_shim.gimp.Image,
    "img_getsets": gimpfu_shim.gimp.Image,
    "item_methods": gimpfu_shim.gimp.Item,
    "item_getsets": gimpfu_shim.gimp.Item,
    "drw_methods": gimpfu_shim.gimp.Drawable,
    "drw_getsets": gimpfu_shim.gimp.Drawable,
    "lay_methods": gimpfu_shim.gimp.Layer,
    "lay_getsets": gimpfu_shim.gimp.Layer,
    "grouplay_getsets": gimpfu_shim.gimp.GroupLayer,
    "chn_methods": gimpfu_shim.gimp.Channel,
    "chn_getsets": gimpfu_shim.gimp.Channel,
    "tile_methods": gimpfu_shim.gimp.Tile,
    "pr_methods": gimpfu_shim.gimp.PixelRgn,
    "pf_methods": gimpfu_shim.gimp.PixelFetcher,
    "disp_getsets": gimpfu_shim.gimp.Display,
    "para_methods": gimpfu_shim.gimp.Parasite,
    "para_getsets": gimpfu_shim.gimp.Parasite,
    "pdb_methods": gimpfu_shim.pdb,
    "vs_methods": gimpfu_shim.gimp.VectorsStroke,
    "vs_getsets": gimpfu_shim.gimp.VectorsStroke,
    "vbs_methods": gimpfu_shim.gimp.VectorsBezierStroke,
    "vectors_methods": gimpfu_shim.gimp.Vectors,
    "vectors_getsets": gimpfu_shim.gimp.Vectors,
    "rgb_methods": color.RGB,
    "rgb_getsets": color.RGB,
    "hsv_methods": color_models.HSV,
    "hsv_getsets": color_models.HSV,
    "hsl_methods": color_models.HSL,
    "hsl_getsets": color_models.HSL,
    "cmyk_methods": color_models.CMYK,
    "cmyk_getsets": color_models.CMYK,
    "gimpcolor_methods": color_models,
}
# What the objects have and not their classes.
OF_OBJECTS = {"ID", "vectors_ID", "flags", "name", "data", "r", "g", "b", "a", "h", "s", "v", "l", "c", "m", "y", "k"}


@pytest.fixture(scope="module")
def shared(reference: Path) -> Path:
    """The folder that has the lists beside the references."""
    return reference.parent


@pytest.fixture(scope="module")
def lists(shared: Path) -> dict[str, list[str]]:
    """{table: its names}; "*" marks what can be set."""
    found: dict[str, list[str]] = {}
    table = ""
    for line in (shared / "gimp" / "pygimp-methods.txt").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"--- (methods|attributes).*? (\w+_(?:methods|getsets))(.*)", line):
            table = match.group(2)
            found[table] = match.group(3).split()
        elif line.startswith("   ") and table:
            found[table].append(line.split()[0])
    return found


@pytest.mark.parametrize("table", sorted(CLASSES))
def test_every_name_is_there(lists: dict[str, list[str]], table: str) -> None:
    wanted = [name.rstrip("*") for name in lists[table]]
    assert wanted
    assert [name for name in wanted if name not in OF_OBJECTS and not hasattr(CLASSES[table], name)] == []


@pytest.mark.parametrize("table", sorted(name for name in CLASSES if name.endswith("getsets")))
def test_what_can_be_set_can_be_set(lists: dict[str, list[str]], table: str) -> None:
    settable = [name.rstrip("*") for name in lists[table] if name.endswith("*")]
    found = {name: getattr(CLASSES[table], name, None) for name in settable if name not in OF_OBJECTS}
    assert [name for name, value in found.items() if isinstance(value, property) and value.fset is None] == []


def test_what_is_refused_is_on_the_list_and_says_its_name(lists: dict[str, list[str]]) -> None:
    assert set(gimp_module._REFUSED) <= set(lists["gimp_methods"])
    for name in gimp_module._REFUSED:
        with pytest.raises(NotImplementedError, match=name):
            getattr(gimpfu_shim.gimp, name)()


def test_gimpfu_has_the_real_one_s_names(shared: Path) -> None:
    text = (shared / "gimp" / "gimpfu-surface.md").read_text(encoding="utf-8")
    numbers = re.findall(r"(PF_\w+(?:=PF_\w+)*)=(\d+)", text)
    assert len(numbers) > 20
    for names, number in numbers:
        for name in names.split("="):
            assert getattr(gimpfu_shim, name) == int(number)
    for name in ("register", "main", "fail", "N_", "_", "pdb", "gimp", "error", "CancelError"):
        assert hasattr(gimpfu_shim, name)


def test_every_enumeration_has_its_number(shared: Path) -> None:
    tables = json.loads((shared / "gimp" / "gimp-2.10-enums.json").read_text(encoding="utf-8"))
    wanted = {name: number for kind, table in tables.items() if kind.startswith("Gimp") for name, number in table.items()}
    assert {name: enums.ENUMS.get(name) for name in wanted} == wanted


def test_procedures_know_what_the_real_ones_do(shared: Path) -> None:
    text = (shared / "gimp" / "gimpfu-surface.md").read_text(encoding="utf-8")
    names = re.findall(
        r"proc_\w+|nparams|nreturn_vals|\bparams\b|return_vals", text.split("pdb function attributes:")[1].split("\n")[0]
    )
    backend.use(MemoryGimp())
    try:
        function = gimpfu_shim.pdb.gimp_version
        assert {name for name in names if not name.startswith("proc_") and not hasattr(function, name)} == set()
        assert function.proc_name == "gimp-version"
        assert function.nreturn_vals == 1
    finally:
        backend.use(None)
