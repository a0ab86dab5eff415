"""The Help button of a filter's dialog opens the guide that came with the plug-in, at the filter's place, in both GIMPs."""

from __future__ import annotations

from pathlib import Path

import pytest
import skimage.data
from PIL import Image
from tests.gimp.desktop import Desktop, eventually
from tests.gimp.gimp2_driver import PLUGIN_SOURCE, Gimp2, stop
from tests.gimp.gimp3_driver import Gimp3, Installation
from tests.gimp.plain_window import put_help

FILTER, TITLE, KEY = "python-fu-restyle-fast-style", "^Fast Style$", "ctrl+shift+alt+t"
PLACE = "/help/en/guide.html#fast-style"
HELP_BUTTON = (60, -40)  # from the dialog's lower left corner
# A first start under load; everything else answers at once.
PATIENCE_S = 180
DESKTOP_FILE = "[Desktop Entry]\nType=Application\nName=Browser\nExec={program} %u\nMimeType=text/html;x-scheme-handler/file;\n"


def put_browser(folder: Path) -> Path:
    """Make a program that only notes addresses the browser of the home in `folder`; return its notes."""
    notes, program, applications = folder / "opened.txt", folder / "browser.sh", folder / "home/.local/share/applications"
    program.write_text(f'#!/bin/sh\necho "$@" >> "{notes}"\n')
    program.chmod(0o755)
    applications.mkdir(parents=True)
    (applications / "browser.desktop").write_text(DESKTOP_FILE.format(program=program))
    handlers = "text/html=browser.desktop;\nx-scheme-handler/file=browser.desktop;\n"
    (applications / "mimeinfo.cache").write_text("[MIME Cache]\n" + handlers)
    (applications / "mimeapps.list").write_text("[Default Applications]\n" + handlers)
    return notes


def opened(desktop: Desktop, notes: Path) -> str:
    """Open the filter's dialog and press Help; what the browser was told to show."""
    main = desktop.wait_for("photo", PATIENCE_S)
    dialog = desktop.press_until_there(KEY, main, TITLE)
    desktop.click_in(dialog, *HELP_BUTTON)
    address = eventually(lambda: notes.exists() and notes.read_text().strip(), PATIENCE_S, "browser")
    desktop.key("Escape", window=dialog)
    return address


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(skimage.data.chelsea()).save(path)
    return path


def test_help_in_gimp_2(gimp2_program: None, tmp_path: Path, desktop: Desktop, photo: Path) -> None:
    gimp = Gimp2(tmp_path)
    put_help(gimp.install(PLUGIN_SOURCE))
    notes = put_browser(gimp.folder)
    (gimp.profile / "menurc").write_text(f'(gtk_accel_path "<Actions>/plug-in/{FILTER}" "<Primary><Shift><Alt>t")\n')
    process = gimp.start(["-s", str(photo)], extra={"DISPLAY": desktop.display})
    try:
        assert opened(desktop, notes).endswith(PLACE)
    finally:
        stop(process)


def test_help_in_gimp_3(gimp3_installation: Installation, tmp_path: Path, desktop: Desktop, photo: Path) -> None:
    gimp = Gimp3(gimp3_installation, tmp_path)
    put_help(gimp.install(PLUGIN_SOURCE))
    notes = put_browser(gimp.folder)
    gimp.bind_keys({FILTER: "<Primary><Shift><Alt>t"})
    gimp.environment["DISPLAY"] = desktop.display
    process = gimp.start(["--no-splash", str(photo)], window=True)
    try:
        assert opened(desktop, notes).endswith(PLACE)
    finally:
        stop(process)
