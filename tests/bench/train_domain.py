"""Learning a domain: four looks whose truth is known, learned without pairs, and how near held-back photos come to the truth.

The photos of the reference data are shuffled; a half of them stays as it is, the other half gets the look, and none is in both.
Ten are held back. Time is the process's own (CPU seconds of one thread), so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from restyle.host.device import pick_device
from restyle.learning.crops import picture_paths, read_picture
from restyle.learning.domain_training import SMALL_RECIPE, DomainTraining
from restyle.learning.domains import crop_of, reduced
from restyle.pictures.color import luma
from restyle.pictures.files import save_image
from restyle.pictures.image import Image

HELD_BACK = 10
SEED = 7
STRIDE = 4
ASKED_DB, ASKED_CYCLE_DB = 3.0, 25.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=Path(__file__).parents[3] / "shared" / "reference" / "photos")
    parser.add_argument("--looks", nargs="*", choices=LOOKS, default=list(LOOKS))
    parser.add_argument("--minutes", type=float, default=10.0, help="of CPU time, for each look")
    parser.add_argument("--out", type=Path, default=Path("build/train_domain"), help="where to write held-back photos")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    pictures = [read_picture(path) for path in picture_paths(options.photos)]
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(SEED)).tolist()
    photos = reduced((pictures[place] for place in order), SMALL_RECIPE)
    figures = {name: _learned(name, photos, options.minutes, options.out) for name in options.looks}
    if options.json:
        print(json.dumps(figures))
    return 0


def _learned(name: str, photos: tuple[Tensor, ...], minutes: float, out: Path) -> dict[str, float]:
    """Train, print and return mean PSNRs of the held-back photos, in dB."""
    look, half = LOOKS[name], (len(photos) - HELD_BACK) // 2
    changed = tuple((look(_floats(photo)) * 255).round().byte()[0] for photo in photos[half : 2 * half])
    training = DomainTraining(crop_of(photos[:half]), crop_of(changed), SMALL_RECIPE, pick_device("cpu", "float32"))
    begun = time.process_time()
    while (spent := (time.process_time() - begun) / (60 * minutes)) < 1:
        training.step(spent)
    rows = [_judged(training, look, _floats(photo), out / f"{name}_{i}.png") for i, photo in enumerate(photos[-HELD_BACK:])]
    means = {key: sum(row[key] for row in rows) / len(rows) for key in rows[0]}
    gains = (means["forth"] - means["photo"], means["back"] - means["photo"])
    is_met = min(gains) >= ASKED_DB and min(means["cycle"], means["cycle back"]) >= ASKED_CYCLE_DB
    said = ", ".join(f"{key} {value:.2f}" for key, value in means.items())
    missed = "" if is_met else " (missed)"
    print(f"{name:<9} {training.steps} steps: {said}; nearer by {gains[0]:.2f} and {gains[1]:.2f} dB{missed}", flush=True)
    return {**means, "steps": training.steps}


@torch.no_grad()
def _judged(training: DomainTraining, look: Callable[[Tensor], Tensor], photo: Tensor, path: Path) -> dict[str, float]:
    forth, back = training.generators()
    truth = look(photo)
    there, here = forth(photo).clamp(0, 1), back(truth).clamp(0, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_image(Image(torch.cat([photo, truth, there, here], 3)), path)
    return {
        "photo": _psnr(photo, truth),
        "forth": _psnr(there, truth),
        "back": _psnr(here, photo),
        "cycle": _psnr(back(there), photo),
        "cycle back": _psnr(forth(here), truth),
    }


def _floats(photo: Tensor) -> Tensor:
    height, width = (side // STRIDE * STRIDE for side in photo.shape[1:])
    return photo[None, :, :height, :width].float() / 255


def _psnr(made: Tensor, wanted: Tensor) -> float:
    return float(-10 * torch.log10((made.clamp(0, 1) - wanted).square().mean()))


def _row(*values: float) -> Tensor:
    return torch.tensor(values).view(1, 3, 1, 1)


def _camera(photo: Tensor) -> Tensor:
    """Crossed channels, a lighter curve with lifted shadows, warm light."""
    matrix = torch.tensor([[1.15, -0.05, -0.10], [-0.02, 1.0, 0.02], [0.02, 0.08, 0.9]])
    light = torch.einsum("ij,njhw->nihw", matrix, photo).clamp(0, 1) ** 0.8
    curved = 0.08 + 0.88 * (light + 0.1 * torch.sin((light - 0.5) * math.tau))
    return (curved * _row(1.05, 0.98, 0.82)).clamp(0, 1)


def _duotone(photo: Tensor) -> Tensor:
    """Light and shade alone, between two inks."""
    return torch.lerp(_row(0.10, 0.08, 0.30), _row(1.0, 0.86, 0.55), luma(photo))


def _season(photo: Tensor) -> Tensor:
    """Greens turn to orange, by their hue, in a low sun."""
    most, least = photo.amax(1, keepdim=True), photo.amin(1, keepdim=True)
    spread = most - least + 1e-6
    red, green, blue = photo.chunk(3, 1)
    sector = torch.where(
        most == red,
        ((green - blue) / spread) % 6,
        torch.where(most == green, (blue - red) / spread + 2, (red - green) / spread + 4),
    )
    hue = 60 * sector
    greenness = torch.exp(-(((hue - 105) / 45) ** 4))
    hue = torch.lerp(hue, torch.full_like(hue, 28.0), greenness)
    saturation = (spread / (most + 1e-6) * (1 + 0.25 * greenness)).clamp(0, 1)
    value = most * (1 + 0.1 * greenness)
    places = [(offset + hue / 60) % 6 for offset in (5, 3, 1)]
    turned = [value - value * saturation * torch.minimum(place, 4 - place).clamp(0, 1) for place in places]
    return (torch.cat(turned, 1) * _row(1.04, 0.94, 0.74)).clamp(0, 1)


def _halftone(photo: Tensor) -> Tensor:
    """Dots of one dark ink on paper, six pixels apart, at 45 degrees."""
    height, width = photo.shape[2:]
    rows, columns = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    across, along = ((columns + sign * rows) * math.sqrt(0.5) * math.tau / 6 for sign in (1, -1))
    threshold = (across.cos() + along.cos()) / 4 + 0.5
    paper = torch.sigmoid((1.1 * (luma(photo) - 0.5) + 0.5 - threshold) * 12)
    return torch.lerp(_row(0.12, 0.10, 0.16), _row(0.97, 0.95, 0.88), paper)


LOOKS: dict[str, Callable[[Tensor], Tensor]] = {
    "camera": _camera,
    "duotone": _duotone,
    "season": _season,
    "halftone": _halftone,
}

if __name__ == "__main__":
    sys.exit(main())
