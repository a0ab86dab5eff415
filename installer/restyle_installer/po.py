"""The files of translations: .pot and .po are read by people, .mo by gettext. Written with Python alone, so that nobody needs
gettext's programs."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass, field
from typing import Dict, List, Tuple

# What each language has: how many forms for numbers, and which.
PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ja": "nplurals=1; plural=0;",
    "zh_CN": "nplurals=1; plural=0;",
}

_HEAD = "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nMIME-Version: 1.0\n"
_IN_BRACES = re.compile(r"\{\w+\}")
_MO_MAGIC, _MO_HEAD_BYTES = 0x950412DE, 28

__all__ = ["PLURALS", "Entries", "Entry", "compiled", "merged", "read", "template", "written"]


@dataclass
class Entry:
    """One text: English, its plural or "", where it stands, and its translations, one for each form."""

    text: str
    plural: str = ""
    places: List[str] = field(default_factory=list)
    said: List[str] = field(default_factory=list)


Entries = Dict[str, Entry]


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
        lines += ["#: " + " ".join(entry.places), *_flags(entry.text)]
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


def _head(language: str) -> str:
    return _HEAD + ("Language: %s\nPlural-Forms: %s\n" % (language, PLURALS[language]) if language else "")


def _flags(text: str) -> List[str]:
    """How its places are written, for the programs that check translations."""
    if _IN_BRACES.search(text):
        return ["#, python-brace-format"]
    return ["#, python-format"] if "%" in text else []


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
