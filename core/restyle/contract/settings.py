"""Settings and inputs that several filters which paint have in common, said once for all of them."""

from typing import Any, Literal

from restyle.contract.filter import Input, InputKind
from restyle.contract.guidance import REGIONS_INPUT
from restyle.contract.params import choice, number

__all__ = [
    "GREATEST_STROKE_SCALE",
    "LEAST_STROKE_SCALE",
    "PAINTING_INPUTS",
    "QUICK_STEPS",
    "REFERENCE_INPUT",
    "PreserveColors",
    "color_preservation",
    "painted_size",
    "stroke_scale",
]

PreserveColors = Literal["no", "luminance", "histogram"]

QUICK_STEPS = 6
"""Steps at the coarsest scale of a painting that is there at once; finer scales take nearly as many."""

LEAST_STROKE_SCALE, GREATEST_STROKE_SCALE = 0.25, 4.0

PAINTING_INPUTS = (
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
)
"""What is painted after style pictures."""


REFERENCE_INPUT = Input(
    "reference",
    InputKind.REFERENCE,
    "Same as",
    "A picture that stands for several layers or frames, so that all of them are painted with the same statistics.",
    minimum=0,
)


def color_preservation(adapted: str = "the style adapted to the photo's colours first") -> Any:
    """The setting `PreserveColors`; ``adapted`` says what "histogram" does."""
    return choice(
        "no",
        title="Colours",
        description=f"Which colours the result has: the style's, the photo's (only brightness is painted), or {adapted}.",
        labels={
            "no": "From the style",
            "luminance": "Keep the photo's (luminance only)",
            "histogram": "Keep the photo's (matched histogram)",
        },
    )


def painted_size() -> Any:
    """The longer side, in pixels, at which a style is painted in steps."""
    return number(
        512,
        ge=64,
        le=2048,
        step=64,
        unit="px",
        title="Detail",
        description=(
            "Longer side at which the style is painted. More shows finer strokes and takes longer; the result always "
            "has the photo's full size."
        ),
    )


def stroke_scale(title: str) -> Any:
    """The size of strokes relative to those of the style picture."""
    return number(
        1.0,
        ge=LEAST_STROKE_SCALE,
        le=GREATEST_STROKE_SCALE,
        step=0.05,
        title=title,
        description=(
            "Size of the strokes relative to the picture: 1 as in the style picture when both are equally large, 2 "
            "twice as coarse."
        ),
    )
