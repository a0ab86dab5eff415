"""A photo in a window of any GIMP, and a plug-in that says what its image holds: for stories of several dialogs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import skimage.data
from PIL import Image
from tests.gimp.desktop import PICTURES, PROBE_AGAIN_S, Desktop, eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2
from tests.gimp.gimp2_session import FILTERS, key_of, open_window
from tests.gimp.gimp3_driver import CHECKS, Gimp3
from tests.gimp.gimp3_session import PATIENCE_S, open_photo
from tests.gimp.installations import gimp3_of, need_gimp2, python_of
from tests.gimp.server_process import end_server, plugin_runs, start_server

__all__ = ["SERIES", "ProbedWindow", "Settings", "State", "nothing", "open_probed"]

SERIES = ("2.10", "3.0", "3.2")
OK = "alt+o"
MIDDLE = 60

State = dict[str, Any]
"""The image's layers as [name, hash of the pixels], from the top, and whether it is changed: {"layers": …, "dirty": …}."""
Settings = Mapping[str, Mapping[str, int | str]]
"""What dialogs begin with, by filter and parameter, as if it had been chosen the last time."""


@dataclass
class ProbedWindow:
    """A window on a screen of its own. ``seen``: what a story notes on its way."""

    desktop: Desktop
    main: str
    folder: Path
    name: str
    look: Callable[[], State]
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """Restyle's folder."""
        return self.folder / "restyle"

    def open(self, filter_id: str, title: str) -> str:
        """The id of a filter's dialog, opened by its key."""
        return self.desktop.press_until_there(key_of(filter_id), self.main, title)

    def confirm(self, title: str) -> None:
        """Press OK in the dialog that has the focus."""
        self.desktop.press_until_gone(OK, title)

    def is_painting(self) -> bool:
        """Whether this GIMP's plug-in runs, be it in a dialog."""
        return plugin_runs(self.folder / "profile")

    def until(self, question: Callable[[State], bool], what: str) -> State:
        """The first state that is as asked."""
        return eventually(lambda: question(found := self.look()) and found, PATIENCE_S, what)  # type: ignore[return-value]

    def painted(self, limit_s: float = PATIENCE_S) -> State:
        """The state once the plug-in has ended: nobody writes into the image any more."""
        eventually(lambda: not self.is_painting(), limit_s, "the plug-in's end")
        return self.look()

    def shown(self) -> np.ndarray:
        """What the window shows in its middle, where the photo is."""
        path = self.desktop.screenshot(self.folder / "shown.png", self.main)
        with Image.open(path) as picture:
            x, y = picture.width // 2, picture.height // 2
            return np.asarray(picture.convert("RGB").crop((x - MIDDLE, y - MIDDLE, x + MIDDLE, y + MIDDLE)), dtype=float)

    def picture(self, name: str, window: str = "root") -> None:
        """Leave a picture of the screen, or of one window, where pictures are wanted."""
        if PICTURES:
            self.desktop.screenshot(PICTURES / f"{self.name}-{name}.png", window)


def nothing(home: Path) -> None:
    """Leave Restyle's home empty."""


@contextmanager
def open_probed(
    series: str, folder: Path, settings: Settings | None = None, prepare: Callable[[Path], None] = nothing, lease_s: float = 0
) -> Iterator[ProbedWindow]:
    """Open a photo in a GIMP of ``SERIES``, whose files are in ``folder``; a second time it is the same GIMP, started again.

    ``prepare`` gets Restyle's home before GIMP starts; ``lease_s``, where one is given, is how long the server keeps a job that
    nobody asks after.
    """
    home = folder / "restyle"
    home.mkdir(mode=0o700, exist_ok=True)
    prepare(home)
    if lease_s:
        start_server(home, "--lease-s", str(lease_s))
    try:
        with _in_gimp2(folder, settings or {}) if series == "2.10" else _in_gimp3(series, folder, settings or {}) as window:
            yield window
    finally:
        end_server(home)


@contextmanager
def _in_gimp2(folder: Path, settings: Settings) -> Iterator[ProbedWindow]:
    need_gimp2()
    gimp, python = Gimp2(folder), python_of("3")
    gimp.install(PLUGIN_SOURCE, python=python)
    if settings:
        stored = {f"last values of {_procedure(name)}": _dumped(values) for name, values in settings.items()}
        (folder / "restyle" / "remembered.json").write_text(json.dumps(stored))
    with open_window(gimp, python, Image.fromarray(skimage.data.chelsea())) as window:
        window.desktop.fill_screen(window.main)

        def look() -> State:
            found = window.run("probe")
            return {"layers": found["layers"], "dirty": found["dirty"]}

        yield ProbedWindow(window.desktop, window.main, folder, "gimp2.10", look)


@contextmanager
def _in_gimp3(series: str, folder: Path, settings: Settings) -> Iterator[ProbedWindow]:
    gimp = Gimp3(gimp3_of(series), folder)
    gimp.install(PLUGIN_SOURCE)
    gimp.install(CHECKS / "window_probe.py")
    keys = {_procedure(name): f"<Primary><Shift><Alt>{letter}" for name, letter in FILTERS.items()}
    gimp.bind_keys({**keys, "python-fu-window-probe": "F12"})
    for name, values in settings.items():
        gimp.remember(_procedure(name), values)
    log = folder / "window.jsonl"
    log.touch()
    with open_photo(gimp, folder, {"WINDOW_PROBE_LOG": str(log)}) as (desktop, main):

        def look() -> State:
            before = len(log.read_text().splitlines())
            desktop.press_until("F12", main, lambda: len(log.read_text().splitlines()) > before, "probe", PROBE_AGAIN_S)
            found = json.loads(log.read_text().splitlines()[-1])
            return {"layers": [[layer["name"], layer["pixels"]] for layer in found["layers"]], "dirty": found["dirty"]}

        yield ProbedWindow(desktop, main, folder, f"gimp{series}", look)


def _procedure(filter_id: str) -> str:
    return f"python-fu-restyle-{filter_id}"


def _dumped(values: Mapping[str, int | str]) -> str:
    return json.dumps({"names": list(values), "values": list(values.values())})
