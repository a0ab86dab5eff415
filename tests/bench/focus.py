"""Focus: seconds and memory at 12 megapixels, and how near the edge of a subject with hair comes to what a lens would have seen.

The scene is made here: a head of a cat's fur with hairs of it, whose matte is known, before another photo. A lens would have seen
the head before the blurred photo alone; Focus is given both composed and a rough selection, and a plain blur through the same
selection stands beside it.
"""

import argparse
import json
import math
import resource
import subprocess
import sys
import time

import numpy as np
import skimage.data
import torch
from PIL import Image as Pillow
from PIL import ImageDraw
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.loaded import Loaded
from restyle.filters.focus import CONTENT, SELECTION, FocusParams
from restyle.filters.focus.aperture import Aperture
from restyle.filters.focus.blurring import Blurring
from restyle.filters.focus.method import focus, most_radius
from restyle.host.device import pick_device
from restyle.pictures.color import linear_to_srgb, srgb_to_linear
from restyle.pictures.image import Image
from restyle.pictures.resizing import resized

SIZE = (640, 800)
LARGE = (3000, 4000)
SETTINGS = {
    "as it comes": {},
    "a ground": {"ground_line": 80.0},
    "cat's eye": {"shape": "cats-eye"},
    "little blur": {"blur": 5.0},
}
LIMITS = {"seconds": 4.0, "megabytes": 1536}
BACKGROUNDS = ("coffee", "rocket", "astronaut")
HAIRS, HAIR_PX, OVER = 500, 60, 4
BLUR = 40.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if options.large:
        print(json.dumps(_large(SETTINGS[options.large])))
        return 0
    figures = {}
    for name in SETTINGS:
        made = subprocess.run([sys.executable, "-m", "tests.bench.focus", "--large", name], capture_output=True, check=True)
        figures[name] = json.loads(made.stdout)
        print(f"12 MP, {name}: {figures[name]}", flush=True)
    for name in BACKGROUNDS:
        figures[name] = _hair(name)
        print(f"hair before {name}: {figures[name]}", flush=True)
    if options.json:
        print(json.dumps(figures))
    return 0


def _photo(name: str, size: tuple[int, int]) -> torch.Tensor:
    pixels = torch.from_numpy(getattr(skimage.data, name)()[..., :3].copy()).permute(2, 0, 1)[None].float() / 255
    return resized(pixels, *size).clamp(0, 1)


def _focused(photo: torch.Tensor, selection: torch.Tensor | None, **settings) -> torch.Tensor:
    inputs = Loaded({CONTENT.name: Image(photo), SELECTION.name: selection})
    return focus(inputs, FocusParams(**settings), Context(pick_device("cpu"))).pixels


def _large(settings: dict) -> dict:
    """Seconds on the clock and of all processors, and the most memory of the process, which holds photo and result."""
    photo = _photo("astronaut", LARGE)
    _focused(_photo("astronaut", (96, 128)), None)  # networks are loaded once
    started, processor = time.perf_counter(), time.process_time()
    _focused(photo, None, **settings)
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "processor_seconds": round(time.process_time() - processor, 2),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "threads": torch.get_num_threads(),
    }


def _head() -> tuple[torch.Tensor, torch.Tensor]:
    """The matte of a head with hairs, and a selection as a person draws it around the head."""
    height, width = SIZE
    chance = np.random.default_rng(5)
    drawn = Pillow.new("L", (width * OVER, height * OVER))
    pen = ImageDraw.Draw(drawn)
    middle, radius = np.array([width / 2, height * 0.55]), height * 0.28
    for angle in chance.uniform(0, 2 * math.pi, HAIRS):
        start = middle + radius * 0.95 * np.array([math.cos(angle), math.sin(angle)])
        bent = angle + chance.normal(0, 0.35)
        end = start + chance.uniform(0.3, 1) * HAIR_PX * np.array([math.cos(bent), math.sin(bent)])
        pen.line([*(start * OVER), *(end * OVER)], fill=255, width=round(chance.uniform(0.4, 1.4) * OVER))
    box = [*((middle - radius) * OVER), *((middle + radius) * OVER)]
    pen.ellipse(box, fill=255)
    matte = F.avg_pool2d(torch.from_numpy(np.array(drawn)).float()[None, None] / 255, OVER)
    rough = Pillow.new("L", (width, height))
    ImageDraw.Draw(rough).ellipse([*(middle - radius - HAIR_PX / 4), *(middle + radius + HAIR_PX / 4)], fill=255)
    return matte, torch.from_numpy(np.array(rough)).float()[None, None] / 255


def _hair(name: str) -> dict:
    """PSNR, in dB, around the head's edge: Focus with the rough selection and with the matte itself, and a plain blur."""
    matte, rough = _head()
    fur, behind = (srgb_to_linear(_photo(each, SIZE)) for each in ("chelsea", name))
    radius = BLUR / 100 * most_radius(*SIZE)
    lens = Blurring(Aperture("round"), radius, (1,), *SIZE)

    def blurred(light: torch.Tensor) -> torch.Tensor:
        return lens.blurred(radius, slice(0, SIZE[0]), (F.pad(light, (0, 0, 0, 0, 0, 1), value=1.0), 0), {})

    taken = linear_to_srgb(torch.lerp(behind, fur, matte))
    seen = linear_to_srgb(torch.lerp(blurred(behind), fur, matte))
    near = F.max_pool2d((matte - matte.round()).abs(), 25, 1, 12) > 0
    same = {"blur": BLUR, "falloff": 0.0, "highlights": 0.0}
    made = {
        "selection": _focused(taken, rough, edge=100.0, **same),
        "matte": _focused(taken, matte, edge=0.0, **same),
        "plain": torch.lerp(linear_to_srgb(blurred(srgb_to_linear(taken))), taken, F.avg_pool2d(rough, 9, 1, 4)),
    }
    errors = {each: float((made[each] - seen)[near.expand_as(seen)].square().mean()) for each in made}
    return {each: round(-10 * math.log10(error), 1) for each, error in errors.items()}


if __name__ == "__main__":
    sys.exit(main())
