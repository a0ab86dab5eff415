"""Frames in order: what stands still is still, what moves is moved along, and a new scene begins anew."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import skimage.data
import torch
from torch.nn import functional as F

from restyle.api import apply_to_frames
from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.outputs import PictureOutput
from restyle.contract.request import Use
from restyle.engine.sequence import Sequence, flow, sequence_of
from restyle.engine.sequence.movement import Movement
from restyle.engine.sequence.source import MOST_FRAMES, Source
from restyle.filters import find_filter
from restyle.host.device import pick_device
from restyle.pictures.image import Image

HEIGHT, WIDTH = 96, 128


@pytest.fixture(scope="module")
def photo():
    samples = skimage.data.chelsea().astype(np.float32) / 255
    return torch.from_numpy(samples).permute(2, 0, 1)[None].contiguous()


@pytest.fixture
def context():
    return Context(pick_device("cpu"))


def panned(photo, count, step=2):
    """Frames of a camera that goes ``step`` pixels to the right."""
    return [Image(photo[:, :, 60 : 60 + HEIGHT, 80 + step * i : 80 + step * i + WIDTH].contiguous()) for i in range(count)]


def painter(strength=0.15):
    """Paints strokes over the frame, each time other ones."""
    generator = torch.Generator().manual_seed(0)

    def make(frame, context):
        strokes = F.avg_pool2d(torch.randn(1, 3, HEIGHT, WIDTH, generator=generator), 3, 1, 1) * 3
        return Image((0.25 + 0.5 * frame.pixels + strength * strokes).clamp(0, 1), frame.alpha)

    return make


def flicker(made, step):
    squares = [(now.pixels[..., :-step] - before.pixels[..., step:]).square().mean() for before, now in pairwise(made)]
    return float(torch.stack(squares).mean().sqrt())


def detail(image):
    return float((image.pixels - F.avg_pool2d(image.pixels, 5, 1, 2)).std())


def test_a_still_scene_is_the_very_same_picture(photo, context):
    frame = panned(photo, 1)[0]
    sequence = Sequence(painter(), "picture", context)
    first = sequence.next(frame)
    for _ in range(3):
        assert torch.equal(sequence.next(Image(frame.pixels.clone())).pixels, first.pixels)


def test_strokes_go_with_what_they_are_painted_on_and_stay_as_rich(photo, context):
    frames = panned(photo, 6)
    make = painter()
    alone = [make(frame, context) for frame in frames]
    sequence = Sequence(painter(), "picture", context)
    held = [sequence.next(frame) for frame in frames]
    assert flicker(held, 2) < flicker(alone, 2) / 2
    assert detail(held[-1]) == pytest.approx(detail(alone[-1]), rel=0.1)
    assert sequence.cuts == 0


def half_a_pixel():
    """A movement of everything by half a pixel to the left."""
    plane = torch.ones(1, 1, HEIGHT, WIDTH)
    return Movement(torch.cat([plane / 2, plane * 0], 1), plane, plane * 0)


def test_paint_is_as_sharp_after_many_frames_as_where_it_was_made():
    painting = torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0))
    source, carried = Source.of(painting, torch.ones(1, 1, HEIGHT, WIDTH)), painting
    for _ in range(6):
        movement = half_a_pixel()
        source, carried = source.after(movement), movement.moved(carried)
    assert torch.allclose(source.over(carried)[..., 8:-8], painting[..., 11:-5], atol=1e-4)
    assert detail(Image(carried)) < 0.95 * detail(Image(painting))


def test_what_was_painted_anew_is_not_taken_from_older_paint():
    old, new = (torch.full((1, 3, HEIGHT, WIDTH), value) for value in (0.25, 0.75))
    lost = torch.zeros(1, 1, HEIGHT, WIDTH)
    lost[..., : WIDTH // 4] = 1
    source = Source.of(old, lost).next(new, lost).after(half_a_pixel())
    seen = source.over(new)
    assert float(seen[..., : WIDTH // 4 - 4].min()) == 0.75
    assert float(seen[..., WIDTH // 4 + 4 :].max()) == 0.25


def test_paint_is_taken_from_a_newer_painting_after_some_frames_or_where_most_is_new():
    old, new = (torch.full((1, 3, HEIGHT, WIDTH), value) for value in (0.25, 0.75))
    kept = torch.zeros(1, 1, HEIGHT, WIDTH)
    source = Source.of(old, kept)
    for _ in range(MOST_FRAMES):
        assert source.next(new, kept).picture is old
        source = source.after(half_a_pixel())
    assert source.next(new, kept).picture is new
    assert Source.of(old, kept).next(new, torch.ones_like(kept)).picture is new


def test_a_new_scene_takes_nothing_from_the_last(photo, context):
    before, other = panned(photo, 1)[0], Image(photo.flip(2)[:, :, :HEIGHT, :WIDTH].contiguous())
    sequence, alone = Sequence(painter(), "picture", context), painter()
    sequence.next(before)
    alone(before, context)
    assert torch.equal(sequence.next(other).pixels, alone(other, context).pixels)
    assert sequence.cuts == 1


def test_what_comes_into_view_is_the_frames_own(photo, context):
    frames = panned(photo, 2, step=12)
    sequence, alone = Sequence(painter(), "change", context), painter()
    for frame in frames:
        held, own = sequence.next(frame), alone(frame, context)
    assert torch.allclose(held.pixels[..., -8:], own.pixels[..., -8:], atol=0.02)
    assert not torch.allclose(held.pixels[..., 20:60], own.pixels[..., 20:60], atol=0.1)


def test_a_photo_keeps_its_own_detail_while_its_light_holds_still(photo, context):
    light = iter([1.3, 1.1, 1.3, 1.1])

    def make(frame, context):
        return Image((frame.pixels * next(light)).clamp(0, 1))

    sequence = Sequence(make, "change", context)
    gains = []
    for frame in panned(photo * 0.6, 4):
        made = sequence.next(frame)
        gains.append(float((made.pixels / frame.pixels.clamp_min(0.05)).median()))
        # All of it is the frame times some light.
        left = (made.pixels - gains[-1] * frame.pixels)[..., 12:-12, 12:-12]
        assert detail(Image(left)) < 0.1 * detail(frame)
    assert max(np.diff(gains[1:])) < 0.07


def test_the_light_of_a_photo_has_no_patches_however_long_it_is_held(photo, context):
    light = torch.rand(24, generator=torch.Generator().manual_seed(0)) * 0.3 + 1

    def make(frame, context):
        return Image(frame.pixels * next(lights))

    lights = iter(light)
    sequence = Sequence(make, "change", context)
    for frame in panned(photo * 0.5 + 0.1, 24):
        made = sequence.next(frame)
    gain = F.avg_pool2d(made.pixels / frame.pixels, 9)
    assert float(gain[..., :-2].std()) < 0.01


def test_what_changes_nothing_changes_nothing(photo, context):
    sequence = Sequence(lambda frame, context: frame, "picture", context)
    for frame in panned(photo, 3):
        assert torch.equal(sequence.next(frame).pixels, frame.pixels)


def test_nothing_is_held_of_a_frame_of_another_size(photo, context):
    sequence = Sequence(lambda frame, context: Image(frame.pixels * 0.5), "picture", context)
    sequence.next(Image(photo[..., :64, :64]))
    assert torch.equal(sequence.next(Image(photo[..., :48, :64])).pixels, photo[..., :48, :64] * 0.5)


def test_a_filter_is_given_the_last_result_where_things_are_now(photo, context):
    begun = []

    def make(frame, context):
        begun.append(context.begun)
        return Image(frame.pixels * 0.5)

    sequence = Sequence(make, "picture", context)
    first, second = panned(photo, 2, step=4)
    sequence.next(first)
    sequence.next(second)
    assert begun[0] is None
    inner = slice(8, -12)
    assert torch.allclose(begun[1].pixels[..., inner, inner], second.pixels[..., inner, inner] * 0.5, atol=0.05)
    assert float(begun[1].alpha[..., inner, inner].mean()) > 0.9


@pytest.mark.parametrize("with_opencv", [True, False])
def test_movement_is_found_with_and_without_opencv(photo, with_opencv, monkeypatch):
    if with_opencv:
        pytest.importorskip("cv2")
    else:
        monkeypatch.setattr(flow, "_opencv", lambda: None)
    before, now = (image.pixels for image in panned(photo, 2, step=3))
    movement = Movement.between(before, now)
    inner = movement.back[..., 12:-12, 12:-12]
    assert float(inner[:, 0].median()) == pytest.approx(3, abs=0.3)
    assert float(inner[:, 1].median()) == pytest.approx(0, abs=0.3)
    assert not movement.is_cut
    assert torch.allclose(movement.moved(before)[..., 12:-12, 12:-12], now[..., 12:-12, 12:-12], atol=0.15)


def test_frames_go_through_a_filter_in_order(photo):
    frames = [frame.pixels for frame in panned(photo, 3)]
    made = list(apply_to_frames("fast-style", [*map(Image, frames), Image(frames[-1].clone())]))
    assert [image.pixels.shape for image in made] == [(1, 3, HEIGHT, WIDTH)] * 4
    assert torch.equal(made[2].pixels, made[3].pixels)
    assert not torch.equal(made[0].pixels, frames[0])


def test_outside_of_the_selection_frames_stay_as_they_are(photo):
    selection = torch.zeros(1, 1, HEIGHT, WIDTH)
    selection[..., :40] = 1
    frames = panned(photo, 2)
    for frame, made in zip(frames, apply_to_frames("fast-style", frames, selection=selection), strict=True):
        assert torch.equal(made.pixels[..., 40:], frame.pixels[..., 40:])
        assert not torch.allclose(made.pixels[..., :40], frame.pixels[..., :40], atol=0.05)


def test_a_filter_that_makes_no_picture_of_a_frame_says_so(context):
    declared = find_filter("fast-style")
    doodle = replace(declared, inputs=(), outputs=(PictureOutput("result", "Result", size="own"),))
    use = Use(doodle, {}, declared.params())
    with pytest.raises(InvalidInput, match="makes no picture of a frame"):
        sequence_of(use, lambda ref: None, context)


def test_neural_style_goes_on_from_what_is_begun_at_the_finest_sizes_alone(photo, tmp_path):
    from restyle.contract.progress import CallbackProgress

    said = []
    progress = CallbackProgress(lambda report: said.append(report.message))
    style = Image(photo[..., 100:228, 200:328].contiguous())
    settings = {"styles": [style], "steps": 1, "working_size": 384, "features": "compact"}
    frames = [Image(F.interpolate(frame.pixels, scale_factor=3)) for frame in panned(photo, 2)]
    made = apply_to_frames("neural-style", frames, progress=progress, **settings)
    next(made)
    sizes = [{message.split()[2] for message in said if message.startswith("Painting at")}]
    said.clear()
    next(made)
    sizes.append({message.split()[2] for message in said if message.startswith("Painting at")})
    assert sizes == [{"96", "192", "384"}, {"192", "384"}]


def test_no_frames_give_none():
    assert list(apply_to_frames("fast-style", [])) == []


def test_frames_may_be_files(photo, tmp_path):
    from restyle.pictures.files import save_image

    path = tmp_path / "frame.png"
    save_image(panned(photo, 1)[0], path)
    assert [made.width for made in apply_to_frames("fast-style", [path, str(path), Path(path)])] == [WIDTH] * 3
