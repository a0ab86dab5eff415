"""The network of the first dreams: where it is published, and what its file must be."""

from __future__ import annotations

from restyle.models.entries import PublishedFile, WeightsEntry

__all__ = ["WEIGHTS"]

WEIGHTS: tuple[WeightsEntry, ...] = (
    WeightsEntry(
        id="googlenet",
        title="GoogLeNet (ImageNet), features only",
        filename="googlenet.safetensors",
        licence="BSD-3-Clause (torchvision); trained on ImageNet",
        source="torchvision, GoogLeNet_Weights.IMAGENET1K_V1",
        # Of its hash the eight digits in its name were published, which torchvision compares itself.
        files=(PublishedFile("https://download.pytorch.org/models/googlenet-1378be20.pth", sha256="1378be20"),),
        # Without the classifiers.
        keep=("conv", "inception"),
    ),
)
