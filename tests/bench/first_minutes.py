"""The first five minutes in a GIMP, by the mouse, recorded: a photo, a painting, another style, an edit, undo.

A photo (scikit-image's astronaut) is opened, no server runs. Three clicks lead to a layer: Filters, Fast Style… (Style Transfer
opens where the pointer rests on it), OK, which is pressed as soon as the dialog is there: the server starts meanwhile. Pictures
of each step are in build/first-minutes/GIMP/. The files of PyTorch may be in the system's cache from an earlier run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import skimage.data
from PIL import Image

from tests.gimp.desktop import SIZE, Desktop, eventually
from tests.gimp.menus import StyleMenu

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "installer")]

from tests.gimp.plain_window import SERIES, PlainWindow, open_plain  # noqa: E402 - what it needs is found by the line above

OUT = ROOT / "build" / "first-minutes"
CATALOGUE = ROOT / "plugin" / "restyle" / "restyle_plugin" / "catalogue.json"
FAST, EDIT = "Fast Style…", "Edit Restyled Layer…"
# What is in the menu and is no filter, as the plug-in registers it.
TOOLS = (EDIT, "Restyle a Folder…", "Settings…", "Doctor…")
FAST_DIALOG, EDIT_DIALOG = "^Fast Style$", "^Edit Fast Style$"
LIMITS = {"clicks": 3, "photo_to_layer_s": 5.0}
"""What the project promises on two cores."""

PATIENCE_S = 240
# From a dialog's lower right corner, and a thumbnail in its gallery, from its upper left.
OK_BUTTON = (-50, -28)
THUMBNAILS = {"2.10": (560, 120), "3.0": (603, 120), "3.2": (603, 120)}
# A dialog's preview and gallery are looked at after so long.
LOOK_S = 6.0


@dataclass
class Record:
    """What was seen in one GIMP: pictures in a folder, seconds by name."""

    window: PlainWindow
    folder: Path
    figures: dict[str, float] = field(default_factory=dict)
    pictures: int = 0

    def picture(self, name: str) -> None:
        self.window.desktop.screenshot(self.folder / f"{self.pictures:02}-{name}.png")
        self.pictures += 1

    def timed(self, name: str, until: Callable[[], object], since: float) -> None:
        """Wait, and keep how long after `since` it was."""
        eventually(until, PATIENCE_S, name)
        self.figures[name] = time.monotonic() - since


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gimp", nargs="+", default=list(SERIES), choices=SERIES)
    parser.add_argument("--language", default="en", help="GIMP's language, as LANGUAGE has it: de, ja, zh_CN")
    parser.add_argument("--screen", default=SIZE, help="WIDTHxHEIGHTxDEPTH of the screen (%(default)s)")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    options = parser.parse_args(argv)
    if reason := Desktop.missing():
        raise SystemExit(reason)
    figures = {}
    for series in options.gimp:
        try:
            figures[series] = recorded(series, options)
        except LookupError as error:
            print(f"GIMP {series}: {error}")
    print(table(figures))
    if options.json:
        print(json.dumps(figures))
    return int(any(found[name] > limit for found in figures.values() for name, limit in LIMITS.items()))


def recorded(series: str, options: argparse.Namespace) -> dict[str, float]:
    """The figures of one GIMP; its pictures are in its folder."""
    out = OUT / "-".join([series] + [options.language] * (options.language != "en"))
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="rs") as folder:
        photo = Path(folder) / "astronaut.png"
        Image.fromarray(skimage.data.astronaut()).save(photo)
        with open_plain(
            series, Path(folder), photo, screen=options.screen, language=options.language, failure=out / "failure.png"
        ) as window:
            record = Record(window, out)
            entries = menu_entries()
            menu = StyleMenu(window.desktop, window.main, len(entries))
            paint(record, menu, entries.index(FAST))
            paint_again(record, menu, entries.index(FAST), THUMBNAILS[series])
            edit(record, menu, entries.index(EDIT), THUMBNAILS[series])
            undo(record)
            return record.figures


def menu_entries() -> list[str]:
    """The menu's English labels from above to below."""
    filters = json.loads(CATALOGUE.read_text(encoding="utf-8"))["filters"]
    return [*(declared["menu_label"] for declared in filters), *TOOLS]


def paint(record: Record, menu: StyleMenu, entry: int) -> None:
    """From the photo to the first layer, as fast as one can click."""
    window = record.window
    record.picture("photo")
    menu.point_at(menu.open(), entry)
    record.picture("menu")
    menu.close()
    menu.clicks = 0
    menu.choose(entry)
    clicked = time.monotonic()
    dialog = window.desktop.wait_for(FAST_DIALOG, PATIENCE_S)
    record.figures["dialog_s"] = time.monotonic() - clicked
    record.picture("dialog-at-once")
    menu.click(dialog, *OK_BUTTON)
    confirmed = time.monotonic()
    record.figures["clicks"] = menu.clicks
    record.picture("painting")
    record.timed("ok_to_layer_s", lambda: window.layers() == 2, confirmed)
    record.figures["photo_to_layer_s"] = time.monotonic() - clicked
    settle(window)
    record.picture("painted")


def paint_again(record: Record, menu: StyleMenu, entry: int, thumbnail: tuple[int, int]) -> None:
    """Another style, while the painting is the active layer."""
    window = record.window
    dialog = choose_style(record, menu, entry, FAST_DIALOG, thumbnail, ("dialog-again", "another-style"))
    menu.click(dialog, *OK_BUTTON)
    record.timed("second_layer_s", lambda: window.layers() == 3, time.monotonic())
    settle(window)
    record.picture("painted-again")


def edit(record: Record, menu: StyleMenu, entry: int, thumbnail: tuple[int, int]) -> None:
    """The second painting, made anew in a third style."""
    window = record.window
    x, y = thumbnail
    dialog = choose_style(record, menu, entry, EDIT_DIALOG, (x - 100, y), ("edit", "edit-changed"))
    menu.click(dialog, *OK_BUTTON)
    started = time.monotonic()
    window.desktop.wait_until_gone(EDIT_DIALOG, PATIENCE_S)
    record.timed("edited_s", lambda: not window.is_painting(), started)
    settle(window)
    record.picture("edited")


def choose_style(
    record: Record, menu: StyleMenu, entry: int, title: str, thumbnail: tuple[int, int], names: tuple[str, str]
) -> str:
    """Open a dialog and choose a style in it, with a picture before and after; the dialog's window."""
    menu.choose(entry)
    dialog = record.window.desktop.wait_for(title, PATIENCE_S)
    time.sleep(LOOK_S)
    record.picture(names[0])
    menu.click(dialog, *thumbnail)
    time.sleep(LOOK_S)
    record.picture(names[1])
    return dialog


def undo(record: Record) -> None:
    """Three steps back: the image is the photo again, and clean."""
    window = record.window
    for step, layers in (("edit-undone", 3), ("second-undone", 2), ("all-undone", 1)):
        window.desktop.key("ctrl+z", window=window.main)
        eventually(lambda layers=layers: window.layers() == layers, PATIENCE_S, step)
        settle(window)
        record.picture(step)
    record.figures["clean_after_undo"] = not window.is_dirty()


def settle(window: PlainWindow) -> None:
    """Until the plug-in has left and GIMP has drawn."""
    eventually(lambda: not window.is_painting(), PATIENCE_S, "the plug-in's end")
    time.sleep(1)


def table(figures: dict[str, dict[str, float]]) -> str:
    """A row for each figure, a column for each GIMP."""
    names = list(dict.fromkeys(name for found in figures.values() for name in found))
    lines = [f"{'':<20}" + "".join(f"{'GIMP ' + series:>12}" for series in figures)]
    for name in names:
        limit = f"   at most {LIMITS[name]:g}" if name in LIMITS else ""
        lines.append(f"{name:<20}" + "".join(f"{found[name]:>12.2f}" for found in figures.values()) + limit)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
