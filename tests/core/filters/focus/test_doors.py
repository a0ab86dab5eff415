"""Focus on the command line, from Python and over HTTP: a selection says what stays sharp, and the result is seen all over."""

import numpy as np
import pytest
import torch
from PIL import Image as Pillow
from tests.core.service.fakes import PATIENCE_S, TOKEN, Api

from restyle.api import apply, apply_to_frames
from restyle.cli import main
from restyle.filters import find_filter
from restyle.pictures.image import Image
from restyle.service.runner import CoreRunner
from restyle.service.service import Service

WIDTH, HEIGHT = 60, 50


@pytest.fixture
def paths(tmp_path):
    """A photo of noise, and a mask of its left half."""
    photo = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    Pillow.fromarray(photo).save(tmp_path / "photo.png")
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, : WIDTH // 2] = 255
    Pillow.fromarray(mask).save(tmp_path / "mask.png")
    return tmp_path


def read(path):
    with Pillow.open(path) as picture:
        return np.asarray(picture).astype(int)


def check(made, photo):
    half = WIDTH // 2
    assert np.array_equal(made[:, :half], photo[:, :half])
    assert np.abs(made[:, half + 4 :] - photo[:, half + 4 :]).mean() > 30


def test_the_command_blurs_all_but_the_selection(paths):
    given = ["focus", paths / "photo.png", "--selection", paths / "mask.png", "--edge", 0, "--blur", 100, "--device", "cpu"]
    assert main([*map(str, given), "-o", str(paths / "out.png")]) == 0
    check(read(paths / "out.png"), read(paths / "photo.png"))


def test_what_is_transparent_stays_so_and_gives_no_colour_to_what_is_seen(paths):
    """The hidden colours are red, what is seen is green."""
    pixels = torch.tensor([0.1, 0.6, 0.2]).view(1, 3, 1, 1).repeat(1, 1, HEIGHT, WIDTH)
    alpha = torch.ones(1, 1, HEIGHT, WIDTH)
    alpha[..., :20] = 0
    pixels[:, :, :, :20] = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
    made = apply("focus", Image(pixels, alpha), subject="none", falloff=0, blur=100, device="cpu")
    assert torch.equal(made.alpha, alpha)
    torch.testing.assert_close(made.pixels, pixels, atol=1e-3, rtol=0)


def test_python_and_frames_do(paths):
    settings = {"selection": paths / "mask.png", "edge": 0, "blur": 100, "device": "cpu"}
    made = apply("focus", paths / "photo.png", **settings)
    pixels = (made.pixels[0] * 255).round().int().permute(1, 2, 0).numpy()
    check(pixels, read(paths / "photo.png"))
    (frame,) = apply_to_frames("focus", [paths / "photo.png"], **settings)
    assert np.array_equal((frame.pixels[0] * 255).round().int().permute(1, 2, 0).numpy(), pixels)


def test_http_does(paths):
    service = Service(TOKEN, (find_filter("focus"),), {}, CoreRunner(paths, ()), paths / "log")
    service.worker.start()
    try:
        api = Api(service)
        photo, mask = read(paths / "photo.png"), read(paths / "mask.png")
        refs = [
            api.upload(picture.astype(np.uint8).tobytes(), WIDTH, HEIGHT, channels, "u8")
            for picture, channels in ((photo, 3), (mask, 1))
        ]
        body = {"inputs": {"content": refs[0], "selection": refs[1]}, "params": {"edge": 0, "blur": 100}}
        job = api.end_of(api("POST", "/v1/filters/focus/jobs", json=body).json()["id"])
        assert job["state"] == "done", job
        raw = api("GET", f"/v1/images/{job['results'][0]['image']}?channels=3&dtype=u8").content
        check(np.frombuffer(raw, np.uint8).reshape(HEIGHT, WIDTH, 3).astype(int), photo)
    finally:
        assert service.worker.stop(PATIENCE_S)
