"""Any Style: the style of any picture at once."""

from restyle.filter import Filter
from restyle.guidance import RegionSource, region_source
from restyle.params import Params, number
from restyle.settings import PAINTING_INPUTS, PreserveColors, color_preservation, painted_size, stroke_scale

__all__ = ["ANY_STYLE", "AnyStyleParams"]


class AnyStyleParams(Params):
    """Settings of Any Style."""

    strength: float = number(
        100,
        ge=0,
        le=100,
        step=1,
        unit="%",
        title="Strength",
        description="How far the photo turns into a painting: at 0 it stays as it is, at 100 it has all of the style.",
    )
    style_scale: float = stroke_scale("Stroke size")
    preserve_colors: PreserveColors = color_preservation()
    working_size: int = painted_size()
    steps: int = number(
        4,
        ge=1,
        le=100,
        step=1,
        title="Steps per scale",
        description="Steps at each scale, from coarse to fine. More bring out more of the strokes and take longer.",
    )
    regions: RegionSource = region_source("given")


ANY_STYLE = Filter(
    id="any-style",
    title="Any Style",
    menu_label="Any Style…",
    summary="Paint the photo in the style of any picture, at once.",
    paper=(
        "L. A. Gatys, A. S. Ecker, M. Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016, "
        "in a dozen steps"
    ),
    inputs=PAINTING_INPUTS,
    params=AnyStyleParams,
    method="restyle.filters.any_style.method:stylize",
    weights=("compact-encoder",),
)
