"""Fast Style's presets in its dialog, in a window of any GIMP: chosen, saved and recalled by a click and keys."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from tests.gimp.desktop import eventually
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.probed_window import ProbedWindow

__all__ = ["NIGHT", "WAVES", "chosen", "put_presets", "recall", "saved"]

WAVES = {"style_name": "great-wave", "strength": 60.0, "stroke_size": 1.5}
NIGHT = {"style_name": "starry-night", "strength": 80.0, "stroke_size": 1.0}
# Where a dialog has the name of a preset and the history, from its lower right corner.
NAME = {"gimp2.10": (-700, -98), "gimp3.0": (-700, -117), "gimp3.2": (-700, -117)}
HISTORY = {"gimp2.10": (-110, -98), "gimp3.0": (-114, -117), "gimp3.2": (-114, -117)}


def put_presets(home: Path) -> None:
    """Offer two presets, Night and Waves."""
    folder = _folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    for name, params in (("Night", NIGHT), ("Waves", WAVES)):
        (folder / f"{name}.json").write_text(json.dumps({"filter": "fast-style", "inputs": {}, "params": params}))


def chosen(window: ProbedWindow, dialog: str, name: str, params: dict[str, Any]) -> dict[str, Any]:
    """Choose a preset of these parameters, and the request that the dialog then saves; again where a busy one let keys pass."""
    tries = itertools.count(1)

    def tried() -> dict[str, Any] | None:
        _choose(window, dialog, name)
        found = saved(window, dialog, f"Copy {next(tries)}")
        return found if found["params"].items() >= params.items() else None

    return eventually(tried, PATIENCE_S, name)  # type: ignore[return-value]


def recall(window: ProbedWindow, dialog: str, number: int) -> None:
    """Choose from the history."""
    window.desktop.click_in(dialog, *HISTORY[window.name])
    window.desktop.key("Escape", *["Down"] * number)


def saved(window: ProbedWindow, dialog: str, name: str) -> dict[str, Any]:
    """Save the dialog's settings under a name; the request in the preset's file."""
    window.desktop.click_in(dialog, *NAME[window.name])
    window.desktop.key("ctrl+a")
    window.desktop.type(name)
    window.desktop.key("Return")
    path = _folder(window.home) / f"{name}.json"
    return eventually(lambda: _read(path), PATIENCE_S, str(path))


def _choose(window: ProbedWindow, dialog: str, name: str) -> None:
    """Choose a preset by the keyboard: each press takes the next one's settings."""
    names = sorted((path.stem for path in _folder(window.home).glob("*.json")), key=str.lower)
    window.desktop.click_in(dialog, *NAME[window.name])
    window.desktop.key("ctrl+a", "BackSpace", *["Down"] * (names.index(name) + 1))


def _folder(home: Path) -> Path:
    return home / "presets" / "fast-style"


def _read(path: Path) -> dict[str, Any]:
    """A file's JSON, {} while it is not all there."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
