"""Subject and sky apart: how far each place is changed, where a person wants more or less of it in one of the two.

Regions that were given say where both are by their names. Else the sky is found (`restyle.regions.sky`); the subject is who or
what a segmentation network sees there, where one was fetched, and otherwise all that is not sky. The borders follow the photo's
edges (`restyle.regions.refine`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.contract.settings import SKY_NAMES, SUBJECT_NAMES
from restyle.filters.enhance import CONTENT, REGIONS, EnhancePhotoParams
from restyle.pictures.resizing import small_look
from restyle.regions import Regions
from restyle.regions.labels import NAMES, label, load_labellers
from restyle.regions.named import named_mask
from restyle.regions.refine import Refined, refine
from restyle.regions.sky import LOOKED_AT, find_sky

__all__ = ["Apart"]


@dataclass(frozen=True)
class Apart:
    """Subject, sky and the rest as masks that follow the photo's edges, and how far each is changed (1 as it was made)."""

    edges: Refined
    factors: Tensor
    height: int

    @classmethod
    def of(cls, inputs: Loaded, params: EnhancePhotoParams, context: Context) -> Apart | None:
        """What ``params`` ask for, or None where all places are changed alike. Raises WeightsDamaged."""
        wanted = (params.subject / 100, params.sky / 100)
        if wanted == (1.0, 1.0):
            return None
        context.progress.step(0, of=1, message=said("Finding subject and sky"))
        photo, given = inputs[CONTENT].pixels, inputs[REGIONS]
        masks = _found(photo, context) if given is None and params.regions == "auto" else _named(given)
        if masks is None:
            return None
        rest = (1 - masks.sum(1, keepdim=True)).clamp_min(0)
        edges = refine(torch.cat((masks, rest), 1), small_look(photo, LOOKED_AT))
        return cls(edges, torch.tensor([*wanted, 1.0]).view(1, 3, 1, 1), photo.shape[2])

    def applied(self, before: Tensor, made: Tensor, rows: slice) -> Tensor:
        """These ``rows`` of the photo, ``before`` (1, 3, n, W) and as they were ``made``, each changed as far as is meant."""
        factor = (self.edges.rows(before, rows, self.height) * self.factors).sum(1, keepdim=True)
        return torch.lerp(before, made, factor)


def _found(photo: Tensor, context: Context) -> Tensor:
    """Subject and sky (1, 2, h, w)."""
    sky, labels = find_sky(small_look(photo, LOOKED_AT)), label(photo, load_labellers(context.store))
    if labels is None:
        return torch.cat((1 - sky, sky), 1)
    sized = F.interpolate(labels, size=sky.shape[2:], mode="bilinear", align_corners=False)
    subject = sized[:, [NAMES.index("person"), NAMES.index("animal")]].sum(1, keepdim=True).clamp(0, 1)
    return torch.cat((subject, sky * (1 - subject)), 1)


def _named(given: Regions | None) -> Tensor | None:
    """Subject and sky among the given regions; None where none is called so."""
    if given is None:
        return None
    masks = [named_mask(given, names) for names in (SUBJECT_NAMES, SKY_NAMES)]
    if all(mask is None for mask in masks):
        return None
    nothing = torch.zeros_like(given.masks[:, :1])
    return torch.cat([nothing if mask is None else mask for mask in masks], 1)
