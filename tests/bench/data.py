"""Which photos and paintings the benchmarks work on: ten pairs of the reference data, of many kinds of scene and of stroke."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor

__all__ = ["PAIRS", "Pair", "read_scaled"]


@dataclass(frozen=True)
class Pair:
    """Paths of a photo and of a painting, relative to the reference folder."""

    photo: str
    painting: str

    @property
    def name(self) -> str:
        """Both names in short."""
        return f"{Path(self.photo).stem} x {Path(self.painting).stem}"


PAIRS = (
    Pair("johnson/content/chicago.jpg", "paintings/vangogh_starry_night.jpg"),
    Pair("photos/kodak/kodim21.png", "paintings/hokusai_great_wave.jpg"),
    Pair("johnson/content/hoovertowernight.jpg", "paintings/munch_scream_1893.jpg"),
    Pair("photos/kodak/kodim19.png", "johnson/styles/composition_vii.jpg"),
    Pair("photos/kodak/kodim04.png", "paintings/klimt_the_kiss.jpg"),
    Pair("photos/kodak/kodim22.png", "paintings/seurat_grande_jatte.jpg"),
    Pair("photos/kodak/kodim14.png", "paintings/monet_water_lilies.jpg"),
    Pair("photos/kodak/kodim23.png", "paintings/vangogh_wheat_field.jpg"),
    Pair("photos/kodak/kodim15.png", "paintings/vangogh_self_portrait_blue.jpg"),
    Pair("photos/kodak/kodim08.png", "paintings/turner_venice.jpg"),
)


def read_scaled(path: Path, longer_px: int) -> Tensor:
    """A picture as (1, 3, H, W) float32 in 0..1, its longer side ``longer_px``."""
    with PillowImage.open(path) as opened:
        scale = longer_px / max(opened.size)
        size = (max(1, round(opened.width * scale)), max(1, round(opened.height * scale)))
        samples = np.asarray(opened.convert("RGB").resize(size, PillowImage.Resampling.LANCZOS))
    return torch.from_numpy(samples.copy()).permute(2, 0, 1).unsqueeze(0).float().contiguous() / 255
