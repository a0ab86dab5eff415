"""Params: the strict, frozen base of every filter's parameters, declared once for dialog, command line, HTTP and manual."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo

from restyle.contract.errors import InvalidParameter
from restyle.contract.refusals import reason_of
from restyle.contract.whole import as_whole

__all__ = ["Params", "Role", "choice", "folder", "model", "number", "percent", "text"]

Role = Literal["working_size", "steps", "seed", "mixing", "regions"]
"""What a parameter means to others than its method: the size that is halved when memory runs out, what its time is in
proportion to, the seed that a job reports, whether several pictures share regions, and whether regions are found where none are
given."""

_LONGEST_MODEL_NAME = 200
_LONGEST_PATH = 4096  # of Linux, the longest of all systems


class Params(BaseModel):
    """Parameters of one filter; unknown names, other types and values out of bounds are refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _whole_floats_are_integers(cls, value: Any, info: Any) -> Any:
        wants = cls.model_fields[info.field_name].annotation
        if wants is int:
            return as_whole(value)
        # Strict floats refuse whole numbers only in some forms (JSON "5"); a float parameter takes them all, but no booleans.
        if isinstance(value, int) and not isinstance(value, bool) and wants is float:
            return float(value)
        return value

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Any:
        """Make parameters from untrusted values.

        Raises InvalidParameter with the name of the first setting that does not fit.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]) or cls.__name__
            raise InvalidParameter(name, reason_of(first)) from error

    @classmethod
    def name_of(cls, role: Role) -> str | None:
        """The name of the parameter with this role, or None."""
        return next((name for name, field in cls.model_fields.items() if _extra(field).get("role") == role), None)

    def of_role(self, role: Role) -> Any:
        """The value of the parameter with this role, or None."""
        name = self.name_of(role)
        return None if name is None else getattr(self, name)

    def given_folders(self) -> list[str]:
        """The titles of the parameters that hold the path of a folder."""
        fields = self.__class__.model_fields.items()
        return [str(field.title) for name, field in fields if _extra(field).get("kind") == "folder" and getattr(self, name)]

    def own_models(self) -> list[tuple[str, str]]:
        """The names of chosen models that do not come with Restyle, files of the user's, each with the folder that it lies in."""
        chosen = [(_extra(field), getattr(self, name)) for name, field in self.__class__.model_fields.items()]
        models = [(str(value), extra) for extra, value in chosen if extra.get("kind") == "model"]
        return [(value, str(extra["folder"])) for value, extra in models if value and value not in extra["labels"]]

    def least(self, role: Role) -> float:
        """The smallest value that the parameter with this role may have; 0 where there is no bound."""
        field = self.__class__.model_fields[self.name_of(role) or ""]
        return max((float(item.ge) for item in field.metadata if hasattr(item, "ge")), default=0.0)


def _extra(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def number(
    default: float,
    *,
    title: str,
    description: str,
    ge: float,
    le: float,
    step: float,
    unit: str = "",
    group: str = "",
    role: Role | None = None,
    dialog: bool = True,
    matters_with: str = "",
) -> Any:
    """A number with bounds (``ge`` to ``le``), the step of its slider, and a unit ("" for a pure number).

    ``matters_with``: the parameter without whose choice it changes nothing; a dialog shows it greyed out then.
    """
    extra: dict[str, Any] = {"step": step, "unit": unit, "group": group, "role": role, "dialog": dialog}
    extra |= {"matters_with": matters_with} if matters_with else {}
    return Field(default, ge=ge, le=le, title=title, description=description, json_schema_extra=extra)


def percent(default: float, title: str, description: str, *, le: float = 100, group: str = "", matters_with: str = "") -> Any:
    """How much of something there is, from 0 to ``le`` per cent."""
    return number(
        default, title=title, description=description, ge=0, le=le, step=1, unit="%", group=group, matters_with=matters_with
    )


def choice(
    default: str,
    *,
    title: str,
    description: str,
    labels: dict[str, str],
    weights: dict[str, str] | None = None,
    better_with: dict[str, str | tuple[str, ...]] | None = None,
    group: str = "",
    role: Role | None = None,
    dialog: bool = True,
) -> Any:
    """One of a few words; ``labels`` gives the text that a person reads for each.

    ``weights`` names, by word, the published weights without which it cannot be; ``better_with`` the one, or
    those, that it takes where they are here. A dialog offers to download them.
    """
    published = [{"value": value, "id": name, "is_needed": True} for value, name in (weights or {}).items()]
    for value, names in (better_with or {}).items():
        several = (names,) if isinstance(names, str) else names
        published += [{"value": value, "id": name, "is_needed": False} for name in several]
    extra: dict[str, Any] = {"labels": labels, "group": group, "role": role, "dialog": dialog, "weights": published}
    return Field(default, title=title, description=description, json_schema_extra=extra)


def text(
    default: str,
    *,
    title: str,
    description: str,
    most: int,
    least: int = 0,
    group: str = "",
    dialog: bool = True,
) -> Any:
    """A line of ``least`` to ``most`` characters."""
    extra: dict[str, Any] = {"kind": "text", "group": group, "dialog": dialog}
    return Field(default, min_length=least, max_length=most, title=title, description=description, json_schema_extra=extra)


def folder(title: str, description: str) -> Any:
    """The path of a folder, "" for none."""
    extra: dict[str, Any] = {"kind": "folder", "group": "", "dialog": True}
    return Field("", max_length=_LONGEST_PATH, title=title, description=description, json_schema_extra=extra)


def model(
    default: str,
    *,
    title: str,
    description: str,
    labels: dict[str, str],
    folder: str,
    published: Iterable[str] = (),
    group: str = "",
    dialog: bool = True,
) -> Any:
    """The name of a model: one of ``labels``, or of a file in ``folder`` of the user's models.

    Those of ``labels`` come with Restyle, but for the ``published`` ones, each of which is the id of its weights; a dialog offers
    to download them.
    """
    weights = [{"value": name, "id": name, "is_needed": True} for name in published]
    extra: dict[str, Any] = {"kind": "model", "labels": labels, "folder": folder, "group": group, "dialog": dialog}
    extra["weights"] = weights
    return Field(default, max_length=_LONGEST_MODEL_NAME, title=title, description=description, json_schema_extra=extra)
