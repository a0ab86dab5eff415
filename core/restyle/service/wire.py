"""The wire's JSON: what clients get, as models. What they send is `restyle.contract.request`."""

from typing import Literal, get_args

from pydantic import BaseModel

from restyle.service.problems import Problem
from restyle.service.sayings import Said

__all__ = ["ACTIVE", "MAXIMUM_ID_LENGTH", "Dtype", "Health", "ImageStatus", "JobOutput", "JobState", "JobStatus"]

Dtype = Literal["u8", "u16", "f32"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]

ACTIVE: tuple[JobState, ...] = get_args(JobState)[:2]
"""The states of a job that has not ended."""

MAXIMUM_ID_LENGTH = 64
"""Of uploads: a hash in hexadecimal; what is longer is refused before it is looked up."""


class Health(BaseModel):
    """What the server is and does; ``device`` is null until the worker is warm."""

    protocol: int
    version: str
    pid: int
    state: Literal["starting", "ready", "leaving"]
    device: str | None
    jobs: int


class ImageStatus(BaseModel):
    """A picture that the server holds."""

    id: str
    width: int
    height: int
    channels: int
    dtype: Dtype


class JobOutput(BaseModel):
    """One thing that a job made. ``image`` is the id of a picture; a file has none and is downloaded by its name."""

    name: str
    title: str
    kind: Literal["picture", "file"]
    image: str | None
    width: int | None
    height: int | None


class JobStatus(BaseModel):
    """How a job stands; ``revision`` grows with each visible change, ``position`` counts the jobs ahead.

    ``message_said`` and ``notes_said`` are what ``message`` and each of the ``notes`` were made of, null where that is not known.
    """

    id: str
    filter: str
    state: JobState
    position: int
    revision: int
    step: int
    steps: int
    message: str
    message_said: Said | None
    results: list[JobOutput]
    notes: list[str]
    notes_said: list[Said | None]
    seed: int | None
    seconds: float
    device: str | None
    problem: Problem | None
