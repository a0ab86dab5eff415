"""Which groups of patches stay apart, by how they meet: half of the border is an edge, and along the other half there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from restyle.pictures.color import rgb_to_lab
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


def halves(right: tuple[float, float, float]) -> np.ndarray:
    """A grey left half, and a right one that is grey where they meet above, and fades to a colour; below it has it at once."""
    picture = np.empty((SIDE, SIDE, 3))
    picture[:] = GREY
    picture[SIDE // 2 :, SIDE // 2 :] = right
    fade = np.linspace(0, 1, SIDE // 2)[:, None]
    picture[: SIDE // 2, SIDE // 2 :] = (1 - fade) * GREY + fade * np.array(right)
    return picture


def test_what_fades_into_each_other_is_one_region_though_an_edge_divides_the_rest_of_it():
    assert len(find_regions(in_cells(halves((0.33, 0.33, 0.33))), most=2).names) == 1


def test_an_edge_all_along_divides():
    picture = halves((0.33, 0.33, 0.33))
    picture[: SIDE // 2] = picture[SIDE // 2 :]
    assert len(find_regions(in_cells(picture), most=2).names) == 2


@pytest.mark.parametrize("right", [(0.95, 0.95, 0.95), (0.72, 0.45, 0.15)], ids=["a sharp edge", "another hue"])
def test_what_differs_much_is_two_however_softly_a_part_of_it_meets(right):
    assert len(find_regions(in_cells(halves(right)), most=2).names) == 2


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
