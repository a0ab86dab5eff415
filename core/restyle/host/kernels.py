"""Kernels: how many compiled ones a process that lives long keeps for sizes of pictures that may never come again."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

__all__ = ["bound_kernel_caches"]

# oneDNN and PyTorch's own bridge to it keep 1024 each, so that every job on pictures of a new size leaves some megabytes behind:
# 200 jobs of three convolutions, forth and back, took 451 MB so, and 319 MB with 64 of each, in the same time. A step of the
# largest network here needs about sixty; with twice that none is made anew within a job.
CAPACITIES = {"ONEDNN_PRIMITIVE_CACHE_CAPACITY": "128", "LRU_CACHE_CAPACITY": "128"}


def bound_kernel_caches(environ: MutableMapping[str, str] = os.environ) -> None:
    """Tell both how many to keep; call it before PyTorch is imported. What the user chose himself stays."""
    for name, capacity in CAPACITIES.items():
        environ.setdefault(name, capacity)
