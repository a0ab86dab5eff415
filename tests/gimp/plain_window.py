"""Any GIMP as it comes: its own panels, its own language, a photo, and Restyle; nothing of the tests is in its menus."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.gimp.desktop import SIZE, Desktop
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, ROOT, Gimp2, pythons, stop
from tests.gimp.gimp3_driver import Gimp3, find_installation
from tests.gimp.server_process import end_server, plugin_runs

from restyle_installer import help_pages

__all__ = ["SERIES", "PlainWindow", "open_plain", "put_help"]

SERIES = ("2.10", "3.0", "3.2")
PATIENCE_S = 300
# "… 8-bit gamma integer, GIMP built-in sRGB, 2 layers) 512x512 – GIMP", in any language.
LAYERS = re.compile(r"(\d+)[^\d(),]*\) \d+[x×]\d+")


@dataclass(frozen=True)
class PlainWindow:
    """GIMP's window on a screen of its own; `home`: Restyle's folder."""

    desktop: Desktop
    main: str
    home: Path
    profile: Path

    def layers(self) -> int:
        """How many layers the image has, by the window's title."""
        found = LAYERS.search(self.desktop.name_of(self.main))
        return int(found.group(1)) if found else 0

    def is_dirty(self) -> bool:
        """Whether the image has changed since it was opened, by the window's title."""
        return self.desktop.name_of(self.main).startswith("*")

    def is_painting(self) -> bool:
        """Whether the plug-in runs."""
        return plugin_runs(self.profile)


@contextmanager
def open_plain(
    series: str, folder: Path, photo: Path, *, screen: str = SIZE, language: str = "en", failure: Path
) -> Iterator[PlainWindow]:
    """Start GIMP with Restyle and a photo; where something is waited for in vain the screen's picture is in `failure`.

    LookupError with the reason where there is no such GIMP here.
    """
    with Desktop(screen) as desktop:
        # Without LANG a program speaks English whatever LANGUAGE says; the messages of all languages are in UTF-8.
        environment = {"DISPLAY": desktop.display, "LANG": "C.UTF-8", "LANGUAGE": language}
        gimp = _gimp2(folder) if series == "2.10" else _gimp3(series, folder)
        gimp.environment |= environment
        process = gimp.start(["-s", str(photo)]) if isinstance(gimp, Gimp2) else gimp.start(["-s", str(photo)], window=True)
        home = Path(gimp.environment["RESTYLE_HOME"])
        try:
            main = desktop.wait_for(re.escape(photo.stem), PATIENCE_S)
            desktop.fill_screen(main)
            yield PlainWindow(desktop, main, home, gimp.profile)
        except AssertionError:
            desktop.screenshot(failure)
            raise
        finally:
            stop(process)
            end_server(home)


def put_help(plugin: Path) -> None:
    """Add the help to an installed plug-in, as installing does."""
    for name, data in help_pages.pages(ROOT / "docs", PLUGIN_SOURCE).items():
        path = plugin / help_pages.FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _gimp2(folder: Path) -> Gimp2:
    if reason := Gimp2.available():
        raise LookupError(reason)
    gimp = Gimp2(folder)
    put_help(gimp.install(PLUGIN_SOURCE, python=pythons()["3"]))
    return gimp


def _gimp3(series: str, folder: Path) -> Gimp3:
    found = find_installation(series)
    if isinstance(found, str):
        raise LookupError(found)
    gimp = Gimp3(found, folder)
    put_help(gimp.install(PLUGIN_SOURCE))
    if not gimp.can_run_server():
        raise LookupError(f"{os.environ.get('RESTYLE_PYTHON', 'this Python')} does not run where GIMP {series} lives")
    return gimp
