"""The picture that painting starts from."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from restyle.filters.neural_style import NeuralStyleParams
from restyle.pictures.color import match_moments
from restyle.pictures.palette import covered
from restyle.pictures.resizing import fitted

__all__ = ["start_picture"]

_HEX_PAIRS = (slice(1, 3), slice(3, 5), slice(5, 7))


def start_picture(photo: Tensor, seen: Tensor, palettes: Sequence[tuple[Tensor, Tensor]], params: NeuralStyleParams) -> Tensor:
    """The start (1, 3, H, W) of the size of ``photo``; colours are moved as those of ``seen`` would be, mostly itself.

    Palettes (1, 3, 1, N) come after where they count (1, 1, h, w), as shares that sum to 1.

    The paper starts from white noise and notes that other starts bias the result towards themselves; as content is kept
    anyway, the photo in the style's colours is the quickest start, and an instant painting begins with it.
    """
    if params.init == "noise":
        # Drawn on the CPU, so that a seed means the same picture on every device.
        generator = torch.Generator().manual_seed(params.seed)
        return torch.rand(photo.shape, generator=generator).to(photo.device)
    if params.init == "color":
        colour = [int(params.init_color[pair], 16) / 255 for pair in _HEX_PAIRS]
        return torch.tensor(colour, device=photo.device).view(1, 3, 1, 1).expand_as(photo).clone()
    if params.init in ("style_colors", "instant"):
        return torch.stack([_coloured(photo, seen, *palette) for palette in palettes]).sum(0).clamp(0, 1)
    return photo.clone()


def _coloured(photo: Tensor, seen: Tensor, cover: Tensor, palette: Tensor) -> Tensor:
    """What one palette adds: the photo with the colours of what it covers moved to the palette's, by its share."""
    share = fitted(cover.to(photo.device), *photo.shape[2:])
    return match_moments(photo, palette.to(photo.device), measured=covered(seen, cover)) * share
