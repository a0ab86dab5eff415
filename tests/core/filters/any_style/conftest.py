"""Small pictures, and one call of the filter with the weights that ship."""

import pytest
import torch
from tests.golden.scenes import scene, strokes
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.loaded import Style
from restyle.contract.progress import SilentProgress
from restyle.engine.run import run
from restyle.filters.any_style import ANY_STYLE, AnyStyleParams
from restyle.host.device import pick_device
from restyle.pictures.image import Image


@pytest.fixture
def photo():
    """A scene of sky, hills and a house, 128 x 96."""
    return scene(96, 128)


@pytest.fixture
def painting():
    """Diagonal strokes in four colours, 96 x 96."""
    return strokes(96, 96)


@pytest.fixture
def red():
    """A reddish texture, 96 x 96."""
    generator = torch.Generator().manual_seed(0)
    return torch.tensor([0.8, 0.2, 0.15]).view(1, 3, 1, 1) * (0.6 + 0.4 * torch.rand((1, 1, 96, 96), generator=generator))


@pytest.fixture
def paint():
    """A call of the filter, further parameters by name."""

    def call(
        photo,
        *paintings,
        weights=None,
        regions=None,
        style_regions=None,
        precision="float32",
        progress=None,
        reference=None,
        **params,
    ):
        guides = style_regions or [None] * len(paintings)
        shares = weights or [1.0] * len(paintings)
        styles = tuple(Style(Image(item), weight, guide) for item, weight, guide in zip(paintings, shares, guides, strict=True))
        context = Context(pick_device("cpu", precision), progress or SilentProgress())
        inputs = inputs_of(Image(photo), styles, None, regions, None if reference is None else Image(reference))
        return run(ANY_STYLE, inputs, AnyStyleParams.parse(params), context).picture.pixels

    return call
