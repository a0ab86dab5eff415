"""A filter whose method a test puts in its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from restyle.contract.filter import Filter
from restyle.contract.inputs import Layer, Mask, Pictures
from restyle.contract.params import Params, number
from restyle.contract.settings import REGIONS

MODULE = "restyle_test_method"


class SizedParams(Params):
    """The one setting that memory depends on."""

    working_size: int = number(1024, ge=64, le=2048, step=64, role="working_size", title="Detail", description="Longer side.")


class PlainParams(Params):
    """No settings."""


def declare(params: type[Params] = SizedParams, **changes: Any) -> Filter[Any]:
    declared = Filter(
        id="test",
        title="Test",
        menu_label="Test…",
        menu_place=1,
        summary="",
        paper="",
        inputs=(
            Layer("content", "Photo", ""),
            Pictures("styles", "Style", "", minimum=0, maximum=2, weighted=True, guided=True),
            Mask("selection", "Selection", ""),
            REGIONS,
        ),
        params=params,
        method=f"{MODULE}:method",
    )
    return replace(declared, **changes)
