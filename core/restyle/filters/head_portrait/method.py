"""Head Portrait (Selim, Elgharib, Doyle: Painting Style Transfer for Head Portraits using Convolutional Neural Networks, 2016).

Every head in the photo is laid on the painted one (`heads`, `landmarks`, `correspondence`), its features are made as strong as
the painted ones (`gain`), and it is painted coarse to fine (`painting`), with each part's strokes taken from the same part. What
is around the heads is painted as Any Style does, or left alone.

Where we differ from the paper: parts have Gram matrices of their own; light and colours are moved before painting begins, and
held; a painted head that looks the other way is seen in a mirror; the network is the deep encoder in the box unless VGG-19 is
here; several heads are painted one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import Sentence, said
from restyle.contract.settings import CONTENT, REGIONS, SELECTION
from restyle.filters.any_style import AnyStyleParams
from restyle.filters.any_style import method as any_style
from restyle.filters.head_portrait import PAINTED_HEAD, HeadPortraitParams
from restyle.filters.head_portrait.face import Face
from restyle.filters.head_portrait.heads import find_heads
from restyle.filters.head_portrait.painting import paint_head
from restyle.filters.head_portrait.sitting import Place, Sitter, around_head, portrait_of
from restyle.filters.neural_style import NeuralStyleParams
from restyle.filters.neural_style.features import Features, load_features, network_name
from restyle.pictures.full_size import carry_to_full_size, size_to_paint
from restyle.pictures.image import Image
from restyle.pictures.palette import prepare_palette
from restyle.pictures.resizing import resized
from restyle.regions import Regions

__all__ = ["paint_heads", "working_bytes"]

LARGE_HEAD = 0.5  # of the picture: what surrounds a head that large is painted with it
AROUND_SHARE = 0.3  # of the work, for the progress bar
LEAST_FACE_PX = 160.0  # side of a face that is painted
MOST_ENLARGED = 1.5  # times its size that a painted head is looked at: beyond, its strokes are a blur
TURNED = 0.04  # of a face's side, by which noses point apart
FEATHER = 1 / 12  # of a head's part of the picture, over which it passes into the rest
_NONE_IN_PHOTO = said(
    "No face was found in this photo; name a region of it face, take another one, or use Neural Style, which needs none."
)
_NONE_IN_PAINTING = said(
    "No face was found in the painting; name a region of it face, take another one, or use Neural Style, which needs none."
)
BYTES_PER_PIXEL = {"deep": 1_500, "vgg19": 7_000}


def paint_heads(inputs: Loaded, params: HeadPortraitParams, context: Context) -> Image:
    """The content with its heads in the style of the painted one, of its size.

    Raises InvalidInput where there is no head, WeightsUnavailable, WeightsDamaged, Cancelled.
    """
    photo, (style,) = inputs[CONTENT].pixels, inputs[PAINTED_HEAD]
    context.progress.step(0, of=1, message=said("Looking for faces"))
    faces = _found(photo, inputs[REGIONS], params, _NONE_IN_PHOTO, context)
    theirs, *_ = _found(style.image.pixels, style.regions, params, _NONE_IN_PAINTING, context)
    small = resized(photo, *size_to_paint(photo.shape[2], photo.shape[3], params.working_size)).clamp(0, 1)
    palette = prepare_palette(((1.0, style.image.pixels),), small, params.preserve_colors)
    ((_, painting),) = palette.styles
    content = palette.prepare(photo)
    studio = _Studio.of(Sitter(painting, theirs, style.regions), faces, params, context)
    sitters = [Sitter(content, face, inputs[REGIONS], inputs[SELECTION]) for face in faces]
    if len(sitters) == 1 and _is_large(around_head(faces[0], photo.shape[2], photo.shape[3]), photo):
        painted, head = studio.paint(sitters[0], context)
        made = torch.lerp(content, painted, head) if params.background == "kept" else painted
    else:
        made = _around(inputs, content, painting, params, context.part(0, AROUND_SHARE))
        _paint_into(made, sitters, studio, context.part(AROUND_SHARE, 1))
    return Image(palette.restore(made, photo), inputs[CONTENT].alpha)


def working_bytes(inputs: Loaded, params: HeadPortraitParams, context: Context) -> int:
    """Memory that painting will take at most, measured per painted pixel and rounded up."""
    height, width = size_to_paint(inputs[CONTENT].height, inputs[CONTENT].width, params.working_size)
    scale = context.device.precision.itemsize / torch.bfloat16.itemsize
    # A head is squarer than a panorama that holds it, and is enlarged where it is small.
    area = max(height * width, params.working_size**2)
    return int(area * BYTES_PER_PIXEL[network_name(NeuralStyleParams.parse({}), context)] * scale)


@dataclass(frozen=True)
class _Studio:
    """The painted head, cut out of its painting, as it is and in a mirror, and how to paint after it."""

    model: Sitter
    mirrored: Sitter
    params: HeadPortraitParams
    features: Features

    @classmethod
    def of(cls, model: Sitter, faces: list[Face], params: HeadPortraitParams, context: Context) -> _Studio:
        """For a painting and the faces that shall take after it; raises WeightsUnavailable, WeightsDamaged."""
        cut = model.cut(around_head(model.face, model.picture.shape[2], model.picture.shape[3]))
        mirrored = cut
        if any(_looks_away(face, model.face) for face in faces):
            mirrored = _in_a_mirror(cut, params, context)
        return cls(cut, mirrored, params, load_features(NeuralStyleParams.parse({}), context))

    def paint(self, sitter: Sitter, context: Context) -> tuple[Tensor, Tensor]:
        """A photo (1, 3, H, W) of one head painted, and its head (1, 1, H, W)."""
        model = self.mirrored if _looks_away(sitter.face, self.model.face) else self.model
        height, width = sitter.picture.shape[2:]
        small = sitter.sized(*_size(sitter, self.params.working_size))
        ours = portrait_of(small, context, model.face)
        scale = min(MOST_ENLARGED, ours.face.side / model.face.side)
        theirs = portrait_of(model.sized(*(max(1, round(side * scale)) for side in model.picture.shape[2:])), context)
        painted = paint_head(ours, theirs, self.features, self.params, context)
        return carry_to_full_size(painted, small.picture, sitter.picture), resized(ours.head, height, width).clamp(0, 1)


def _size(sitter: Sitter, working_size: int) -> tuple[int, int]:
    """The size to paint at: as ever, but a small face is painted larger than it is; a mouth of a few pixels has no strokes."""
    height, width = size_to_paint(sitter.picture.shape[2], sitter.picture.shape[3], working_size)
    side = sitter.face.side * height / sitter.picture.shape[2]
    scale = max(1.0, min(LEAST_FACE_PX / side, working_size / max(height, width)))
    return round(height * scale), round(width * scale)


def _found(
    picture: Tensor, regions: Regions | None, params: HeadPortraitParams, lacking: Sentence, context: Context
) -> list[Face]:
    faces = find_heads(picture, regions, params.alignment == "automatic", context)
    if not faces:
        raise InvalidInput(lacking)
    return faces


def _looks_away(ours: Face, theirs: Face) -> bool:
    """Whether one head is turned to the left and the other one to the right, so that a mirror brings them nearer."""
    return ours.turn * theirs.turn < 0 and abs(ours.turn - theirs.turn) > TURNED


def _in_a_mirror(model: Sitter, params: HeadPortraitParams, context: Context) -> Sitter:
    """The painted head in a mirror; as it is where its face is not found there."""
    picture = model.picture.flip(3)
    regions = None if model.regions is None else Regions(model.regions.names, model.regions.masks.flip(3))
    faces = find_heads(picture, regions, params.alignment == "automatic", context)
    return Sitter(picture, faces[0], regions) if faces else model


def _is_large(place: Place, photo: Tensor) -> bool:
    return photo[0, 0, place[0], place[1]].numel() >= LARGE_HEAD * photo[0, 0].numel()


def _around(inputs: Loaded, content: Tensor, painting: Tensor, params: HeadPortraitParams, context: Context) -> Tensor:
    """The photo, ready for its heads to be painted into it: painted in one go, or a copy."""
    if params.background == "kept":
        return content.clone()
    (style,) = inputs[PAINTED_HEAD]
    plain = replace(style, image=Image(painting), regions=None)
    values = {**inputs.values, CONTENT.name: Image(content), PAINTED_HEAD.name: (plain,), REGIONS.name: None}
    settings = AnyStyleParams.parse({"working_size": params.working_size, "keep_faces": 0})
    return any_style.stylize(Loaded(values), settings, context).pixels.clone()


def _paint_into(painted: Tensor, sitters: Sequence[Sitter], studio: _Studio, context: Context) -> None:
    """Paint each head where it is."""
    height, width = painted.shape[2:]
    for i, sitter in enumerate(sitters):
        rows, columns = place = around_head(sitter.face, height, width)
        frame = columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start
        one = context.part(i / len(sitters), (i + 1) / len(sitters)).framed(frame)
        made, head = studio.paint(sitter.cut(place), one)
        faded = head * _feather(height, rows)[:, None] * _feather(width, columns)
        painted[:, :, rows, columns] = torch.lerp(painted[:, :, rows, columns], made, faded)


def _feather(size: int, part: slice) -> Tensor:
    """1 in a part of a line, fading to 0 where it ends before the line does."""
    length = part.stop - part.start
    place, reach = torch.arange(length) + 0.5, max(1.0, FEATHER * length)
    first = (place / reach).clamp(max=1) if part.start > 0 else torch.ones(length)
    last = ((length - place) / reach).clamp(max=1) if part.stop < size else torch.ones(length)
    return first * last
