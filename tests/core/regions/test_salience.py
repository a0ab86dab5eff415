"""What stands out: patches made by hand, whose background is known."""

import numpy as np
import pytest

from restyle.regions.patches import Patches
from restyle.regions.salience import salience

SIDE, CELL = 9, 4


def squares(colors):
    """A board of SIDE x SIDE square patches with these colours (SIDE, SIDE, 3), Lab / 100."""
    labels = np.arange(SIDE * SIDE).reshape(SIDE, SIDE).repeat(CELL, 0).repeat(CELL, 1)
    flat = colors.reshape(-1, 3).astype(np.float32)
    places = np.stack(np.meshgrid(*[(np.arange(SIDE) + 0.5) / SIDE] * 2, indexing="ij"), -1).reshape(-1, 2).astype(np.float32)
    sizes = np.full(SIDE * SIDE, 1 / SIDE**2, np.float32)
    textures = (np.ones((SIDE * SIDE, 2), np.float32),) * 2
    return Patches(labels, flat.T[:, labels], sizes, flat, places, textures, np.zeros((SIDE * SIDE, 0), np.float32))


@pytest.fixture
def board():
    """Grey, with a red square in the middle and a blue one that lies along the upper edge."""
    colors = np.full((SIDE, SIDE, 3), (0.5, 0, 0))
    colors[3:6, 3:6] = (0.5, 0.5, 0.3)
    colors[0, 2:8] = (0.3, 0.2, -0.5)
    return colors


def test_what_differs_from_its_surroundings_stands_out_and_what_lies_along_the_edge_does_not(board):
    found = salience(squares(board)).reshape(SIDE, SIDE)
    assert found[3:6, 3:6].min() > 0.7
    found[3:6, 3:6] = 0
    assert found.max() < 0.4


def test_what_is_said_to_be_background_is(board):
    never = np.zeros((SIDE, SIDE), np.float32)
    never[3:6, 3:6] = 1
    assert salience(squares(board), never=never.ravel()).reshape(SIDE, SIDE)[3:6, 3:6].max() < 0.3


def test_what_stands_on_the_lower_edge_may_stand_out(board):
    board[3:, 3:6] = (0.5, 0.5, 0.3)
    found = salience(squares(board)).reshape(SIDE, SIDE)
    assert found[3:, 3:6].min() > found[:, 0].max() + 0.3


def test_one_colour_all_over_is_no_error():
    found = salience(squares(np.full((SIDE, SIDE, 3), 0.4)))
    assert np.isfinite(found).all()


def test_a_prior_says_where_to_look(board):
    board[3:6, 3:6] = board[1, 1]
    board[4:7, 1:3] = board[4:7, 6:8] = (0.5, 0.5, 0.3)
    prior = np.zeros((SIDE, SIDE), np.float32)
    prior[5, 2] = 1
    found = salience(squares(board), likely=prior.ravel()).reshape(SIDE, SIDE)
    assert found[4:7, 1:3].min() > 2 * found[4:7, 6:8].max()
