"""Fast Style: paintings in one pass, by networks that have learned their styles (Johnson et al. 2016, Ulyanov et al. 2016)."""

from restyle.contract.filter import Filter, Needs
from restyle.contract.params import Params, model, percent
from restyle.contract.settings import (
    CONTENT,
    REFERENCE,
    SELECTION,
    PreserveColors,
    color_preservation,
    face_keeping,
    stroke_scale,
)
from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle.models.entries import STYLES_FOLDER

__all__ = ["FAST_STYLE", "FastStyleParams"]


_LABELS = {name: style.label for name, style in SHIPPED_STYLES.items()}


class FastStyleParams(Params):
    """Settings of Fast Style."""

    style_name: str = model(
        "starry-night",
        title="Style",
        description="The style to paint in: one in the box, or the name of a model that you have learned, fetched or imported.",
        labels=_LABELS,
        folder=STYLES_FOLDER,
    )
    second_style: str = model(
        "",
        title="Mixed with",
        description="A second style, which is mixed into the first.",
        labels={"": "None", **_LABELS},
        folder=STYLES_FOLDER,
    )
    second_share: float = percent(
        50,
        "Share of the second",
        "How much of the mixture is the second style; it counts only where there is one.",
        matters_with="second_style",
    )
    stroke_size: float = stroke_scale(
        "Size of the strokes: 1 suits the size of the picture, 2 is twice as coarse and four times as fast; the result "
        "always has the photo's full size."
    )
    strength: float = percent(100, "Strength", "How much of the result is painting; the rest is the photo.")
    preserve_colors: PreserveColors = color_preservation("the painting's adapted to the photo's")
    keep_faces: float = face_keeping()


FAST_STYLE = Filter(
    id="fast-style",
    title="Fast Style",
    menu_label="Fast Style…",
    menu_place=10,
    summary="Paint the photo at once, in a style that a network has learned.",
    paper=(
        "J. Johnson, A. Alahi, L. Fei-Fei: Perceptual Losses for Real-Time Style Transfer and Super-Resolution, ECCV 2016; "
        "D. Ulyanov et al.: Texture Networks, ICML 2016; V. Dumoulin, J. Shlens, M. Kudlur: A Learned Representation For "
        "Artistic Style, ICLR 2017"
    ),
    inputs=(CONTENT, SELECTION, REFERENCE),
    params=FastStyleParams,
    method="restyle.filters.fast_style.method:stylize",
    needs=Needs(is_quick=True, held="picture"),
)
