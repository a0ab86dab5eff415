"""Fast Style: one pass through a network that has learned a style, at any size of picture.

It is painted at the size that suits its strokes (`restyle.engine.painting`), which the stroke size moves.
"""

from __future__ import annotations

from functools import reduce

from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Loaded
from restyle.contract.sentence import said
from restyle.contract.settings import CONTENT, REFERENCE
from restyle.engine.feed_forward import painting_of
from restyle.engine.painting import at_photo_size, painted_scale, scaled
from restyle.filters.fast_style import FastStyleParams
from restyle.filters.fast_style.painter import painters_of
from restyle.pictures.color import match_histogram
from restyle.pictures.full_size import at_strength
from restyle.pictures.image import Image
from restyle.pictures.palette import Palette
from restyle.regions.faces import face_mask, with_features

__all__ = ["stylize"]


def stylize(inputs: Loaded, params: FastStyleParams, context: Context) -> Image:
    """Paint the content; the result has its size.

    Norms measure reference where there is one, and strokes have the size that suits it. Raises UnknownModel,
    UnusableModel, WeightsUnavailable, Cancelled.
    """
    if params.strength == 0:
        return inputs[CONTENT]
    context.progress.step(0, of=1, message=said("Preparing to paint"))
    photo = inputs[CONTENT].pixels
    painters = painters_of(params.style_name, params.second_style, params.second_share / 100, context)
    alike = inputs[REFERENCE]
    measured = photo if alike is None else alike.pixels
    scale = painted_scale(measured.shape[2], measured.shape[3], params.stroke_size)
    small = scaled(photo, scale)
    reference = None if alike is None else scaled(measured, scale)
    # Each painter has its part of the progress.
    parts = [context.part(i / len(painters), (i + 1) / len(painters)) for i in range(len(painters))]
    paintings = (
        painting_of(painter.network, small, reference, painter.margin_px, part).mul_(painter.share)
        for painter, part in zip(painters, parts, strict=True)
    )
    painted = reduce(Tensor.add_, paintings).clamp_(0, 1)
    if params.preserve_colors == "histogram":
        painted = match_histogram(painted, small).float().clamp_(0, 1)
    faces = face_mask(photo) if params.keep_faces > 0 else None
    if faces is not None:
        painted = with_features(painted, small, faces, params.keep_faces / 100)
    whole = at_photo_size(painted, small, photo)
    whole = Palette((), params.preserve_colors).restore(whole, photo)
    return Image(at_strength(photo, whole, params.strength / 100), inputs[CONTENT].alpha)
