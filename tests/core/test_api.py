"""The Python API takes regions in every form."""

import numpy as np
import pytest
import torch
from PIL import Image as Pictures

from restyle import api
from restyle.contract.errors import InvalidImage, InvalidInput, InvalidParameter
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


@pytest.mark.parametrize(
    "what",
    [
        5,
        b"photo.png",
        None,
        Pictures.new("RGB", (4, 4)),
        np.zeros((4, 4, 3)),
        torch.zeros(4, 4),
        [Image(torch.zeros(1, 3, 4, 4))],
    ],
    ids=lambda what: type(what).__name__,
)
def test_what_is_no_picture_is_refused_with_one_sentence(seen, photo, what):
    with pytest.raises(InvalidInput, match=r"choose 1\.|is no picture; give a path or an Image"):
        seen(what, styles=[photo])
    if what is not None:
        with pytest.raises(InvalidInput, match="is no picture"):
            seen(photo, styles=[photo], selection=what)


@pytest.mark.parametrize(
    "broken",
    [
        Image(torch.zeros(4, 4)),
        Image(torch.zeros(1, 3, 0, 4)),
        Image(torch.zeros(2, 3, 4, 4)),
        Image(torch.zeros(1, 1, 4, 4)),
        Image(torch.zeros(1, 3, 4, 4, dtype=torch.float64)),
        Image(torch.zeros(1, 3, 4, 4), torch.ones(1, 1, 4, 5)),
        Image(torch.full((1, 3, 4, 4), torch.nan)),
        Image(torch.zeros(1, 3, 4, 4), torch.full((1, 1, 4, 4), torch.inf)),
    ],
    ids=lambda image: f"{tuple(image.pixels.shape)}",
)
def test_an_image_that_is_not_as_its_class_promises_is_refused(seen, photo, broken):
    with pytest.raises(InvalidImage, match=r"give it as float32|no finite numbers"):
        seen(photo, styles=[broken])


def test_a_mask_with_holes_that_are_no_numbers_is_refused(seen, photo):
    with pytest.raises(InvalidImage, match="no finite numbers"):
        seen(photo, styles=[photo], selection=torch.full((1, 1, 40, 60), torch.nan))


@pytest.mark.parametrize("weight", ["2", None, -1.0, torch.nan, torch.ones(1)], ids=repr)
def test_a_weight_that_is_none_is_refused(seen, photo, weight):
    with pytest.raises(InvalidInput, match="is no number from 0 to"):
        seen(photo, styles=[Style(photo, weight)])


@pytest.mark.parametrize("at", ["1,2", 5, (1,), (1, 2, 3), (1.5, 2), ("a", "b"), (10**9, 0)], ids=repr)
def test_a_place_that_is_none_is_refused(photo, at):
    with pytest.raises(InvalidInput, match="fit"):
        api.apply("harmonize", photo, backdrop=photo, at=at)


def test_numbers_of_numpy_are_numbers(photo):
    made = api.request("neural-style", "photo.png", styles=["a.png"], steps=np.int64(3), style_strength=np.float32(60))
    assert (made.params["steps"], made.params["style_strength"]) == (3, 60.0)


@pytest.mark.parametrize("value", [torch.tensor(3.0), {3}, (1, 2), print], ids=lambda value: type(value).__name__)
def test_a_setting_that_no_json_can_hold_is_refused_by_its_name(value):
    with pytest.raises(InvalidParameter, match="The setting style_strength cannot be used"):
        api.request("neural-style", "photo.png", styles=["a.png"], style_strength=value)


def test_one_map_stands_for_a_list_of_one(photo, tmp_path, seen):
    Pictures.new("RGB", (60, 40), (255, 0, 0)).save(tmp_path / "map.png")
    inputs = seen(photo, styles=photo, style_regions=tmp_path / "map.png", content_regions=tmp_path / "map.png")
    assert inputs[STYLES][0].regions.names == ("red",)


def test_one_path_of_frames_stands_for_a_list_of_one(tmp_path):
    with pytest.raises(InvalidInput, match=r"no file .*photo\.png"):
        next(api.apply_to_frames("fast-style", str(tmp_path / "photo.png")))


def test_a_path_with_a_zero_in_it_names_no_file():
    with pytest.raises(InvalidInput, match="There is no file"):
        api.apply("enhance-photo", "a\0b.png")
