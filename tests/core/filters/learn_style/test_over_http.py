"""Learn a Style over HTTP: the layer comes back painted, and Fast Style has the new style."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tests.core.service.fakes import TOKEN, Api

from restyle.contract.catalogue import catalogue
from restyle.filters.fast_style import FAST_STYLE
from restyle.filters.learn_style import LEARN_A_STYLE, method
from restyle.learning import fine_tuning
from restyle.learning.style_training import StyleRecipe
from restyle.learning.synthetic import draw_picture
from restyle.service.runner import CoreRunner
from restyle.service.service import Service

FILTERS = (FAST_STYLE, LEARN_A_STYLE)
PATIENCE_S = 60
SIDE_PX = 48


@pytest.fixture
def api(home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setattr(fine_tuning, "MEASURED_PHOTOS", 2)
    monkeypatch.setattr(fine_tuning, "STYLE_PX", 80)
    monkeypatch.setattr(method, "RECIPE", StyleRecipe(small_size=64, size=64, batch=2))
    runner = CoreRunner(home_of_its_own, FILTERS)
    service = Service(token=TOKEN, filters=FILTERS, catalogue=catalogue(FILTERS), runner=runner, log=home_of_its_own / "log")
    service.worker.start()
    yield Api(service)
    assert service.worker.stop(PATIENCE_S)


def upload(api: Api, seed: int) -> str:
    pixels = draw_picture(SIDE_PX, torch.Generator().manual_seed(seed))
    return api.upload((pixels.permute(1, 2, 0) * 255).round().byte().contiguous().numpy().tobytes(), SIDE_PX, SIDE_PX, 3)


def result_of(api: Api, name: str, body: dict) -> bytes:
    answer = api("POST", f"/v1/filters/{name}/jobs", json=body)
    assert answer.status_code == 202, answer.text
    job = api.end_of(answer.json()["id"])
    assert job["state"] == "done", job
    return api("GET", f"/v1/images/{job['results'][0]['image']}").content


def test_a_style_is_learned_and_then_painted_in(api: Api, home_of_its_own: Path) -> None:
    content, style = upload(api, 1), upload(api, 2)
    params = {"name": "Evening Light", "minutes": 0.05}
    learned = result_of(api, "learn-a-style", {"inputs": {"content": content, "styles": [{"image": style}]}, "params": params})
    assert len(learned) == SIDE_PX * SIDE_PX * 3
    assert sorted(path.name for path in (home_of_its_own / "models" / "fast_style").glob("evening-light.*")) == [
        "evening-light.jpg",
        "evening-light.safetensors",
    ]
    painted = result_of(api, "fast-style", {"inputs": {"content": content}, "params": {"style_name": "evening-light"}})
    # The same network in the precision of its file.
    assert painted == learned


def test_a_style_without_a_name_is_a_problem_in_one_sentence(api: Api) -> None:
    body = {
        "inputs": {"content": upload(api, 1), "styles": [{"image": upload(api, 2)}]},
        "params": {"name": "...", "minutes": 0.05},
    }
    answer = api("POST", "/v1/filters/learn-a-style/jobs", json=body)
    job = api.end_of(answer.json()["id"])
    assert job["state"] == "failed"
    assert "neither letters nor digits" in job["problem"]["detail"]
