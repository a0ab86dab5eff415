"""Ways to open shadows locally, side by side: each brings ten phone photos' shadows about to what Natural wants.

The candidates are closed forms on a small luma: one curve for all, CLAHE of the base (Zuiderveld 1994), a fused stack of virtual
exposures (Mertens, Kautz, Van Reeth 2007), local Laplacian filters (Paris, Hasinoff, Kautz 2011), the light of a bilateral grid's
cells (Chen, Paris, Durand 2007), and the light of a guided filter, which Enhance Photo uses. Halo is measured on a drawn skyline.
"""

import argparse
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import torch
from skimage.exposure import equalize_adapthist
from torch import Tensor
from torch.nn import functional as F

from restyle.filters.enhance.local_light import BACKLIGHT, DARK, FLATNESS, RADIUS, darkest_third, exposed, ramp
from restyle.filters.enhance.looks import LOOKS
from restyle.pictures.guided import guided
from restyle.pictures.image import luma
from restyle.pictures.windows import wide_box_mean
from tests.bench.data import read_scaled

ROOT = Path(__file__).resolve().parents[2]
SIZE_PX = 256
SHIFTS = 9  # strengths tried, from none to 2 in log-odds
TEXTURE_PX = 4  # radius of the windows in which texture is measured
LEVELS = 8  # of the grid, and of the local Laplacian filters
DETAIL_SPAN = 0.15  # differences that local Laplacian filters take for detail


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    options = parser.parse_args(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    photos = [read_scaled(path, SIZE_PX) for path in sorted((options.reference / "dped" / "photos").glob("*.jpg"))]
    for name, candidate in CANDIDATES.items():
        started = time.process_time()
        made = [_opened(photo, candidate) for photo in photos]
        seconds = (time.process_time() - started) / len(photos) / SHIFTS
        third = sum(darkest_third(picture) for picture in made) / len(made)
        texture = sum(_texture(picture, photo) for picture, photo in zip(made, photos, strict=True)) / len(made)
        print(
            f"{name}: third {third:.3f}, texture {texture:.2f}, halo {_halo(candidate):.3f}, {seconds * 1000:.0f} ms", flush=True
        )
    return 0


def _one_curve(light: Tensor, shift: float) -> Tensor:
    return shift * _openness(light)


def _guided_light(light: Tensor, shift: float) -> Tensor:
    radius = round(RADIUS * (light.shape[2] * light.shape[3]) ** 0.5)
    return shift * _openness(guided(light, light, radius, FLATNESS))


def _grid_light(light: Tensor, shift: float) -> Tensor:
    """The mean luma of the cells around a pixel's place and brightness."""
    level = torch.linspace(0, 1, LEVELS // 2).view(1, -1, 1, 1)
    near = (1 - (light - level).abs() * (LEVELS // 2 - 1)).clamp_min(0)
    weight, total = (F.adaptive_avg_pool2d(maps, (12, 16)) for maps in (near, near * light))
    cells = torch.cat((total, weight), 1)
    wide = F.interpolate(F.avg_pool2d(F.pad(cells, (1,) * 4, mode="replicate"), 3, 1), light.shape[2:], mode="bilinear")
    total, weight = wide.chunk(2, 1)
    return shift * _openness((near * total).sum(1, keepdim=True) / (near * weight).sum(1, keepdim=True).clamp_min(1e-4))


def _clahe(light: Tensor, shift: float) -> Tensor:
    radius = round(RADIUS * (light.shape[2] * light.shape[3]) ** 0.5)
    base = guided(light, light, radius, FLATNESS).clamp(0, 1)
    equal = torch.from_numpy(equalize_adapthist(base[0, 0].numpy(), clip_limit=0.02)).float().view_as(light)
    return (shift / 2) * (_log_odds(equal) - _log_odds(base))


def _fused(light: Tensor, shift: float) -> Tensor:
    """Pyramids of the photo and of two virtual exposures, blended by how well each is exposed."""
    stack = torch.cat([torch.sigmoid(_log_odds(light) + shift * step) for step in (0.0, 0.75, 1.5)], 1)
    weights = torch.exp(-((stack - 0.5) ** 2) / (2 * 0.2**2)) + 1e-6
    weights = weights / weights.sum(1, keepdim=True)
    fused = _collapsed([(band * share).sum(1, keepdim=True) for band, share in zip(_bands(stack), _blurs(weights), strict=True)])
    return _log_odds(fused) - _log_odds(light)


def _local_laplacian(light: Tensor, shift: float) -> Tensor:
    """Edges compressed and detail kept around each of a few brightnesses; then shadows are shifted by one curve."""
    gaussians = _blurs(light)
    bands = [torch.zeros_like(band) for band in _bands(light)]
    for level in torch.linspace(0, 1, LEVELS):
        difference = light - level
        beyond = (difference.abs() - DETAIL_SPAN).clamp_min(0)
        pressed = level + difference.sign() * (difference.abs().clamp_max(DETAIL_SPAN) + beyond * (1 - shift / 4))
        for place, (band, gaussian) in enumerate(zip(_bands(pressed), gaussians, strict=True)):
            near = (1 - (gaussian - level).abs() * (LEVELS - 1)).clamp_min(0)
            bands[place] += near * band
    bands[-1] = torch.sigmoid(_log_odds(gaussians[-1]) + shift * _openness(gaussians[-1]))
    return _log_odds(_collapsed(bands)) - _log_odds(light)


CANDIDATES: dict[str, Callable[[Tensor, float], Tensor]] = {
    "one curve for all": _one_curve,
    "CLAHE of the base": _clahe,
    "fused exposures": _fused,
    "local Laplacian": _local_laplacian,
    "bilateral grid": _grid_light,
    "guided filter (ours)": _guided_light,
}
"""What each adds to the log-odds of luma (1, 1, h, w) at a strength."""


def _opened(photo: Tensor, candidate: Callable[[Tensor, float], Tensor]) -> Tensor:
    look, light = LOOKS["natural"], luma(photo)
    backlit = look.mood_opened + (1 - look.mood_opened) * float(ramp(light.quantile(0.9), *BACKLIGHT))
    wanted = darkest_third(photo) + backlit * look.opening * max(look.shadows - darkest_third(photo), 0)
    tries = [exposed(photo, candidate(light, 2 * step / (SHIFTS - 1)).exp()) for step in range(SHIFTS)]
    return min(tries, key=lambda made: abs(darkest_third(made) - wanted))


def _texture(made: Tensor, photo: Tensor) -> float:
    """Local contrast in what was dark, relative to the photo's."""
    dark = luma(photo) < 0.25
    before, after = (_local_deviation(luma(picture))[dark].mean() / luma(picture)[dark].mean() for picture in (photo, made))
    return float(after / before)


def _halo(candidate: Callable[[Tensor, float], Tensor]) -> float:
    """How unevenly an even sky above even ground comes out, as most that a row differs from its far neighbours."""
    scene = torch.full((1, 1, 192, 256), 0.85)
    scene[:, :, 96:] = 0.12
    made = exposed(scene, candidate(scene, 1.0).exp())[0, 0, :, 8:-8].mean(1)
    return float(torch.cat((made[:94] - made[:94].median(), made[98:] - made[98:].median())).abs().max())


def _local_deviation(light: Tensor) -> Tensor:
    mean = wide_box_mean(light, TEXTURE_PX)
    return (wide_box_mean(light * light, TEXTURE_PX) - mean * mean).clamp_min(0).sqrt()


def _openness(light: Tensor) -> Tensor:
    return 1 - ramp(light, 0.0, DARK)


def _log_odds(light: Tensor) -> Tensor:
    return torch.logit(light, eps=1e-3)


def _blurs(maps: Tensor) -> list[Tensor]:
    """A Gaussian pyramid of five levels."""
    levels = [maps]
    for _ in range(4):
        levels.append(F.interpolate(levels[-1], scale_factor=0.5, mode="bilinear", antialias=True, align_corners=False))
    return levels


def _bands(maps: Tensor) -> list[Tensor]:
    """A Laplacian pyramid of five levels, the coarsest of which is what is left."""
    levels = _blurs(maps)
    return [fine - _enlarged(coarse, fine) for fine, coarse in pairwise(levels)] + levels[-1:]


def _collapsed(bands: list[Tensor]) -> Tensor:
    made = bands[-1]
    for band in reversed(bands[:-1]):
        made = band + _enlarged(made, band)
    return made


def _enlarged(coarse: Tensor, fine: Tensor) -> Tensor:
    return F.interpolate(coarse, fine.shape[2:], mode="bilinear", align_corners=False)


if __name__ == "__main__":
    sys.exit(main())
