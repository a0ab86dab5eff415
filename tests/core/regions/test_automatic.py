"""Which groups of patches stay apart, by how they meet: half of the border is an edge, and along the other half there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from restyle.pictures.color import rgb_to_lab
from restyle.regions import automatic
from restyle.regions.automatic import find_regions
from restyle.regions.patches import Patches

SIDE, CELL = 64, 8
GREY = (0.5, 0.5, 0.5)


def in_cells(pixels: np.ndarray) -> Patches:
    """A picture (H, W, 3) in 0..1 in square patches without place, texture and names."""
    cells = SIDE // CELL
    rows, columns = np.indices((SIDE, SIDE)) // CELL
    labels = (rows * cells + columns).astype(np.int64)
    lab = (rgb_to_lab(torch.from_numpy(pixels).float().permute(2, 0, 1)[None])[0] / 100).numpy()
    colors = lab.reshape(3, cells, CELL, cells, CELL).mean((2, 4)).reshape(3, -1).T
    places = np.full((cells * cells, 2), 0.5, np.float32)  # groups shall be those of colours
    sizes = np.full(cells * cells, 1 / cells**2, np.float32)
    textures = tuple(np.zeros((cells * cells, 1), np.float32) for _ in range(2))
    return Patches(labels, lab, sizes, colors, places, textures, np.zeros((cells * cells, 0), np.float32))


def joined(right: tuple[float, float, float], above: tuple[float, float, float] = GREY) -> int:
    """How many groups are left of a grey half and one of a colour, which is ``above`` in the upper half of where they meet."""
    picture = np.empty((SIDE, SIDE, 3))
    picture[:] = GREY
    picture[:, SIDE // 2 :] = right
    picture[: SIDE // 2, SIDE // 2 : SIDE // 2 + CELL] = above
    columns = np.arange((SIDE // CELL) ** 2) % (SIDE // CELL)
    groups = (columns >= SIDE // CELL // 2).astype(np.int64)
    return int(automatic._without_faint_borders(groups, in_cells(picture)).max()) + 1


def test_what_meets_without_an_edge_is_one_though_an_edge_divides_the_rest_of_it():
    assert joined((0.33, 0.33, 0.33)) == 1


def test_an_edge_all_along_divides():
    assert joined((0.33, 0.33, 0.33), above=(0.33, 0.33, 0.33)) == 2


@pytest.mark.parametrize("right", [(1.0, 1.0, 1.0), (0.6, 0.48, 0.3)], ids=["a sharp edge", "another hue"])
def test_what_differs_much_is_two_however_softly_a_part_of_it_meets(right):
    assert joined(right) == 2


def test_borders_move_to_the_edges_of_the_picture():
    # Deep features see a lattice mast's foot in the sky around it, which is no reason to cut through the sky.
    picture = np.empty((SIDE, SIDE, 3))
    picture[:] = GREY
    picture[:, SIDE // 2 :] = (0.62, 0.47, 0.36)
    patches = in_cells(picture)
    columns = np.arange(len(patches.sizes)) % (SIDE // CELL)
    seen = (columns >= SIDE // CELL // 2 - 1).astype(np.float32)[:, None]
    regions = find_regions(replace(patches, textures=(seen, seen)), most=2)
    assert regions.masks[0, :, 0].round().argmax(0).tolist() == [0] * (SIDE // 2) + [1] * (SIDE // 2)
