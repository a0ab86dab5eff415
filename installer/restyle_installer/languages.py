"""`languages`: gathers the plug-in's texts, and brings the catalogues of its translations up to date.

restyle.pot lists the English texts; each LANGUAGE/LC_MESSAGES/restyle.po has a language's; the restyle.mo beside it is what the
plug-in reads. All three lie in the plug-in's folder `locale`. Written with Python alone, so that nobody needs gettext's programs.
"""

from __future__ import annotations

import ast
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

from .console import Console

LOCALE, TEMPLATE, DOMAIN = "locale", "restyle.pot", "restyle"
# What each language has: how many forms for numbers, and which.
PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ja": "nplurals=1; plural=0;",
    "zh_CN": "nplurals=1; plural=0;",
}

_MARKS = ("_", "N_", "ngettext")
_READ = ("title", "description", "unit", "menu_label", "summary")
_HEAD = "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nMIME-Version: 1.0\n"
_MO_MAGIC, _MO_HEAD_BYTES = 0x950412DE, 28

__all__ = ["LOCALE", "PLURALS", "Entry", "compiled", "extracted", "merged", "read", "template", "update", "written"]


@dataclass
class Entry:
    """One text: English, its plural or "", where it stands, and its translations, one for each form."""

    text: str
    plural: str = ""
    places: List[str] = field(default_factory=list)
    said: List[str] = field(default_factory=list)


Entries = Dict[str, Entry]


def update(plugin: Path, console: Console) -> int:
    """Write the template, the languages' texts with what is new left empty, and what the plug-in reads. Returns 1 where some
    language lacks a text."""
    folder = plugin / LOCALE
    entries = extracted(plugin)
    _write(folder / TEMPLATE, template(entries).encode("utf-8"))
    lacking = 0
    for language in PLURALS:
        path = _path(folder, language, ".po")
        known = read(path.read_text(encoding="utf-8")) if path.exists() else {}
        own = merged(entries, known)
        _write(path, written(own, language).encode("utf-8"))
        _write(_path(folder, language, ".mo"), compiled(own, language))
        missing = [entry.text for entry in own.values() if not all(entry.said) or not entry.said]
        console.say("%s: %d texts, %d of them not translated." % (language, len(own), len(missing)))
        lacking += len(missing)
    return 1 if lacking else 0


def extracted(plugin: Path) -> Entries:
    """All texts of the plug-in that a person reads, by their English: of its modules, its catalogue and its lists."""
    entries: Entries = {}
    for place, text, plural in _found(plugin):
        if text:
            entry = entries.setdefault(text, Entry(text))
            entry.plural = entry.plural or plural
            entry.places += [place] if place not in entry.places else []
    return entries


def merged(entries: Entries, known: Entries) -> Entries:
    """The texts of today with the translations that are known; what is gone is left out."""
    return {
        text: Entry(text, entry.plural, entry.places, known[text].said if text in known else [])
        for text, entry in entries.items()
        if text
    }


def template(entries: Entries) -> str:
    """The texts as a .pot, to translate from."""
    return written({text: Entry(text, entry.plural, entry.places) for text, entry in entries.items()}, "")


def written(entries: Entries, language: str) -> str:
    """The texts of a language as a .po."""
    lines = ['msgid ""', *_lines("msgstr", _head(language)), ""]
    for entry in entries.values():
        lines += ["#: " + " ".join(entry.places), *(["#, python-format"] if "%" in entry.text else [])]
        lines += _lines("msgid", entry.text)
        if entry.plural:
            lines += _lines("msgid_plural", entry.plural)
            forms = entry.said or [""] * (_forms(language) if language else 2)
            for number, said in enumerate(forms):
                lines += _lines("msgstr[%d]" % number, said)
        else:
            lines += _lines("msgstr", entry.said[0] if entry.said else "")
        lines.append("")
    return "\n".join(lines)


def read(text: str) -> Entries:
    """The texts of a .po, without its head; what is marked as fuzzy is not translated."""
    entries: Entries = {}
    for block in text.replace("\r\n", "\n").split("\n\n"):
        parts: Dict[str, str] = {}
        key, is_fuzzy = "", False
        for line in block.splitlines():
            if line.startswith("#"):
                is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            if not line.startswith('"'):
                key, _, line = line.partition(" ")
            parts[key] = parts.get(key, "") + json.loads(line.strip() or '""')
        if parts.get("msgid"):
            said = [value for name, value in parts.items() if name.startswith("msgstr")]
            known = [] if is_fuzzy or not all(said) else said
            entries[parts["msgid"]] = Entry(parts["msgid"], parts.get("msgid_plural", ""), [], known)
    return entries


def compiled(entries: Entries, language: str) -> bytes:
    """The translations as a .mo: sorted, so that the same ones are the same file."""
    pairs = {"": _head(language)}
    for entry in entries.values():
        if entry.said and all(entry.said):
            key = entry.text + ("\0" + entry.plural if entry.plural else "")
            pairs[key] = "\0".join(entry.said)
    rows = sorted((key.encode("utf-8"), value.encode("utf-8")) for key, value in pairs.items())
    tables: List[Tuple[int, int]] = []
    data = b""
    start = _MO_HEAD_BYTES + 16 * len(rows)
    for text in [key for key, _ in rows] + [value for _, value in rows]:
        tables.append((len(text), start + len(data)))
        data += text + b"\0"
    head = struct.pack("<7I", _MO_MAGIC, 0, len(rows), _MO_HEAD_BYTES, _MO_HEAD_BYTES + 8 * len(rows), 0, 0)
    return head + b"".join(struct.pack("<2I", *table) for table in tables) + data


def _found(plugin: Path) -> Iterator[Tuple[str, str, str]]:
    """(where it stands, text, plural or "") of all texts."""
    for path in sorted(plugin.rglob("*.py")):
        for text, plural in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            yield path.relative_to(plugin).as_posix(), text, plural
    filters = _json(plugin / "catalogue.json")["filters"]
    for text in [*_read(filters), *_of_pictures(filters)]:
        yield "catalogue.json", text, ""
    for known in _json(plugin / "published.json").values():
        yield "published.json", known["title"], ""
        if " " in known["licence"]:  # else a name, which is the same everywhere
            yield "published.json", known["licence"], ""
    for path in sorted((plugin / "styles").glob("*.jpg")):
        yield "styles", path.stem.replace("-", " ").capitalize(), ""


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _marked(tree: ast.AST) -> Iterator[Tuple[str, str]]:
    """The literals in calls of `_`, `N_` and `ngettext`, in their order: (text, plural)."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if getattr(call.func, "id", "") in _MARKS:
            words = [one.value for one in call.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if words:
                yield words[0], words[1] if len(words) > 1 else ""


def _read(part: Any) -> Iterator[str]:
    """What a person reads of a part of the catalogue."""
    if isinstance(part, list):
        for each in part:
            yield from _read(each)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in _READ and isinstance(value, str):
                yield value
            else:
                yield from _read(value)


def _of_pictures(filters: List[Any]) -> Iterator[str]:
    """The labels that the plug-in makes for inputs of several pictures, by their names."""
    for item in [item for declared in filters for item in declared["inputs"] if item["kind"] == "pictures"]:
        name = item["name"]
        stem = (name[:-1] if name.endswith("s") else name).replace("_", " ")
        title = stem.capitalize()
        yield "%s picture" % title
        if item["maximum"] > 1:
            yield from ("%s %%d picture" % title, "%s weight" % title, "%s %%d weight" % title, "More %ss" % stem)


def _head(language: str) -> str:
    return _HEAD + ("Language: %s\nPlural-Forms: %s\n" % (language, PLURALS[language]) if language else "")


def _forms(language: str) -> int:
    return int(PLURALS[language].split("=")[1][0])


def _lines(key: str, text: str) -> List[str]:
    """A text behind its key, with a line for each of its own where it has several."""
    parts = text.splitlines(True)
    if len(parts) < 2:
        return ["%s %s" % (key, _quoted(text))]
    return ['%s ""' % key, *[_quoted(part) for part in parts]]


def _quoted(text: str) -> str:
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def _path(folder: Path, language: str, ending: str) -> Path:
    return folder / language / "LC_MESSAGES" / (DOMAIN + ending)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)
