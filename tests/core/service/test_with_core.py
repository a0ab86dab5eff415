"""The server with the core behind it: a small picture is really painted."""

import pytest
import torch
from tests.core.service.fakes import PATIENCE_S, TOKEN, Api

from restyle.contract.catalogue import catalogue
from restyle.filters import filters
from restyle.host.home import models_folder
from restyle.networks.encoder import DEEP, CompactEncoder
from restyle.service.runner import CoreRunner
from restyle.service.service import Service

SIZE = (96, 64)
"""Width and height: a moment's work."""


@pytest.fixture
def weights(home_of_its_own):
    """An untrained encoder; what it paints is not looked at."""
    torch.manual_seed(0)
    path = models_folder(home_of_its_own) / "deep_encoder.safetensors"
    path.parent.mkdir(parents=True)
    CompactEncoder(design=DEEP).save(path)
    return path


@pytest.fixture
def api(weights, home_of_its_own):
    log = home_of_its_own / "server.log"
    runner = CoreRunner(home_of_its_own, filters())
    service = Service(token=TOKEN, filters=filters(), catalogue=catalogue(filters()), runner=runner, log=log)
    service.worker.start()
    yield Api(service)
    assert service.worker.stop(PATIENCE_S)


def start(api, *, selection=None, **params):
    width, height = SIZE
    generator = torch.Generator().manual_seed(1)
    raw = bytes(torch.randint(0, 256, (width * height * 4,), generator=generator).tolist())
    image = api.upload(raw, width, height, 4)
    body = {
        "inputs": {
            "content": image,
            "styles": [{"image": image, "weight": 1}],
            "selection": None if selection is None else api.upload(selection, width, height, 1),
        },
        "params": {"steps": 2, "working_size": 64, **params},
    }
    answer = api("POST", "/v1/filters/neural-style/jobs", json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"], raw


def test_a_picture_is_painted_and_keeps_its_size_and_alpha(api):
    job_id, raw = start(api, seed=3)
    job = api.end_of(job_id)
    assert job["state"] == "done", job
    assert job["device"] == api.service.worker.device
    assert job["seed"] == 3
    assert job["step"] == job["steps"] > 0
    painted = api("GET", f"/v1/images/{job['results'][0]['image']}", params={"channels": 4, "dtype": "u8"}).content
    assert len(painted) == len(raw)
    assert painted[3::4] == raw[3::4]
    assert painted != raw
    assert len(api("GET", f"/v1/images/{job['results'][0]['image']}", params={"channels": 1, "dtype": "f32"}).content) == len(raw)


def test_only_what_is_selected_is_painted(api):
    width, height = SIZE
    selection = bytes(255 if x < 8 else 0 for _ in range(height) for x in range(width))
    job_id, raw = start(api, selection=selection)
    job = api.end_of(job_id)
    assert job["state"] == "done", job
    painted = api("GET", f"/v1/images/{job['results'][0]['image']}").content
    # Beyond the selection and its margin of 32 pixels nothing changes.
    last_columns = slice(4 * 48, 4 * width)
    assert painted[last_columns] == raw[last_columns]
    assert painted[: 4 * 8] != raw[: 4 * 8]


def test_weights_that_are_not_here_are_a_problem_that_says_how_to_get_them(api):
    job = api.end_of(start(api, features="vgg19")[0])
    assert (job["state"], job["problem"]["code"]) == ("failed", "weights-unavailable")
    assert "vgg19" in job["problem"]["detail"]
    assert "`" not in job["problem"]["detail"], "a command in a sentence that is read in GIMP"


def test_damaged_weights_are_a_problem_and_the_server_lives_on(api, weights):
    def put(content):
        # Under the old file's name, as Restyle itself writes: the server may have that one mapped into memory.
        (weights.parent / "new").write_bytes(content)
        (weights.parent / "new").replace(weights)

    sound = weights.read_bytes()
    put(sound[:1000])
    job = api.end_of(start(api)[0])
    assert (job["state"], job["problem"]["code"]) == ("failed", "weights-damaged")
    put(sound)
    assert api.end_of(start(api)[0])["state"] == "done"


def test_a_picture_with_pixels_that_are_no_numbers_fails_its_job(api):
    image = api.upload(b"\x00\x00\xc0\x7f" * 6, 2, 1, 3, "f32")
    answer = api("POST", "/v1/filters/neural-style/jobs", json={"inputs": {"content": image, "styles": [{"image": image}]}})
    job = api.end_of(answer.json()["id"])
    assert (job["state"], job["problem"]["code"]) == ("failed", "invalid-image")
