"""Animations in real GIMPs: files that Pillow writes are opened, painted as frames, and play."""

from __future__ import annotations

from pathlib import Path

import pytest
import skimage.data
from PIL import Image, ImageDraw
from tests.gimp.inside import GIMPS, Outcome, check_names, outcome_in

MODULES = ("filter_animation",)
DURATIONS_MS = (80, 120, 200)
SIZE = 96, 64


def scenes() -> list[Image.Image]:
    """A disc that goes over a photo."""
    photo = Image.fromarray(skimage.data.chelsea()).crop((120, 60, 120 + SIZE[0], 60 + SIZE[1]))
    found = []
    for number in range(len(DURATIONS_MS)):
        scene = photo.copy()
        left = 6 + 8 * number
        ImageDraw.Draw(scene).ellipse((left, 8, left + 20, 28), fill=(230, 30, 40), outline=(20, 20, 60))
        found.append(scene)
    return found


def sprites() -> list[Image.Image]:
    """A disc alone, with nothing around it."""
    found = []
    for number in range(len(DURATIONS_MS)):
        sprite = Image.new("RGBA", SIZE, (0, 0, 0, 0))
        left = 10 + 20 * number
        ImageDraw.Draw(sprite).ellipse((left, 16, left + 30, 46), fill=(40, 160, 60, 255), outline=(250, 220, 60, 255))
        found.append(sprite)
    return found


def write_animations(folder: Path) -> None:
    """Files, and beside them their frames as a player shows them."""
    folder.mkdir()
    palette = scenes()[0].quantize(200)
    given = {
        "combined.gif": ([scene.quantize(palette=palette) for scene in scenes()], {"disposal": 1}),
        "replaced.gif": (sprites(), {"disposal": 2}),
        "scenes.webp": (scenes(), {"lossless": True}),
        "scenes.png": (scenes(), {}),
    }
    for name, (frames, options) in given.items():
        path = folder / name
        frames[0].save(path, save_all=True, append_images=frames[1:], duration=list(DURATIONS_MS), loop=0, **options)
        with Image.open(path) as played:
            for number in range(played.n_frames):
                played.seek(number)
                played.convert("RGBA").save(folder / f"{name}.{number}.png")


@pytest.fixture(scope="module", params=GIMPS)
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What a GIMP said, and what came of each check."""
    folder = tmp_path_factory.mktemp("animations")
    write_animations(folder / "pictures")
    return outcome_in(request.param, folder, MODULES, {"RESTYLE_TEST_PICTURES": str(folder / "pictures")})


@pytest.mark.parametrize("name", check_names(MODULES))
def test_inside_gimp(outcome: Outcome, name: str) -> None:
    output, results = outcome
    assert name in results, output
    assert results[name] is None, results[name]
