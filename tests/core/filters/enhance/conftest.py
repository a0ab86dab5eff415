"""A call of Enhance Photo as everybody calls it, with an enhancer of random weights: promises hold whatever it has learned."""

from pathlib import Path

import pytest
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.progress import SilentProgress
from restyle.engine.run import run
from restyle.filters.enhance import ENHANCE_PHOTO, EnhancePhotoParams
from restyle.host.device import pick_device
from restyle.host.home import models_folder
from restyle.networks.enhancer import Enhancer
from restyle.pictures.image import Image


@pytest.fixture
def random_enhancer(home_of_its_own: Path) -> Path:
    """An enhancer that changes a lot, in the user's folder of models."""
    torch.manual_seed(0)
    enhancer = Enhancer()
    with torch.no_grad():
        for parameter in enhancer.parameters():
            parameter.add_(torch.randn(parameter.shape) * 0.3 / max(parameter[0].numel(), 1) ** 0.5)
    path = models_folder(home_of_its_own) / "enhancer.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    enhancer.save(path)
    return path


@pytest.fixture
def enhance(random_enhancer):
    """A call of the filter on pixels (1, 3, H, W); further parameters by name."""

    def call(pixels, *, alpha=None, selection=None, progress=None, precision="float32", **params):
        context = Context(pick_device("cpu", precision), progress or SilentProgress())
        inputs = inputs_of(Image(pixels, alpha), selection=selection)
        return run(ENHANCE_PHOTO, inputs, EnhancePhotoParams.parse(params), context).picture

    return call
