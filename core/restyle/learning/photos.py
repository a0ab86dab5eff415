"""Photos to learn a style on: a folder of the user's, or what is at hand everywhere.

A style is learned from the shipped network, which has seen photos enough: these need only show what pictures look like.
Without a folder they are the picture at hand, four photos that scikit-image brings along, and both with other colours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import skimage.data
import torch
from torch import Tensor

from restyle.contract.errors import InvalidInput
from restyle.contract.sentence import few_of, said
from restyle.learning.chance import uniform
from restyle.learning.crops import Crop, Pictures, picture_paths, pictures_of, plain_crop, recolour
from restyle.learning.synthetic import draw_picture
from restyle.pictures.files import open_image
from restyle.pictures.transparency import fill_transparent

__all__ = ["Tick", "photo_at_hand", "photo_source", "photos_in", "training_photos"]

DRAWN_SHARE = 0.06  # of the photos are drawn by rule: flat areas, where a network left alone puts specks
RECOLOURED_SHARE = 0.5  # of the few photos at hand: shapes repeat then, colours do not
MOST_PHOTOS = 400  # of a folder: more cost memory and teach nothing in minutes
FEW_PHOTOS = 20
MOST_NAMED = 5  # of those that are left out
PHOTOS_NEEDED = said("choose a folder of JPEG or PNG files")
_AT_HAND = ("astronaut", "chelsea", "coffee", "rocket")

Tick = Callable[[str], None]
"""Told what comes now; what it raises ends the work."""


def training_photos(
    folder: Path | None, picture: Tensor | None, size: int, tick: Tick = lambda _: None, note: Tick = lambda _: None
) -> Crop:
    """Return what gives new photos, from a folder, or from ``picture`` (1, 3, H, W) in 0..1 and those at hand.

    Photos that cannot be read are left out, and named in a ``note``. Raises InvalidInput where no photo is left.
    """
    if folder is None:
        given = [] if picture is None else [(picture[0] * 255).round().to(torch.uint8)]
        at_hand = [_at_hand(name) for name in _AT_HAND]
        # The picture at hand counts as much as the four others: it is what the style is wanted for.
        return photo_source(pictures_of([*given * len(at_hand), *at_hand], size), RECOLOURED_SHARE)
    photos = pictures_of(photos_in(folder, tick, note, said("choose a folder of JPEG or PNG files, or none")), size)
    return photo_source(photos, RECOLOURED_SHARE if len(photos) < FEW_PHOTOS else 0.0)


def photos_in(
    folder: Path, tick: Tick = lambda _: None, note: Tick = lambda _: None, advice: str = PHOTOS_NEEDED
) -> Iterator[Tensor]:
    """The photos (3, H, W) of a folder, bytes, one by one; of a large one as many as are learned on, evenly chosen.

    Those that cannot be read are left out, and named in a ``note``. Raises InvalidInput with ``advice`` where none is left.
    """
    paths = picture_paths(folder) if folder.is_dir() else []
    if not paths:
        raise InvalidInput(said("There are no photos in {folder}; {advice}.", folder=folder, advice=advice))
    chosen, unread = paths[:: -(-len(paths) // MOST_PHOTOS)], list[str]()
    yield from _read_all(chosen, tick, unread)
    if len(unread) == len(chosen):
        raise InvalidInput(
            said(
                "None of the photos in {folder} can be read, {unread} for one; {advice}.",
                folder=folder,
                unread=unread[0],
                advice=advice,
            )
        )
    if unread:
        note(said("Left out, because they cannot be read as pictures: {named}.", named=few_of(unread, MOST_NAMED)))


def photo_source(photos: Pictures, recoloured_share: float = 0.0) -> Crop:
    """Return what gives a new crop (3, size, size) of a random photo, or now and then a drawn picture."""

    def photo(size: int, generator: torch.Generator) -> Tensor:
        kind = uniform(generator)
        if kind < DRAWN_SHARE:
            return draw_picture(size, generator)
        crop = plain_crop(photos, size, generator)
        return recolour(crop, generator) if kind > 1 - recoloured_share else crop

    return photo


def photo_at_hand() -> Tensor:
    """Return a photo (1, 3, H, W) in 0..1 to show a style on."""
    return _at_hand("chelsea")[None].float() / 255


def _at_hand(name: str) -> Tensor:
    samples: Any = getattr(skimage.data, name)()
    return torch.from_numpy(np.array(samples)).permute(2, 0, 1).contiguous()


def _read_all(paths: Sequence[Path], tick: Tick, unread: list[str]) -> Iterator[Tensor]:
    """The photos one by one; the names of those that cannot be read are appended to ``unread``."""
    for index, path in enumerate(paths):
        tick(said("Reading photos, {number} of {count}", number=index + 1, count=len(paths)))
        try:
            picture, _ = open_image(path)
        except InvalidInput:
            unread.append(path.name)
        else:
            yield (fill_transparent(picture)[0].clamp(0, 1) * 255).round().to(torch.uint8)
