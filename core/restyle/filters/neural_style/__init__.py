"""Neural Style: any picture's style on any photo, by optimisation (Gatys, Ecker, Bethge 2016)."""

from typing import Annotated, Literal

from pydantic import Field

from restyle.contract.filter import Filter, Needs
from restyle.contract.params import Params, choice, percent
from restyle.contract.settings import (
    CONTENT,
    REGIONS,
    SELECTION,
    STYLES,
    Mixing,
    PreserveColors,
    RegionSource,
    color_preservation,
    face_keeping,
    features,
    painted_size,
    region_source,
    seed,
    steps,
    stroke_scale,
    style_mixing,
)

__all__ = ["NEURAL_STYLE", "NeuralStyleParams"]

LayerWeights = dict[str, Annotated[float, Field(ge=0, le=1e6)]]


class NeuralStyleParams(Params):
    """Settings of Neural Style."""

    mixing: Mixing = style_mixing()
    style_strength: float = percent(
        50,
        "Strength",
        "How far the photo turns into a painting: little keeps it and tints it, much lets its shapes dissolve into strokes.",
    )
    style_scale: float = stroke_scale()
    preserve_colors: PreserveColors = color_preservation()
    keep_faces: float = face_keeping()
    working_size: int = painted_size()
    steps: int = steps(40, le=2000, step=10)
    init: Literal["instant", "content", "style_colors", "noise", "color"] = choice(
        "style_colors",
        title="Start from",
        description=(
            "The picture that the optimisation starts from. From an instant painting only the finest scale is left to do."
        ),
        labels={
            "instant": "An instant painting (as in Any Style)",
            "content": "The photo",
            "style_colors": "The photo in the style's colours",
            "noise": "Noise",
            "color": "A flat colour",
        },
        group="advanced",
    )
    init_color: str = Field(
        "#808080",
        pattern="^#[0-9a-fA-F]{6}$",
        title="Flat colour",
        description="The colour to start from when starting from a flat colour.",
        json_schema_extra={"kind": "color", "group": "advanced", "dialog": True},
    )
    smoothness: float = percent(
        10, "Smoothness", "Weight of the total variation: more gives calmer areas and fewer specks.", group="advanced"
    )
    features: Literal["automatic", "compact", "vgg19"] = features(
        "The network whose features describe content and style: the one in the box is fast, VGG-19 is the paper's, paints "
        "more faithfully, takes several times as long and is downloaded once (575 MB). Automatic takes VGG-19 "
        "where it is here.",
        automatic=True,
    )
    pooling: Literal["max", "average"] = choice(
        "max",
        title="Pooling",
        description="How the network's feature maps shrink; the paper found average pooling slightly smoother.",
        labels={"max": "Max", "average": "Average"},
        group="advanced",
    )
    optimizer: Literal["lbfgs", "adam"] = choice(
        "adam",
        title="Optimizer",
        description="L-BFGS as in the paper, or Adam.",
        labels={"lbfgs": "L-BFGS", "adam": "Adam"},
        group="advanced",
    )
    regions: RegionSource = region_source("given")
    seed: int = seed("The same seed gives the same noise, and with all else equal the same picture.")
    content_layer_weights: LayerWeights = Field(
        default_factory=dict,
        title="Content layer weights",
        description=(
            "Weights of the layers whose features keep the content, by layer name; empty for the default "
            "(VGG-19: relu4_2, the paper's conv4_2)."
        ),
        json_schema_extra={"kind": "map", "group": "advanced", "dialog": False},
    )
    style_layer_weights: LayerWeights = Field(
        default_factory=dict,
        title="Style layer weights",
        description=(
            "Weights of the layers whose Gram matrices describe the style, by layer name; empty for the default "
            "(VGG-19: relu1_1, relu2_1, relu3_1, relu4_1, relu5_1, as in the paper)."
        ),
        json_schema_extra={"kind": "map", "group": "advanced", "dialog": False},
    )


NEURAL_STYLE = Filter(
    id="neural-style",
    title="Neural Style",
    menu_label="Neural Style…",
    menu_place=30,
    summary="Paint the photo in the style of any picture.",
    paper="L. A. Gatys, A. S. Ecker, M. Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016",
    inputs=(CONTENT, STYLES, SELECTION, REGIONS),
    params=NeuralStyleParams,
    method="restyle.filters.neural_style.method:stylize",
    needs=Needs(memory="restyle.filters.neural_style.method:working_bytes", held="picture"),
)
