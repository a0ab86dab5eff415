"""Neural Style: any picture's style on any photo, by optimisation (Gatys, Ecker, Bethge 2016)."""

from typing import Annotated, Literal

from pydantic import Field

from restyle.filter import Filter, Input, InputKind
from restyle.guidance import REGIONS_INPUT, RegionSource, region_source
from restyle.params import Params, choice, number

__all__ = ["NEURAL_STYLE", "NeuralStyleParams"]

LayerWeights = dict[str, Annotated[float, Field(ge=0, le=1e6)]]


class NeuralStyleParams(Params):
    """Settings of Neural Style."""

    style_strength: float = number(
        50,
        ge=0,
        le=100,
        step=1,
        unit="%",
        title="Style strength",
        description=(
            "How far the photo turns into a painting. It sets the ratio of style_weight to content_weight (beta / "
            "alpha in the paper): every 25 points are a factor of ten."
        ),
    )
    style_scale: float = number(
        1.0,
        ge=0.25,
        le=4.0,
        step=0.05,
        title="Style scale",
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
    steps: int = number(
        70,
        ge=1,
        le=2000,
        step=10,
        title="Steps per scale",
        description=(
            "Optimisation steps at each scale, from coarse to fine. The finest scales need fewer and take a share of them."
        ),
        group="advanced",
    )
    init: Literal["content", "instant", "style_colors", "noise", "color"] = choice(
        "content",
        title="Start from",
        description="The picture that the optimisation starts from.",
        labels={
            "content": "The photo",
            "instant": "An instant painting (as in Any Style)",
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
    smoothness: float = number(
        10,
        ge=0,
        le=100,
        step=1,
        unit="%",
        title="Smoothness",
        description="Weight of the total variation: more gives calmer areas and fewer specks.",
        group="advanced",
    )
    features: Literal["compact", "vgg19"] = choice(
        "compact",
        title="Features",
        description=(
            "The network whose features describe content and style: the compact one is in the box and fast, VGG-19 "
            "is the paper's and must be fetched."
        ),
        labels={"compact": "Compact (in the box)", "vgg19": "VGG-19 (restyle models fetch vgg19)"},
        group="advanced",
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
    seed: int = number(
        0,
        ge=0,
        le=2**31 - 1,
        step=1,
        title="Seed",
        description="The same seed gives the same noise, and with all else equal the same picture.",
        group="advanced",
    )
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
    summary="Paint the photo in the style of any picture.",
    paper="L. A. Gatys, A. S. Ecker, M. Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016",
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
    params=NeuralStyleParams,
    method="restyle.filters.neural_style.method:stylize",
    weights=("compact-encoder", "any-style", "vgg19"),
)
