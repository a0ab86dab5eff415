"""The usual tool, to compare with: Gatys et al. 2016 as most programs do it, VGG-19 at one size with L-BFGS.

The loss is the paper's (equations 1, 4 and 7, with alpha / beta = 1e-3), on the layers whose real weights the reference data
has: style relu1_1, relu2_1, relu3_1, relu3_4, content relu3_4. The start is the photo.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from restyle.features.gram import gram_matrix
from restyle.networks.features import FeatureExtractor
from restyle.networks.vgg import VGG19

__all__ = ["PlainLoss", "paint_plainly", "seconds_per_plain_step"]

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu3_4")
CONTENT_LAYER = "relu3_4"
ALPHA_OVER_BETA = 1e-3
USUAL_STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
USUAL_CONTENT_LAYER = "relu4_2"
RAW_ENERGY = 1e6  # brings the sum of squares of unnormalised VGG-19 features near 1, for float32's and L-BFGS's sake


class PlainLoss:
    """The paper's loss of a picture against one photo and one style of the same scale."""

    def __init__(
        self,
        network: FeatureExtractor,
        photo: Tensor,
        style: Tensor,
        style_layers: tuple[str, ...] = STYLE_LAYERS,
        content_layer: str = CONTENT_LAYER,
    ) -> None:
        self._network, self._style_layers, self._content_layer = network, style_layers, content_layer
        with torch.no_grad():
            measured = network(style, style_layers)
            self._grams = {layer: gram_matrix(measured[layer]) for layer in style_layers}
            self._content = network(photo, [content_layer])[content_layer].float()

    def __call__(self, picture: Tensor) -> Tensor:
        features = self._network(picture, {*self._style_layers, self._content_layer})
        loss = picture.new_zeros(())
        for layer in self._style_layers:
            channels = features[layer].shape[1]
            # gram_matrix divides by M already: this is the sum of squares over 4 N^2 M^2.
            squared = (gram_matrix(features[layer]) - self._grams[layer]).square().sum()
            loss = loss + squared / (4 * channels**2 * len(self._style_layers))
        content = (features[self._content_layer].float() - self._content).square().sum() / 2
        return (loss + ALPHA_OVER_BETA * content) / RAW_ENERGY


def paint_plainly(start: Tensor, loss: Callable[[Tensor], Tensor], steps: int) -> tuple[Tensor, list[float]]:
    """The picture after ``steps`` steps of L-BFGS, and the loss at each."""
    picture = start.clone().requires_grad_(True)
    # One iteration per call, one evaluation each; what L-BFGS has learned of the curvature lives on between calls.
    lbfgs = torch.optim.LBFGS([picture], max_iter=1, history_size=20, tolerance_grad=0, tolerance_change=0)
    losses: list[float] = []

    def closure() -> float:
        lbfgs.zero_grad()
        value = loss(picture)
        value.backward()
        losses.append(float(value.detach()))
        return losses[-1]

    for _ in range(steps):
        lbfgs.step(closure)
    return picture.detach().clamp(0, 1), losses


def seconds_per_plain_step(photo: Tensor, style: Tensor, timed: Callable[[Callable[[], object]], float]) -> float:
    """What a step of the usual tool takes: VGG-19 to relu5_1, float32, NCHW; random weights, which cost the same time."""
    loss = PlainLoss(VGG19().requires_grad_(False), photo, style, USUAL_STYLE_LAYERS, USUAL_CONTENT_LAYER)
    picture = photo.clone().requires_grad_(True)
    return timed(lambda: loss(picture).backward())
