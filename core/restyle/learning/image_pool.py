"""Image pool: what generators made in the last steps, so that a discriminator does not forget it (Shrivastava et al. 2017)."""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.learning.chance import below, uniform

__all__ = ["ImagePool"]

OLDER_SHARE = 0.5  # of the pictures that are judged, as in Zhu et al. 2017


class ImagePool:
    """At most ``most`` pictures; each that is asked for is as likely an older one as the newest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.pictures: list[Tensor] = []

    def exchanged(self, made: Tensor, generator: torch.Generator) -> Tensor:
        """As many pictures as were ``made`` (N, 3, H, W): some of them, and some older ones in whose place the others stay."""
        return torch.stack([self._exchanged(picture, generator) for picture in made.detach()])

    def _exchanged(self, picture: Tensor, generator: torch.Generator) -> Tensor:
        if len(self.pictures) < self._most:
            self.pictures.append(picture)
            return picture
        if uniform(generator) >= OLDER_SHARE:
            return picture
        place = below(len(self.pictures), generator)
        older, self.pictures[place] = self.pictures[place], picture
        return older
