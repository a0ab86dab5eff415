"""Harmonize on the command line and over HTTP."""

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.core.service.fakes import PATIENCE_S, TOKEN, Api

from restyle.api import apply
from restyle.cli import main
from restyle.filters import find_filter
from restyle.pictures.files import open_image
from restyle.service.runner import CoreRunner
from restyle.service.service import Service

SIZE, AT = (24, 20), (30, 16)
QUICK = ["--steps", "2", "--working-size", "128", "--edge-softness", "0", "--device", "cpu"]


@pytest.fixture
def paths(tmp_path):
    """A blue painting with stripes, and a red square in a transparent layer."""
    stripes = np.zeros((64, 80, 3), np.uint8)
    stripes[..., 2] = 90 + 12 * (np.arange(80) % 8)
    Pillow.fromarray(stripes).save(tmp_path / "painting.png")
    square = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    square[5:15, 6:18] = (200, 40, 30, 255)
    Pillow.fromarray(square).save(tmp_path / "element.png")
    return tmp_path


def read(path):
    with Pillow.open(path) as picture:
        return picture.mode, np.asarray(picture).astype(int)


def command(paths, *options):
    given = ["harmonize", paths / "element.png", "--backdrop", paths / "painting.png", "--at", f"{AT[0]},{AT[1]}", *options]
    assert main([*map(str, given), *QUICK, "-o", str(paths / "out.png")]) == 0
    return read(paths / "out.png")


def test_the_command_writes_the_finished_painting(paths):
    mode, finished = command(paths)
    _, painting = read(paths / "painting.png")
    assert mode == "RGB"
    changed = (finished != painting).any(2)
    assert changed[21:31, 36:48].mean() > 0.9
    changed[AT[1] : AT[1] + SIZE[1], AT[0] : AT[0] + SIZE[0]] = False
    assert not changed.any()


def test_it_writes_the_layer_alone_where_that_is_asked_for(paths):
    mode, layer = command(paths, "--layer")
    assert (mode, layer.shape) == ("RGBA", (SIZE[1], SIZE[0], 4))
    assert layer[10, 12, 3] == 255
    assert layer[0, 0, 3] == 0


def test_from_python_it_is_the_layer(paths):
    options = {"steps": 2, "working_size": 128, "device": "cpu"}
    made = apply("harmonize", paths / "element.png", backdrop=paths / "painting.png", at=AT, **options)
    assert (made.width, made.height) == SIZE
    assert made.alpha is not None
    assert made.alpha[0, 0, 10, 12] == 1


def test_it_works_over_http(paths):
    service = Service(TOKEN, (find_filter("harmonize"),), {}, CoreRunner(paths, ()), paths / "log")
    service.worker.start()
    try:
        api = Api(service)
        element, painting = (open_image(paths / name)[0] for name in ("element.png", "painting.png"))
        refs = [
            api.upload(image.to_bytes(channels=channels, dtype="u8"), image.width, image.height, channels, "u8")
            for image, channels in ((element, 4), (painting, 3))
        ]
        inputs = {"content": refs[0], "backdrop": {"image": refs[1], "x": AT[0], "y": AT[1]}}
        body = {"inputs": inputs, "params": {"steps": 2, "working_size": 128, "edge_softness": 0}}
        job = api.end_of(api("POST", "/v1/filters/harmonize/jobs", json=body).json()["id"])
        assert job["state"] == "done", job
        (made,) = job["results"]
        raw = api("GET", f"/v1/images/{made['image']}?channels=4&dtype=u8").content
        pixels = np.frombuffer(raw, np.uint8).reshape(SIZE[1], SIZE[0], 4)
        assert (pixels[10, 12, 3], pixels[0, 0, 3]) == (255, 0)
    finally:
        assert service.worker.stop(PATIENCE_S)
