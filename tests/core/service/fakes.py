"""A filter, pictures, a runner and a clock without PyTorch and without waiting, for tests of the server."""

import asyncio
import threading
from pathlib import Path

import httpx

from restyle.contract.filter import Filter
from restyle.contract.inputs import Layer, Mask, Pictures
from restyle.contract.params import Params, number
from restyle.contract.result import Result
from restyle.service.api import create_app
from restyle.service.images import Pixels
from restyle.service.service import Service, Settings

PATIENCE_S = 20.0
"""Nothing in these tests takes long; whoever waits this long waits for something that will not happen."""

POLL_MS = 10_000
SILENT_POLLS = 9
"""A step takes a moment, but loading the networks may take over a minute on a machine that does ten other things."""

TOKEN = "a-token"


class InvertParams(Params):
    """Settings of the filter that the tests use."""

    steps: int = number(3, ge=1, le=100, step=1, title="Steps", description="Steps.")
    share: float = number(0.5, ge=0, le=1, step=0.1, title="Share", description="Share.")
    seed: int = number(0, ge=0, le=99, step=1, role="seed", title="Seed", description="Seed.")
    is_exact: bool = True


INVERT = Filter(
    id="invert-colors",
    title="Invert",
    menu_label="Invert",
    menu_place=1,
    summary="Turn light into dark.",
    paper="none",
    inputs=(
        Layer("content", "Photo", "The picture."),
        Pictures("styles", "Style", "One or two pictures.", maximum=2, weighted=True),
        Mask("selection", "Selection", "Where."),
    ),
    params=InvertParams,
    method="nowhere:nothing",
)


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def advance(self, seconds):
        self.now += seconds


class FakeImage:
    """What the server asks of an Image: its size, its memory, its bytes."""

    def __init__(self, raw, width, height):
        self.pixels = memoryview(raw)
        self.alpha = None
        self.width = width
        self.height = height

    def to_bytes(self, *, channels, dtype):
        return bytes(self.pixels)


class SteppedRunner:
    """Inverts the bytes of the content, taking one step for each call of ``allow``; ``error`` is raised after the first step."""

    def __init__(self, error=None):
        self.error = error
        self.allowed = threading.Semaphore(0)
        self.started = []

    def allow(self, steps):
        for _ in range(steps):
            self.allowed.release()

    def rest(self):
        pass

    def warm_up(self, is_awaited):
        return "fake:0"

    def __call__(self, use, images, progress):
        params = use.params
        self.started.append(params)
        for i in range(1, params.steps + 1):
            assert self.allowed.acquire(timeout=PATIENCE_S)
            progress.step(i, of=params.steps, message=f"step {i} of {params.steps}")
            if self.error is not None:
                raise self.error
        progress.note("Well done.")
        content = images[use.inputs["content"]]
        inverted = bytes(255 - value for value in content.content)
        return Result({"result": FakeImage(inverted, content.form.width, content.form.height)})

    def next_frame(self, use, images, progress, sequence):
        return self(use, images, progress)


class Api:
    """The app of a service, called in this process."""

    def __init__(self, service):
        self.service = service
        self.app = create_app(service)

    def __call__(self, method, path, *, headers=None, **options):
        return asyncio.run(self.call(method, path, headers=headers, **options))

    async def call(self, method, path, *, headers=None, **options):
        transport = httpx.ASGITransport(app=self.app)
        defaults = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://restyle", timeout=PATIENCE_S) as client:
            return await client.request(method, path, headers=defaults if headers is None else headers, **options)

    def upload(self, raw=b"\x00\x01\x02\x03\x04\x05", width=2, height=1, channels=3, dtype="u8"):
        query = {"width": width, "height": height, "channels": channels, "dtype": dtype}
        answer = self("POST", "/v1/images", params=query, content=raw)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def start(self, **params):
        image = self.upload()
        body = {"inputs": {"content": image, "styles": [{"image": image, "weight": 2}]}, "params": params}
        answer = self("POST", "/v1/filters/invert-colors/jobs", json=body)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def job(self, job_id, *, seen=0, wait_ms=0):
        answer = self("GET", f"/v1/jobs/{job_id}", params={"seen": seen, "wait_ms": wait_ms})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wait_for(self, job_id, condition):
        """Poll as a client does until ``condition(job)``; fails when the job ends first or nothing happens any more."""
        job, silent = self.job(job_id), 0
        while not condition(job):
            assert job["state"] in ("queued", "running"), job
            after = self.job(job_id, seen=job["revision"], wait_ms=POLL_MS)
            silent = 0 if after["revision"] > job["revision"] else silent + 1
            assert silent < SILENT_POLLS, f"nothing happened: {job}"
            job = after
        return job

    def end_of(self, job_id):
        return self.wait_for(job_id, lambda job: job["state"] not in ("queued", "running"))


def make_service(runner, **options):
    return Service(
        token=TOKEN,
        filters=(INVERT,),
        catalogue={"version": "0", "protocol": 1, "filters": []},
        runner=runner,
        log=Path("server.log"),
        settings=options.pop("settings", Settings()),
        **options,
    )


RGB_2X1 = Pixels(2, 1, 3, "u8")


def upload(store, form=RGB_2X1, raw=bytes(6)):
    """Put a picture into an ImageStore, as a client would."""
    with store.arrival(form) as arrival:
        arrival.add(raw)
        return store.add_upload(arrival)
