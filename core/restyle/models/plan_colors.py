"""Plan colours: which colour of a plan each mask means that a network of plans takes; such a network's own file does not say it.

online-neural-doodle (Ulyanov 2016) writes them beside the network, as NumPy's array (N, 3) of RGB in 0..255.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import torch

from restyle.contract.errors import InvalidInput, UnusableModel
from restyle.contract.inputs.regions import MAXIMUM_REGIONS
from restyle.contract.sentence import said
from restyle.models.foreign.numpy_arrays import read_array
from restyle.models.foreign.readers import read_metadata

__all__ = ["PLAN_COLORS", "Color", "colors_of_plans", "given_colors", "noted_colors", "notes_of"]

PLAN_COLORS = "plan_colors"
"""Key in a kept file's metadata: the colours as JSON, each "#rrggbb"."""

Color = tuple[int, int, int]
"""Red, green and blue in 0..255."""

_MOST_BYTES = 1 << 16  # of a file of colours: those of as many regions as there may be take a hundredth
_HEX = re.compile(r"#?([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


def given_colors(text: str) -> tuple[Color, ...]:
    """The colours that a person gives: the path of an array, or "#rrggbb" for each, between commas. Raises InvalidInput."""
    try:
        return _spelled(text.split(",")) if "," in text or _HEX.fullmatch(text) else _from_file(Path(text))
    except (OSError, ValueError) as error:
        raise InvalidInput(
            said(
                "{text} says no colours: give the file that came with the network, or #rrggbb for each, between commas.",
                text=text[:200],
            )
        ) from error


def colors_of_plans(path: Path, planes: int, given: tuple[Color, ...] = ()) -> tuple[Color, ...]:
    """The colours of a network that takes so many ``planes``: ``given``, noted in its file, or in a file beside it.

    That is NAME.npy, or what alone there ends in colors.npy. Raises UnusableModel where there are none, or another number.
    """
    colors = given or noted_colors(read_metadata(path)) or _beside(path)
    if not colors:
        raise UnusableModel(
            path,
            said("it paints plans in {planes} colours, not photos, and does not say which colours", planes=planes),
            said(
                "put the file of its colours beside it as {stem}.npy, or give `restyle models import` its --colors",
                stem=path.stem,
            ),
        )
    if len(colors) != planes:
        raise UnusableModel(
            path,
            said("it paints plans in {planes} colours, and {count} are given", planes=planes, count=len(colors)),
            said("give as many, in the order in which it learned them"),
        )
    return colors


def notes_of(colors: tuple[Color, ...]) -> dict[str, str]:
    """What is noted of them in a kept file."""
    return {PLAN_COLORS: json.dumps(["#{:02x}{:02x}{:02x}".format(*color) for color in colors])}


def noted_colors(metadata: Mapping[str, str]) -> tuple[Color, ...]:
    """What is noted of them; none where nothing sensible is."""
    try:
        words = json.loads(metadata.get(PLAN_COLORS, "[]"))
        return _spelled(words) if words else ()
    except (AttributeError, ValueError, TypeError, RecursionError):
        return ()


def _beside(path: Path) -> tuple[Color, ...]:
    own, others = path.with_suffix(".npy"), list(path.parent.glob("*colors.npy"))
    found = own if own.is_file() else others[0] if len(others) == 1 else None
    try:
        return _from_file(found) if found else ()
    except (OSError, ValueError) as error:
        raise UnusableModel(
            path, said("{found} beside it says no colours", found=found), said("put the file there that came with the network")
        ) from error


def _from_file(path: Path) -> tuple[Color, ...]:
    numbers = read_array(path, _MOST_BYTES).to(torch.float64)
    if numbers.ndim != 2 or numbers.shape[1] != 3 or not numbers.isfinite().all():
        raise ValueError("an array of something else than colours")
    return _checked([tuple(int(value) for value in row) for row in numbers.clamp(0, 255).round().tolist()])


def _spelled(words: list[str]) -> tuple[Color, ...]:
    found = [_HEX.fullmatch(word.strip()) for word in words]
    if not all(found):
        raise ValueError("words that are no colours")
    return _checked([tuple(int(digits, 16) for digits in word.groups()) for word in found if word])


def _checked(colors: list[tuple[int, ...]]) -> tuple[Color, ...]:
    if not 1 <= len(colors) <= MAXIMUM_REGIONS:
        raise ValueError(f"{len(colors)} colours")
    return tuple((red, green, blue) for red, green, blue in colors)
