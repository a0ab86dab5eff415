"""Enhance Photo over HTTP, with the enhancer that ships and real pixels."""

import numpy as np
import pytest
from tests.core.service.fakes import PATIENCE_S, TOKEN, Api
from tests.golden.scenes import scene

from restyle.filters.enhance import ENHANCE_PHOTO
from restyle.service.runner import CoreRunner
from restyle.service.service import Service

WIDTH, HEIGHT = 120, 90


@pytest.fixture
def api(home_of_its_own):
    # Only this filter, so that no other is warmed up.
    filters = (ENHANCE_PHOTO,)
    runner = CoreRunner(home_of_its_own, filters)
    service = Service(token=TOKEN, filters=filters, catalogue={}, runner=runner, log=home_of_its_own / "server.log")
    service.worker.start()
    yield Api(service)
    assert service.worker.stop(PATIENCE_S)


def enhanced(api, samples, **params):
    image = api.upload(samples.tobytes(), WIDTH, HEIGHT, samples.shape[2])
    body = {"inputs": {"content": image, "selection": None}, "params": params}
    answer = api("POST", "/v1/filters/enhance-photo/jobs", json=body)
    assert answer.status_code == 202, answer.text
    job = api.end_of(answer.json()["id"])
    if job["state"] != "done":
        return job
    raw = api("GET", f"/v1/images/{job['results'][0]['image']}", params={"channels": samples.shape[2], "dtype": "u8"}).content
    return np.frombuffer(raw, np.uint8).reshape(samples.shape)


def dark_photo():
    samples = (scene(HEIGHT, WIDTH)[0].permute(1, 2, 0).numpy() * 0.5 * 255).astype(np.uint8)
    alpha = np.broadcast_to(np.arange(WIDTH, dtype=np.uint8), (HEIGHT, WIDTH))
    return np.dstack((samples, alpha))


def test_a_photo_is_enhanced_and_keeps_its_alpha(api):
    photo = dark_photo()
    made = enhanced(api, photo)
    assert made[..., :3].mean() > photo[..., :3].mean() + 3
    assert (made[..., 3] == photo[..., 3]).all()


def test_a_grey_photo_comes_back_grey(api):
    grey = np.repeat(dark_photo()[..., :1], 3, 2)
    made = enhanced(api, grey, look="vivid", denoise=20)
    assert (made == made[..., :1]).all()
    assert (made != grey).any()


def test_weights_that_are_not_fetched_are_a_problem_with_a_way_out(api):
    job = enhanced(api, dark_photo(), look="adaptive-lut")
    assert job["state"] == "failed"
    assert "adaptive-lut" in job["problem"]["detail"]
    assert "`" not in job["problem"]["detail"], "a command in a sentence that is read in GIMP"
