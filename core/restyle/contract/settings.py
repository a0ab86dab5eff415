"""Settings and inputs that several filters have in common, said once for all of them."""

from typing import Any, Literal

from restyle.contract.inputs import Layer, Mask, Pictures, Reference, RegionsInput
from restyle.contract.params import choice, number, percent

__all__ = [
    "CONTENT",
    "FEATURES",
    "GREATEST_STROKE_SCALE",
    "LEAST_STROKE_SCALE",
    "QUICK_STEPS",
    "REFERENCE",
    "REGIONS",
    "SELECTION",
    "SKY_NAMES",
    "STYLES",
    "SUBJECT_NAMES",
    "Mixing",
    "PreserveColors",
    "RegionSource",
    "color_preservation",
    "face_keeping",
    "features",
    "painted_size",
    "region_source",
    "seed",
    "steps",
    "strength_factor",
    "stroke_scale",
    "style_mixing",
]

PreserveColors = Literal["no", "luminance", "histogram"]
Mixing = Literal["blend", "regions"]
RegionSource = Literal["auto", "given"]

FEATURES = {"automatic": "Automatic", "compact": "The one in the box", "vgg19": "VGG-19"}
"""What networks are called whose features say what a picture is like."""

QUICK_STEPS = 8
"""Steps at the coarsest scale of a painting that is there at once; finer scales take a share of them."""

STRENGTH_PER_DECADE = 25.0
"""Of Strength, by which a style weighs ten times as much: from a photo with a trace of it to one that is all strokes."""

LEAST_STROKE_SCALE, GREATEST_STROKE_SCALE = 0.25, 4.0

CONTENT = Layer("content", "Photo", "The picture to work on.")

STYLES = Pictures(
    "styles",
    "Style",
    "One to four pictures whose style is taken, each with a weight.",
    maximum=4,
    weighted=True,
    guided=True,
    shared=True,
    offered=True,
)

SELECTION = Mask("selection", "Selection", "Where to paint; feathered edges stay feathered.")

SKY_NAMES = ("sky", "blue")
SUBJECT_NAMES = ("subject", "person", "people", "face", "animal", "red")
"""What regions are called, or painted in, that are one or the other."""

REGIONS = RegionsInput(
    "content_regions",
    "Regions",
    "Named parts of the photo and of each style: what is sky there guides what is sky here. A colour map or named masks.",
)

REFERENCE = Reference(
    "reference",
    "Same as",
    "A picture that stands for several layers or frames, so that all of them are painted with the same statistics.",
)


def color_preservation(adapted: str = "the style adapted to the photo's colours first") -> Any:
    """The setting `PreserveColors`; ``adapted`` says what "histogram" does."""
    return choice(
        "no",
        title="Colours",
        description=f"Which colours the result has: the style's, the photo's (only brightness is painted), or {adapted}.",
        labels={
            "no": "Style's colours",
            "luminance": "Photo's colours",
            "histogram": "Photo's palette, painted strokes",
        },
    )


def face_keeping() -> Any:
    """How firmly faces are held; 0 paints them as all the rest."""
    return percent(
        50,
        "Keep faces",
        "How much more of the photo stays in faces, so that one knows who it is; regions called face or person, too.",
    )


def features(description: str, *, automatic: bool) -> Any:
    """The network whose features say what a picture is like; ``automatic`` is a choice, and the default, where it is offered."""
    return choice(
        "automatic" if automatic else "compact",
        title="Features",
        description=description,
        labels={name: label for name, label in FEATURES.items() if automatic or name != "automatic"},
        weights={"vgg19": "vgg19"},
        better_with={"automatic": "vgg19"} if automatic else None,
        group="advanced",
    )


def painted_size(
    default: int = 512,
    description: str = "Longer side at which the style is painted. More shows finer strokes and takes longer; the result always "
    "has the photo's full size.",
    *,
    le: int = 2048,
    group: str = "",
) -> Any:
    """The longer side, in pixels, at which a method works."""
    return number(
        default, title="Detail", description=description, ge=64, le=le, step=64, unit="px", role="working_size", group=group
    )


def steps(
    default: int,
    description: str = "How long each scale is worked on, from quick (20) to fine (100 and more). Finer ones take a share of it.",
    *,
    le: int,
    step: int,
    group: str = "advanced",
) -> Any:
    """How many steps of the optimisation there are at the coarsest scale."""
    return number(
        default, title="Quality", description=description, ge=1, le=le, step=step, unit="steps", role="steps", group=group
    )


def strength_factor(strength: float) -> float:
    """By how much a style weighs more at a ``strength`` of 0..100 than at 50."""
    factor: float = 10 ** ((strength - 50) / STRENGTH_PER_DECADE)
    return factor


def stroke_scale(
    description: str = "Size of the strokes relative to the picture: 1 as in the style picture when both are equally large, 2 "
    "twice as coarse.",
    *,
    title: str = "Stroke size",
) -> Any:
    """The size of what is painted; the default relative to that in the style picture."""
    return number(1.0, ge=LEAST_STROKE_SCALE, le=GREATEST_STROKE_SCALE, step=0.05, title=title, description=description)


def seed(description: str) -> Any:
    """What chance begins with; ``description`` says where there is any."""
    return number(0, ge=0, le=2**31 - 1, step=1, role="seed", title="Seed", description=description, group="advanced")


def region_source(default: RegionSource) -> Any:
    """The setting that says what happens where no regions are given."""
    return choice(
        default,
        title="Regions",
        description="Where no regions are given, find them automatically, or treat each picture as a whole.",
        labels={"auto": "Found automatically where none are given", "given": "Only those that are given"},
        role="regions",
        dialog=False,
    )


def style_mixing() -> Any:
    """The setting that says how several styles share the photo."""
    return choice(
        "blend",
        title="Several styles",
        description=(
            "Whether several styles are mixed, or each has regions of the photo to itself: in the order of the regions, and the "
            "last style paints what is left."
        ),
        labels={"blend": "All styles mixed everywhere, by their weights", "regions": "Each style in a region of its own"},
        role="mixing",
    )
