"""Colour: spaces, and colours carried from one picture to another (Gatys, Bethge, Hertzmann, Shechtman 2016,
Preserving Color in Neural Artistic Style Transfer; Pitié and Kokaram 2007 for the Monge-Kantorovich map).

All functions take and return float tensors (N, 3, H, W), sRGB-encoded RGB in 0..1 unless the name says otherwise, on any
device. ICC profiles are in ``restyle.pictures.icc``.
"""

from __future__ import annotations

import torch
from torch import Tensor

from restyle.pictures.image import luma

__all__ = [
    "is_grey",
    "linear_to_srgb",
    "match_histogram",
    "match_luminance",
    "match_moments",
    "monge_kantorovich_map",
    "rgb_to_lab",
    "srgb_to_linear",
    "transfer_luminance",
]

# IEC 61966-2-1: the sRGB curve.
_SRGB_LINEAR_SLOPE, _SRGB_OFFSET, _SRGB_GAMMA = 12.92, 0.055, 2.4
_SRGB_ENCODED_KNEE, _SRGB_LINEAR_KNEE = 0.04045, 0.0031308

_XYZ_OF_RGB = (
    (0.4123907993, 0.3575843394, 0.1804807884),
    (0.2126390059, 0.7151686788, 0.0721923154),
    (0.0193308187, 0.1191947798, 0.9505321522),
)
"""CIE XYZ of linear RGB with the primaries of Rec. 709 and white D65."""

# CIE 15:2004: where the cube root of L*a*b* turns into a line.
_LAB_DELTA = 6 / 29

_VARIANCE_FLOOR = 1e-6
"""Added to variances before they are divided by: (1/1000)², below what 8 bits can show, so flat pictures stay flat."""

_GREY_TOLERANCE = 0.5 / 255
"""Channels that differ by less are one grey in 8 bits."""

_QUANTILES = 4096
"""Points of a quantile function: between two of them lie fewer levels than 12 bits have."""


def is_grey(pixels: Tensor) -> bool:
    """Whether 8 bits would show no hue anywhere."""
    return bool((pixels.amax(1) - pixels.amin(1)).max() < _GREY_TOLERANCE)


def srgb_to_linear(encoded: Tensor) -> Tensor:
    """Light of encoded values; values out of 0..1 are carried on by odd symmetry."""
    size = encoded.abs()
    curve = ((size + _SRGB_OFFSET) / (1 + _SRGB_OFFSET)) ** _SRGB_GAMMA
    return torch.where(size <= _SRGB_ENCODED_KNEE, size / _SRGB_LINEAR_SLOPE, curve) * encoded.sign()


def linear_to_srgb(linear: Tensor) -> Tensor:
    """The inverse of ``srgb_to_linear``."""
    size = linear.abs()
    # The clamp keeps the gradient finite at 0, where the line is taken anyway.
    curve = (1 + _SRGB_OFFSET) * size.clamp_min(_SRGB_LINEAR_KNEE) ** (1 / _SRGB_GAMMA) - _SRGB_OFFSET
    return torch.where(size <= _SRGB_LINEAR_KNEE, size * _SRGB_LINEAR_SLOPE, curve) * linear.sign()


def rgb_to_lab(pixels: Tensor) -> Tensor:
    """CIE L*a*b* under D65 of sRGB-encoded ``pixels`` (N, 3, H, W), in the same shape: L 0..100, a and b roughly -100..100."""
    matrix = pixels.new_tensor(_XYZ_OF_RGB)
    white = matrix.sum(1)
    relative = _mix(matrix / white[:, None], srgb_to_linear(pixels))
    root = torch.where(
        relative > _LAB_DELTA**3,
        relative.clamp_min(_LAB_DELTA**3) ** (1 / 3),
        relative / (3 * _LAB_DELTA**2) + 4 / 29,
    )
    x, y, z = root.unbind(1)
    return torch.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), 1)


def transfer_luminance(painted: Tensor, photo: Tensor) -> Tensor:
    """The brightness of ``painted`` with the colours of ``photo`` (both the same size), in 0..1.

    The paper replaces Y of YIQ; with luma and two colour differences that is adding the change of luma to R, G and B.
    Ours is Rec. 709 luma, as sRGB has its primaries. Where a colour would leave the gamut it is paled at the same
    luma, so that the painting's brightness is kept, instead of being clipped.
    """
    wanted = luma(painted).clamp(0, 1)
    chroma = photo - luma(photo)
    room = torch.where(chroma > 0, 1 - wanted, wanted)
    scale = (room / chroma.abs().clamp_min(1e-6)).amin(1, keepdim=True).clamp_max(1)
    return (wanted + chroma * scale).clamp(0, 1)


def match_luminance(style: Tensor, photo: Tensor) -> Tensor:
    """``style`` in grey, its luma brought to the mean and deviation of the photo's (section 4 of the paper)."""
    source, target = luma(style), luma(photo)
    gain = ((target.var() + _VARIANCE_FLOOR) / (source.var() + _VARIANCE_FLOOR)).sqrt()
    return ((source - source.mean()) * gain + target.mean()).clamp(0, 1).expand(-1, 3, -1, -1)


def match_moments(source: Tensor, target: Tensor, *, measured: Tensor | None = None) -> Tensor:
    """``source`` with colours mapped linearly to the mean and covariance of ``target``'s; the sizes may differ.

    The mapping is the one for ``measured``, where that is given: a part of ``source`` that alone shall have the target's moments.
    Not clipped: then the moments are matched up to rounding. The paper found the maps of Cholesky factors and of PCA
    alike good; Monge-Kantorovich's is the one such map that moves colours least.
    """
    seen = source if measured is None else measured
    flat, other = (_exact(picture.transpose(0, 1).flatten(1)) for picture in (seen, target))
    matrix = monge_kantorovich_map(_covariance(flat), _covariance(other))
    shift = other.mean(1) - matrix @ flat.mean(1)
    return _mix(matrix.to(source), source) + shift.to(source).view(1, 3, 1, 1)


def match_histogram(source: Tensor, target: Tensor) -> Tensor:
    """``source`` with each channel's values mapped monotonically so that its distribution is ``target``'s.

    By quantile functions of 4096 points, read off sorted values; equal values stay equal.
    """
    share = torch.linspace(0, 1, _QUANTILES, dtype=torch.float64)
    matched = [
        _interpolate(channel, _quantiles(channel, share), _quantiles(other, share))
        for channel, other in zip(_exact(source).unbind(1), _exact(target).unbind(1), strict=True)
    ]
    return torch.stack(matched, 1).to(source)


def monge_kantorovich_map(source: Tensor, target: Tensor) -> Tensor:
    """The matrix that takes colours of covariance ``source`` (3, 3) to ``target`` and moves them least.

    Σs^-½ · (Σs^½ · Σt · Σs^½)^½ · Σs^-½ (Pitié and Kokaram 2007); both must be positive definite.
    """
    root = _matrix_power(source, 0.5)
    inverse_root = _matrix_power(source, -0.5)
    return inverse_root @ _matrix_power(root @ target @ root, 0.5) @ inverse_root


def _exact(values: Tensor) -> Tensor:
    # Statistics are sums over millions of pixels; MPS has no float64, so they are taken on the CPU.
    return values.to("cpu", torch.float64)


def _mix(matrix: Tensor, pixels: Tensor) -> Tensor:
    """``matrix`` (3, 3) times every colour."""
    mixed: Tensor = torch.einsum("dc,nchw->ndhw", matrix.to(pixels.dtype), pixels)
    return mixed


def _covariance(flat: Tensor) -> Tensor:
    centred = flat - flat.mean(1, keepdim=True)
    floor: Tensor = torch.eye(3, dtype=flat.dtype, device=flat.device) * _VARIANCE_FLOOR
    return centred @ centred.T / flat.shape[1] + floor


def _matrix_power(symmetric: Tensor, exponent: float) -> Tensor:
    values: Tensor
    vectors: Tensor
    values, vectors = torch.linalg.eigh(symmetric)
    # Rounding may make the least eigenvalue of a flat picture slightly negative.
    powers = values.clamp_min(torch.finfo(values.dtype).tiny).pow(exponent)
    return vectors @ powers.diag() @ vectors.mT


def _quantiles(values: Tensor, share: Tensor) -> Tensor:
    ordered = values.flatten().sort().values
    place = share * (len(ordered) - 1)
    below = place.floor().long()
    above = (below + 1).clamp_max(len(ordered) - 1)
    return torch.lerp(ordered[below], ordered[above], place - below)


def _interpolate(values: Tensor, known: Tensor, results: Tensor) -> Tensor:
    """Piecewise linear map that takes each of ``known`` (sorted) to its entry of ``results``."""
    # Equal known values (a flat area) stand for many quantiles; their mean is the fair one.
    distinct: Tensor
    distinct, place, counts = torch.unique_consecutive(known, return_inverse=True, return_counts=True)
    means: Tensor = torch.zeros_like(distinct).index_add_(0, place, results) / counts
    if len(distinct) == 1:
        return means.expand_as(values)
    above = torch.searchsorted(distinct, values).clamp(1, len(distinct) - 1)
    low, high = distinct[above - 1], distinct[above]
    return torch.lerp(means[above - 1], means[above], ((values - low) / (high - low)).clamp(0, 1))
