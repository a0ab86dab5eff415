"""The thirty pairs of Deep Photo Style Transfer, and the two figures that results are measured by."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor
from torch.nn import functional as F

from restyle.networks.features import FeatureExtractor
from restyle.pictures.image import luma
from restyle.regions import Regions
from restyle.regions.maps import COLORS
from tests.bench.data import read_scaled

__all__ = ["NUMBERS", "PhotoPair", "read_pair", "structure", "structure_map", "style_distance"]

NUMBERS = tuple(range(2, 61, 2))
LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4")
LEAST_SHARE = 0.005  # of both pictures: a label with less has no statistics
WINDOW_PX, WINDOW_DEVIATION_PX = 11, 1.5


@dataclass(frozen=True)
class PhotoPair:
    """Photo, style and the paper's result, with labels (1, 9, H, W), one channel for each colour."""

    number: int
    photo: Tensor
    style: Tensor
    photo_labels: Tensor
    style_labels: Tensor
    published: Tensor

    @property
    def photo_regions(self) -> Regions:
        """The photo's labels as a filter takes them."""
        return _regions(self.photo_labels)

    @property
    def style_regions(self) -> Regions:
        """The style's."""
        return _regions(self.style_labels)


def read_pair(folder: Path, number: int, longer_px: int) -> PhotoPair:
    """One of ``NUMBERS``, both pictures ``longer_px`` along their longer sides."""
    photo, style = (read_scaled(folder / name, longer_px) for name in (f"input/in{number}.png", f"style/tar{number}.png"))
    with PillowImage.open(folder / "final_results" / f"best{number}_t_1000.png") as opened:
        resized = opened.convert("RGB").resize((photo.shape[3], photo.shape[2]), PillowImage.Resampling.LANCZOS)
    published = torch.from_numpy(np.asarray(resized).copy()).permute(2, 0, 1).unsqueeze(0).float() / 255
    photo_labels, style_labels = (
        _labels(folder / "segmentation" / f"{side}{number}.png", picture) for side, picture in (("in", photo), ("tar", style))
    )
    return PhotoPair(number, photo, style, photo_labels, style_labels, published)


def structure(result: Tensor, photo: Tensor) -> float:
    """The mean of `structure_map`: 1 where every edge is kept."""
    return float(structure_map(result, photo).mean())


def structure_map(result: Tensor, photo: Tensor) -> Tensor:
    """SSIM (11x11, Gaussian 1.5) of the gradient magnitudes (Sobel / 8 of luma), each scaled to its own maximum: (1, 1, H, W)."""
    place = torch.arange(WINDOW_PX) - WINDOW_PX // 2
    bell = torch.exp(-(place**2) / (2 * WINDOW_DEVIATION_PX**2))
    bell = (bell[:, None] * bell / bell.sum() ** 2).view(1, 1, WINDOW_PX, WINDOW_PX)
    one, other = _edges(result), _edges(photo)
    maps = torch.cat((one, other, one * one, other * other, one * other))
    mean, other_mean, square, other_square, product = F.conv2d(maps, bell, padding=WINDOW_PX // 2).split(1)
    similarity = (2 * mean * other_mean + 1e-4) * (2 * (product - mean * other_mean) + 9e-4)
    energy = (mean**2 + other_mean**2 + 1e-4) * (square - mean**2 + other_square - other_mean**2 + 9e-4)
    return similarity / energy


def style_distance(vgg: FeatureExtractor, pair: PhotoPair, *results: Tensor) -> list[float]:
    """For each result the distance of its labels' Gram matrices from the style's, relative to the untouched photo's.

    The sum over labels and layers of the Frobenius norm of the difference relative to that of the style's matrix.
    """
    shares = torch.minimum(pair.photo_labels.mean((0, 2, 3)), pair.style_labels.mean((0, 2, 3)))
    labels = [i for i, share in enumerate(shares) if share > LEAST_SHARE]
    wanted = _grams(vgg, pair.style, pair.style_labels[:, labels])
    distances = [
        sum(
            float(torch.linalg.norm(gram - target) / torch.linalg.norm(target))
            for gram, target in zip(_grams(vgg, picture, pair.photo_labels[:, labels]), wanted, strict=True)
        )
        for picture in (pair.photo, *results)
    ]
    return [distance / distances[0] for distance in distances[1:]]


def _labels(path: Path, picture: Tensor) -> Tensor:
    with PillowImage.open(path) as opened:
        small = opened.convert("RGB").resize((picture.shape[3], picture.shape[2]), PillowImage.Resampling.NEAREST)
    colors = torch.from_numpy(np.asarray(small).astype(np.float32))
    palette = torch.tensor(list(COLORS.values()), dtype=torch.float32)
    nearest = torch.cdist(colors.reshape(-1, 3), palette).argmin(1).view(colors.shape[:2])
    return F.one_hot(nearest, len(COLORS)).permute(2, 0, 1).unsqueeze(0).float()


def _regions(labels: Tensor) -> Regions:
    used = [i for i in range(labels.shape[1]) if labels[:, i].any()]
    return Regions(tuple(list(COLORS)[i] for i in used), labels[:, used])


def _edges(picture: Tensor) -> Tensor:
    sobel = torch.tensor([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]) / 8
    padded = F.pad(luma(picture), (1, 1, 1, 1), mode="reflect")
    across, down = F.conv2d(padded, torch.stack((sobel, sobel.T)).unsqueeze(1)).split(1, 1)
    edges = (across**2 + down**2).sqrt()
    return edges / edges.max().clamp_min(1e-8)


@torch.no_grad()
def _grams(vgg: FeatureExtractor, picture: Tensor, labels: Tensor) -> list[Tensor]:
    features = vgg(picture, LAYERS)
    grams = []
    for layer in LAYERS:
        masks = F.interpolate(labels, size=features[layer].shape[2:], mode="area")
        for mask in masks[0]:
            masked = (features[layer][0] * mask).flatten(1)
            grams.append(masked @ masked.T / mask.square().sum().clamp_min(1e-8))
    return grams
