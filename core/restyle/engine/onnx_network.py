"""Models that are ONNX files of unknown networks: onnxruntime runs them as they are, on the CPU.

Such a file says nothing of colours, unless it ends in tanh, so a try tells: given 0..255, a network of that convention answers in
it; a bounded answer is that of 0..1, or with negative numbers of -1..1. What takes one size alone gets the photo at that size.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import MissingLibrary, UnusableModel
from restyle.contract.sentence import said
from restyle.host.memory import available_memory_bytes
from restyle.pictures.resizing import resized

__all__ = ["OnnxNetwork"]

MOST_PIXELS = 2_000_000
"""What is painted in one piece: nobody knows what such a network needs of its surroundings, so it cannot be cut into tiles."""

SIDES_PX = 32
"""Sides are brought to multiples of this, more than the strides of any style network."""

LOOKS_S = 0.2
"""How often it is asked whether the work was cancelled."""

MEMORY_SHARE = 0.8
"""Of the free memory, when the first such network runs, that all of them may take."""

_ERRORS = (
    "EPFail",
    "Fail",
    "InvalidArgument",
    "InvalidGraph",
    "InvalidProtobuf",
    "NoModel",
    "NoSuchFile",
    "NotImplemented",
    "RuntimeException",
)

_SILENT = 4  # onnxruntime's level of what it writes to the terminal: nothing, for its errors are said in a sentence
_BOUNDED = 1.5
"""What tanh and sigmoid never reach, nor linear answers in 0..1 by much."""


class OnnxNetwork:
    """A session of onnxruntime for the model in ``path``; UnusableModel where it cannot run it, MissingLibrary without it.

    ``is_signed`` where it is known to take and give colours in -1..1.
    """

    def __init__(self, content: bytes, path: Path, *, is_signed: bool = False) -> None:
        try:
            import onnxruntime
            from onnxruntime.capi import onnxruntime_pybind11_state as state
        except ImportError as error:
            raise MissingLibrary(said("This model"), "onnxruntime") from error
        # They have no base of their own.
        self._errors = (RuntimeError, *(getattr(state, name) for name in _ERRORS if hasattr(state, name)))
        self._path, self._run_options, self._is_signed = path, onnxruntime.RunOptions, is_signed
        options = onnxruntime.SessionOptions()
        options.log_severity_level = _SILENT
        _bound_memory()
        options.add_session_config_entry("session.use_env_allocators", "1")
        try:
            # Constants are not worked out beforehand: that has no end where the file wants it so, and cannot be ended.
            self._session = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"], disabled_optimizers=["ConstantFolding"]
            )
        except self._errors as error:
            raise UnusableModel(path, said("onnxruntime cannot run it")) from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) != 4 or 3 not in (inputs[0].shape[1], inputs[0].shape[3]):
            raise UnusableModel(path, said("it does not take one picture of three colours"))
        self._name, self._shape = inputs[0].name, inputs[0].shape
        self._answer = self._session.get_outputs()[0].name
        self._is_last = inputs[0].shape[1] != 3

    def paint(self, photo: Tensor, context: Context) -> Tensor:
        """``photo`` (1, 3, H, W) in 0..1, painted, of its size, about 0..1. Raises UnusableModel, Cancelled."""
        height, width = photo.shape[2:]
        small = resized(photo, *self._size(height, width)).clamp(0, 1)
        if self._is_signed:
            return resized((self._run(small * 2 - 1, context) + 1) / 2, height, width)
        painted = self._run(small * 255, context) / 255
        if float(painted.abs().max()) * 255 < _BOUNDED:
            painted = self._run(small, context)
            if float(painted.min()) < -0.5:
                painted = (self._run(small * 2 - 1, context) + 1) / 2
        return resized(painted, height, width)

    def _size(self, height: int, width: int) -> tuple[int, int]:
        given = self._shape[1:3] if self._is_last else self._shape[2:]
        if all(isinstance(side, int) and side > 0 for side in given):
            if math.prod(given) > MOST_PIXELS:
                raise UnusableModel(self._path, said("it was made for pictures larger than can be painted in one piece"))
            return given[0], given[1]
        scale = min(1.0, (MOST_PIXELS / (height * width)) ** 0.5)
        return (max(round(height * scale / SIDES_PX), 2) * SIDES_PX, max(round(width * scale / SIDES_PX), 2) * SIDES_PX)

    def _run(self, pixels: Tensor, context: Context) -> Tensor:
        given: Any = pixels.permute(0, 2, 3, 1) if self._is_last else pixels
        try:
            answer = np.asarray(self._answered(given.contiguous().numpy().astype(np.float32), context))
        except self._errors as error:
            raise UnusableModel(self._path, said("onnxruntime cannot run it on this picture")) from error
        if answer.ndim != 4 or answer.shape[0] != 1 or 3 not in (answer.shape[1], answer.shape[3]):
            raise UnusableModel(self._path, said("it does not give a picture of three colours"))
        if answer.size > 3 * MOST_PIXELS or 0 in answer.shape or answer.dtype.kind not in "fiu":
            raise UnusableModel(self._path, said("it gives a picture of no possible size"))
        found = torch.from_numpy(answer.astype(np.float32))
        if not bool(found.isfinite().all()):
            raise UnusableModel(self._path, said("it gives a picture whose numbers are not finite"))
        return found if found.shape[1] == 3 else found.permute(0, 3, 1, 2).contiguous()

    def _answered(self, given: Any, context: Context) -> Any:
        """What the network gives; beside it, it is looked whether the work was cancelled, and then the network is ended."""
        options = self._run_options()
        # What it took is given back: the next one may be another network.
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(self._session.run, [self._answer], {self._name: given}, options)
            try:
                while True:
                    try:
                        return running.result(LOOKS_S)[0]
                    except FutureTimeoutError:
                        context.progress.step(0, of=1, message=said("Painting"))
            finally:
                options.terminate = True


@cache
def _bound_memory() -> None:
    """Let the sessions of this process take so much together: a file of a few bytes may ask for any."""
    import onnxruntime

    place = onnxruntime.OrtMemoryInfo("Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT)
    bounds = onnxruntime.OrtArenaCfg({"max_mem": int(available_memory_bytes() * MEMORY_SHARE)})
    onnxruntime.create_and_register_allocator(place, bounds)
