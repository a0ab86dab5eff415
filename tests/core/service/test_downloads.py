"""Published models over HTTP: told of, fetched with progress, left and gone on with, from a server on the loopback interface."""

import hashlib
import time

import pytest
from tests.core.models.ranged_server import serving
from tests.core.service.fakes import PATIENCE_S, Api, Clock, SteppedRunner, make_service

from restyle.models.entries import PublishedFile, WeightsEntry
from restyle.models.store import Store

ID = "a-network"
CONTENT = bytes(range(256)) * 20_000


class Unkept(Store):
    """Keeps what came as it is, whatever it is."""

    def _keep(self, entry, sources):
        target = self.folder / entry.filename
        target.write_bytes(b"".join(source.read_bytes() for source in sources))
        return target


@pytest.fixture
def place():
    with serving(CONTENT) as server:
        yield server


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def api(place, tmp_path, clock):
    file = PublishedFile(place.url, hashlib.sha256(CONTENT).hexdigest(), size_bytes=len(CONTENT))
    entry = WeightsEntry(ID, "A Network", "a_network.safetensors", "MIT", "here", (file,))
    service = make_service(SteppedRunner(), clock=clock, open_shelf=lambda: Unkept(tmp_path, {ID: entry}))
    return Api(service)


def told(api):
    answer = api("GET", f"/v1/models/{ID}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def end_of_download(api):
    end = time.monotonic() + PATIENCE_S
    while (model := told(api))["state"] == "coming":
        assert time.monotonic() < end, model
        time.sleep(0.01)
    return model


def test_a_model_is_fetched_and_then_here(api, tmp_path):
    assert (told(api)["state"], told(api)["licence"], told(api)["size_bytes"]) == ("away", "MIT", len(CONTENT))
    answer = api("POST", f"/v1/models/{ID}/download")
    assert answer.status_code == 202
    assert end_of_download(api)["state"] == "here"
    assert (tmp_path / "models" / "a_network.safetensors").read_bytes() == CONTENT


def test_a_download_that_failed_says_why_and_goes_on_from_there(api, place):
    place.break_after = [1_000_000, *[0] * 10]
    api("POST", f"/v1/models/{ID}/download")
    model = end_of_download(api)
    assert (model["state"], model["problem"]["code"], model["have_bytes"]) == ("away", "download-failed", 1_000_000)
    place.break_after, place.ranges[:] = [], []
    api("POST", f"/v1/models/{ID}/download")
    assert end_of_download(api)["state"] == "here"
    assert place.ranges == [1_000_000]


@pytest.mark.parametrize("how", ["left", "forgotten"])
def test_a_download_that_nobody_wants_any_more_ends(api, place, clock, how):
    with place.held() as first_bytes_are_out:
        api("POST", f"/v1/models/{ID}/download")
        assert first_bytes_are_out.wait(PATIENCE_S)
        if how == "left":
            assert api("DELETE", f"/v1/models/{ID}/download").status_code == 204
        else:
            clock.advance(60)
            api.service.expire()
    model = end_of_download(api)
    assert (model["state"], model["problem"]) == ("away", None)


@pytest.mark.parametrize(("method", "path"), [("GET", "x"), ("POST", "x/download"), ("DELETE", "x/download")])
def test_an_unknown_model_is_told_so(api, method, path):
    answer = api(method, f"/v1/models/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-weights")
