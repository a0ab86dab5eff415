"""The demo's session on the in-memory GIMP. The environment's Python runs it, with both folders of the plug-in on its path."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

    from memory_gimp import MemoryGimp

__all__ = ["main"]

RUN_NONINTERACTIVE = 1
REPLACE = 2


def read_picture(path: str) -> tuple[int, int, str, bytes]:
    """(width, height, babl format, bytes) of a picture file, by Pillow."""
    from PIL import Image

    with Image.open(path) as picture:
        rgb = picture.convert("RGB")
    return rgb.width, rgb.height, "R'G'B' u8", rgb.tobytes()


def main(photo: str, style: str, png: str) -> None:
    """Open the photo, select a part with a feathered edge, run the filter, save what is seen. Raises RuntimeError."""
    from memory_gimp import MemoryGimp
    from restyle_plugin import gimpfu_shim, menu
    from restyle_plugin.gimpfu_shim import backend

    gimp = MemoryGimp(read_picture)
    backend.use(gimp)
    declared = menu.catalogue()
    menu.register_filters(gimpfu_shim, declared)
    gimpfu_shim.main()
    image = gimp.load_image(photo)
    width, height = gimp.image_width(image), gimp.image_height(image)
    gimp.call("gimp-image-select-rectangle", [image, REPLACE, width // 10, height // 10, width * 4 // 5, height * 4 // 5])
    gimp.call("gimp-selection-feather", [image, min(width, height) // 10])
    takes_pictures = [one for one in declared["filters"] if any(item["kind"] == "pictures" for item in one["inputs"])]
    name = menu.procedure_name(takes_pictures[0])
    status, _ = gimp.run(name, RUN_NONINTERACTIVE, [image, gimp.image_layers(image)[0], style])
    if status != "success":
        raise RuntimeError(status[1] if isinstance(status, tuple) else status)
    layers = gimp.image_layers(image)
    found = {"layers": len(layers), "name": gimp.item_name(layers[0]), "mask": bool(gimp.layer_mask(layers[0]))}
    print(json.dumps(found))
    _flatten(gimp, layers, (width, height)).save(png)


def _flatten(gimp: MemoryGimp, layers: list[int], size: tuple[int, int]) -> Image.Image:
    """The new layer over the photo, through its mask: the in-memory GIMP's own merging knows no masks."""
    from PIL import Image

    painted, photo = (Image.frombytes("RGB", size, bytes(gimp.drawable_read(one, 0, 0, *size, "R'G'B' u8"))) for one in layers)
    mask = Image.frombytes("L", size, bytes(gimp.drawable_read(gimp.layer_mask(layers[0]), 0, 0, *size, "Y u8")))
    return Image.composite(painted, photo, mask)


if __name__ == "__main__":
    main(*sys.argv[1:])
