"""Head Portrait as a whole, without any download."""

import pytest
import torch

from restyle.context import Context
from restyle.contract.errors import Cancelled, InvalidInput
from restyle.contract.loaded import Loaded, Style
from restyle.contract.progress import CallbackProgress, SilentProgress
from restyle.engine.run import run
from restyle.filters.head_portrait import HEAD_PORTRAIT, HeadPortraitParams, method
from restyle.filters.head_portrait.face import Face
from restyle.filters.head_portrait.heads import find_heads
from restyle.filters.head_portrait.method import working_bytes
from restyle.host.device import pick_device
from restyle.pictures.image import Image
from restyle.pictures.resizing import resized
from restyle.regions import Regions

FACE = (slice(85, 145), slice(105, 150))
"""Of the astronaut: rows and columns of her cheeks, nose and mouth."""
CORNER = (slice(216, 256), slice(0, 28))


def portrait(photo, painted, progress=None, selection=None, regions=None, theirs=None, **settings):
    params = HeadPortraitParams.parse({"working_size": 128, "steps": 4, **settings})
    content = photo if isinstance(photo, Image) else Image(photo)
    style = Style(Image(painted), 1.0, theirs)
    values = {"content": content, "styles": (style,), "selection": selection, "content_regions": regions}
    context = Context(pick_device("cpu", "float32"), progress or SilentProgress())
    return run(HEAD_PORTRAIT, Loaded(values), params, context).picture


def within(pixels, place=FACE):
    return pixels[:, :, place[0], place[1]]


def hue(pixels):
    mean = within(pixels).mean((0, 2, 3))
    return mean / mean.sum()


def test_the_face_takes_the_colours_of_the_painted_one(astronaut, painted):
    made = portrait(astronaut, painted).pixels
    wanted = hue(resized(painted.flip(3), 256, 256))
    assert made.shape == astronaut.shape
    assert (hue(made) - wanted).abs().max() < 0.35 * (hue(astronaut) - wanted).abs().max()
    # She is still lit where she was: light and shade of her features go together.
    before, after = (within(pixels).mean(1).flatten() for pixels in (astronaut, made))
    assert torch.corrcoef(torch.stack((before, after)))[0, 1] > 0.6


def test_what_is_around_a_head_can_be_left_alone(astronaut, painted):
    made = portrait(astronaut, painted, background="kept").pixels
    assert torch.equal(within(made, CORNER), within(astronaut, CORNER))
    assert (within(made) - within(astronaut)).abs().mean() > 0.05


def test_around_a_small_head_everything_is_painted_plainly(astronaut, painted):
    wide = torch.cat((torch.full((1, 3, 256, 500), 0.5), astronaut), 3)
    made = portrait(wide, painted).pixels
    assert (made[:, :, :, :200] - 0.5).abs().mean() > 0.03
    kept = portrait(wide, painted, background="kept").pixels
    assert torch.equal(kept[:, :, :, :400], wide[:, :, :, :400])
    assert not torch.equal(kept[:, :, 80:150, 600:650], wide[:, :, 80:150, 600:650])


def test_every_head_is_painted(astronaut, painted, monkeypatch):
    two = torch.cat((astronaut, astronaut), 3)
    faces = [Face((x, 122.0, 105.0, 0.0)) for x in (125.0, 381.0)]
    monkeypatch.setattr(
        method, "find_heads", lambda picture, *_: faces if picture.shape == two.shape else find_heads(picture, *_)
    )
    made = portrait(two, painted, background="kept").pixels
    for left in (0, 256):
        there = FACE[0], slice(FACE[1].start + left, FACE[1].stop + left)
        assert (within(made, there) - within(two, there)).abs().mean() > 0.05


def test_without_a_face_neural_style_is_offered(astronaut, painted, noise):
    for photo, style, where in ((noise, painted, "this photo"), (astronaut, noise, "the painting")):
        with pytest.raises(InvalidInput, match=f"in {where}.*Neural Style"):
            portrait(photo, style)


@pytest.mark.parametrize("size", [(1, 1), (64, 64), (8, 20000)])
def test_odd_sizes_get_one_sentence(painted, size):
    for photo in (torch.zeros(1, 3, *size), torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0))):
        with pytest.raises(InvalidInput, match="No face"):
            portrait(photo, painted)


def test_a_region_can_say_where_a_face_is(painted, noise):
    mask = torch.zeros(1, 1, 96, 128)
    mask[:, :, 20:70, 40:80] = 1
    regions = Regions(("face",), mask)
    made = portrait(noise, painted, regions=regions, background="kept").pixels
    for side in (slice(0, 25), slice(100, 128)):
        assert torch.equal(made[..., side], noise[..., side])
    assert (made - noise)[:, :, 30:60, 50:70].abs().mean() > 0.05


def test_a_face_at_the_edge_and_a_tiny_one_are_painted(astronaut, painted):
    for photo in (astronaut[:, :, 20:, 50:190].contiguous(), resized(astronaut, 90, 90).clamp(0, 1)):
        regions = Regions(("head",), torch.ones(1, 1, 8, 8))
        made = portrait(photo, painted, regions=regions).pixels
        assert made.shape == photo.shape
        assert made.isfinite().all()


def test_alpha_stays_and_grey_stays_grey(astronaut, painted):
    grey = astronaut.mean(1, keepdim=True).expand(-1, 3, -1, -1).contiguous()
    alpha = torch.ones(1, 1, 256, 256)
    alpha[:, :, :10] = 0
    made = portrait(Image(grey, alpha), painted.mean(1, keepdim=True).expand(-1, 3, -1, -1).contiguous())
    assert torch.equal(made.alpha, alpha)
    assert torch.equal(made.pixels[:, :, :10], grey[:, :, :10])
    assert (made.pixels.amax(1) - made.pixels.amin(1)).max() < 0.5 / 255


def test_the_same_call_gives_the_same_picture(astronaut, painted):
    first, second = (portrait(astronaut, painted).pixels for _ in range(2))
    assert torch.equal(first, second)


def test_colours_of_the_photo_can_be_kept(astronaut, painted):
    made = portrait(astronaut, painted, preserve_colors="luminance").pixels
    assert (hue(made) - hue(astronaut)).abs().max() < 0.02


def test_it_can_be_cancelled(astronaut, painted):
    def stop(report):
        if "Painting the head" in report.message:
            raise Cancelled

    with pytest.raises(Cancelled):
        portrait(astronaut, painted, CallbackProgress(stop))


def test_memory_grows_with_the_working_size(astronaut, painted):
    inputs = Loaded({"content": Image(resized(astronaut, 1024, 1024)), "styles": (Style(Image(painted)),)})
    context = Context(pick_device("cpu", "float32"))
    sizes = [working_bytes(inputs, HeadPortraitParams(working_size=size), context) for size in (256, 512)]
    assert sizes[1] == 4 * sizes[0]
