"""Request: one use of a filter as a value: what goes over the wire, into a batch, a recipe, and a layer's provenance.

`Request` is plain JSON. `Use` is a request that was checked against the filter's declaration; everything behind the edge
believes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, create_model

from restyle.contract.errors import InvalidInput, MissingInput
from restyle.contract.filter import AnyFilter, Filter
from restyle.contract.params import Params
from restyle.contract.refusals import reason_of
from restyle.contract.sentence import as_declared, said

__all__ = ["Request", "Use", "body_model", "check", "use_of_body"]

P = TypeVar("P", bound=Params)

REFS = ("image", "map")
"""The fields of inputs that are refs; a test asks all kinds of inputs."""


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Request(_Sent):
    """A filter's id, its inputs by name with a ref for each picture, and its parameters by name.

    What a ref means is for whoever opens it: the id of an upload, a file's path, a picture at hand.
    """

    filter: str
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    params: dict[str, JsonValue] = Field(default_factory=dict)

    def with_refs(self, rename: Callable[[str], str]) -> Request:
        """The same with another ref for each picture."""
        inputs = {name: _renamed(value, rename, is_ref=True) for name, value in self.inputs.items()}
        return self.model_copy(update={"inputs": inputs})

    @classmethod
    def of(cls, declared: AnyFilter, inputs: Mapping[str, Any], params: Mapping[str, Any]) -> Request:
        """The request of values as the filter's inputs make them; what says no more than the default is left out."""
        given = {name: _jsonable(value) for name, value in inputs.items() if value is not None}
        return cls(filter=declared.id, inputs=given, params=dict(params))


def _renamed(value: JsonValue, rename: Callable[[str], str], *, is_ref: bool = False) -> JsonValue:
    """A part of an input: a ref stands alone, or in a field that is called as one of REFS."""
    if isinstance(value, dict):
        return {name: _renamed(part, rename, is_ref=name in REFS) for name, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, rename) for part in value]
    return rename(value) if is_ref and isinstance(value, str) else value


def _jsonable(value: Any) -> Any:
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    return value.model_dump(mode="json", exclude_defaults=True) if isinstance(value, BaseModel) else value


@dataclass(frozen=True)
class Use(Generic[P]):
    """A checked request: values of the types that the filter's inputs and parameters declare."""

    filter: Filter[P]
    inputs: Mapping[str, Any]
    params: P

    def refs(self) -> Iterator[str]:
        """The refs of all pictures, once for each time that one is used."""
        for item in self.filter.inputs:
            yield from item.refs(self.inputs.get(item.name))

    def request(self) -> Request:
        """The same as JSON; inputs that were not given are left out, parameters are all there."""
        return Request.of(self.filter, self.inputs, self.params.model_dump(mode="json"))


@cache
def body_model(declared: AnyFilter) -> type[BaseModel]:
    """A request for this filter, in all but the filter's id: the body that starts a job, with everything typed."""
    name = declared.id.replace("-", " ").title().replace(" ", "")
    fields: dict[str, Any] = {item.name: item.field(name) for item in declared.inputs}
    inputs = create_model(f"{name}Inputs", __base__=_Sent, **fields)
    optional = not any(item.minimum for item in declared.inputs)
    given = Field(default_factory=inputs) if optional else Field(description="The filter's inputs.")
    settings = Field(default_factory=declared.params, description="The filter's settings.")
    return create_model(f"{name}Request", __base__=_Sent, inputs=(inputs, given), params=(declared.params, settings))


def use_of_body(declared: Filter[P], body: Any) -> Use[P]:
    """The use that a valid body of `body_model` asks for."""
    return Use(declared, {item.name: getattr(body.inputs, item.name) for item in declared.inputs}, body.params)


def check(declared: Filter[P], request: Request) -> Use[P]:
    """The request as a use; raises InvalidInput, MissingInput, InvalidParameter."""
    names = {item.name for item in declared.inputs}
    unknown = sorted(set(request.inputs) - names)
    if unknown:
        raise InvalidInput(
            said("{title} takes no {unknown}; leave it out.", title=as_declared(declared.title), unknown=unknown[0])
        )
    for item in declared.inputs:
        if not item.minimum <= item.count(request.inputs.get(item.name)) <= item.maximum:
            raise MissingInput(item.title, item.minimum, item.maximum)
    params = declared.params.parse(dict(request.params))
    given = {name: value for name, value in request.inputs.items() if value is not None}
    try:
        body = body_model(declared).model_validate({"inputs": given, "params": params})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        raise InvalidInput(
            said("The input {where} does not fit ({reason}); give another one.", where=where, reason=reason_of(first))
        ) from error
    return use_of_body(declared, body)
