"""Models that are ONNX files of unknown networks: onnxruntime runs them as they are, on the CPU.

Such a file says nothing of colours, so a try tells: given 0..255, a network of that convention answers in it; a bounded answer is
that of 0..1, or with negative numbers of -1..1. What takes one size alone gets the photo at that size.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from restyle.contract.errors import MissingLibrary, UnusableModel
from restyle.pictures.resizing import resized

__all__ = ["OnnxNetwork"]

MOST_PIXELS = 2_000_000
"""What is painted in one piece: nobody knows what such a network needs of its surroundings, so it cannot be cut into tiles."""

SIDES_PX = 32
"""Sides are brought to multiples of this, more than the strides of any style network."""

_ERRORS = (
    "EPFail",
    "Fail",
    "InvalidArgument",
    "InvalidGraph",
    "InvalidProtobuf",
    "NoModel",
    "NotImplemented",
    "RuntimeException",
)

_BOUNDED = 1.5
"""What tanh and sigmoid never reach, nor linear answers in 0..1 by much."""


class OnnxNetwork:
    """A session of onnxruntime for the model in ``path``; UnusableModel where it cannot run it, MissingLibrary without it."""

    def __init__(self, content: bytes, path: Path) -> None:
        try:
            import onnxruntime
            from onnxruntime.capi import onnxruntime_pybind11_state as state
        except ImportError as error:
            raise MissingLibrary("This model", "onnxruntime") from error
        # They have no base of their own.
        self._errors = tuple(getattr(state, name) for name in _ERRORS if hasattr(state, name))
        self._path = path
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except self._errors as error:
            raise UnusableModel(path, "onnxruntime cannot run it") from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) != 4 or 3 not in (inputs[0].shape[1], inputs[0].shape[3]):
            raise UnusableModel(path, "it does not take one picture of three colours")
        self._name, self._shape = inputs[0].name, inputs[0].shape
        self._is_last = inputs[0].shape[1] != 3

    def paint(self, photo: Tensor) -> Tensor:
        """``photo`` (1, 3, H, W) in 0..1, painted, of its size, about 0..1."""
        height, width = photo.shape[2:]
        small = resized(photo, *self._size(height, width)).clamp(0, 1)
        painted = self._run(small * 255) / 255
        if float(painted.abs().max()) * 255 < _BOUNDED:
            painted = self._run(small)
            if float(painted.min()) < -0.5:
                painted = (self._run(small * 2 - 1) + 1) / 2
        return resized(painted, height, width)

    def _size(self, height: int, width: int) -> tuple[int, int]:
        given = self._shape[1:3] if self._is_last else self._shape[2:]
        if all(isinstance(side, int) and side > 0 for side in given):
            return given[0], given[1]
        scale = min(1.0, (MOST_PIXELS / (height * width)) ** 0.5)
        return (max(round(height * scale / SIDES_PX), 2) * SIDES_PX, max(round(width * scale / SIDES_PX), 2) * SIDES_PX)

    def _run(self, pixels: Tensor) -> Tensor:
        given: Any = pixels.permute(0, 2, 3, 1) if self._is_last else pixels
        try:
            answer = np.asarray(self._session.run(None, {self._name: given.contiguous().numpy().astype(np.float32)})[0])
        except self._errors as error:
            raise UnusableModel(self._path, "onnxruntime cannot run it on this picture") from error
        found = torch.from_numpy(answer.astype(np.float32))
        if found.ndim != 4 or 3 not in (found.shape[1], found.shape[3]):
            raise UnusableModel(self._path, "it does not give a picture of three colours")
        return found if found.shape[1] == 3 else found.permute(0, 3, 1, 2).contiguous()
