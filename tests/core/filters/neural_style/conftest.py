"""Small pictures, and one call of the method with the encoder that ships."""

import pytest
import torch
from tests.golden.scenes import scene, strokes
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.loaded import Style
from restyle.contract.progress import SilentProgress
from restyle.filters.neural_style import NeuralStyleParams
from restyle.filters.neural_style.method import stylize
from restyle.host.device import pick_device
from restyle.pictures.image import Image


@pytest.fixture
def photo():
    """A scene of sky, hills and a house, 96 x 72."""
    return scene(72, 96)


@pytest.fixture
def painting():
    """Diagonal strokes in four colours, 80 x 80."""
    return strokes(80, 80)


@pytest.fixture
def paint():
    """A call of the method with few steps in float32; further parameters by name."""

    def call(photo, *paintings, selection=None, progress=None, precision="float32", store=None, weights=None, **params):
        styles = tuple(Style(Image(item), weight) for item, weight in zip(paintings, weights or [1.0] * 4, strict=False))
        arguments = {"store": store} if store else {}
        context = Context(pick_device("cpu", precision), progress or SilentProgress(), **arguments)
        parsed = NeuralStyleParams.parse({"steps": 12, **params})
        torch.manual_seed(99)  # what the method draws must come from its own seed
        return stylize(inputs_of(Image(photo), styles, selection), parsed, context).pixels

    return call
