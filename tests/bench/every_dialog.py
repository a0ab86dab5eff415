"""Every dialog of each GIMP, once, in a picture of its own: build/dialogs/GIMP[-LANGUAGE]/NAME.png; to be looked at.

A photo (scikit-image's astronaut) is open, and painted before a layer is edited. Dialogs are opened by keys, which are the
procedures' in any language, and left by Escape. --manual puts those of the manual there; with --not-set-up the one that sets up.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import skimage.data
from PIL import Image

from tests.gimp.desktop import SIZE, Desktop, eventually

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "installer"), str(ROOT / "plugin" / "restyle")]

from tests.bench.first_minutes import CATALOGUE, PATIENCE_S, settle  # noqa: E402 - what it needs is found by the lines above
from tests.gimp.plain_window import SERIES, PlainWindow, open_plain  # noqa: E402

OUT = ROOT / "build" / "dialogs"
FAST, EDIT = "fast-style", "edit-restyled-layer"
# What is in the menu and is no filter, by the names of the procedures.
TOOLS = (EDIT, "folder", "settings", "doctor")
KEYS = "abcdefghijklmnopqrstuvwxyz"
PRESSES = 8
LOOK_S = 12.0
"""After so long a dialog is looked at: previews and galleries are filled by then."""
MANUAL = ROOT / "docs" / "pictures"
# Which of them the manual shows, and under what name.
IN_MANUAL = {
    ("3.2", "fast-style"): "dialog-fast",
    ("3.2", EDIT): "dialog-edit",
    ("3.2", "folder"): "dialog-folder",
    ("3.2", "settings"): "dialog-settings",
    ("3.2", "neural-style"): "dialog-regions",
    ("3.2", "change-the-world"): "download",
    ("2.10", "fast-style"): "dialog-gimp2",
}
# A dialog has OK here, from its lower right corner, whatever its language.
OK_BUTTON = (-50, -28)
# Windows of GIMP that are no dialog of ours, by name.
PASSING = ("GNU Image Manipulation Program", "gimp-3.0", "gimp-3.2", "gimp-2.10")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gimp", nargs="+", default=list(SERIES), choices=SERIES)
    parser.add_argument("--language", default="en", help="GIMP's language, as LANGUAGE has it: de, ja, zh_CN")
    parser.add_argument("--screen", default=SIZE, help="WIDTHxHEIGHTxDEPTH of the screen (%(default)s)")
    parser.add_argument("--dialogs", nargs="+", metavar="NAME", help="these alone: fast-style, settings (default: all)")
    parser.add_argument("--look", type=float, default=LOOK_S, help="seconds after which a dialog is looked at (%(default)s)")
    parser.add_argument("--manual", action="store_true", help="put those that the manual shows into it")
    parser.add_argument("--not-set-up", action="store_true", help="as unpacked from a ZIP, before Restyle is set up")
    parser.add_argument("--folder", type=Path, help="where GIMP's files are meanwhile, and Restyle's: a folder that is not there")
    options = parser.parse_args(argv)
    if reason := Desktop.missing():
        raise SystemExit(reason)
    if options.not_set_up:
        os.environ["RESTYLE_PYTHON"] = str(ROOT / "build" / "no-python")
    for series in options.gimp:
        for path in pictures(series, options):
            print(path)
            if options.manual and (name := in_manual(series, path.stem, options.not_set_up)):
                shutil.copy(path, MANUAL / f"{name}.png")
    return 0


def in_manual(series: str, dialog: str, is_not_set_up: bool) -> str:
    """What the manual calls a picture, "" for one that it does not show."""
    return "setup" * (dialog == FAST) if is_not_set_up else IN_MANUAL.get((series, dialog), "")


def pictures(series: str, options: argparse.Namespace) -> Iterator[Path]:
    """The dialogs of one GIMP, as they are looked at."""
    wide = options.screen.partition("x")[0]
    parts = [series, options.language * (options.language != "en"), wide * (options.screen != SIZE)]
    out = OUT / "-".join(filter(None, parts))
    shutil.rmtree(out, ignore_errors=True)
    with opened(series, options, out) as (window, keys):
        for name in options.dialogs or keys:
            if name == EDIT:
                paint(window, keys[FAST])
            yield picture(window, keys[name], out / f"{name}.png", options.look)


@contextlib.contextmanager
def opened(series: str, options: argparse.Namespace, out: Path) -> Iterator[tuple[PlainWindow, dict[str, str]]]:
    """A window of a GIMP with a photo, and the keys of all dialogs."""
    keys = dict(zip(dialogs(), KEYS, strict=False))
    with a_folder(options.folder) as folder:
        if options.not_set_up:
            carrier = folder / "profile" / "plug-ins" / "restyle" / "setup" / "installer"
            carrier.mkdir(parents=True)
            (carrier / "__main__.py").touch()
        photo = folder / "astronaut.png"
        Image.fromarray(skimage.data.astronaut()).save(photo)
        put_keys(series, folder / "profile", keys)
        with open_plain(
            series, folder, photo, screen=options.screen, language=options.language, failure=out / "failure.png"
        ) as window:
            yield window, keys


@contextlib.contextmanager
def a_folder(wanted: Path | None) -> Iterator[Path]:
    """A new folder for a while, the one that is wanted or any."""
    if wanted is None:
        with tempfile.TemporaryDirectory(prefix="rs") as folder:
            yield Path(folder)
        return
    wanted.mkdir(parents=True)
    try:
        yield wanted
    finally:
        shutil.rmtree(wanted)


def dialogs() -> list[str]:
    """All that opens a dialog, from above to below in the menu."""
    return [*(declared["id"] for declared in json.loads(CATALOGUE.read_text(encoding="utf-8"))["filters"]), *TOOLS]


def put_keys(series: str, profile: Path, keys: dict[str, str]) -> None:
    """Bind Ctrl, Shift, Alt and a letter to each dialog."""
    profile.mkdir(parents=True, exist_ok=True)
    if series == "2.10":
        line = '(gtk_accel_path "<Actions>/plug-in/python-fu-restyle-{}" "<Primary><Shift><Alt>{}")\n'
        (profile / "menurc").write_text("".join(line.format(*one) for one in keys.items()))
        return
    line = '(action "python-fu-restyle-{}" "<Primary><Shift><Alt>{}")\n'
    (profile / "shortcutsrc").write_text("(file-version 1)\n" + "".join(line.format(*one) for one in keys.items()))


def paint(window: PlainWindow, key: str) -> None:
    """Put a painting above the photo, by Fast Style as it comes."""
    window.desktop.click_in(opened_by(window, key), *OK_BUTTON)
    eventually(lambda: window.layers() == 2, PATIENCE_S, "a painting")
    settle(window)


def picture(window: PlainWindow, key: str, path: Path, look_s: float) -> Path:
    """Look at one dialog, and leave it."""
    dialog = opened_by(window, key)
    desktop = window.desktop
    desktop.point_at(window.main, 1, 1)  # nothing under the pointer, and no tooltip
    time.sleep(look_s)
    desktop.screenshot(path, dialog)
    desktop.key("Escape", window=dialog)
    eventually(lambda: dialog not in shown(window) or desktop.key("Escape"), PATIENCE_S, f"the end of {path.stem}")
    settle(window)
    return path


def opened_by(window: PlainWindow, key: str) -> str:
    """The id of the window that a key opens; a GIMP that has just started may let the first ones pass."""
    before = shown(window)
    for _ in range(PRESSES):
        window.desktop.key(f"ctrl+shift+alt+{key}", window=window.main)
        with contextlib.suppress(AssertionError):
            return eventually(lambda: sorted(shown(window) - before), PATIENCE_S / PRESSES, f"a window by {key}")[0]
    raise AssertionError(f"no window by {key}")


def shown(window: PlainWindow) -> set[str]:
    """The ids of the windows that are there and have a name of their own."""
    return {one for one in window.desktop.windows(".+") if window.desktop.name_of(one) not in PASSING}


if __name__ == "__main__":
    sys.exit(main())
