"""Preferences: what a person has settled once for this computer, in a file of Restyle's home that GIMP's Settings… writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["DEVICES", "PRECISIONS", "Preferences", "read_preferences"]

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")
"""What a person may choose; which of them there are is asked of PyTorch, which this module does without."""

PREFERENCES_FILE = "preferences.json"


@dataclass(frozen=True)
class Preferences:
    """``device``: one of DEVICES; ``memory_gb``: the most that the work may take, 0 for what is free."""

    device: str = "auto"
    memory_gb: float = 0.0


def read_preferences(home: Path) -> Preferences:
    """What was settled; what was not, or cannot be read, is as it is without."""
    try:
        found = json.loads((home / PREFERENCES_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = {}
    if not isinstance(found, dict):
        found = {}
    return Preferences(_word(found.get("device")), _amount(found.get("memory_gb")))


def _word(value: Any) -> str:
    return value if isinstance(value, str) and value else Preferences.device


def _amount(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < float("inf") else Preferences.memory_gb
