"""Any Style: the style of any picture at once."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.params import Params, choice, percent
from restyle.contract.settings import (
    CONTENT,
    QUICK_STEPS,
    REFERENCE,
    REGIONS,
    SELECTION,
    STYLES,
    Mixing,
    PreserveColors,
    RegionSource,
    color_preservation,
    face_keeping,
    painted_size,
    region_source,
    steps,
    stroke_scale,
    style_mixing,
)

__all__ = ["ANY_STYLE", "AnyStyleParams"]


class AnyStyleParams(Params):
    """Settings of Any Style."""

    mixing: Mixing = style_mixing()
    strength: float = percent(
        100, "Strength", "How far the photo turns into a painting: at 0 it stays as it is, at 100 it has all of the style."
    )
    style_scale: float = stroke_scale()
    preserve_colors: PreserveColors = color_preservation()
    keep_faces: float = face_keeping()
    working_size: int = painted_size()
    steps: int = steps(
        QUICK_STEPS,
        "From quick (6) to fine (15 and more): how long Restyle works on each scale. More brings out more of the strokes, "
        "and takes longer.",
        le=100,
        step=1,
        group="",
    )
    painter: Literal["restyle", "microast", "magenta"] = choice(
        "restyle",
        title="Painter",
        description=(
            "Who paints: Restyle, or a published network that paints in one pass and is downloaded once. Those take no steps, "
            "and of regions only that each may have a style of its own; they paint each layer by itself, and their strokes are "
            "as large as they learned them, not as in the style picture."
        ),
        labels={
            "restyle": "Restyle (in the box)",
            "microast": "MicroAST",
            "magenta": "Magenta's",
        },
        weights={"microast": "any-style-microast", "magenta": "any-style-magenta"},
        group="advanced",
    )
    regions: RegionSource = region_source("given")


ANY_STYLE = Filter(
    id="any-style",
    title="Any Style",
    menu_label="Any Style…",
    menu_place=20,
    summary="Paint the photo in the style of any picture, at once.",
    paper=(
        "L. A. Gatys, A. S. Ecker, M. Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016, "
        "in a dozen steps; or G. Ghiasi et al.: Exploring the Structure of a Real-Time, Arbitrary Neural Artistic Stylization "
        "Network, BMVC 2017; Z. Wang et al.: MicroAST, AAAI 2023"
    ),
    inputs=(CONTENT, STYLES, SELECTION, REGIONS, REFERENCE),
    params=AnyStyleParams,
    method="restyle.filters.any_style.method:stylize",
    needs=Needs(memory="restyle.filters.any_style.method:working_bytes", is_quick=True, held="picture"),
)
