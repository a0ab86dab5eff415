"""Make the manual's pictures of results: ``python docs/pictures/make.py [NAME…]``; photos from scikit-image, styles drawn here.

Names: overview, settings, regions, fast, any, doodle, portrait, harmonize, enhance, focus, dream, world, video, animation,
thumbnails; by default all of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import torch
from PIL import Image, ImageChops
from sheet import CELL, PORTRAIT_CELL, SMALL_CELL, cover, sheet, with_corner
from subjects import CUP_AT, against_the_light, balloon_flight, cup_cut_out, doodle_plan, photo, rocket_regions

from restyle.api import apply, apply_to_frames
from restyle.filters.deep_dream import Seen
from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle.pictures.image import Image as Picture

FOLDER = Path(__file__).parent
PLUGIN = FOLDER.parents[1] / "plugin" / "restyle" / "restyle_plugin"
THUMBNAILS = PLUGIN / "thumbnails"
STYLES = ("night", "glass", "paper")
ASTRONAUT = (80, 0, 400, 400)  # her head and shoulders
QUALITY = 88
VIDEO_STEP, VIDEO_FRAMES, DIFFERENCE_SHOWN = 3, 5, 3
THUMBNAIL = 96
THUMBNAIL_PHOTO_PX = 288

LOOKS = (("natural", "natural"), ("vivid", "vivid"), ("open shadows", "open-shadows"))
HEAD = (0, 0, 512, 384)
ROCKET_BOX = (281, 85, 346, 384)
SHAPES = (("round", "round"), ("six blades", "6"), ("cat's eye", "cats-eye"))

SETTINGS = (
    ("Strength 25", {"style_strength": 25.0}),
    ("Strength 75", {"style_strength": 75.0}),
    ("Stroke size 0.5", {"style_scale": 0.5}),
    ("Stroke size 2", {"style_scale": 2.0}),
    ("Photo's colours", {"preserve_colors": "luminance"}),
    ("Photo's palette, painted strokes", {"preserve_colors": "histogram"}),
)


def restyled(filter_id: str, original: Image.Image, **options: object) -> Image.Image:
    """What a filter makes of a picture."""
    picture = Picture.from_bytes(original.tobytes(), original.width, original.height, channels=3, dtype="u8")
    result = apply(filter_id, picture, **options)
    return Image.frombytes("RGB", original.size, result.to_bytes(channels=3, dtype="u8"))


def drawn(name: str) -> Path:
    """A style picture that comes with Restyle, or one drawn for this manual."""
    style = PLUGIN / "styles" / f"{name}.jpg"
    return style if style.exists() else FOLDER / f"{name}.jpg"


def overview() -> None:
    """Neural Style: two photos in three styles, each result with its style in a corner."""
    rows = []
    for name in ("astronaut", "rocket"):
        original = photo(name)
        results = [restyled("neural-style", original, styles=[drawn(s)]) for s in STYLES]
        painted = [with_corner(result, Image.open(drawn(s))) for result, s in zip(results, STYLES, strict=True)]
        rows.append([("photo", original), *zip(STYLES, painted, strict=True)])
    _save(sheet(rows), "overview")


def settings() -> None:
    """What Neural Style's settings do."""
    original = photo("astronaut")
    shown = [(label, restyled("neural-style", original, styles=[drawn("night")], **params)) for label, params in SETTINGS]
    _save(sheet([shown[:2], shown[2:4], shown[4:]]), "settings")


def regions() -> None:
    """Photo Style without regions, with ones found automatically, and with painted ones."""
    original, style = photo("rocket"), Image.open(drawn("dusk"))
    painted = rocket_regions(original.size)
    painted.save(FOLDER / "rocket-regions.png")
    guides = {"content_regions": FOLDER / "rocket-regions.png", "style_regions": [FOLDER / "dusk-regions.png"]}
    results = [
        (label, restyled("photo-style", original, styles=[drawn("dusk")], **options))
        for label, options in (("no regions", {"regions": "given"}), ("found automatically", {}), ("painted regions", guides))
    ]
    maps = [("the photo's regions", painted), ("the style's regions", Image.open(FOLDER / "dusk-regions.png"))]
    _save(sheet([[("photo", original), ("style", style), *results[:1]], [*maps, results[2]]]), "regions")
    _save(sheet([results]), "regions-compared")


def fast() -> None:
    """Fast Style: all styles in the box."""
    original = photo("coffee")
    cells = [(style.label, restyled("fast-style", original, style_name=name)) for name, style in SHIPPED_STYLES.items()]
    _save(sheet([cells[i : i + 4] for i in range(0, len(cells), 4)], SMALL_CELL), "fast")


def any_style() -> None:
    """Any Style: two photos in three styles."""
    rows = []
    for name in ("coffee", "astronaut"):
        original = photo(name)
        rows.append([("photo", original), *((s, restyled("any-style", original, styles=[drawn(s)])) for s in STYLES)])
    _save(sheet(rows, SMALL_CELL), "any")


def doodle() -> None:
    """Neural Doodle: a plan as a person paints it, and a picture of it by the night's hand."""
    plan = doodle_plan()
    plan.save(FOLDER / "doodle-plan.png")
    theirs = FOLDER / "night-regions.png"
    painted = restyled("neural-doodle", plan, styles=[drawn("night")], style_regions=[theirs])
    given = [("a painting", Image.open(drawn("night"))), ("its plan", Image.open(theirs))]
    _save(sheet([given, [("painted of the new plan", painted), ("a new plan", plan)]]), "doodle")


def portrait() -> None:
    """Head Portrait: the astronaut as a drawn head is painted; with the networks that see heads, if they are here."""
    theirs, original = FOLDER / "painted-head.jpg", photo("astronaut").crop(ASTRONAUT)
    painted = restyled("head-portrait", original, styles=[theirs])
    cells = [("photo", original), ("a painted head", Image.open(theirs)), ("painted as that head is", painted)]
    _save(sheet([cells], PORTRAIT_CELL), "portrait")


def harmonize() -> None:
    """Harmonize: a cup on a painted night."""
    night, cup = Image.open(drawn("night")).convert("RGB"), cup_cut_out()
    pasted = night.copy()
    pasted.paste(cup, CUP_AT, cup)
    cells = [("pasted", pasted)]
    for label, own in (("harmonized", 0), ("own colours 40", 40)):
        layer = Picture.from_bytes(cup.tobytes(), cup.width, cup.height, channels=4, dtype="u8")
        painted = apply("harmonize", layer, backdrop=drawn("night"), at=CUP_AT, keep_colors=own)
        painted_layer = Image.frombytes("RGBA", cup.size, painted.to_bytes(channels=4, dtype="u8"))
        result = night.copy()
        result.paste(painted_layer, CUP_AT, painted_layer)
        cells.append((label, result))
    _save(sheet([cells]), "harmonize")


def enhance() -> None:
    """Enhance Photo: a photo as a camera takes it that looks at the light behind, and the looks in the box."""
    dark = against_the_light(photo("astronaut"))
    looks = [(label, restyled("enhance-photo", dark, look=look)) for label, look in LOOKS]
    shown = [(label, picture.crop(HEAD)) for label, picture in (("photo, taken against the light", dark), *looks)]
    _save(sheet([shown[:2], shown[2:]]), "enhance")


def focus() -> None:
    """Focus: an astronaut who is found, and a rocket that is selected roughly, before lights of several shapes."""
    astronaut, rocket = photo("astronaut"), photo("rocket")
    selection = torch.zeros(1, 1, rocket.height, rocket.width)
    left, top, right, bottom = ROCKET_BOX
    selection[..., top:bottom, left:right] = 1
    lights = {"selection": selection, "falloff": 0.0, "highlights": 80.0}
    shapes = [(label, restyled("focus", rocket, shape=shape, **lights)) for label, shape in SHAPES]
    found = [("photo", astronaut), ("all but the person blurred", restyled("focus", astronaut))]
    shown = [(label, picture.crop(HEAD)) for label, picture in found]
    _save(sheet([[*shown, ("photo", rocket)], shapes]), "focus")


def world() -> None:
    """Change the World: two photos by the one published generator that could be had.

    It is in the wheel vintagify 0.1.2 (MIT): `restyle models import G_A2B_epoch33.pth --name Vintage` first.
    """
    rows = []
    for name in ("astronaut", "chelsea"):
        original = photo(name)
        made = [
            (f"scale {scale:g}", restyled("change-the-world", original, world="Vintage", scale=scale)) for scale in (1.0, 2.0)
        ]
        rows.append([("photo", original), *made])
    _save(sheet(rows), "world")


def dream() -> None:
    """DeepDream: what each layer sees in one photo, and what it dreams of another picture."""
    original = photo("chelsea")
    seen = get_args(Seen)
    cells = [(name, restyled("deep-dream", original, seen=name, features="compact")) for name in seen]
    guided = restyled("deep-dream", original, seen="scales", features="compact", guides=[drawn("glass")])
    _save(sheet([[("photo", original), *cells[:3]], [*cells[3:], ("scales, of glass", guided)]], SMALL_CELL), "dream")


def video() -> None:
    """A camera that goes to the right, frame by frame and held, and what changed beside the movement."""
    cat = photo("chelsea")
    width, height = CELL
    frames = [cat.crop((left, 0, left + width, height)) for left in range(0, VIDEO_STEP * VIDEO_FRAMES, VIDEO_STEP)]
    images = [Picture.from_bytes(frame.tobytes(), width, height, channels=3, dtype="u8") for frame in frames]
    alone = [apply("fast-style", image, style_name="great-wave") for image in images]
    held = list(apply_to_frames("fast-style", images, style_name="great-wave"))
    rows = [_two_frames(label, made[-2:]) for label, made in (("each frame alone", alone), ("restyle video", held))]
    _save(sheet(rows), "video")


def animation() -> None:
    """A balloon that flies over a photo, and the same frames painted as an animation."""
    frames = balloon_flight(cover(photo("chelsea"), CELL))
    images = [Picture.from_bytes(frame.tobytes(), *CELL, channels=3, dtype="u8") for frame in frames]
    painted = apply_to_frames("fast-style", images, style_name="great-wave", reference=images[0])
    made = [Image.frombytes("RGB", CELL, one.to_bytes(channels=3, dtype="u8")) for one in painted]
    labels = ["Background (80ms)", "Frame 2 (80ms) (combine)", "Frame 3 (80ms) (combine)"]
    played = [label.partition(" (combine)")[0] + " (replace)" for label in labels]
    _save(sheet([list(zip(labels, frames, strict=True)), list(zip(played, made, strict=True))]), "animation")


def _two_frames(label: str, made: list[Picture]) -> list[tuple[str, Image.Image]]:
    """Two frames, and by how much they differ where both show the same."""
    first, second = (Image.frombytes("RGB", (each.width, each.height), each.to_bytes(channels=3, dtype="u8")) for each in made)
    width, height = first.size
    inner = first.crop((VIDEO_STEP, 0, width, height)), second.crop((0, 0, width - VIDEO_STEP, height))
    changed = ImageChops.difference(*inner).point(lambda value: min(255, value * DIFFERENCE_SHOWN))
    return [(f"{label}: a frame", first), ("the next", second), ("what changed, but for the movement", changed)]


def thumbnails() -> None:
    """What the plug-in's dialog shows beside the name of a style in the box."""
    THUMBNAILS.mkdir(exist_ok=True)
    cat = cover(photo("chelsea").crop((90, 0, 390, 300)), (THUMBNAIL_PHOTO_PX, THUMBNAIL_PHOTO_PX))
    for name in SHIPPED_STYLES:
        painted = restyled("fast-style", cat, style_name=name)
        painted.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS).save(THUMBNAILS / f"{name}.jpg", quality=85)


def _save(picture: Image.Image, name: str) -> None:
    picture.save(FOLDER / f"{name}.jpg", quality=QUALITY)


PICTURES: dict[str, Callable[[], None]] = {
    "overview": overview,
    "settings": settings,
    "regions": regions,
    "fast": fast,
    "any": any_style,
    "doodle": doodle,
    "portrait": portrait,
    "harmonize": harmonize,
    "enhance": enhance,
    "focus": focus,
    "dream": dream,
    "world": world,
    "video": video,
    "animation": animation,
    "thumbnails": thumbnails,
}


def main() -> None:
    for name in sys.argv[1:] or PICTURES:
        PICTURES[name]()


if __name__ == "__main__":
    main()
