"""DeepDream: what a network sees in a photo, brought out in it (Mordvintsev, Olah, Tyka 2015)."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Pictures
from restyle.contract.params import Params, choice, number, percent
from restyle.contract.settings import CONTENT, FEATURES, SELECTION, painted_size, seed

__all__ = ["DEEP_DREAM", "GUIDE_PICTURE", "DeepDreamParams", "Seen"]

Seen = Literal["strokes", "eddies", "weave", "scales", "folds", "forms"]


class DeepDreamParams(Params):
    """Settings of DeepDream."""

    seen: Seen = choice(
        "forms",
        title="What is seen",
        description="What the dream finds everywhere in the photo, from what a brush leaves to what looks back at you.",
        labels={
            "strokes": "Strokes and spots",
            "eddies": "Eddies and outlines",
            "weave": "Woven patterns",
            "scales": "Beads and scales",
            "folds": "Folds and eyes",
            "forms": "Large forms and creatures",
        },
    )
    strength: float = percent(
        50, "Strength", "How far the photo turns into the dream: at 0 it stays as it is, at 100 little of it is left."
    )
    octaves: int = number(
        4,
        ge=1,
        le=10,
        step=1,
        title="Octaves",
        description="How many sizes of the same forms there are: one makes small ones only, more add ever larger ones.",
    )
    octave_zoom: float = number(
        1.4,
        ge=1.1,
        le=2.0,
        step=0.05,
        title="Zoom of octaves",
        description="How much larger the forms of the next octave are.",
    )
    colours: float = percent(
        60, "Colours", "How colourful the dream is: at 0 only light and shade dream and the photo keeps its hues."
    )
    working_size: int = painted_size()
    steps: int = number(
        10,
        ge=1,
        le=100,
        step=1,
        role="steps",
        title="Steps per octave",
        description="How often each octave is looked at. More steps draw forms out more fully and take longer.",
        group="advanced",
    )
    smoothness: float = percent(70, "Smoothness", "Little leaves fine engraving, much makes round, soft forms.", group="advanced")
    features: Literal["automatic", "compact", "vgg19", "googlenet"] = choice(
        "automatic",
        title="Dreamer",
        description=(
            "The network that dreams: the one in the box is fast; VGG-19 (575 MB to download) is what that one imitates, and "
            "slow; GoogLeNet (50 MB to download) is the one of the first dreams. Automatic takes it, else VGG-19, where they are "
            "here."
        ),
        labels=FEATURES | {"googlenet": "GoogLeNet"},
        weights={"vgg19": "vgg19", "googlenet": "googlenet"},
        better_with={"automatic": "googlenet"},
        group="advanced",
    )
    seed: int = seed("Forms lie a little differently with each seed.")


GUIDE_PICTURE = Pictures(
    "guides",
    "Dream of",
    "A picture to dream of: its own forms are what is looked for in the photo.",
    minimum=0,
    maximum=1,
)

DEEP_DREAM = Filter(
    id="deep-dream",
    title="DeepDream",
    menu_label="DeepDream…",
    menu_place=35,
    summary="Bring out what a network sees in the photo: eddies, scales, eyes, creatures.",
    paper="A. Mordvintsev, C. Olah, M. Tyka: Inceptionism: Going Deeper into Neural Networks, Google Research Blog 2015",
    inputs=(CONTENT, GUIDE_PICTURE, SELECTION),
    params=DeepDreamParams,
    method="restyle.filters.deep_dream.method:dream",
    needs=Needs(memory="restyle.filters.deep_dream.method:working_bytes", held="picture"),
)
