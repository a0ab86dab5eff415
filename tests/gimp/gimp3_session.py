"""GIMP 3.x with its window open on a screen of its own, and a photo in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import skimage.data
from PIL import Image
from tests.gimp.desktop import Desktop
from tests.gimp.gimp2_driver import stop
from tests.gimp.gimp3_driver import Gimp3
from tests.gimp.server_process import end_server, start_server

__all__ = ["PATIENCE_S", "open_photo"]

# The first call reads PyTorch from a cold disk, and the machine may be busy.
PATIENCE_S = 300


@contextmanager
def open_photo(
    gimp: Gimp3, folder: Path, environment: Mapping[str, str] | None = None, photo: Path | None = None
) -> Iterator[tuple[Desktop, str]]:
    """The screen, and GIMP's window on it with a photo, or the file that is called so; plug-ins and keys are there already.

    The server ends with it.
    """
    if photo is None:
        photo = folder / "photo.png"
        Image.fromarray(skimage.data.chelsea()).save(photo)
    with Desktop() as desktop:
        gimp.environment |= {"DISPLAY": desktop.display, **(environment or {})}
        if not gimp.can_run_server():
            start_server(gimp.home)
        process = gimp.start(["--no-splash", str(photo)], window=True)
        try:
            main = desktop.wait_for("photo", PATIENCE_S)
            desktop.fill_screen(main)
            yield desktop, main
        except AssertionError:
            desktop.screenshot(folder / "failure.png")
            raise
        finally:
            stop(process)
            end_server(gimp.home)
