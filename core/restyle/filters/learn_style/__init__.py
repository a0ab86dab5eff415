"""Learn a Style: makes a Fast Style out of any picture, starting from the styles in the box (Dumoulin et al. 2017)."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Layer, Pictures
from restyle.contract.params import Params, folder, number, percent, text
from restyle.contract.settings import SELECTION, features, seed, stroke_scale

__all__ = ["CONTENT", "LEARN_A_STYLE", "STYLES", "LearnStyleParams"]


class LearnStyleParams(Params):
    """Settings of Learn a Style."""

    name: str = text(
        "My style",
        least=1,
        most=60,
        title="Name",
        description="What the style is called in Fast Style's list; where another picture's is called so, it gets a number.",
    )
    minutes: float = number(
        8,
        ge=0.05,
        le=240,
        step=1,
        unit="min",
        role="steps",
        title="Time",
        description="How long to learn. What was learned is kept when you stop, and the same picture goes on from there.",
    )
    style_strength: float = percent(
        50, "Strength", "How far photos shall turn into paintings: at 100 the style counts four times as much as at 50."
    )
    style_scale: float = stroke_scale(
        "Size of the strokes: 2 is twice as coarse. Fast Style can change it later too, within limits."
    )
    photos: str = folder("Photos", "A folder of photos to learn on. Without one, this picture and four photos in the box serve.")
    features: Literal["compact", "vgg19"] = features(
        "The network whose features describe content and style: the one in the box is fast, VGG-19 is the paper's, sixteen times "
        "the work, and is downloaded once (575 MB).",
        automatic=False,
    )
    seed: int = seed("Of the order of the photos that are learned on.")


CONTENT = Layer("content", "Photo", "The picture to show the style on while it is learned.")
STYLES = Pictures("styles", "Style", "The picture whose style is learned.", offered=True)

LEARN_A_STYLE = Filter(
    id="learn-a-style",
    title="Learn a Style",
    menu_label="Learn a Style…",
    menu_place=60,
    summary="Make a Fast Style out of any picture; it appears in Fast Style's list.",
    paper="V. Dumoulin, J. Shlens, M. Kudlur: A Learned Representation For Artistic Style, ICLR 2017",
    inputs=(CONTENT, STYLES, SELECTION),
    params=LearnStyleParams,
    method="restyle.filters.learn_style.method:learn_style",
    needs=Needs(warm_up=False, stays=True),
)
