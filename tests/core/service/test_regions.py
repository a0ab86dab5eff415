"""Regions over HTTP: their pictures are held while the job needs them, and reach the filter as Regions."""

import pytest
import torch
from tests.core.service.fakes import PATIENCE_S, Api, make_service

from restyle.contract.result import Result
from restyle.contract.settings import CONTENT, REGIONS, STYLES
from restyle.engine import opening
from restyle.filters.neural_style import NEURAL_STYLE
from restyle.service.runner import CoreRunner

WIDTH, HEIGHT = 40, 32
START = "/v1/filters/neural-style/jobs"


@pytest.fixture
def api(runner):
    service = make_service(runner)
    service.filters = (NEURAL_STYLE,)
    service.worker.start()
    yield Api(service)
    runner.allow(1_000)
    assert service.worker.stop(PATIENCE_S)


def stripes(channels, *colors):
    """Raw bytes of upright stripes, one for each of the colours."""
    share = WIDTH // len(colors)
    row = b"".join(bytes(color[:channels]) * share for color in colors)
    return row * HEIGHT


def upload(api, channels=3, raw=None):
    return api.upload(raw or bytes(WIDTH * HEIGHT * channels), WIDTH, HEIGHT, channels)


def body(api, regions, style_regions):
    image = upload(api)
    styles = [{"image": image, "regions": style_regions}]
    return {"inputs": {"content": image, "styles": styles, "content_regions": regions}, "params": {"steps": 1}}


def test_pictures_of_regions_are_held_until_the_job_ends(api, runner):
    content_map, mask, style_map = upload(api, 3, stripes(3, (9, 9, 9))), upload(api, 1), upload(api)
    masks = {"masks": [{"name": "sky", "image": mask}]}
    request = body(api, masks, {"map": style_map})
    job = api("POST", START, json=request).json()
    held = [api.service.images.get(image) for image in (mask, style_map)]
    assert [stored.holders for stored in held] == [1, 1]
    assert api.service.images.get(content_map).holders == 0
    runner.allow(1)
    assert api.end_of(job["id"])["state"] == "done"
    assert [stored.holders for stored in held] == [0, 0]


def test_an_unknown_picture_of_a_region_refuses_the_job_and_holds_nothing(api):
    mask = upload(api, 1)
    masks = [{"name": "sky", "image": mask}, {"name": "road", "image": "nowhere"}]
    answer = api("POST", START, json=body(api, {"masks": masks}, None))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-image")
    assert api.service.images.get(mask).holders == 0


@pytest.mark.parametrize(
    "regions",
    [
        {},
        {"map": 3},
        {"masks": []},
        {"masks": [{"name": "", "image": "x"}]},
        {"masks": [{"name": "sky"}]},
        {"masks": [{"name": str(i), "image": "x"} for i in range(33)]},
        {"map": "x", "masks": [{"name": "sky", "image": "x"}]},
        [],
    ],
)
def test_what_are_no_regions_is_refused_with_a_sentence(api, regions):
    for request in (body(api, regions, None), body(api, None, regions)):
        answer = api("POST", START, json=request)
        assert answer.status_code == 422
        assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("region", ["", 3, "x" * 101])
def test_what_is_no_name_of_a_region_is_refused(api, region):
    request = body(api, None, None)
    request["inputs"]["styles"][0]["region"] = region
    assert api("POST", START, json=request).status_code == 422


@pytest.fixture
def seeing(tmp_path, monkeypatch):
    """What the filter would get."""
    seen = []

    def run(declared, inputs, params, context):
        seen.append(inputs)
        return Result({"result": inputs[CONTENT]})

    monkeypatch.setattr(opening, "run", run)
    service = make_service(CoreRunner(tmp_path, ()))
    service.filters = (NEURAL_STYLE,)
    service.worker.start()
    api = Api(service)

    def see(regions=lambda api: None, style_regions=lambda api: None, **more):
        request = body(api, regions(api), style_regions(api))
        request["inputs"]["styles"][0].update(more)
        job = api("POST", START, json=request).json()
        assert api.end_of(job["id"])["state"] == "done"
        return seen[-1]

    yield see
    assert service.worker.stop(PATIENCE_S)


def test_maps_of_photo_and_style_share_the_names_of_their_colours(seeing):
    red, blue, clear = (250, 4, 2, 255), (0, 0, 255, 255), (0, 0, 0, 0)
    inputs = seeing(
        lambda api: {"map": upload(api, 3, stripes(3, red, blue))},
        lambda api: {"map": upload(api, 4, stripes(4, clear, blue))},
    )
    content, style = inputs[REGIONS], inputs[STYLES][0].regions
    assert set(content.names) == {"red", "blue"}
    assert set(style.names) == {"rest", "blue"}
    assert content.mask("red")[0, 0, 0].tolist() == [1] * 20 + [0] * 20


def test_masks_of_one_name_are_one_region_and_other_sizes_do(seeing):
    def masks(api):
        left, right = (upload(api, 1, stripes(1, *colors)) for colors in (((255,), (0,)), ((0,), (255,))))
        small = api.upload(b"\xff\x00", 2, 1, 1)
        named = [("sky", left), ("sky", right), ("road", small)]
        return {"masks": [{"name": name, "image": image} for name, image in named]}

    inputs = seeing(masks)
    content = inputs[REGIONS]
    assert inputs[STYLES][0].regions is None
    assert content.names == ("sky", "road")
    assert torch.equal(content.mask("sky"), torch.ones(1, 1, HEIGHT, WIDTH))
    assert content.mask("road")[0, 0, :, 0].min() == 1


def test_a_style_names_the_region_that_it_shall_paint(seeing):
    assert seeing()[STYLES][0].region is None
    assert seeing(region="sky")[STYLES][0].region == "sky"
