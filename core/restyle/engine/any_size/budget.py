"""Budget: how much memory the maps of a network may take, and how large bands are."""

from __future__ import annotations

from restyle.engine.any_size.extent import Extent
from restyle.host.device import Device

__all__ = ["band_rows", "map_bytes", "memory_bytes"]

LEAST_MEMORY_BYTES = 0.81e9
MEMORY_BYTES_PER_PIXEL = 64
MOST_MEMORY_BYTES = 1.6e9
"""What maps may take on a CPU that has little free: with PyTorch itself, the picture and the result it keeps 12 megapixels under
2 GB, 24 under 3 GB and 100 under 4 GB."""

SPARE_SHARE = 1 / 3
"""Of the free memory, on a computer that has more than that to spare: maps are kept instead of computed anew for each norm.
A third keeps all of 12 megapixels through DPED in float32 where 22 GB are free; a quarter took 1.7 times as long."""

BAND_BYTES = 12e6
"""Of the largest map in a band. Fewer fit the cache better and keep more layers in little memory; more spare threads' starts."""

LEAST_ROWS = 8
"""Of a band: fewer would be little more than the rows that neighbouring bands share."""


def map_bytes(device: Device, extent: Extent) -> float:
    """Bytes of maps per pixel of the picture."""
    return extent.numbers_per_pixel * device.precision.itemsize


def memory_bytes(device: Device, pixels: int) -> float:
    """What maps of a picture of so many pixels may take."""
    budget = device.memory_budget_bytes
    if device.torch_device.type != "cpu" and budget > 0:
        return budget
    limit = min(max(MEMORY_BYTES_PER_PIXEL * pixels, LEAST_MEMORY_BYTES), MOST_MEMORY_BYTES)
    return min(max(limit, SPARE_SHARE * budget), budget) if budget > 0 else limit


def band_rows(device: Device, extent: Extent, width: int) -> int:
    """Rows of a band of a picture so wide, a multiple of the network's stride."""
    step = max(LEAST_ROWS, extent.stride)
    row_bytes = extent.widest_numbers_per_pixel * device.precision.itemsize * width
    return max(step, int(BAND_BYTES / row_bytes) // step * step)
