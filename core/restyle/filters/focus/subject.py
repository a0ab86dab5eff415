"""Subject: what stays sharp, roughly; `matte` finds its edge.

A person says it by a selection or by regions with names. Else a network that tells people and animals, where one was fetched,
says it; else faces, of which heads and shoulders are guessed; else what stands out (`restyle.regions.salience`).
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.contract.settings import SUBJECT_NAMES
from restyle.filters.focus import INSIDE, REGIONS, SELECTION, FocusParams
from restyle.pictures.resizing import fitted, small_look
from restyle.regions.faces import face_mask
from restyle.regions.labels import NAMES
from restyle.regions.named import named_mask
from restyle.regions.pairing import load_eyes
from restyle.regions.patches import Floats, Patches, cut_into_patches
from restyle.regions.salience import salience
from restyle.regions.sky import LOOKED_AT, find_sky

__all__ = ["subject_of"]

PATCHED_PX, PATCHES = 320, 700  # of the copy that is cut up: half as many leave out whole ears
LEAST_LABELLED = 0.02  # of the area: less of a person or animal is not what the photo was taken of
LEAST_PART = 0.2  # of the largest part of what stands out: smaller ones are the background's
NECK, SHOULDERS, SLOPE, BODY = 0.28, 1.35, 0.6, 3.4
"""Of a body that is guessed, in widths of its head: half of its neck and of its shoulders, how far down from the chin these are,
and how far down it goes."""

HAIR = 0.8  # of a head's sides, from its middle
LIKELY_BODY, LIKELY_HAIR = 0.6, 0.4  # how likely that is which is guessed, beside 1 of what was found

_Plane = NDArray[np.bool_]


def subject_of(look: Tensor, inputs: Loaded, params: FocusParams, context: Context) -> Tensor | None:
    """Where the subject is, (1, 1, h, w) in 0..1, of any size; None where nothing shall be.

    ``look`` (1, 3, h, w) in 0..1 is the photo, small. Raises InvalidInput where a person is wanted and none is found,
    WeightsUnavailable, WeightsDamaged.
    """
    selection = inputs[SELECTION]
    if selection is not None:
        return selection
    named = named_mask(inputs[REGIONS], (*SUBJECT_NAMES, INSIDE))
    if named is not None or params.subject == "none":
        return named
    return _found(look, params, context)


def _found(look: Tensor, params: FocusParams, context: Context) -> Tensor:
    eyes = load_eyes(context)
    patches = cut_into_patches(look, eyes.textures, eyes.labellers, longest_px=PATCHED_PX, number=PATCHES)
    likely = None
    if params.subject != "thing":
        likely = _labelled(patches)
        likely = _bodies(patches, look) if likely is None else likely
    if likely is None and params.subject == "person":
        raise InvalidInput(said("No face was found in the photo: select the person roughly, and start the filter again."))
    standing = salience(patches, likely=likely, never=_shares(patches, find_sky(small_look(look, LOOKED_AT))))
    mask = _parts(standing[patches.labels] > _threshold(standing, patches.sizes))
    return torch.from_numpy(mask.astype(np.float32))[None, None]


def _labelled(patches: Patches) -> Floats | None:
    """How surely each patch belongs to a person or animal; None where no network says that there is one."""
    if not patches.named.shape[1]:
        return None
    found = patches.named[:, [NAMES.index("person"), NAMES.index("animal")]].sum(1)
    return found if float(((found > 0.5) * patches.sizes).sum()) > LEAST_LABELLED else None


def _bodies(patches: Patches, look: Tensor) -> Floats | None:
    """(P,) how surely each patch is a person's: the heads that are found, with shoulders below; None without any."""
    heads = face_mask(look)
    if heads is None:
        return None
    body = fitted(heads, *patches.labels.shape)[0, 0].numpy()
    parts, _ = ndimage.label(body > 0.5)
    rows, columns = np.indices(body.shape)
    for down, across in ndimage.find_objects(parts):
        width, middle = across.stop - across.start, (across.start + across.stop) / 2
        below, beside = (rows - down.stop) / width, np.abs(columns - middle) / width
        half = NECK + (SHOULDERS - NECK) * np.clip(below / SLOPE, 0, 1)
        body = np.maximum(body, LIKELY_BODY * ((below > -NECK) & (below < BODY) & (beside < half)))
        above = np.abs(rows - (down.start + down.stop) / 2) / (down.stop - down.start)
        body = np.maximum(body, LIKELY_HAIR * (np.hypot(above / HAIR, beside / HAIR) < 1))
    return _shares(patches, torch.from_numpy(body)[None, None])


def _shares(patches: Patches, mask: Tensor) -> Floats:
    """(P,) how much of each patch a mask (1, 1, h, w) of any size covers."""
    labels = patches.labels.ravel()
    covered = np.bincount(labels, fitted(mask.float(), *patches.labels.shape).numpy().ravel())
    found: Floats = (covered / np.bincount(labels)).clip(0, 1).astype(np.float32)
    return found


def _threshold(standing: Floats, sizes: Floats) -> float:
    """Between what stands out and what does not: where both are most alike within (Otsu 1979)."""
    order = np.argsort(standing)
    values, weights = standing[order].astype(float), sizes[order].astype(float)
    below = np.cumsum(weights)[:-1]
    sums = np.cumsum(weights * values)[:-1]
    above, total = weights.sum() - below, (weights * values).sum()
    between = below * above * (sums / below - (total - sums) / np.maximum(above, 1e-9)) ** 2
    if not len(between):
        return 1.0
    best = int(between.argmax())
    return float(values[best] + values[best + 1]) / 2


def _parts(mask: _Plane) -> _Plane:
    """The largest part of a mask and those that are not much smaller, without holes."""
    parts, number = ndimage.label(mask)
    if not number:
        return mask
    areas = np.bincount(parts.ravel())[1:]
    kept = np.concatenate(([False], areas >= LEAST_PART * areas.max()))
    filled: _Plane = ndimage.binary_fill_holes(kept[parts])
    return filled
