"""The Python API takes regions in every form."""

import pytest
import torch
from PIL import Image as Pictures

from restyle import api
from restyle.contract.errors import InvalidInput
from restyle.contract.loaded import Style
from restyle.contract.result import Result
from restyle.contract.settings import CONTENT, REGIONS, STYLES
from restyle.engine import opening
from restyle.pictures.image import Image
from restyle.regions import Regions


@pytest.fixture
def seen(monkeypatch):
    """What the filter would get, by a call of ``apply``."""

    def call(*arguments, **options):
        found = []

        def run(declared, inputs, params, context):
            found.append(inputs)
            return Result({"result": inputs[CONTENT]})

        monkeypatch.setattr(opening, "run", run)
        api.apply("neural-style", *arguments, device="cpu", **options)
        return found[0]

    return call


@pytest.fixture
def photo():
    return Image(torch.rand(1, 3, 40, 60))


def test_maps_from_files_and_masks_by_name(seen, photo, tmp_path):
    painted = Pictures.new("RGB", (60, 40), (255, 0, 0))
    painted.paste((0, 0, 255), (0, 0, 30, 40))
    painted.save(tmp_path / "map.png")
    mask = Image(torch.ones(1, 3, 4, 6))
    inputs = seen(photo, styles=[photo], content_regions=tmp_path / "map.png", style_regions=[{"red": mask}])
    assert set(inputs[REGIONS].names) == {"red", "blue"}
    assert inputs[STYLES][0].regions.names == ("red",)


def test_a_style_keeps_the_regions_that_it_came_with(seen, photo):
    regions = Regions(("sky",), torch.ones(1, 1, 2, 2))
    inputs = seen(photo, styles=[photo, Style(photo, 2.0, regions)], content_regions=regions)
    assert inputs[REGIONS].names == regions.names
    assert torch.equal(inputs[REGIONS].masks, regions.masks)
    assert [style.regions and style.regions.names for style in inputs[STYLES]] == [None, regions.names]
    assert [style.weight for style in inputs[STYLES]] == [1, 2]


def test_regions_for_more_styles_than_there_are_are_refused(seen, photo):
    with pytest.raises(InvalidInput, match="1 styles and regions for 2"):
        seen(photo, styles=[photo], style_regions=[None, None])
