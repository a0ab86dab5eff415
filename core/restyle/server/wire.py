"""The wire's JSON: what clients send and get, as models; one request model per filter, made from its declaration."""

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, create_model

from restyle.filter import Filter, Input
from restyle.server.problems import Problem

__all__ = ["ACTIVE", "Dtype", "Health", "ImageStatus", "JobState", "JobStatus", "Picture", "WeightedPicture", "job_request"]

Dtype = Literal["u8", "u16", "f32"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]

ACTIVE: tuple[JobState, ...] = get_args(JobState)[:2]
"""The states of a job that has not ended."""

MAXIMUM_WEIGHT = 1e6
"""Weights are relative to their sum; more would drown the others in rounding errors."""

MAXIMUM_ID_LENGTH = 64
"""Ids have 22 characters; what is much longer is refused before it is looked up."""


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


class JobStatus(BaseModel):
    """How a job stands; ``revision`` grows with each visible change, ``position`` counts the jobs ahead."""

    id: str
    filter: str
    state: JobState
    position: int
    revision: int
    step: int
    steps: int
    message: str
    preview: str | None
    result: str | None
    notes: list[str]
    seed: int | None
    seconds: float
    device: str | None
    problem: Problem | None


class Picture(BaseModel):
    """One picture among several."""

    model_config = ConfigDict(extra="forbid", strict=True)

    image: str = Field(max_length=MAXIMUM_ID_LENGTH, description="The id of an uploaded picture.")


class WeightedPicture(Picture):
    """One picture among several, with its share."""

    weight: float = Field(1.0, gt=0, le=MAXIMUM_WEIGHT, allow_inf_nan=False, description="Its share, relative to the sum of all.")


def job_request(declared: Filter) -> type[BaseModel]:
    """The body that starts a job of this filter: a field per input, and ``params``."""
    fields: dict[str, Any] = {item.name: _input_field(item) for item in declared.inputs}
    fields["params"] = (declared.params, Field(default_factory=declared.params, description="The filter's settings."))
    name = declared.id.replace("-", " ").title().replace(" ", "") + "JobRequest"
    return create_model(name, __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _input_field(item: Input) -> tuple[Any, Any]:
    if item.maximum > 1:
        kind = WeightedPicture if item.weighted else Picture
        default: Any = ... if item.minimum else []
        return list[kind], Field(default, min_length=item.minimum, max_length=item.maximum, description=item.description)  # type: ignore[valid-type]
    required = Field(max_length=MAXIMUM_ID_LENGTH, description=item.description)
    optional = Field(None, max_length=MAXIMUM_ID_LENGTH, description=item.description)
    return (str, required) if item.minimum else (str | None, optional)
