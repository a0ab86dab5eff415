"""MediaPipe's face mesh for PyTorch.

Kartynnik et al.: Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs, 2019. 468 points of a face that fills
most of a square of 192 pixels, and how sure it is that there is one. Layers are named as in the published file.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["POINTS", "SIDE_PX", "FaceMesh", "facemesh_from_state_dict"]

POINTS = 468
SIDE_PX = 192

_COORDINATES = 3


class FaceMesh(nn.Module):
    """Points and confidence of pictures of faces."""

    def __init__(self) -> None:
        super().__init__()
        stem = (nn.Conv2d(3, 16, 3, stride=2), nn.PReLU(16))
        stages = [_stage(before, width) for before, width in ((16, 32), (32, 64), (64, 128), (128, 128))]
        blocks = [_Block(16, 16), _Block(16, 16), *(block for stage in stages for block in stage)]
        self.backbone = nn.Sequential(*stem, *blocks)
        self.coord_head = nn.Sequential(*_stage(128, 128), *_end(_COORDINATES * POINTS))
        self.conf_head = nn.Sequential(_Block(128, 128, stride=2), *_end(1))

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Of pictures (N, 3, SIDE_PX, SIDE_PX) in 0..1 the points (N, POINTS, 2), x and y in pixels of these, and how sure it is
        that there is a face (N,) in 0..1."""
        # TFLite's SAME: for an even side and a stride of 2 all of the zeros lie below and to the right.
        seen = self.backbone(F.pad(2 * faces - 1, (0, 1, 0, 1)))
        points = self.coord_head(seen).view(len(faces), POINTS, _COORDINATES)
        return points[:, :, :2], self.conf_head(seen).flatten().sigmoid()


def facemesh_from_state_dict(state: Mapping[str, Tensor]) -> FaceMesh:
    """The network with these weights, to be looked with only; RuntimeError where they are those of another one."""
    with torch.device("meta"):
        network = FaceMesh()
    network.load_state_dict({name: tensor.float() for name, tensor in state.items()}, assign=True)
    return network.eval().requires_grad_(False)


class _Block(nn.Module):
    """Depthwise and pointwise convolution beside the features themselves, which are pooled and widened as these are."""

    def __init__(self, before: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self._stride, self._wider = stride, width - before
        depthwise = nn.Conv2d(before, before, 3, stride, padding=0 if stride > 1 else 1, groups=before)
        self.convs = nn.Sequential(depthwise, nn.Conv2d(before, width, 1))
        self.act = nn.PReLU(width)

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) to (N, width, H / stride, W / stride)."""
        made: Tensor
        if self._stride == 1:
            made = self.convs(features)
        else:
            made, features = self.convs(F.pad(features, (0, 1, 0, 1))), F.max_pool2d(features, self._stride)
        activated: Tensor = self.act(made + F.pad(features, (0, 0, 0, 0, 0, self._wider)))
        return activated


def _stage(before: int, width: int) -> tuple[_Block, _Block, _Block]:
    return _Block(before, width, stride=2), _Block(width, width), _Block(width, width)


def _end(outputs: int) -> tuple[nn.Module, ...]:
    """From 3 x 3 places to numbers."""
    return nn.Conv2d(128, 32, 1), nn.PReLU(32), _Block(32, 32), nn.Conv2d(32, outputs, 3)
