"""Head Portrait (Selim, Elgharib, Doyle: Painting Style Transfer for Head Portraits using Convolutional Neural Networks, 2016).

Every head in the photo is laid on the painted one (`heads`, `landmarks`, `correspondence`), its features are made as strong as
the painted ones (`gain`), and it is painted coarse to fine (`painting`), with each part's strokes taken from the same part. What
is around the heads is painted as Any Style does, or left alone.

Where we differ from the paper: parts have Gram matrices of their own; light and colours are moved before painting begins, and
held; the network is the deep encoder in the box unless VGG-19 is here; several heads are painted one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.loaded import Loaded
from restyle.contract.settings import CONTENT, REGIONS, SELECTION
from restyle.filters.any_style import AnyStyleParams
from restyle.filters.any_style import method as any_style
from restyle.filters.head_portrait import PAINTED_HEAD, HeadPortraitParams
from restyle.filters.head_portrait.face import Face
from restyle.filters.head_portrait.heads import find_heads
from restyle.filters.head_portrait.painting import paint_head
from restyle.filters.head_portrait.sitting import around_head, portrait_of
from restyle.filters.neural_style import NeuralStyleParams
from restyle.filters.neural_style.features import Features, load_features, network_name
from restyle.pictures.full_size import carry_to_full_size, size_to_paint
from restyle.pictures.image import Image
from restyle.pictures.palette import Palette, prepare_palette
from restyle.pictures.resizing import fitted, resized
from restyle.regions import Regions
from restyle.regions.cutting import cut

__all__ = ["paint_heads", "working_bytes"]

LARGE_HEAD = 0.5  # of the picture: what surrounds a head that large is painted with it
AROUND_SHARE = 0.3  # of the work, for the progress bar
MOST_ENLARGED = 1.5  # times its size that a painted head is looked at: beyond, its strokes are a blur
FEATHER = 1 / 12  # of a head's part of the picture, over which it passes into the rest
BYTES_PER_PIXEL = {"deep": 1_500, "vgg19": 7_000}


@dataclass(frozen=True)
class _Model:
    """The painted head: its part of the painting, its face in it, and its regions."""

    picture: Tensor
    face: Face
    regions: Regions | None


def paint_heads(inputs: Loaded, params: HeadPortraitParams, context: Context) -> Image:
    """The content with its heads in the style of the painted one, of its size.

    Raises InvalidInput where there is no head, WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    photo, (style,) = inputs[CONTENT].pixels, inputs[PAINTED_HEAD]
    context.progress.step(0, of=1, message="Looking for faces")
    by_landmarks = params.alignment == "automatic"
    faces = find_heads(photo, inputs[REGIONS], by_landmarks, context)
    theirs = find_heads(style.image.pixels, style.regions, by_landmarks, context)
    _check(faces, "this photo")
    _check(theirs, "the painting")
    features = load_features(NeuralStyleParams.parse({}), context)
    small = resized(photo, *size_to_paint(photo.shape[2], photo.shape[3], params.working_size)).clamp(0, 1)
    palette = prepare_palette(((1.0, style.image.pixels),), small, params.preserve_colors)
    model = _model(palette.styles[0][1], theirs[0], style.regions)
    places = [around_head(face, photo.shape[2], photo.shape[3]) for face in faces]
    if len(faces) == 1 and _share(places[0], photo) >= LARGE_HEAD:
        painted = _painted_whole(inputs, faces[0], model, palette, features, params, context)
        return Image(palette.restore(painted, photo), inputs[CONTENT].alpha)
    painted = _around(inputs, palette, params, context.part(0, AROUND_SHARE))
    for i, (face, place) in enumerate(zip(faces, places, strict=True)):
        start, end = (AROUND_SHARE + (1 - AROUND_SHARE) * (i + more) / len(faces) for more in (0, 1))
        _paint_into(painted, inputs, face, place, model, palette, features, params, context.part(start, end))
    return Image(palette.restore(painted, photo), inputs[CONTENT].alpha)


def working_bytes(inputs: Loaded, params: HeadPortraitParams, context: Context) -> int:
    """Memory that painting will take at most, measured per painted pixel and rounded up."""
    height, width = size_to_paint(inputs[CONTENT].height, inputs[CONTENT].width, params.working_size)
    scale = context.device.precision.itemsize / torch.bfloat16.itemsize
    # A head is squarer than a panorama that holds it.
    area = max(height * width, min(params.working_size**2, inputs[CONTENT].height * inputs[CONTENT].width))
    return int(area * BYTES_PER_PIXEL[network_name(NeuralStyleParams.parse({}), context)] * scale)


def _check(faces: list[Face], where: str) -> None:
    if not faces:
        raise InvalidInput(
            f"No face was found in {where}; name a region of it face, take another one, or use Neural Style, which needs none."
        )


def _share(place: tuple[slice, slice], photo: Tensor) -> float:
    """Of the photo that lies there."""
    return photo[0, 0, place[0], place[1]].numel() / photo[0, 0].numel()


def _model(picture: Tensor, face: Face, regions: Regions | None) -> _Model:
    place = around_head(face, *picture.shape[2:])
    return _Model(*_cut(picture, face, regions, place))


def _cut(picture: Tensor, face: Face, regions: Regions | None, place: tuple[slice, slice]) -> tuple[Tensor, Face, Regions | None]:
    """A part of a picture with the face and the regions in it."""
    rows, columns = place
    part = None if regions is None else cut(regions, Image(picture), rows, columns)
    return picture[:, :, rows, columns], face.moved(columns.start, rows.start, 1.0), part


def _around(inputs: Loaded, palette: Palette, params: HeadPortraitParams, context: Context) -> Tensor:
    """The photo, ready for its heads to be painted into it: painted in one go, or a copy."""
    content = palette.prepare(inputs[CONTENT].pixels)
    if params.background == "kept":
        return content.clone()
    (style,) = inputs[PAINTED_HEAD]
    plain = replace(style, image=Image(palette.styles[0][1]), regions=None)
    values = {**inputs.values, CONTENT.name: Image(content), PAINTED_HEAD.name: (plain,), REGIONS.name: None}
    settings = AnyStyleParams.parse({"working_size": params.working_size, "keep_faces": 0})
    return any_style.stylize(Loaded(values), settings, context).pixels.clone()


def _painted_whole(
    inputs: Loaded, face: Face, model: _Model, palette: Palette, features: Features, params: HeadPortraitParams, context: Context
) -> Tensor:
    """The whole photo as one portrait."""
    content = palette.prepare(inputs[CONTENT].pixels)
    painted, head = _portrayed(content, face, inputs[REGIONS], inputs[SELECTION], model, features, params, context)
    return torch.lerp(content, painted, head) if params.background == "kept" else painted


def _paint_into(
    painted: Tensor,
    inputs: Loaded,
    face: Face,
    place: tuple[slice, slice],
    model: _Model,
    palette: Palette,
    features: Features,
    params: HeadPortraitParams,
    context: Context,
) -> None:
    """Paint one head where it is."""
    rows, columns = place
    part, face, regions = _cut(palette.prepare(inputs[CONTENT].pixels), face, inputs[REGIONS], place)
    selection = inputs[SELECTION]
    selected = None if selection is None else fitted(selection, *painted.shape[2:])[:, :, rows, columns]
    made, head = _portrayed(part, face, regions, selected, model, features, params, context)
    faded = head * _feather(painted.shape[2], rows)[:, None] * _feather(painted.shape[3], columns)
    painted[:, :, rows, columns] = torch.lerp(painted[:, :, rows, columns], made, faded)


def _feather(size: int, part: slice) -> Tensor:
    """1 in a part of a line, fading to 0 where it ends before the line does."""
    length = part.stop - part.start
    place, reach = torch.arange(length) + 0.5, max(1.0, FEATHER * length)
    first = (place / reach).clamp(max=1) if part.start > 0 else torch.ones(length)
    last = ((length - place) / reach).clamp(max=1) if part.stop < size else torch.ones(length)
    return first * last


def _portrayed(
    photo: Tensor,
    face: Face,
    regions: Regions | None,
    selection: Tensor | None,
    model: _Model,
    features: Features,
    params: HeadPortraitParams,
    context: Context,
) -> tuple[Tensor, Tensor]:
    """A photo (1, 3, H, W) of one head painted, and its head (1, 1, H, W)."""
    size = size_to_paint(photo.shape[2], photo.shape[3], params.working_size)
    small = resized(photo, *size).clamp(0, 1)
    ours = portrait_of(small, face.moved(0, 0, size[0] / photo.shape[2]), regions, selection, context, model.face)
    scale = min(MOST_ENLARGED, ours.face.side / model.face.side)
    there = resized(model.picture, *(max(1, round(side * scale)) for side in model.picture.shape[2:])).clamp(0, 1)
    theirs = portrait_of(there, model.face.moved(0, 0, there.shape[2] / model.picture.shape[2]), model.regions, None, context)
    painted = paint_head(ours, theirs, features, params, context)
    return carry_to_full_size(painted, small, photo), resized(ours.head, *photo.shape[2:]).clamp(0, 1)
