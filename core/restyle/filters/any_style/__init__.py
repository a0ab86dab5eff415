"""Any Style: the style of any picture at once, in a few steps or in one pass."""

from typing import Annotated, Literal

from pydantic import Field

from restyle.filter import Filter, Input, InputKind
from restyle.guidance import REGIONS_INPUT, RegionSource, region_source
from restyle.params import Params, choice, number

__all__ = ["ANY_STYLE", "AnyStyleParams"]

LevelStrengths = dict[str, Annotated[float, Field(ge=0, le=1)]]


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
    style_scale: float = number(
        1.0,
        ge=0.25,
        le=4.0,
        step=0.05,
        title="Stroke size",
        description=(
            "Size of the strokes relative to the picture: 1 as in the style picture when both are equally large, 2 "
            "twice as coarse."
        ),
    )
    preserve_colors: Literal["no", "luminance", "histogram"] = choice(
        "no",
        title="Colours",
        description=(
            "Which colours the result has: the style's, the photo's (only brightness is painted), or the style "
            "adapted to the photo's colours first."
        ),
        labels={
            "no": "From the style",
            "luminance": "Keep the photo's (luminance only)",
            "histogram": "Keep the photo's (matched histogram)",
        },
    )
    working_size: int = number(
        1024,
        ge=64,
        le=20_000,
        step=64,
        unit="px",
        title="Detail",
        description=(
            "Longer side at which strokes are painted, in steps at most 512 px. More shows finer strokes and takes longer; "
            "the result always has the photo's full size."
        ),
    )
    refinement: int = number(
        18,
        ge=0,
        le=100,
        step=1,
        title="Refinement",
        description=(
            "Steps of Neural Style, at up to 512 px: more bring out more of the strokes and take longer. With 0 the picture is "
            "painted in one pass, at the size set by Detail."
        ),
    )
    regions: RegionSource = region_source("given")
    level_strengths: LevelStrengths = Field(
        default_factory=dict,
        title="Strength by level",
        description=(
            "How much of the style the instant painting takes, 0 to 1, by layer: relu1_1 and relu2_1 (colour, texture), "
            "relu3_1 (strokes), relu4_1 and relu5_1 (shapes); 1 where none is given."
        ),
        json_schema_extra={"kind": "map", "group": "advanced", "dialog": False},
    )


ANY_STYLE = Filter(
    id="any-style",
    title="Any Style",
    menu_label="Any Style…",
    summary="Paint the photo in the style of any picture, at once.",
    paper=(
        "Y. Li et al.: Universal Style Transfer via Feature Transforms, NIPS 2017; M. Lu et al.: A Closed-Form Solution to "
        "Universal Style Transfer, ICCV 2019"
    ),
    inputs=(
        Input("content", InputKind.LAYER, "Photo", "The picture to paint."),
        Input(
            "styles",
            InputKind.PICTURE,
            "Style",
            "One to four pictures whose style is taken, each with a weight.",
            maximum=4,
            weighted=True,
        ),
        Input("selection", InputKind.MASK, "Selection", "Where to paint; feathered edges stay feathered.", minimum=0),
        REGIONS_INPUT,
    ),
    params=AnyStyleParams,
    method="restyle.filters.any_style.method:stylize",
    weights=("compact-encoder", "any-style"),
)
