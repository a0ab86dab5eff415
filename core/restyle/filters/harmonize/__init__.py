"""Harmonize: a cut-out photo on a painting, painted by the same hand (after Luan, Paris, Shechtman, Bala 2018)."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Backdrop, Layer, Mask
from restyle.contract.outputs import PictureOutput
from restyle.contract.params import Params, choice, percent
from restyle.contract.settings import painted_size, seed, steps, stroke_scale

__all__ = ["BACKDROP", "ELEMENT", "HARMONIZE", "SELECTION", "HarmonizeParams"]

ELEMENT = Layer("content", "Element", "The cut-out photo: what of the layer can be seen belongs to it.", is_cut_out=True)
BACKDROP = Backdrop("backdrop", "Painting", "What is visible beneath the element: the painting that it lies on.", carries=True)
SELECTION = Mask("selection", "Selection", "What of the layer belongs to the element, where not all that can be seen does.")


class HarmonizeParams(Params):
    """Settings of Harmonize."""

    mode: Literal["best", "published"] = choice(
        "best",
        title="Mode",
        description=(
            "Best moves colours first and holds the element's forms. As published follows the paper's two passes, takes longer, "
            "and is for comparison."
        ),
        labels={"best": "Best", "published": "As published (slow)"},
    )
    strength: float = percent(
        50, "Strength", "How far the element is painted over: less keeps it like the photo, more gives it up to the brush."
    )
    brush_size: float = stroke_scale()
    keep_colors: float = percent(
        0, "Own colours", "How much the element keeps of its own colours: at 0 it has the painting's, at 100 its own."
    )
    edge_softness: float = percent(
        25, "Edge softness", "How far brush strokes go across the element's edge, and how softly they end in the painting."
    )
    working_size: int = painted_size(
        768,
        "Longer side at which the element and what is around it are painted. More shows finer strokes on large elements and "
        "takes longer; the result always has the element's full size.",
    )
    steps: int = steps(50, le=1000, step=10)
    seed: int = seed("Another seed sets the strokes a little differently.")


HARMONIZE = Filter(
    id="harmonize",
    title="Harmonize",
    menu_label="Harmonize…",
    menu_place=37,
    summary="Paint a cut-out photo as the painting is painted that it lies on.",
    paper="F. Luan, S. Paris, E. Shechtman, K. Bala: Deep Painterly Harmonization, EGSR 2018",
    inputs=(ELEMENT, BACKDROP, SELECTION),
    params=HarmonizeParams,
    outputs=(PictureOutput("result", "Result", alpha="own"),),
    method="restyle.filters.harmonize.method:harmonize",
    needs=Needs(sees_whole=True, memory="restyle.filters.harmonize.method:working_bytes"),
)
