"""The guide as HTML, in the form in which GIMP looks for a plug-in's help: help/LOCALE/gimp-help.xml and the pages it names."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from .markdown import headings, slug, to_html

__all__ = ["FOLDER", "pages"]

FOLDER = "help/en"
DOCUMENTS = ("guide", "regions", "filters", "scaling")
PICTURE = re.compile(r"!\[[^\]]*\]\((pictures/[^)]+)\)")
CATALOGUE = Path("restyle_plugin") / "catalogue.json"
# Entries that are no filters, and dialogs that are no entries: where they are explained.
OTHERS = (
    ("edit-restyled-layer", "Edit Restyled Layer"),
    ("settings", "Settings"),
    ("settings-dialog", "Settings"),
    ("doctor", "When something goes wrong"),
)
STYLE = (
    "body{max-width:52em;margin:2em auto;padding:0 1em;font:1em/1.5 sans-serif;color:#222;background:#fff}img{max-width:100%}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.3em .6em;text-align:left;vertical-align:top}"
    "pre{background:#f2f2f2;padding:.6em;overflow:auto}"
)
PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>%s</title><style>%s</style></head>\n'
    '<body><nav><a href="guide.html">The guide</a> · <a href="regions.html">Regions</a> · '
    '<a href="filters.html">All settings</a></nav>\n%s</body></html>\n'
)


def pages(docs: Path, plugin: Path) -> dict[str, bytes]:
    """The files of the help by their paths below FOLDER; {} where there are no documents. docs: the checkout's folder of them."""
    texts = {name: (docs / (name + ".md")).read_text(encoding="utf-8") for name in DOCUMENTS if (docs / (name + ".md")).is_file()}
    if not texts:
        return {}
    found = {name + ".html": _page(text) for name, text in texts.items()}
    for path in sorted({path for text in texts.values() for path in PICTURE.findall(text)}):
        found[path] = (docs / path).read_bytes()
    catalogue = json.loads((plugin / CATALOGUE).read_text(encoding="utf-8"))
    found["gimp-help.xml"] = _index(catalogue["filters"], texts)
    return found


def _page(text: str) -> bytes:
    title = headings(text)[0]
    return (PAGE % (html.escape(title), STYLE, to_html(text))).encode("utf-8")


def _index(filters: list[dict[str, str]], texts: dict[str, str]) -> bytes:
    """Where each filter is explained: under the heading with its title, of the first document that has one, or in its own."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<gimp-help>"]
    for declared in filters:
        found = [name for name in DOCUMENTS if declared["title"] in headings(texts.get(name, ""))]
        # Find Regions has a document of its own.
        place = "%s.html#%s" % (found[0], slug(declared["title"])) if found else "%s.html" % slug(declared["title"])
        item = '  <help-item id="python-fu-restyle-%s" ref="%s" title="%s"/>'
        lines.append(item % (declared["id"], place, html.escape(declared["title"])))
    for name, title in OTHERS:
        item = '  <help-item id="python-fu-restyle-%s" ref="guide.html#%s" title="%s"/>'
        lines.append(item % (name, slug(title), html.escape(title)))
    return "\n".join([*lines, "</gimp-help>", ""]).encode("utf-8")
