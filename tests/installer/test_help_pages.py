"""The guide as the plug-in's help: in the form that GIMP reads, each filter at its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from restyle_installer import help_pages, plugin_folder
from restyle_installer.markdown import to_html


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[str, bytes]:
    return help_pages.pages(root / "docs", root / "plugin" / "restyle")


def test_every_filter_has_a_place_that_is_there(root: Path, pages: dict[str, bytes]) -> None:
    catalogue = json.loads((root / "plugin/restyle/restyle_plugin/catalogue.json").read_text(encoding="utf-8"))
    items = {item.get("id"): item.get("ref") for item in ElementTree.fromstring(pages["gimp-help.xml"])}
    names = ["python-fu-restyle-" + declared["id"] for declared in catalogue["filters"]]
    others = ("edit-restyled-layer", "settings", "settings-dialog", "doctor")
    assert list(items) == [*names, *("python-fu-restyle-" + other for other in others)]
    for reference in items.values():
        page, _, anchor = str(reference).partition("#")
        assert not anchor or f'id="{anchor}"' in pages[page].decode(), reference


def test_every_link_and_picture_of_a_page_is_there(pages: dict[str, bytes]) -> None:
    for name in ("guide.html", "regions.html", "filters.html"):
        text = pages[name].decode()
        for reference in re.findall(r'(?:href|src)="([^":]+)"', text):
            page, _, anchor = reference.partition("#")
            if not page.startswith(".."):
                assert (page or name) in pages, reference
            if anchor and not page.startswith(".."):
                assert f'id="{anchor}"' in pages[page or name].decode(), reference


def test_the_installed_plug_in_has_its_help(root: Path) -> None:
    files = plugin_folder.files(root / "plugin" / "restyle", "/python", "/home")
    assert {"help/en/gimp-help.xml", "help/en/guide.html"} <= {file.path for file in files}


def test_a_folder_without_documents_has_no_help(tmp_path: Path, root: Path) -> None:
    assert help_pages.pages(tmp_path, root / "plugin" / "restyle") == {}


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        ("## Fast Style, *now*", '<h2 id="fast-style-now">Fast Style, <em>now</em></h2>'),
        ("one\ntwo", "<p>one two</p>"),
        ("- one\n  more\n- two", "<ul><li>one more</li><li>two</li></ul>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("| a | b |\n|---|---|\n| `x | y` | 2 < 3 |", None),
        ("    restyle <file>", "<pre>restyle &lt;file&gt;</pre>"),
        ("```sh\na\n\nb\n```", "<pre>a\n\nb</pre>"),
        ("[a](regions.md#b)", '<p><a href="regions.html#b">a</a></p>'),
        ("![c](pictures/d.jpg)", '<p><img alt="c" src="pictures/d.jpg"></p>'),
        ("**b** `<*c*>` 2 * 3 * 4", "<p><strong>b</strong> <code>&lt;*c*&gt;</code> 2 * 3 * 4</p>"),
    ],
)
def test_markdown_becomes_html(markdown: str, wanted: str | None) -> None:
    if wanted is None:
        assert to_html(markdown).count("<th>") == 2
    else:
        assert to_html(markdown).strip() == wanted
