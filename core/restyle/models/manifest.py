"""Manifest: every set of trained weights that Restyle knows a place of, with where it comes from and what it must be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from restyle.contract.errors import UnknownWeights
from restyle.models.published import ADAPTIVE_LUT, ANY_STYLE, DPED, ESPNETV2, JOHNSON, PYTORCH_STYLES, VGG19, PublishedFile

__all__ = ["STYLES_FOLDER", "WEIGHTS", "WeightsEntry", "find_weights"]

STYLES_FOLDER = "fast_style"
"""Where, below the folder of models, models of Fast Style lie: what a person brings along, learns or fetches."""


@dataclass(frozen=True)
class WeightsEntry:
    """One set of weights, in one or more published files; none for what ships with Restyle.

    ``keep`` are the prefixes of the tensors that are kept of fetched files; the others (a classifier, say) are dropped. ``form``
    is "tensors" for what a filter asks for by its id, "style" for a network of Fast Style, which is kept with its architecture.
    """

    id: str
    title: str
    filename: str
    """Name below the folder of models: always safetensors, whatever form the source has."""
    licence: str
    source: str
    files: tuple[PublishedFile, ...] = ()
    keep: tuple[str, ...] = ("",)
    form: Literal["tensors", "style"] = "tensors"

    @property
    def is_shipped(self) -> bool:
        """Whether the weights come with Restyle."""
        return not self.files

    @property
    def size_bytes(self) -> int:
        """Size of all published files together, where it is known."""
        return sum(file.size_bytes for file in self.files)

    @property
    def url(self) -> str | None:
        """Where the first published file is; None for what ships."""
        return self.files[0].url if self.files else None

    @property
    def fingerprint(self) -> str:
        """The published hash, or one over those of all files: what a kept file notes of its source."""
        digests = [file.sha256 or file.sha1 for file in self.files]
        return digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(digests).encode()).hexdigest()


_ENTRIES = (
    WeightsEntry(
        id="compact-encoder",
        title="Compact perceptual encoder, distilled from VGG-19",
        filename="compact_encoder.safetensors",
        licence="MIT",
        source="restyle_training.distil; the card beside the file has data, command and figures",
    ),
    WeightsEntry(
        id="fast-style-paintings",
        title="Fast Style: twelve paintings",
        filename="fast_style_paintings.safetensors",
        licence="MIT",
        source="restyle_training.style_network; the card beside the file has data, command and figures",
    ),
    WeightsEntry(
        id="enhancer",
        title="Enhancer of photos",
        filename="enhancer.safetensors",
        licence="MIT",
        source="restyle_training.enhance; the card beside the file has data, command and figures",
    ),
    WeightsEntry(
        id="vgg19",
        title="VGG-19 (ImageNet), features only",
        filename="vgg19.safetensors",
        licence="BSD-3-Clause (torchvision); trained on ImageNet",
        source="torchvision, VGG19_Weights.IMAGENET1K_V1",
        files=(VGG19,),
        # The classifier is 86 % of the file and nothing for pictures of other sizes.
        keep=("features.",),
    ),
    *(
        WeightsEntry(
            id=f"dped-{phone}",
            title=f"DPED: from {title} to a DSLR",
            filename=f"dped_{phone}.safetensors",
            licence="none stated",
            source="aiff22/DPED, the authors' checkpoints",
            files=files,
        )
        for phone, title, files in DPED
    ),
    *(
        WeightsEntry(
            id=name,
            title=f"Image-adaptive 3D lookup tables (sRGB, {training})",
            filename=f"{name.replace('-', '_')}.safetensors",
            licence="Apache-2.0",
            source="HuiZeng/Image-Adaptive-3DLUT",
            files=files,
        )
        for name, training, files in ADAPTIVE_LUT
    ),
    *(
        WeightsEntry(
            id=name,
            title=f"Any Style: {title}",
            filename=f"{name.replace('-', '_')}.safetensors",
            licence="MIT",
            source=source,
            files=files,
        )
        for name, title, source, files in ANY_STYLE
    ),
    *(
        WeightsEntry(
            id=name,
            title=f"Regions: {title}",
            filename=f"{name.replace('-', '_')}.safetensors",
            licence="MIT",
            source="sacmehta/EdgeNets, ESPNetv2 s=2.0",
            files=(file,),
        )
        for name, title, file in ESPNETV2
    ),
    *(
        WeightsEntry(
            id=name,
            title=f"Fast Style: {title} (J. Johnson)",
            filename=f"{STYLES_FOLDER}/{name}.safetensors",
            licence="personal or research use",
            source="jcjohnson/fast-neural-style",
            files=(file,),
            form="style",
        )
        for name, title, file in JOHNSON
    ),
    *(
        WeightsEntry(
            id=name,
            title=f"Fast Style: {title} (PyTorch examples)",
            filename=f"{STYLES_FOLDER}/{name}.safetensors",
            licence="BSD-3-Clause (PyTorch examples), Apache-2.0 (ONNX model zoo)",
            source="pytorch/examples, fast_neural_style, as the ONNX model zoo has it",
            files=(file,),
            form="style",
        )
        for name, title, file in PYTORCH_STYLES
    ),
)

WEIGHTS: dict[str, WeightsEntry] = {entry.id: entry for entry in _ENTRIES}


def find_weights(weights_id: str, entries: dict[str, WeightsEntry] = WEIGHTS) -> WeightsEntry:
    """The entry of this id; raises UnknownWeights."""
    try:
        return entries[weights_id]
    except KeyError as error:
        raise UnknownWeights(weights_id) from error
