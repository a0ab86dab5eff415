"""Pairing: which part of the painting each colour of the plan means.

Equal colours mean each other, and others the nearest; colours that shade into each other are one (`shading`). Where the painting
comes without a plan its parts are found, and each goes to the colour of the plan that is most like it and lies as high.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Guided, Style
from restyle.contract.sentence import few_of, said
from restyle.filters.neural_doodle.shading import joined, shades, softened, with_near
from restyle.pictures.color import rgb_to_lab
from restyle.pictures.image import Image
from restyle.pictures.palette import covered
from restyle.regions import REST, Regions
from restyle.regions.maps import own_color, read_maps
from restyle.regions.matching import RegionPair, completed, match
from restyle.regions.pairing import content_regions

__all__ = ["Paired", "note_lacking", "pair_plans"]

NEAR = 100
"""Of 255, as a distance of colours: what is nearer is the same pot of paint on another screen, and not worth a word."""

MOST_NAMED = 5  # regions in a sentence that somebody shall read

LAB = 100.0
MUTED = 20.0  # chroma (Lab) at which half of a hue is seen
PAINTED = 0.5  # of a plan's hue: about as strong as a painting's
HEIGHT_WEIGHT, SIZE_WEIGHT = 2.5, 0.3
"""Of where a part lies and how large it is, where colours alone say little: a cloud is of no hue, and yet sky."""


@dataclass(frozen=True)
class Paired:
    """The plan's regions with those of the painting; and the gradients of both, or None where there are none."""

    regions: tuple[RegionPair, ...]
    shades: tuple[Tensor, Tensor] | None = None


def pair_plans(plan: Image, style: Style, context: Context) -> Paired:
    """Pair a plan with a painting; what the painting's own plan lacks takes the most similar, and a note says so.

    Raises WeightsUnavailable, WeightsDamaged.
    """
    (colours,) = read_maps([plan])
    groups = shades(colours, plan)
    wanted = joined(colours, groups)
    is_given = style.regions is not None
    if not is_given and len(completed(wanted).names) == 1:
        return Paired((RegionPair(completed(wanted).names[0], torch.ones(1, 1, 1, 1), torch.ones(1, 1, 1, 1)),))
    parts = content_regions(Guided(style.image, style.regions), context)
    theirs = with_near(groups, parts.names)
    found = joined(parts, theirs)

    def unlikeness(first: Regions, second: Regions) -> NDArray[np.float32]:
        return _unlike(first, plan, second, style.image)

    if is_given:
        note_lacking(completed(wanted).names, completed(found).names, context)
        shaded = (softened(colours, groups), softened(parts, theirs)) if any(len(group) > 1 for group in groups) else None
        return Paired(match(wanted, found, unlikeness), shaded)
    context.progress.note(
        said("The painting came without a plan of its own, so its parts were found; Find Regions shows them, to be corrected.")
    )
    wanted, found = completed(wanted), completed(found)
    return Paired(match(wanted, joined(found, _shared_out(wanted, found, unlikeness(wanted, found))), unlikeness))


def _shared_out(wanted: Regions, found: Regions, unlike: NDArray[np.float32]) -> tuple[tuple[str, ...], ...]:
    """For each of ``wanted`` that gets any of ``found`` its name and theirs; each gets one, if there are enough."""
    owners = unlike.argmin(0)
    rows, columns = linear_sum_assignment(unlike)
    owners[columns] = rows
    shared = [[name for name, owner in zip(found.names, owners, strict=True) if owner == i] for i in range(len(wanted.names))]
    return tuple((name, *parts) for name, parts in zip(wanted.names, shared, strict=True) if parts)


def _unlike(plan: Regions, plan_picture: Image, style: Regions, painting: Image) -> NDArray[np.float32]:
    """(R, S): distances of colours that regions are called by; where they are called otherwise, of what is seen in them."""
    called = [[own_color(name) for name in regions.names] for regions in (plan, style)]
    if all(color is not None for colors in called for color in colors):
        # As a person names paints; in Lab cyan is nearer to red than to blue.
        first, second = (np.array([color for color in colors if color is not None], np.float32) for colors in called)
        return _apart(first, second)
    if any(name.isdigit() for name in (*plan.names, *style.names)):
        # Numbers are no colours, whatever they look like as a picture.
        return _apart(*(_places(regions, 1.0) for regions in (plan, style)))
    one, other = (_hues(_mean_colors(*item)) for item in ((plan, plan_picture), (style, painting)))
    one *= PAINTED
    one, other = (
        np.concatenate((hues, _places(regions)), 1, dtype=np.float32) for hues, regions in ((one, plan), (other, style))
    )
    return _apart(one, other)


def _apart(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    apart: NDArray[np.float32] = np.linalg.norm(first[:, None] - second[None], axis=2).astype(np.float32)
    return apart


def _mean_colors(regions: Regions, picture: Image) -> NDArray[np.float32]:
    means = [covered(picture.pixels, regions.mask(name)).mean((0, 2, 3)) for name in regions.names]
    colors: NDArray[np.float32] = torch.stack(means).numpy()
    return colors


def _hues(colors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(R, 3): where on the wheel of hues, and how light where there is little hue."""
    lab = rgb_to_lab(torch.from_numpy(colors.T.copy()).view(1, 3, 1, -1))[0, :, 0].T
    chroma = lab[:, 1:].norm(dim=1, keepdim=True)
    light = (lab[:, :1] / LAB - 0.5) * MUTED / (chroma + MUTED)
    hues: NDArray[np.float32] = torch.cat((lab[:, 1:] / (chroma + MUTED), light), 1).numpy()
    return hues


def _places(regions: Regions, size_weight: float = SIZE_WEIGHT) -> NDArray[np.float32]:
    """(R, 2): mean height and size."""
    masks: Tensor = regions.masks[0]
    rows = (torch.arange(regions.height) + 0.5) / regions.height
    sizes = masks.mean((1, 2))
    heights = (masks.mean(2) * rows).mean(1) / sizes.clamp_min(1e-6)
    places: NDArray[np.float32] = torch.stack((HEIGHT_WEIGHT * heights, size_weight * sizes.sqrt()), 1).numpy()
    return places


def note_lacking(wanted: tuple[str, ...], given: tuple[str, ...], context: Context) -> None:
    """Say which of the ``wanted`` regions has none of the ``given`` with its name or a colour near to it."""
    lacking = [name for name in wanted if name not in given and name != REST and not _is_near(name, given)]
    if lacking:
        named = few_of(lacking, MOST_NAMED)
        context.progress.note(
            said("The painting's plan has no {named}; where the plan has it, what is most like it was painted.", named=named)
        )


def _is_near(name: str, given: tuple[str, ...]) -> bool:
    color = own_color(name)
    others = [own_color(other) for other in given]
    return color is not None and any(other is not None and np.linalg.norm(np.subtract(color, other)) <= NEAR for other in others)
