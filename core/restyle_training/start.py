"""Where training starts: a student fitted to its teacher layer by layer in closed form, which saves the first thousands of steps.

For each layer, the teacher's channels that best stand for all (pivoted Cholesky of their Gram matrix) become the student's, and
the convolution is the least-squares solution from the student's own features below. The ReLU is met by iterating: where the
teacher is silent, any negative value is right. Heads are least squares too. The idea is pruning by reconstruction (ThiNet,
Luo et al. 2017).
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.networks.encoder import CompactEncoder
from restyle_training.teacher import Teacher

CHUNK = 16  # pictures at a time
POSITIONS = 96  # of each picture and layer
RIDGE = 1e-3  # relative to the mean diagonal of the normal matrix
ITERATIONS = 12


@torch.no_grad()
def fit_layer_by_layer(student: CompactEncoder, teacher: Teacher, images: Tensor, generator: torch.Generator) -> None:
    """Set the student's weights from pictures (N, 3, H, W); layers that the teacher lacks keep their random weights."""
    for index, layer in enumerate(student.layers):
        if layer not in teacher.layers:
            continue
        samples = list(_samples(student, teacher, images, index, generator))
        patches, target = (torch.cat(parts) for parts in zip(*samples, strict=True))
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


def _samples(
    student: CompactEncoder, teacher: Teacher, images: Tensor, index: int, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield what the convolution sees (P, 9 C) and what the teacher answers (P, C'), at random positions."""
    layer = student.layers[index]
    for chunk in torch.split(images, CHUNK):
        below = student.input_of(layer, chunk)
        target = teacher(chunk, [layer])[layer].float().flatten(2)
        patches = F.unfold(below, kernel_size=3, padding=1)
        positions = torch.randint(patches.shape[2], (POSITIONS,), generator=generator).to(images.device)
        yield patches[..., positions].transpose(1, 2).flatten(0, 1), target[..., positions].transpose(1, 2).flatten(0, 1)


def _with_ones(inputs: Tensor) -> Tensor:
    return torch.cat([inputs, inputs.new_ones(len(inputs), 1)], dim=1)


def _normal_factor(extended: Tensor) -> Tensor:
    normal = extended.T @ extended
    normal.diagonal().add_(RIDGE * normal.diagonal().mean())
    factor: Tensor = torch.linalg.cholesky(normal)
    return factor


__all__ = ["fit_layer_by_layer", "fit_relu", "representative_channels"]
