"""Frames of a sequence: each job is held to the one before, and what nobody goes on with takes no memory."""

import pytest
import skimage.data
import torch
from tests.core.service.fakes import PATIENCE_S, TOKEN, Api, Clock

from restyle.contract.catalogue import catalogue
from restyle.engine.sequence import Made
from restyle.filters import filters
from restyle.pictures.image import Image
from restyle.service.frames_before import KEPT_S, MOST, FramesBefore
from restyle.service.runner import CoreRunner
from restyle.service.service import Service

WIDTH, HEIGHT = 96, 64
SPECKLE = 12
"""Of 255: enough for a network to paint other strokes."""


def frame(number):
    """A photo as a camera sees it for the time ``number``: RGB and a column that is transparent."""
    photo = torch.from_numpy(skimage.data.chelsea()[60 : 60 + HEIGHT, 120 : 120 + WIDTH].copy()).float()
    noise = torch.randn(photo.shape, generator=torch.Generator().manual_seed(number)) * SPECKLE
    opacity = torch.full((HEIGHT, WIDTH, 1), 255.0)
    opacity[:, :4] = 0
    return torch.cat([(photo + noise).clamp(0, 255), opacity], 2).round().to(torch.uint8)


@pytest.fixture
def api(home_of_its_own):
    runner = CoreRunner(home_of_its_own, ())
    log = home_of_its_own / "server.log"
    service = Service(token=TOKEN, filters=filters(), catalogue=catalogue(filters()), runner=runner, log=log)
    service.worker.start()
    yield Api(service)
    assert service.worker.stop(PATIENCE_S)


def painted(api, number, sequence="", selection=None):
    """What Fast Style makes of a frame (H, W, 4), in 0..255."""
    inputs = {"content": api.upload(bytes(frame(number).flatten().tolist()), WIDTH, HEIGHT, 4)}
    if selection is not None:
        inputs["selection"] = api.upload(selection, WIDTH, HEIGHT, 1)
    query = {"sequence": sequence} if sequence else {}
    answer = api("POST", "/v1/filters/fast-style/jobs", params=query, json={"inputs": inputs})
    assert answer.status_code == 202, answer.text
    job = api.end_of(answer.json()["id"])
    assert job["state"] == "done", job
    raw = api("GET", f"/v1/images/{job['results'][0]['image']}", params={"channels": 4, "dtype": "u8"}).content
    return torch.frombuffer(bytearray(raw), dtype=torch.uint8).view(HEIGHT, WIDTH, 4).float()


def change(first, second):
    return float((first - second)[:, 4:, :3].abs().mean())


def test_a_frame_is_held_to_the_one_before_of_its_sequence(api):
    alone = change(painted(api, 1), painted(api, 2))
    held = change(painted(api, 1, "a"), painted(api, 2, "a"))
    assert held < alone / 2
    assert change(painted(api, 3, "b"), painted(api, 3)) == 0


def test_what_is_selected_alone_is_painted_and_transparency_stays(api):
    selection = bytes(255 if x < WIDTH // 2 else 0 for _ in range(HEIGHT) for x in range(WIDTH))
    for number in (1, 2):
        made, given = painted(api, number, "a", selection), frame(number).float()
        assert torch.equal(made[:, WIDTH // 2 :], given[:, WIDTH // 2 :])
        assert torch.equal(made[..., 3], given[..., 3])
        assert change(made, given) > 5


def made():
    return Made(*[Image(torch.zeros(1, 3, 2, 2))] * 2)


def test_of_many_sequences_the_newest_are_kept():
    clock = Clock()
    frames, kept = FramesBefore(clock), [made() for _ in range(MOST + 1)]
    for number, one in enumerate(kept):
        clock.advance(1)
        frames.keep(str(number), one)
    assert frames.of("0") is None
    assert [frames.of(str(number)) for number in range(1, MOST + 1)] == kept[1:]
    frames.keep("2", None)
    assert frames.of("2") is None
    assert frames.of("3") is kept[3]


def test_what_nobody_goes_on_with_is_let_go():
    clock = Clock()
    frames = FramesBefore(clock)
    frames.keep("a", made())
    clock.advance(KEPT_S / 2)
    frames.expire()
    assert frames.of("a") is not None
    frames.keep("b", made())
    clock.advance(KEPT_S / 2)
    frames.expire()
    assert frames.of("a") is None
    assert frames.of("b") is not None
