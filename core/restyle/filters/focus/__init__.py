"""Focus: the shallow depth of field of a fast lens, for photos that are sharp all over."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Layer, Mask, RegionsInput
from restyle.contract.outputs import PHOTO
from restyle.contract.params import Params, choice, percent
from restyle.contract.settings import SUBJECT_NAMES

__all__ = [
    "CONTENT",
    "DISTANCE_NAMES",
    "FOCUS",
    "INSIDE",
    "LINE_NAMES",
    "REGIONS",
    "SELECTION",
    "FocusParams",
    "Shape",
    "Subject",
]

INSIDE = "inside"
"""What a layer's mask shows, as the plug-in calls it."""

DISTANCE_NAMES = ("distance", "depth")
LINE_NAMES = ("line", "ground line")

Shape = Literal["round", "cats-eye", "5", "6", "7", "8", "9"]
Subject = Literal["auto", "person", "thing", "none"]


class FocusParams(Params):
    """Settings of Focus. Nothing is random: the same photo gives the same picture, so there is no seed."""

    blur: float = percent(
        40, "Blur", "How far what is far away is blurred, as by a lens that is opened wider; at 0 the photo stays as it is."
    )
    falloff: float = percent(
        40,
        "Falloff",
        "How slowly the ground behind and before the subject goes out of focus: at 0 all but the subject is blurred alike, "
        "at 100 the blur is full at the picture's upper edge only. Where no ground is seen it changes nothing.",
    )
    shape: Shape = choice(
        "round",
        title="Shape",
        description=(
            "What lights out of focus look like: round discs, discs that the lens's barrel cuts to a cat's eye towards the "
            "corners, or polygons of as many blades as the lens's opening has."
        ),
        labels={
            "round": "Round",
            "cats-eye": "Cat's eye",
            "5": "Five blades",
            "6": "Six blades",
            "7": "Seven blades",
            "8": "Eight blades",
            "9": "Nine blades",
        },
    )
    highlights: float = percent(
        40,
        "Highlights",
        "How brightly lights and glints bloom into discs: a photo's white says nothing of how bright they were. At 0 they "
        "are no brighter than white paper.",
    )
    subject: Subject = choice(
        "auto",
        title="Subject",
        description=(
            "What stays sharp where nothing is selected and no region is called subject, person, animal or face (or painted "
            "red): who is in the photo, else what stands out in it; or nothing but what is as far away as the ground line."
        ),
        labels={
            "auto": "Found: a person, else what stands out",
            "person": "Found: a person",
            "thing": "Found: what stands out",
            "none": "Nothing but the ground line",
        },
    )
    edge: float = percent(
        50,
        "Edge",
        "How far on either side of the subject's outline hair, fur and leaves are looked for; at 0 the outline stays as it "
        "was selected.",
    )
    ground_line: float = percent(
        0,
        "Ground line",
        "How far down in the picture the ground is as far away as the subject; at 0 where a region called line was drawn, "
        "else where the subject ends below.",
        group="advanced",
    )


CONTENT = Layer("content", "Photo", "The photo to blur.")
SELECTION = Mask(
    "selection",
    "Selection",
    "What stays sharp, roughly: hair and leaves at its edge are found. Without one the subject is found.",
    cuts=False,
)
REGIONS = RegionsInput(
    "content_regions",
    "Regions",
    "What stays sharp: a region called subject, person, animal or face, or painted red. One called distance, from black to "
    "white, says how far away all else is; one called line where the ground is as far away as the subject.",
    names=(*SUBJECT_NAMES, INSIDE, *DISTANCE_NAMES, *LINE_NAMES),
)

FOCUS = Filter(
    id="focus",
    title="Focus",
    menu_label="Focus…",
    menu_place=55,
    outputs=PHOTO,
    summary="Blur all but the subject, as a fast lens does.",
    paper="after N. Wadhwa et al.: Synthetic Depth-of-Field with a Single-Camera Mobile Phone, SIGGRAPH 2018",
    inputs=(CONTENT, SELECTION, REGIONS),
    params=FocusParams,
    method="restyle.filters.focus.method:focus",
    needs=Needs(sees_whole=True, is_quick=True),
)
