"""Neural Doodle: a plan in flat colours becomes a painting (Champandard 2016), the plan being the layer itself."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Layer, Pictures
from restyle.contract.params import Params, choice, model, percent
from restyle.contract.settings import SELECTION, painted_size, seed, stroke_scale
from restyle.models.entries import PLANS_FOLDER

__all__ = ["NEURAL_DOODLE", "PLAN", "STYLES", "NeuralDoodleParams"]


class NeuralDoodleParams(Params):
    """Settings of Neural Doodle."""

    mode: Literal["best", "published"] = choice(
        "best",
        title="Mode",
        description=(
            "Best pieces the picture together of the painting's own strokes and works it over. As published follows the paper "
            "from noise, is softer, and is for comparison."
        ),
        labels={"best": "Best", "published": "As published"},
    )
    painter: str = model(
        "",
        title="Painter",
        description=(
            "Who paints: Restyle, by the painting that you choose as the style, or a network that has learned a painting with "
            "its plan and that you have imported. Such a one paints at once and takes no style, variety, plan kept or brushwork."
        ),
        labels={"": "Restyle"},
        folder=PLANS_FOLDER,
    )
    style_scale: float = stroke_scale()
    variety: float = percent(
        50,
        "Variety",
        "How evenly all parts of the painting are used: more shows fewer repetitions, less puts together larger pieces that "
        "fit better.",
    )
    plan_strength: float = percent(
        50,
        "Plan kept",
        "How strictly each place takes what lies as far from the same borders in the painting: more follows the plan to the "
        "pixel, less lets strokes go across.",
    )
    brushwork: float = percent(
        50,
        "Brushwork",
        "How long the finished picture is worked over, so that canvas, strokes and colours of each region are the "
        "painting's; at 0 it is pieced together only, which is quicker and a little softer.",
    )
    working_size: int = painted_size()
    seed: int = seed("The same seed gives the same picture; another one another picture of the same plan.")


PLAN = Layer("content", "Plan", "What shall be where, in a few flat colours; there is no photo.")
STYLES = Pictures(
    "styles",
    "Style",
    "The painting in whose style the plan is painted, with its own plan in the same colours; an imported painter needs none.",
    guided=True,
    minimum=0,
    unless="painter",
)

NEURAL_DOODLE = Filter(
    id="neural-doodle",
    title="Neural Doodle",
    menu_label="Neural Doodle…",
    menu_place=36,
    summary="Paint a picture of a plan in flat colours: river where it is blue, trees where it is green, as in a painting.",
    paper="A. J. Champandard: Semantic Style Transfer and Turning Two-Bit Doodles into Fine Artworks, 2016",
    inputs=(PLAN, STYLES, SELECTION),
    params=NeuralDoodleParams,
    method="restyle.filters.neural_doodle.method:paint_plan",
    needs=Needs(memory="restyle.filters.neural_doodle.method:working_bytes"),
)
