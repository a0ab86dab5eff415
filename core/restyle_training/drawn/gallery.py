"""All drawn styles by name."""

from __future__ import annotations

from collections.abc import Callable

from restyle_training.drawn import patterns, prints, stones, strokes, washes
from restyle_training.drawn.canvas import Colours

__all__ = ["DRAWN"]

DRAWN: dict[str, Callable[[], Colours]] = {
    "night": strokes.night,
    "glass": stones.glass,
    "paper": patterns.paper,
    "roman-mosaic": stones.mosaic,
    "woodcut": prints.woodcut,
    "engraving": prints.engraving,
    "pencil": washes.pencil,
    "charcoal": washes.charcoal,
    "ink-wash": washes.ink_wash,
    "watercolour": washes.watercolour,
    "halftone": prints.halftone,
    "points": strokes.points,
    "weave": patterns.weave,
    "grid": patterns.grid,
    "comic": prints.comic,
    "gold-lines": patterns.gold_lines,
    "pixels": stones.pixels,
    "marbling": washes.marbling,
    "shards": stones.shards,
    "knife": strokes.knife,
    "two-inks": prints.two_inks,
    "batik": patterns.batik,
    "embers": strokes.embers,
    "neon": strokes.neon,
}
