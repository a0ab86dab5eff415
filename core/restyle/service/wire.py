"""The wire's JSON: what clients send and get, as models; one request model per filter, made from its declaration."""

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, create_model

from restyle.contract.filter import Filter, Input, InputKind
from restyle.service.problems import Problem

__all__ = [
    "ACTIVE",
    "Dtype",
    "Health",
    "ImageStatus",
    "JobState",
    "JobStatus",
    "NamedMask",
    "Picture",
    "RegionMap",
    "RegionMasks",
    "job_request",
]

Dtype = Literal["u8", "u16", "f32"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]

ACTIVE: tuple[JobState, ...] = get_args(JobState)[:2]
"""The states of a job that has not ended."""

MAXIMUM_WEIGHT = 1e6
"""Weights are relative to their sum; more would drown the others in rounding errors."""

MAXIMUM_REGIONS = 32
"""``restyle.regions`` has it too, but imports PyTorch."""

MAXIMUM_NAME_LENGTH = 100
"""Names of regions are for people to read."""

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


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Picture(_Sent):
    """One picture among several."""

    image: str = Field(max_length=MAXIMUM_ID_LENGTH, description="The id of an uploaded picture.")


class NamedMask(Picture):
    """One region: white is inside, black outside."""

    name: str = Field(min_length=1, max_length=MAXIMUM_NAME_LENGTH, description="What it shows; equal names guide each other.")


class RegionMap(_Sent):
    """Regions painted in flat colours; what is transparent is the rest."""

    map: str = Field(max_length=MAXIMUM_ID_LENGTH, description="The id of an uploaded picture; it stretches over its picture.")


class RegionMasks(_Sent):
    """Regions as a mask for each."""

    masks: list[NamedMask] = Field(min_length=1, max_length=MAXIMUM_REGIONS, description="They stretch over their picture.")


GivenRegions = RegionMap | RegionMasks | None

_REGION: tuple[Any, Any] = (
    str | None,
    Field(
        None,
        min_length=1,
        max_length=MAXIMUM_NAME_LENGTH,
        description="The name of the one region of the photo that it shall paint; the other styles take those that are left.",
    ),
)

_WEIGHT: tuple[Any, Any] = (
    float,
    Field(1.0, gt=0, le=MAXIMUM_WEIGHT, allow_inf_nan=False, description="Its share, relative to the sum of all."),
)


def job_request(declared: Filter) -> type[BaseModel]:
    """The body that starts a job of this filter: a field per input, and ``params``."""
    name = declared.id.replace("-", " ").title().replace(" ", "")
    fields: dict[str, Any] = {item.name: _input_field(item, declared, name) for item in declared.inputs}
    fields["params"] = (declared.params, Field(default_factory=declared.params, description="The filter's settings."))
    return create_model(f"{name}JobRequest", __base__=_Sent, **fields)


def _input_field(item: Input, declared: Filter, name: str) -> tuple[Any, Any]:
    if item.kind is InputKind.REGIONS:
        return GivenRegions, Field(None, description=item.description)
    if item.kind is InputKind.PICTURE:
        default: Any = ... if item.minimum else []
        form = _picture_form(item, declared, name)
        return list[form], Field(default, min_length=item.minimum, max_length=item.maximum, description=item.description)  # type: ignore[valid-type]
    required = Field(max_length=MAXIMUM_ID_LENGTH, description=item.description)
    optional = Field(None, max_length=MAXIMUM_ID_LENGTH, description=item.description)
    return (str, required) if item.minimum else (str | None, optional)


def _picture_form(item: Input, declared: Filter, name: str) -> type[Picture]:
    """A picture with what the filter's pictures can have besides: a weight, regions, a region to paint."""
    extra: dict[str, Any] = {"weight": _WEIGHT} if item.weighted else {}
    guide = next((other for other in declared.inputs if other.kind is InputKind.REGIONS), None)
    if guide is not None:
        extra["regions"] = (GivenRegions, Field(None, description=guide.description))
    if "mixing" in declared.params.model_fields:
        extra["region"] = _REGION
    return create_model(f"{name}{item.title.replace(' ', '')}", __base__=Picture, **extra) if extra else Picture
