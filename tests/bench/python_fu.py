"""One plug-in written for GIMP 2.10's Python-Fu in each GIMP that is here: how far GIMP 3's pictures are from 2.10's.

Prints the largest and the mean difference in bytes, and writes docs/pictures/old-print.jpg: the photo, then 2.10's print and
those of GIMP 3. `python -m tests.bench python_fu`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

from tests.gimp.gimp2_driver import Gimp2, pythons, scheme_string
from tests.gimp.gimp3_driver import PLUGIN_SOURCE, ROOT, SERIES, Gimp3, find_installation
from tests.gimp.installations import put_path

__all__ = ["main"]

SCRIPT = ROOT / "docs" / "pictures" / "old_print.py"
PICTURE = ROOT / "docs" / "pictures" / "old-print.jpg"
SIZE = (320, 320)

IN_GIMP_3 = """
import gi
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, Gio
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({photo!r}))
procedure = Gimp.get_pdb().lookup_procedure("python-fu-old-print")
config = procedure.create_config()
config.set_property("image", image)
config.set_core_object_array("drawables", image.get_layers()[:1])
answer = procedure.run(config)
report("status", [int(answer.index(0)), str(answer.index(1)) if answer.length() > 1 else ""])
image.flatten()
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path({result!r}), None)
"""
IN_GIMP_2 = """
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE {photo} "photo"))) (layer (car (gimp-image-get-active-layer image))))
  (python-fu-old-print RUN-NONINTERACTIVE image layer 40 '(240 232 214))
  (gimp-image-flatten image)
  (file-png-save-defaults RUN-NONINTERACTIVE image (car (gimp-image-get-active-layer image)) {result} "result"))
"""


def main() -> int:
    """Run the plug-in everywhere, print the differences, write the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photo = Image.fromarray(data.astronaut()).resize(SIZE, Image.Resampling.LANCZOS)
        prints = {
            "2.10": in_gimp2(folder / "2.10", photo),
            **{series: in_gimp3(folder / series, series, photo) for series in SERIES},
        }
    first = np.asarray(prints["2.10"], dtype=np.float64)
    for series in SERIES:
        difference = np.abs(np.asarray(prints[series], dtype=np.float64) - first)
        print(f"GIMP {series} beside 2.10: mean {difference.mean():.3f}, at most {difference.max():.0f} of 255")
    sheet = Image.new("RGB", (SIZE[0] * 4 + 24, SIZE[1]), "white")
    for place, picture in enumerate([photo, *prints.values()]):
        sheet.paste(picture, (place * (SIZE[0] + 8), 0))
    sheet.save(PICTURE, quality=88)
    return 0


def in_gimp2(folder: Path, photo: Image.Image) -> Image.Image:
    """The print that GIMP 2.10 makes."""
    folder.mkdir()
    gimp = Gimp2(folder)
    gimp.install(PLUGIN_SOURCE)
    gimp.install(SCRIPT, python=pythons()["3"])
    put_path(gimp.profile, "2.10")
    photo.save(folder / "photo.png")
    paths = {"photo": scheme_string(str(folder / "photo.png")), "result": scheme_string(str(folder / "result.png"))}
    finished = gimp.run_scheme(IN_GIMP_2.format(**paths))
    return opened(folder / "result.png", finished.output)


def in_gimp3(folder: Path, series: str, photo: Image.Image) -> Image.Image:
    """The print that a GIMP 3 makes."""
    installation = find_installation(series)
    if isinstance(installation, str):
        raise SystemExit(installation)
    folder.mkdir()
    gimp = Gimp3(installation, folder)
    gimp.install(PLUGIN_SOURCE)
    gimp.install(SCRIPT)
    put_path(gimp.profile, series)
    photo.save(folder / "photo.png")
    finished = gimp.run(IN_GIMP_3.format(photo=str(folder / "photo.png"), result=str(folder / "result.png")))
    return opened(folder / "result.png", f"{finished.reports} {finished.stderr}")


def opened(path: Path, said: str) -> Image.Image:
    """The picture that GIMP wrote; what it said instead where it wrote none."""
    if not path.exists():
        raise SystemExit(said[-2000:])
    with Image.open(path) as picture:
        return picture.convert("RGB")


if __name__ == "__main__":
    sys.exit(main())
