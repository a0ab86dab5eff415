"""GIMP 2.10 in a window with one picture and the test plug-in of gimp2_window/, used by keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from tests.gimp.desktop import Desktop, eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, ROOT, Gimp2, stop

__all__ = ["FILTERS", "KEYS", "PATIENCE_S", "Window", "key_of", "open_window"]

# The keys of the test plug-in's procedures, of filters, and of the entries that are none, with Ctrl, Shift and Alt.
KEYS = {"invert": "n", "slow": "s", "probe": "p", "fail": "m", "rows": "r"}
FILTERS = {
    "neural-style": "t",
    "fast-style": "f",
    "enhance-photo": "h",
    "deep-dream": "w",
    "edit-restyled-layer": "e",
    "settings": "g",
    "doctor": "d",
}
NAMES = {f"window-{name}": key for name, key in KEYS.items()} | FILTERS
ACCELERATOR = '(gtk_accel_path "<Actions>/plug-in/python-fu-restyle-{}" "<Primary><Shift><Alt>{}")\n'
# Everything answers in a second on an idle machine; the limit only ends what waits in vain.
PATIENCE_S = 300


def key_of(filter_id: str) -> str:
    """The key that opens a filter's dialog."""
    return f"ctrl+shift+alt+{FILTERS[filter_id]}"


@dataclass
class Window:
    """GIMP's window with one image, and what the test plug-in logs."""

    desktop: Desktop
    main: str
    log: Path

    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def run(self, name: str, waiting_for: str | None = None) -> dict[str, Any]:
        """Start a procedure by its key; its answer in the log."""
        before, event = len(self.entries()), waiting_for or name
        key = f"ctrl+shift+alt+{KEYS[name]}"
        self.desktop.press_until(key, self.main, lambda: self._since(before, event), event)
        return self.answer(event, before)

    def answer(self, event: str, before: int) -> dict[str, Any]:
        return eventually(lambda: self._since(before, event), PATIENCE_S, event)[-1]

    def invert(self, *keys: str) -> list[Any] | None:
        """Open the dialog, press keys in it, then Enter (or what ends it); the values that the filter got."""
        before = len(self.entries())
        dialog = self.desktop.press_until_there(f"ctrl+shift+alt+{KEYS['invert']}", self.main, "^Invert$")
        self.desktop.key(*keys[:-1], window=dialog)
        self.desktop.press_until_gone(keys[-1], "^Invert$")
        if keys[-1] == "Escape":
            return None
        self.answer("inverted", before)
        return self.answer("invert", before)["values"]

    def press_until(self, key: str, layers: int) -> dict[str, Any]:
        """Press a key in the image's window once, and probe until the image has so many layers."""
        self.desktop.key(key, window=self.main)

        def probed() -> dict[str, Any] | None:
            entry = self.run("probe")
            return entry if len(entry["layers"]) == layers else None

        return eventually(probed, PATIENCE_S, f"{layers} layers after {key}")  # type: ignore[return-value]

    def _since(self, before: int, event: str) -> list[dict[str, Any]]:
        return [entry for entry in self.entries()[before:] if entry["event"] == event]


@contextmanager
def open_window(gimp: Gimp2, python: str, picture: tuple[int, int] | Image.Image) -> Iterator[Window]:
    """Start GIMP with a picture, or any of that size, on a display of its own; all ends with the block."""
    photo, log = gimp.folder / "photo.png", gimp.folder / "log.jsonl"
    log.touch()
    shown = picture if isinstance(picture, Image.Image) else Image.linear_gradient("L").convert("RGB").resize(picture)
    shown.save(photo)
    gimp.install(ROOT / "tests" / "gimp" / "gimp2_window", python=python)
    (gimp.profile / "menurc").write_text("".join(ACCELERATOR.format(*item) for item in NAMES.items()))
    # Without docks the status bar is at the window's bottom right.
    (gimp.profile / "sessionrc").write_text("(hide-docks yes)\n(single-window-mode yes)\n")
    extra = {"RESTYLE_TEST_LOG": str(log), "RESTYLE_TEST_PATH": str(PLUGIN_SOURCE)}
    with Desktop() as desktop:
        process = gimp.start(["-s", str(photo)], extra={**extra, "DISPLAY": desktop.display})
        try:
            yield Window(desktop, desktop.wait_for(r"\[photo\]", PATIENCE_S), log)
        finally:
            desktop.screenshot(gimp.folder / "end.png")
            stop(process)
