"""Photo Style: a photo in the light of another, without a bent line (after Luan, Paris, Shechtman, Bala 2017)."""

from typing import Literal

from restyle.contract.filter import Filter, Needs
from restyle.contract.inputs import Layer, Mask, Pictures
from restyle.contract.outputs import PHOTO
from restyle.contract.params import Params, choice, percent
from restyle.contract.settings import REGIONS, RegionSource, features, painted_size, region_source, seed, steps

__all__ = ["CONTENT", "PHOTO_STYLE", "SELECTION", "STYLES", "PhotoStyleParams"]


class PhotoStyleParams(Params):
    """Settings of Photo Style."""

    mode: Literal["fast", "best", "published"] = choice(
        "best",
        title="Mode",
        description=(
            "Fast fits smooth maps of colour on a thumbnail, in about a second. Best fits finer ones to the style, in "
            "seconds. As published follows the paper, takes minutes, and is for comparison."
        ),
        labels={"fast": "Fast", "best": "Best", "published": "As published (slow)"},
    )
    strength: float = percent(
        100, "Strength", "How far the photo's light and colours turn into the style's: 0 leaves the photo as it is."
    )
    structure: float = percent(
        50,
        "Structure",
        "Weight of photorealism: more keeps the photo's edges and contrasts as they are, less comes nearer to the style.",
    )
    sharpness: float = percent(
        50,
        "Sharpness kept",
        "Where the new light makes fine detail fainter, how much of it is given back; 100 keeps all of the photo's.",
    )
    refinement: float = percent(
        50,
        "Smooth skies",
        "How smooth neighbouring places are kept in what happens to their colours: more takes bands and blotches out of "
        "skies, less follows the style's small patches.",
        group="advanced",
    )
    working_size: int = painted_size(
        512,
        "Longer side at which photo and style are compared. The result always has the photo's full size and detail.",
        le=1536,
        group="advanced",
    )
    steps: int = steps(
        60,
        "How long each scale is worked on in the modes best and as published, from quick (20) to fine (100 and more).",
        le=2000,
        step=5,
    )
    features: Literal["compact", "vgg19"] = features(
        "The network whose features describe the style: the one in the box is fast, VGG-19 is the paper's and is "
        "downloaded once (575 MB).",
        automatic=False,
    )
    seed: int = seed("For the noise that the mode as published starts from; the other modes have no chance in them.")
    regions: RegionSource = region_source("auto")


CONTENT = Layer("content", "Photo", "The photo to change.")
STYLES = Pictures("styles", "Style photo", "The photo whose light and colours are taken.", guided=True)
SELECTION = Mask("selection", "Selection", "Where to change the photo; feathered edges stay feathered.")

PHOTO_STYLE = Filter(
    id="photo-style",
    title="Photo Style",
    menu_label="Photo Style…",
    menu_place=40,
    outputs=PHOTO,
    summary="Give a photo the light, weather or season of another photo; nothing in it bends.",
    paper="F. Luan, S. Paris, E. Shechtman, K. Bala: Deep Photo Style Transfer, CVPR 2017",
    inputs=(CONTENT, STYLES, SELECTION, REGIONS),
    params=PhotoStyleParams,
    method="restyle.filters.photo_style.method:transfer",
    needs=Needs(memory="restyle.filters.photo_style.method:working_bytes", held="change"),
)
