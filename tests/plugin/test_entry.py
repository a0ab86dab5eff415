"""restyle.py, the file that GIMP starts: executable, quick to answer, in every Python."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("http", "httplib", "socket", "subprocess", "hashlib", "ssl", "logging", "urllib", "ctypes", "gi")
_SCRIPT = """
import json, sys
sys.path.insert(0, {folder!r})
sys.argv = ["restyle.py", "-gimp", "12", "13", "-query", "0"]
before = set(sys.modules)
import restyle
from restyle_plugin.gimpfu_shim import backend

class Gimp:
    def main(self, procedures, dispatch):
        import sys as system
        print(json.dumps([[p.name, p.menu, p.label, p.imagetypes, len(p.params)] for p in procedures]))
        print(json.dumps(sorted(set(sys.modules) - before)))

backend.use(Gimp())
restyle.main()
"""


def _query(plugin: Path) -> tuple[list[list[object]], list[str]]:
    script = _SCRIPT.format(folder=str(plugin))
    answer = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    first, second = answer.stdout.splitlines()
    return json.loads(first), json.loads(second)


def test_it_registers_every_filter_of_the_catalogue(root: Path) -> None:
    procedures, _ = _query(root / "plugin" / "restyle")
    catalogue = json.loads((root / "plugin/restyle/restyle_plugin/catalogue.json").read_text(encoding="utf-8"))
    names = ["python-fu-restyle-" + declared["id"] for declared in catalogue["filters"]]
    others = ["python-fu-restyle-" + other for other in ("edit-restyled-layer", "folder", "canvas", "settings", "doctor")]
    assert [name for name, *_ in procedures] == [*names, *others]
    # The plug-in itself calls what shows a painting in the making.
    menus = {name: menu for name, menu, *_ in procedures}
    assert menus.pop("python-fu-restyle-canvas") == ""
    assert set(menus.values()) == {"<Image>/Filters/Style Transfer"}
    # A folder needs no image, nor does what looks after Restyle itself.
    assert [kinds for *_, kinds, _ in procedures] == ["*"] * (len(procedures) - 4) + [""] * 4
    assert procedures[0][2] == "Fast Style…"
    neural = [name for name, *_ in procedures].index("python-fu-restyle-neural-style")
    declared, count = catalogue["filters"][neural], procedures[neural][4]
    shown = sum(param["dialog"] for param in declared["params"])
    # Image and layer; four styles, each a file, a layer and a weight; where the regions come from; a painting or its photo;
    # how the layers of an animation are painted.
    assert count == 2 + 4 * 3 + 1 + shown + 2


def test_a_query_imports_nothing_heavy(root: Path) -> None:
    _, modules = _query(root / "plugin" / "restyle")
    assert [name for name in modules if name.split(".")[0] in HEAVY] == []


def test_gimp_would_start_it(root: Path) -> None:
    entry = root / "plugin" / "restyle" / "restyle.py"
    assert os.access(entry, os.X_OK)
    assert entry.read_bytes().startswith(b"#!/usr/bin/env python3\n")
    assert entry.stem == entry.parent.name


@pytest.mark.parametrize(
    "content", [None, "", "[]", '{"filters": [{"id": "fast-style"}], "version": "1"}', '{"filters": 3}', "{\x00"]
)
def test_a_damaged_catalogue_becomes_one_entry_that_says_so(content: str | None, root: Path, tmp_path: Path) -> None:
    plugin = shutil.copytree(root / "plugin" / "restyle", tmp_path / "restyle")
    catalogue = plugin / "restyle_plugin" / "catalogue.json"
    catalogue.unlink()
    if content is not None:
        catalogue.write_text(content, encoding="utf-8")
    (entry,), _ = _query(plugin)
    assert entry[:3] == ["python-fu-restyle-notice", "<Image>/Filters/Style Transfer", "Restyle is damaged…"]
