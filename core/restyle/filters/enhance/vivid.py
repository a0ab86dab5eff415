"""The look "vivid": more light, colour and contrast than nature has, up to what postcards have and no further.

How much is missing is measured on the photo, so a vivid photo is left as it is, and twice is hardly more than once.
"""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.pictures.image import luma

__all__ = ["graded"]

BRIGHTNESS = 0.45  # mean luma of a vivid photo
LIFT = 3.0  # of what is missing of it, in terms of x + a x (1 - x), which is steepest in the shadows
GREATEST_LIFT = 0.5
CHROMA = 0.17  # mean distance of the strongest channel from luma that a vivid photo has
CONTRAST = 0.26  # standard deviation of a vivid photo's luma
PIVOTS = (0.25, 0.5)  # bounds of the brightness that contrast leaves alone: the photo's own mean, so dark photos grow no darker
GREATEST_CHROMA_GAIN = 1.4
GREATEST_CONTRAST = 0.6  # of the S-curve: more would make bright parts swap places where the pivot is low
_LEAST = 1e-3


def graded(colours: Tensor, photo: Tensor, amount: float = 1.0) -> Tensor:
    """``colours`` (1, 3, h, w) in 0..1 with ``amount`` of what ``photo``, the small developed photo, lacks of light, colour
    and contrast."""
    lift = amount * min(max(LIFT * (BRIGHTNESS - float(luma(photo).mean())), 0.0), GREATEST_LIFT)
    colours, photo = (pixels + lift * pixels * (1 - pixels) for pixels in (colours, photo))
    chroma = float((photo - luma(photo)).abs().amax(1).mean())
    contrast = float(luma(photo).std(correction=0))
    gain = 1 + amount * (min(max(CHROMA / max(chroma, _LEAST), 1.0), GREATEST_CHROMA_GAIN) - 1)
    bent = amount * min(max(CONTRAST / max(contrast, _LEAST) - 1, 0.0), 0.5) * 2 * GREATEST_CONTRAST
    light = luma(colours)
    pivot = min(max(float(luma(photo).mean()), PIVOTS[0]), PIVOTS[1])
    wanted = light + bent * 2 * light * (1 - light) * (light - pivot)
    given = colours - light
    # Strong colours are given less, and none more than the gamut holds: nothing is clipped.
    strong = given.abs().amax(1, keepdim=True)
    change = given * (1 + (gain - 1) * (1 - strong).clamp_min(0))
    room = torch.where(change > 0, 1 - wanted, wanted)
    return wanted + change * (room / change.abs().clamp_min(_LEAST)).amin(1, keepdim=True).clamp(0, 1)
