"""Head Portrait: a photo of a head in the style of a painted head, feature by feature (Selim, Elgharib, Doyle 2016)."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Pictures
from restyle.contract.params import Params, choice, percent
from restyle.contract.settings import CONTENT, REGIONS, SELECTION, PreserveColors, color_preservation, painted_size, steps

__all__ = ["HEAD_PORTRAIT", "PAINTED_HEAD", "HeadPortraitParams"]

PAINTED_HEAD = Pictures(
    "styles",
    "Painted head",
    "A painting of a head: its eyes become the photo's eyes, its cheeks the photo's cheeks.",
    guided=True,
)


class HeadPortraitParams(Params):
    """Settings of Head Portrait."""

    style_strength: float = percent(
        50,
        "Strength",
        "How far the head turns into a painting: less keeps more of the photo, more gives it up to the brush.",
    )
    likeness: float = percent(
        50, "Likeness", "How firmly the person's own features are held: more, and one knows who it is; less, and they loosen."
    )
    light: float = percent(
        60,
        "Light and colours of the painted face",
        "How much the face is lit and coloured as the painted one, place by place; at 0 only strokes are taken.",
    )
    background: Literal["painted", "kept"] = choice(
        "painted",
        title="Around the head",
        description="Whether what surrounds the head is painted as well, or left as it is in the photo.",
        labels={"painted": "Painted", "kept": "Left alone"},
    )
    preserve_colors: PreserveColors = color_preservation()
    working_size: int = painted_size()
    steps: int = steps(40, le=1000, step=10)
    alignment: Literal["automatic", "features"] = choice(
        "automatic",
        title="How heads are laid on one another",
        description=(
            "By the landmarks of both faces, found by two small networks where they have been downloaded; else, or always, by "
            "what a face usually looks like and what resembles each other."
        ),
        labels={"automatic": "By landmarks, where they can be found", "features": "By resemblance only"},
        better_with={"automatic": ("head-portrait-faces", "head-portrait-landmarks")},
        group="advanced",
    )


HEAD_PORTRAIT = Filter(
    id="head-portrait",
    title="Head Portrait",
    menu_label="Head Portrait…",
    menu_place=34,
    summary="Paint a photo of a head as a painted head is, feature by feature; the person stays the person.",
    paper="A. Selim, M. Elgharib, L. Doyle: Painting Style Transfer for Head Portraits using Convolutional Neural Networks, 2016",
    inputs=(CONTENT, PAINTED_HEAD, SELECTION, REGIONS),
    params=HeadPortraitParams,
    method="restyle.filters.head_portrait.method:paint_heads",
    needs=Needs(memory="restyle.filters.head_portrait.method:working_bytes", held="picture"),
)
