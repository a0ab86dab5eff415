"""Where training starts: a student fitted to its teacher layer by layer in closed form, which saves the first thousands of steps.

For each layer, the teacher's channels that best stand for all (pivoted Cholesky of their Gram matrix) become the student's, and
the convolution is the least-squares solution from the student's own features below. The ReLU is met by iterating: where the
teacher is silent, any negative value is right. Heads are least squares too. The idea is pruning by reconstruction (ThiNet,
Luo et al. 2017).
"""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.networks.encoder import CompactEncoder
from restyle_training.teacher import Teacher

CHUNK = 16  # pictures at a time
POSITIONS = 512  # of each picture and layer: a deep kernel has 2,304 numbers, and needs tens of thousands of samples
RIDGE = 1e-3  # relative to the mean diagonal of the normal matrix
ITERATIONS = 4


@torch.no_grad()
def fit_layer_by_layer(student: CompactEncoder, teacher: Teacher, images: Tensor, generator: torch.Generator) -> None:
    """Set the student's weights from pictures (N, 3, H, W); layers that the teacher lacks keep their random weights."""
    taught = [layer for layer in student.layers if layer in teacher.layers]
    places, targets = _answers(teacher, taught, images, generator)
    below = images
    for layer in student.layers:
        below = torch.cat([student.entering(layer, chunk) for chunk in torch.split(below, CHUNK)])
        if layer in taught:
            _fit_layer(student, layer, _patches(below, places[layer]), targets[layer])
        below = torch.cat([F.relu(student.convolution(layer)(chunk)) for chunk in torch.split(below, CHUNK)])


def _fit_layer(student: CompactEncoder, layer: str, patches: Tensor, target: Tensor) -> None:
    convolution = student.convolution(layer)
    chosen = representative_channels(target, convolution.out_channels)
    solution = fit_relu(patches, target[:, chosen])
    convolution.weight.copy_(solution[:-1].T.reshape(convolution.weight.shape))
    if convolution.bias is not None:
        convolution.bias.copy_(solution[-1])
    if layer in student.heads:
        _fit_head(student, layer, F.relu(_with_ones(patches) @ solution), target)


def representative_channels(features: Tensor, count: int) -> Tensor:
    """Return the channels (count,) of (P, C) from which the others are best predicted, one by one, greedily."""
    residual = features.T @ features / len(features)
    chosen: list[int] = []
    for _ in range(count):
        diagonal = residual.diagonal().clone()
        diagonal[chosen] = -1
        # What a channel explains of all the others, not only of itself.
        explained = residual.square().sum(dim=0) / diagonal.clamp_min(1e-6)
        explained[diagonal <= 1e-6] = -1
        explained[chosen] = -2
        best = int(explained.argmax())
        column = residual[:, best].clone()
        residual -= torch.outer(column, column) / diagonal[best].clamp_min(1e-6)
        chosen.append(best)
    return torch.tensor(chosen, device=features.device)


def fit_relu(inputs: Tensor, target: Tensor) -> Tensor:
    """Return the matrix (D + 1, C) whose product with inputs (P, D) and a one, after ReLU, is nearest to target (P, C)."""
    extended = _with_ones(inputs)
    factor = _normal_factor(extended)
    solution = torch.cholesky_solve(extended.T @ target, factor)
    for _ in range(ITERATIONS):
        reached = extended @ solution
        solution = torch.cholesky_solve(extended.T @ torch.where(target > 0, target, reached.clamp_max(0)), factor)
    return solution


def _fit_head(student: CompactEncoder, layer: str, features: Tensor, target: Tensor) -> None:
    extended = _with_ones(features)
    solution = torch.cholesky_solve(extended.T @ target, _normal_factor(extended))
    head = student.head(layer)
    if head is not None:
        head.weight.copy_(solution[:-1].T)
        head.bias.copy_(solution[-1])


def _answers(
    teacher: Teacher, layers: Collection[str], images: Tensor, generator: torch.Generator
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """For each layer, random positions of each picture (N, P), none twice, and what the teacher answers there (N P, C)."""
    places: dict[str, list[Tensor]] = {layer: [] for layer in layers}
    targets: dict[str, list[Tensor]] = {layer: [] for layer in layers}
    for chunk in torch.split(images, CHUNK):
        for layer, answer in teacher(chunk, layers).items():
            flat = answer.flatten(2)
            count = min(POSITIONS, flat.shape[2])
            place = torch.rand(len(chunk), flat.shape[2], generator=generator).topk(count).indices.to(images.device)
            places[layer].append(place)
            targets[layer].append(_at(flat, place).float())
    return {layer: torch.cat(each) for layer, each in places.items()}, {layer: torch.cat(each) for layer, each in targets.items()}


def _patches(below: Tensor, places: Tensor) -> Tensor:
    """What a convolution of 3 x 3 sees (N P, 9 C) at these positions (N, P) of its input (N, C, h, w)."""
    width = below.shape[3]
    padded = F.pad(below, (1, 1, 1, 1))
    first = places // width * (width + 2) + places % width
    offsets = [row * (width + 2) + column for row in range(3) for column in range(3)]
    taps = torch.stack([first + offset for offset in offsets], dim=1).flatten(1)
    # (N P, C) for each tap, then as a kernel's numbers lie: channel by channel.
    seen = _at(padded.flatten(2), taps).view(len(places), len(offsets), places.shape[1], -1)
    return seen.permute(0, 2, 3, 1).reshape(places.numel(), -1)


def _at(flat: Tensor, places: Tensor) -> Tensor:
    """Vectors (N P, C) of maps (N, C, h w) at positions (N, P)."""
    index = places.unsqueeze(1).expand(-1, flat.shape[1], -1)
    return flat.gather(2, index).transpose(1, 2).flatten(0, 1)


def _with_ones(inputs: Tensor) -> Tensor:
    return torch.cat([inputs, inputs.new_ones(len(inputs), 1)], dim=1)


def _normal_factor(extended: Tensor) -> Tensor:
    normal = extended.T @ extended
    normal.diagonal().add_(RIDGE * normal.diagonal().mean())
    factor: Tensor = torch.linalg.cholesky(normal)
    return factor


__all__ = ["fit_layer_by_layer", "fit_relu", "representative_channels"]
