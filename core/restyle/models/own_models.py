"""Models of one's own: what lies in the folder of models, brought along, fetched or learned.

A model's name is its file's, without the ending. Files of other forms than Restyle's may simply be dropped there, into the folder
of models or the one of styles or of domains in it: they are listed for Fast Style and Change the World, and read when they are
used. Networks that paint plans, for Neural Doodle, lie in a folder of their own, each with the colours of its plans.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from restyle.contract.errors import InvalidInput, InvalidParameter, UnusableModel, WeightsDamaged
from restyle.contract.sentence import said
from restyle.models.entries import FAMILY_FOLDERS, PLANS_FOLDER, STYLES_FOLDER
from restyle.models.fetch import sha256_of
from restyle.models.foreign.layers import Family
from restyle.models.foreign.readers import StateDict, read_metadata, read_state_dict
from restyle.models.foreign.style_networks import read_style_network
from restyle.models.kept import ARCHITECTURE, FAMILY, SOURCE_HASH, write_kept
from restyle.models.manifest import find_weights
from restyle.models.plan_colors import Color, colors_of_plans, noted_colors, notes_of

__all__ = [
    "StyleModel",
    "free_place",
    "import_own_model",
    "list_own_models",
    "read_style_model",
    "stem_of",
    "title_of",
]

_OWN_ENDING = ".safetensors"
_ENDINGS = (_OWN_ENDING, ".t7", ".onnx", ".pth", ".pt", ".model", ".npz", ".index")
_MOST_ARCHITECTURE_CHARACTERS = 1 << 20
_NOT_IN_NAMES = re.compile(r"[^\w .()+-]+")
_LONGEST_NAME = 80
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))})
"""No file can be called so on Windows, whatever its ending."""


@dataclass(frozen=True)
class StyleModel:
    """A network as its file has it: a list of layers, or what a network of many styles says of itself.

    ``planes`` is how many masks of a plan it takes instead of a photo; None for those of Fast Style.
    """

    architecture: Any
    state: StateDict
    metadata: dict[str, str]
    planes: int | None = None
    family: Family = "style"


def list_own_models(models: Path, others: Container[str] = (), folder: str = STYLES_FOLDER) -> dict[str, Path]:
    """All models of a ``folder`` by name, sorted; of files with one name Restyle's own form comes first.

    Styles may lie loose, too, in the folder of ``models``; files called like ``others`` are none.
    """
    loose, others = ((models,), others) if folder == STYLES_FOLDER else ((), ())
    found: dict[str, Path] = {}
    for place in (models / folder, *loose):
        files = [path for path in place.iterdir() if path.suffix.lower() in _ENDINGS] if place.is_dir() else []
        for path in sorted(files, key=lambda item: (_ENDINGS.index(item.suffix.lower()), item.name)):
            if not path.name.startswith(".") and path.name not in others and path.is_file():
                found.setdefault(path.stem, path)
    return dict(sorted(found.items(), key=lambda item: (item[0].lower(), item[0])))


def title_of(path: Path) -> str:
    """What a person reads for a model: its own title, or its name."""
    return read_metadata(path).get("title") or path.stem


def read_style_model(path: Path) -> StyleModel:
    """The network in a file of any form; raises UnusableModel."""
    metadata = read_metadata(path)
    if ARCHITECTURE not in metadata:
        draft = read_style_network(path)
        return StyleModel(draft.architecture, draft.state, metadata, draft.planes, draft.family)
    try:
        if len(metadata[ARCHITECTURE]) > _MOST_ARCHITECTURE_CHARACTERS:
            raise ValueError("an architecture larger than any style's")
        planes = len(noted_colors(metadata)) or None
        family: Family = "domain" if metadata.get(FAMILY) == "domain" else "style"
        return StyleModel(json.loads(metadata[ARCHITECTURE]), read_state_dict(path), metadata, planes, family)
    except WeightsDamaged as error:
        raise UnusableModel(path, error.reason) from error
    except (ValueError, RecursionError) as error:
        raise UnusableModel(path, said("it says nothing sensible of its architecture")) from error


def import_own_model(
    models: Path, source: Path, name: str = "", metadata: dict[str, str] | None = None, colors: tuple[Color, ...] = ()
) -> Path:
    """Keep the network of a file, of whatever form, under ``name`` or its file's own; one that paints plans with its ``colors``.

    The file itself stays. The same file again is the same model; another one of the same name gets a number, and so does one
    that is called like a style in the box. Raises UnusableModel (also where nothing says which colours its plans have),
    InvalidInput for a name that is none, OutputUnwritable.
    """
    model = read_style_model(source)
    # A name that is given is meant; else the file's own title counts.
    given = {"title": _title(name)} if name else {}
    kept = {"title": _title(source.stem), **model.metadata, **given, **(metadata or {})}
    try:
        kept |= {ARCHITECTURE: json.dumps(model.architecture), FAMILY: model.family, SOURCE_HASH: sha256_of(source)}
    except OSError as error:
        raise UnusableModel(source, said("it cannot be read")) from error
    if model.planes is not None:
        kept |= notes_of(colors_of_plans(source, model.planes, colors))
    elif colors:
        raise UnusableModel(source, said("it paints photos, not plans"), said("leave out the colours"))
    folder = FAMILY_FOLDERS[model.family] if model.planes is None else PLANS_FOLDER
    target = free_place(models, _checked(name or source.stem), SOURCE_HASH, kept[SOURCE_HASH], folder)
    return write_kept(target, model.state, kept)


def free_place(models: Path, name: str, note: str, origin: str, folder: str = STYLES_FOLDER) -> Path:
    """Where, in a ``folder`` of ``models``, a model called ``name`` is written.

    Over the one whose ``note`` names the same ``origin``, else where there is none.
    """
    number, target = 1, models / folder / f"{name}{_OWN_ENDING}"
    while target.stem.lower() in _shipped_names() | _DEVICES or (target.exists() and read_metadata(target).get(note) != origin):
        number += 1
        target = target.with_name(f"{name}-{number}{_OWN_ENDING}")
    return target


def stem_of(name: str) -> str:
    """The name of a file for a model that a person calls ``name``; raises InvalidParameter where no letter or digit is in it."""
    plain = unicodedata.normalize("NFKC", name).strip().lower()
    stem = re.sub(r"[^\w]+", "-", plain).strip("-_")
    if not stem:
        raise InvalidParameter("name", said("it has neither letters nor digits"))
    return stem


def _checked(name: str) -> str:
    plain = _NOT_IN_NAMES.sub("-", name).strip(" .-")[:_LONGEST_NAME]
    if not plain:
        raise InvalidInput(said("{name} is no name for a model; give it one of letters and digits.", name=repr(name)))
    return plain


@cache
def _shipped_names() -> frozenset[str]:
    """What the styles in the box are called."""
    notes = read_metadata(Path(__file__).parent / "box" / find_weights("fast-style-paintings").filename)
    return frozenset(style["id"] for style in json.loads(notes.get("styles", "[]")))


def _title(name: str) -> str:
    """candy_2 → Candy 2."""
    words = re.sub(r"[_-]+", " ", name).strip()
    return words[:1].upper() + words[1:]
