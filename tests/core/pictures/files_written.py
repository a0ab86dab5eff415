"""Files to read, written here, and photos to write."""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import numpy as np
import PIL.Image
import tifffile
from PIL import ImageCms

ADOBE_RGB = imagecodecs.cms_profile("adobergb")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


GREY_GAMMA = imagecodecs.cms_profile("gray", gamma=1.8)
LOSSLESS = [(".png", np.uint8), (".png", np.uint16), (".tif", np.uint8), (".tif", np.uint16), (".tif", np.float32)]


def photo(channels: int = 3, dtype: type = np.uint8, seed: int = 0) -> np.ndarray:
    """Random samples of an odd size."""
    random = np.random.default_rng(seed)
    if dtype == np.float32:
        return random.random((21, 34, channels), np.float32)
    return random.integers(0, np.iinfo(dtype).max, (21, 34, channels), dtype, endpoint=True)


def squeeze(samples: np.ndarray) -> np.ndarray:
    return samples[..., 0] if samples.shape[2] == 1 else samples


def write_reference(path: Path, samples: np.ndarray) -> None:
    """By other libraries than what reads it, where there is another."""
    if path.suffix == ".tif":
        extra = ["unassalpha"] if samples.shape[2] in (2, 4) else None
        kind = "rgb" if samples.shape[2] >= 3 else "minisblack"
        tifffile.imwrite(path, squeeze(samples), photometric=kind, extrasamples=extra, planarconfig="contig" if extra else None)
    elif samples.dtype == np.uint16:
        path.write_bytes(imagecodecs.png_encode(squeeze(samples)))
    else:
        PIL.Image.fromarray(squeeze(samples)).save(path)


def stored(path: Path) -> np.ndarray:
    return tifffile.imread(path) if path.suffix == ".tif" else imagecodecs.png_decode(path.read_bytes())
