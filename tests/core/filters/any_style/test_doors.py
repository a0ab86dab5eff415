"""Any Style from the command line and over HTTP, with real pixels."""

import json

import numpy as np
import pytest
from PIL import Image
from tests.core.service.fakes import PATIENCE_S, TOKEN, Api

from restyle.cli import main
from restyle.contract.catalogue import catalogue
from restyle.filters import filters
from restyle.service.runner import CoreRunner
from restyle.service.service import Service


def samples(tensor):
    return (tensor[0].permute(1, 2, 0) * 255).round().byte().numpy()


@pytest.fixture
def api(tmp_path):
    runner = CoreRunner(tmp_path, filters())
    service = Service(token=TOKEN, filters=filters(), catalogue=catalogue(filters()), runner=runner, log=tmp_path / "server.log")
    service.worker.start()
    yield Api(service)
    assert service.worker.stop(PATIENCE_S)


def test_the_command_line_paints_a_file(photo, red, tmp_path, capsys):
    for name, picture in (("photo", photo), ("style", red)):
        Image.fromarray(samples(picture)).save(tmp_path / f"{name}.png")
    out = tmp_path / "out.png"
    arguments = ["--style", str(tmp_path / "style.png"), "-o", str(out), "--steps", "2", "--device", "cpu", "--json"]
    assert main(["any-style", str(tmp_path / "photo.png"), *arguments]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["output"] == str(out)
    with Image.open(out) as painted:
        after, before = np.asarray(painted, float), samples(photo).astype(float)
    assert after.shape == before.shape
    redness = [float(np.mean(picture[..., 0] - picture[..., 2])) for picture in (before, after)]
    # The scene is bluish, the style red.
    assert redness[1] > redness[0] + 50


def test_the_server_paints_a_picture_and_keeps_its_alpha(api, photo, red):
    pictures = [np.dstack((samples(picture), np.full(picture.shape[2:], 200, np.uint8))) for picture in (photo, red)]
    content, style = (api.upload(picture.tobytes(), picture.shape[1], picture.shape[0], 4) for picture in pictures)
    body = {"inputs": {"content": content, "styles": [{"image": style, "weight": 1}]}, "params": {}}
    answer = api("POST", "/v1/filters/any-style/jobs", json=body)
    assert answer.status_code == 202, answer.text
    job = api.end_of(answer.json()["id"])
    assert job["state"] == "done", job
    painted = api("GET", f"/v1/images/{job['results'][0]['image']}", params={"channels": 4, "dtype": "u8"}).content
    after = np.frombuffer(painted, np.uint8).reshape(pictures[0].shape)
    assert (after[..., 3] == 200).all()
    assert float(np.mean(after[..., 0].astype(float) - after[..., 2])) > 20
