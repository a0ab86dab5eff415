"""`languages`: gathers the texts that people read, and brings the catalogues of their translations up to date.

Each program has a domain of gettext's of its own, in the folder `locale` beside its modules: DOMAIN.pot lists the English texts,
each LANGUAGE/LC_MESSAGES/DOMAIN.po has a language's, and the DOMAIN.mo beside it is what is read. What follows from the texts,
and English needs too, is in the .mo alone.
"""

from __future__ import annotations

import ast
import json
import runpy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator, List, Tuple

from . import po
from .checkout import Checkout
from .console import Console

_LOCALE, _ENGLISH = "locale", "en"
_MARKS = ("_", "N_", "ngettext")
_MARKS_OF_THE_CORE = ("said",)
_READ = ("title", "description", "unit", "menu_label", "summary")
# (where it stands, text, plural or "")
_Found = Tuple[str, str, str]

__all__ = ["Domain", "domains", "extracted", "update"]


def _no_data(modules: Path) -> Iterator[_Found]:
    return iter(())


def _nothing_more(modules: Path, said: po.Entries) -> po.Entries:
    return {}


@dataclass(frozen=True)
class Domain:
    """What one program says: the name of its catalogues, the folder of its modules, what it shows of data beside them, and what
    follows from a language's texts."""

    name: str
    modules: Path
    data: Callable[[Path], Iterator[_Found]] = _no_data
    more: Callable[[Path, po.Entries], po.Entries] = _nothing_more

    def compiled(self, said: po.Entries, language: str) -> bytes:
        """A language's .mo, of what it has of the texts."""
        return po.compiled({**said, **self.more(self.modules, said)}, language)

    @property
    def template(self) -> Path:
        return self.modules / _LOCALE / (self.name + ".pot")

    def catalogue(self, language: str, ending: str) -> Path:
        """Where a language's .po or .mo lies."""
        return self.modules / _LOCALE / language / "LC_MESSAGES" / (self.name + ending)


def domains(checkout: Checkout) -> List[Domain]:
    """All that a checkout has. What the core says is shown by the plug-in, which translates its templates."""

    def of_the_plugin(modules: Path) -> Iterator[_Found]:
        yield from _data_of_the_plugin(modules)
        for place, text, plural in _of_modules(checkout.root / "core" / "restyle", _MARKS_OF_THE_CORE):
            yield "core/" + place, text, plural

    installer = checkout.root / "installer" / "restyle_installer"
    plugin = Domain("restyle", checkout.plugin / "restyle_plugin", of_the_plugin, _menu_places)
    return [plugin, Domain("restyle-installer", installer)]


def update(found: List[Domain], console: Console) -> int:
    """Write the templates, the languages' texts with what is new left empty, and what is read. Returns 1 where some language
    lacks a text."""
    return 1 if sum([_update(domain, console) for domain in found]) else 0


def extracted(domain: Domain) -> po.Entries:
    """All texts of a domain that a person reads, by their English: of its modules and its data."""
    entries: po.Entries = {}
    for place, text, plural in [*_of_modules(domain.modules), *domain.data(domain.modules)]:
        if text:
            entry = entries.setdefault(text, po.Entry(text))
            entry.plural = entry.plural or plural
            entry.places += [place] if place not in entry.places else []
    return entries


def _update(domain: Domain, console: Console) -> int:
    """The number of texts that some language lacks."""
    entries = extracted(domain)
    _write(domain.template, po.template(entries).encode("utf-8"))
    lacking = 0
    for language in po.PLURALS:
        path = domain.catalogue(language, ".po")
        known = po.read(path.read_text(encoding="utf-8")) if path.exists() else {}
        own = po.merged(entries, known)
        _write(path, po.written(own, language).encode("utf-8"))
        _write(domain.catalogue(language, ".mo"), domain.compiled(own, language))
        missing = [entry.text for entry in own.values() if not all(entry.said) or not entry.said]
        console.say("%s, %s: %d texts, %d of them not translated." % (domain.name, language, len(own), len(missing)))
        lacking += len(missing)
    if domain.more(domain.modules, {}):
        _write(domain.catalogue(_ENGLISH, ".mo"), domain.compiled({}, ""))
    return lacking


def _of_modules(modules: Path, marks: Tuple[str, ...] = _MARKS) -> Iterator[_Found]:
    for path in sorted(modules.rglob("*.py")):
        for text, plural in _marked(ast.parse(path.read_text(encoding="utf-8")), marks):
            yield path.relative_to(modules).as_posix(), text, plural


def _marked(tree: ast.AST, marks: Tuple[str, ...]) -> Iterator[Tuple[str, str]]:
    """The literals in calls of functions that mark them, in their order: (text, plural)."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if getattr(call.func, "id", "") in marks:
            words = [one.value for one in call.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if words:
                yield words[0], words[1] if len(words) > 1 else ""


def _data_of_the_plugin(plugin: Path) -> Iterator[_Found]:
    """Its catalogue, its lists, and what its menu is called."""
    yield "menu.py", _menu_name(plugin), ""
    filters = _json(plugin / "catalogue.json")["filters"]
    for text in [*_read(filters), *_of_pictures(filters)]:
        yield "catalogue.json", text, ""
    for known in _json(plugin / "published.json").values():
        yield "published.json", known["title"], ""
        if " " in known["licence"]:  # else a name, which is the same everywhere
            yield "published.json", known["licence"], ""
    for path in sorted((plugin / "styles").glob("*.jpg")):
        yield "styles", path.stem.replace("-", " ").capitalize(), ""


def _menu_name(plugin: Path) -> str:
    return _constant(plugin / "menu.py", "MENU").rpartition("/")[2]


def _menu_places(plugin: Path, said: po.Entries) -> po.Entries:
    """What the plug-in's menu is called in a language, and GIMP 2.10 sorts it by."""
    order, menu = runpy.run_path(str(plugin / "gimpfu_shim" / "menu_order.py")), _constant(plugin / "menu.py", "MENU")
    known = said.get(_menu_name(plugin))
    name = known.said[0] if known and known.said else _menu_name(plugin)
    paths = {order["path_at"](menu, place): order["sorted_as"](menu, place, name) for place in range(order["PLACES"])}
    return {path: po.Entry(path, said=[words]) for path, words in paths.items()}


def _constant(module: Path, name: str) -> str:
    """A text that a module gives a name."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(each, ast.Name) and each.id == name for each in node.targets):
            return str(ast.literal_eval(node.value))
    raise LookupError(name)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


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
        if item["maximum"] > 1:
            yield from ("%s picture" % title, "%s %%d picture" % title)
            yield from ("%s weight" % title, "%s %%d weight" % title, "More %ss" % stem)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)
