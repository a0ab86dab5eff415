"""A method sees a turned, scaled part of the layer, and what it changes goes back to where it came from."""

import math
import sys
from types import ModuleType

import pytest
import torch

from restyle.context import Context
from restyle.contract.filter import Filter, Needs
from restyle.contract.loaded import Loaded
from restyle.contract.params import Params
from restyle.contract.settings import CONTENT, REGIONS, SELECTION
from restyle.engine.alignment import Alignment
from restyle.engine.run import run
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.regions import Regions

MODULE = "restyle_test_alignment"
HEIGHT, WIDTH = 96, 128
PART = Alignment(x=80.0, y=40.0, angle=math.radians(30), scale=1.5, height=48, width=60)


@pytest.fixture
def painted(monkeypatch):
    """Runs a filter whose method is ``method`` and that sees ``parts``; returns its picture and what the method saw."""

    def paint(method, parts, **inputs):
        seen = []
        module = ModuleType(MODULE)
        module.method = lambda loaded, params, context: seen.append(loaded) or method(loaded[CONTENT])
        module.parts = lambda loaded, params, context: parts
        monkeypatch.setitem(sys.modules, MODULE, module)
        declared = Filter(
            id="aligned", title="Aligned", menu_label="Aligned", menu_place=1, summary="", paper="",
            inputs=(CONTENT, SELECTION, REGIONS), params=Params, method=f"{MODULE}:method",
            needs=Needs(align=f"{MODULE}:parts"),
        )  # fmt: skip
        values = Loaded({spec.name: inputs.get(spec.name) for spec in declared.inputs})
        return run(declared, values, Params(), Context(pick_device("cpu", "float32"))).picture, seen

    return paint


def photo():
    return Image(torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0)))


def test_a_method_that_changes_nothing_changes_not_a_bit(painted):
    content = photo()
    made, seen = painted(lambda image: image, (PART, PART), content=content)
    assert torch.equal(made.pixels, content.pixels)
    assert [(loaded[CONTENT].height, loaded[CONTENT].width) for loaded in seen] == [(48, 60)] * 2


def test_a_change_lands_on_the_part_and_nowhere_else(painted):
    content = Image(torch.full((1, 3, HEIGHT, WIDTH), 0.4))
    made, _ = painted(lambda image: image.with_pixels(image.pixels + 0.2), (PART,), content=content)
    change = (made.pixels - content.pixels)[0, 0]
    assert change[40, 80] == pytest.approx(0.2, abs=1e-5)
    assert change[40 - 30, 80] == 0
    # It reaches 20 px from its middle along its rows, turned clockwise on the screen, and 16 px across them.
    down, right = 18 * math.sin(PART.angle), 18 * math.cos(PART.angle)
    assert change[round(40 + down), round(80 + right)] > 0.05
    assert change[round(40 + right), round(80 - down)] == 0


def test_what_is_upright_in_the_layer_is_turned_for_the_method_and_back(painted):
    content = Image(torch.zeros(1, 3, HEIGHT, WIDTH))
    direction = math.cos(PART.angle), math.sin(PART.angle)
    content.pixels[0, :, round(40 + 10 * direction[1]), round(80 + 10 * direction[0])] = 1.0
    _, seen = painted(lambda image: image, (PART,), content=content)
    bright = seen[0][CONTENT].pixels[0, 0].argmax().item()
    row, column = divmod(bright, PART.width)
    # 10 px along the part's rows, 1.5 times as large; half a pixel and a pixel's rounding either way.
    assert (row, column) == (pytest.approx(PART.height / 2, abs=2), pytest.approx(PART.width / 2 + 15, abs=2))


def test_masks_over_the_layer_are_turned_with_it(painted):
    content = photo()
    half = torch.zeros(1, 1, HEIGHT, WIDTH)
    half[..., :80] = 1.0
    regions = Regions(("left",), half)
    upright = Alignment(x=80.0, y=48.0, angle=0.0, scale=1.0, height=40, width=40)
    _, seen = painted(lambda image: image, (upright,), content=content, selection=torch.ones(1, 1, HEIGHT, WIDTH),
                      content_regions=regions)  # fmt: skip
    (loaded,) = seen
    assert loaded[SELECTION].shape == (1, 1, 40, 40)
    assert loaded[REGIONS].mask("left")[0, 0, 20].tolist() == pytest.approx([1.0] * 20 + [0.0] * 20, abs=1e-4)
