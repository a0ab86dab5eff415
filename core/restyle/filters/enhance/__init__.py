"""Enhance Photo: a phone photo that looks like a good camera's (Ignatov et al. 2017)."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Layer, Mask, RegionsInput
from restyle.contract.outputs import PHOTO
from restyle.contract.params import Params, choice, percent
from restyle.contract.settings import SKY_NAMES, SUBJECT_NAMES, RegionSource, region_source

__all__ = ["CONTENT", "ENHANCE_PHOTO", "REGIONS", "SELECTION", "EnhancePhotoParams"]


class EnhancePhotoParams(Params):
    """Settings of Enhance Photo. Nothing is random: the same photo gives the same picture, so there is no seed."""

    look: Literal["natural", "vivid", "open-shadows", "dped-iphone", "dped-sony", "dped-blackberry", "adaptive-lut"] = choice(
        "natural",
        title="Look",
        description=(
            "Three are in the box: natural has the light, colours and detail of a good camera and opens dark shadows, "
            "vivid has more colour and contrast, open shadows brightens the dark parts further and leaves colours alone. "
            "The others are downloaded once: DPED's own networks, one for each phone, and the image-adaptive 3D lookup "
            "table, which changes light and colour only."
        ),
        labels={
            "natural": "Natural (in the box)",
            "vivid": "Vivid (in the box)",
            "open-shadows": "Open shadows (in the box)",
            "dped-iphone": "DPED iPhone",
            "dped-sony": "DPED Sony",
            "dped-blackberry": "DPED BlackBerry",
            "adaptive-lut": "3D lookup table",
        },
        weights={name: name for name in ("dped-iphone", "dped-sony", "dped-blackberry", "adaptive-lut")},
    )
    strength: float = percent(
        100,
        "Strength",
        "How far the photo is changed: at 0 it stays as it is, above 100 it is changed more than it needs.",
        le=150,
    )
    change: Literal["everything", "light_and_colour"] = choice(
        "everything",
        title="Change",
        description="Whether detail (sharpness, noise, traces of JPEG) is improved as well as light and colour.",
        labels={"everything": "Light, colour and detail", "light_and_colour": "Light and colour only"},
    )
    protect_skin: float = percent(
        50, "Protect skin", "How far colours of skin are kept from growing stronger, and skin from being sharpened."
    )
    protect_highlights: float = percent(
        50, "Protect highlights", "How far the brightest parts are kept from growing still brighter."
    )
    denoise: float = percent(
        0, "Denoise before", "How much of the photo's noise is taken out before anything else; how strong it is, is measured."
    )
    subject: float = percent(
        100,
        "On the subject",
        "How far the subject is changed, of the strength: what a region called subject, person, animal or face says, or one "
        "painted red; without regions, people and animals where a segmentation network was fetched, else all but the sky.",
        le=150,
        group="advanced",
    )
    sky: float = percent(
        100,
        "In the sky",
        "How far the sky is changed, of the strength: a region called sky, one painted blue, or what is found.",
        le=150,
        group="advanced",
    )
    regions: RegionSource = region_source("auto")


CONTENT = Layer("content", "Photo", "The photo to enhance.")
SELECTION = Mask(
    "selection",
    "Selection",
    "Where to enhance; light and colour are judged by the whole photo. Feathered edges stay feathered.",
)
REGIONS = RegionsInput(
    "content_regions",
    "Regions",
    "Where subject and sky are, for a strength of their own. A colour map (red and blue) or named masks.",
    names=(*SUBJECT_NAMES, *SKY_NAMES),
)

ENHANCE_PHOTO = Filter(
    id="enhance-photo",
    title="Enhance Photo",
    menu_label="Enhance Photo…",
    menu_place=50,
    outputs=PHOTO,
    summary="Make a phone photo look like a good camera's.",
    paper=(
        "A. Ignatov, N. Kobyshev, R. Timofte, K. Vanhoey, L. Van Gool: DSLR-Quality Photos on Mobile Devices with Deep "
        "Convolutional Networks, ICCV 2017"
    ),
    inputs=(CONTENT, SELECTION, REGIONS),
    params=EnhancePhotoParams,
    method="restyle.filters.enhance.method:enhance",
    needs=Needs(sees_whole=True, is_quick=True, held="change"),
)
