"""Fast Style over HTTP: with a model of one's own, and layers that are painted alike."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tests.core.service.fakes import TOKEN, Api

from restyle.filters.fast_style import FAST_STYLE
from restyle.pictures.image import Image
from restyle.service.runner import CoreRunner
from restyle.service.service import Service

PATIENCE_S = 60


@pytest.fixture
def api(home_of_its_own: Path, models: Path) -> Iterator[Api]:
    shutil.copytree(models / "models", home_of_its_own / "models")
    runner = CoreRunner(home_of_its_own, (FAST_STYLE,))
    service = Service(token=TOKEN, filters=(FAST_STYLE,), catalogue={}, runner=runner, log=home_of_its_own / "log")
    service.worker.start()
    yield Api(service)
    assert service.worker.stop(PATIENCE_S)


def upload(api: Api, picture: Image) -> str:
    raw = (picture.pixels[0].permute(1, 2, 0) * 255).round().to(torch.uint8).contiguous()
    return api.upload(raw.numpy().tobytes(), picture.width, picture.height, 3)


def painted(api: Api, body: dict) -> tuple[dict, bytes]:
    answer = api("POST", "/v1/filters/fast-style/jobs", json=body)
    assert answer.status_code == 202, answer.text
    job = api.end_of(answer.json()["id"])
    return job, api("GET", f"/v1/images/{job['results'][0]['image']}").content if job["results"] else b""


def test_a_layer_is_painted_in_a_style_of_one_s_own_and_alike_with_a_reference(api, photo):
    layer, whole = upload(api, Image(photo.pixels[..., :64].contiguous())), upload(api, photo)
    alone, first = painted(api, {"inputs": {"content": layer}, "params": {"style_name": "candy"}})
    alike, second = painted(api, {"inputs": {"content": layer, "reference": whole}, "params": {"style_name": "candy"}})
    assert alone["state"] == alike["state"] == "done", (alone, alike)
    assert len(first) == len(second) == 64 * photo.height * 3
    assert first != second


def test_an_unknown_style_is_a_problem_in_one_sentence(api, photo):
    job, _ = painted(api, {"inputs": {"content": upload(api, photo)}, "params": {"style_name": "rembrandt"}})
    assert job["state"] == "failed"
    assert job["problem"]["code"] == "unknown-model"
    assert "choose one of starry-night" in job["problem"]["detail"]
