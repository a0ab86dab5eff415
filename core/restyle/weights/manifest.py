"""Manifest: every set of trained weights that a filter can use, with where it comes from and what it must be."""

from __future__ import annotations

from dataclasses import dataclass

from restyle.errors import UnknownWeights

__all__ = ["WEIGHTS", "WeightsEntry", "find_weights"]


@dataclass(frozen=True)
class WeightsEntry:
    """One set of weights.

    ``url`` is None for what ships with Restyle; ``sha256`` is empty then, the repository keeps it. ``keep`` are the
    prefixes of the tensors that are kept of a fetched file; the others (a classifier, say) are dropped.
    """

    id: str
    title: str
    filename: str
    """Name in the folder of models: always safetensors, whatever form the source has."""
    licence: str
    source: str
    url: str | None = None
    sha256: str = ""
    size_bytes: int = 0
    """Size of the file behind ``url``."""
    keep: tuple[str, ...] = ("",)

    @property
    def published_filename(self) -> str:
        """The last part of the URL; "" for what ships."""
        return self.url.rsplit("/", 1)[-1] if self.url else ""

    @property
    def is_shipped(self) -> bool:
        """Whether the weights come with Restyle."""
        return self.url is None


_ENTRIES = (
    WeightsEntry(
        id="compact-encoder",
        title="Compact perceptual encoder, distilled from VGG-19",
        filename="compact_encoder.safetensors",
        licence="MIT",
        source="restyle.training.distil; the card beside the file has data, command and figures",
    ),
    WeightsEntry(
        id="vgg19",
        title="VGG-19 (ImageNet), features only",
        filename="vgg19.safetensors",
        licence="BSD-3-Clause (torchvision); trained on ImageNet",
        source="torchvision, VGG19_Weights.IMAGENET1K_V1",
        url="https://download.pytorch.org/models/vgg19-dcbb9e9d.pth",
        # Begins with the eight digits that torchvision puts into the file's name and checks itself.
        sha256="dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44",
        size_bytes=574_673_361,
        # The classifier is 86 % of the file and nothing for pictures of other sizes.
        keep=("features.",),
    ),
)

WEIGHTS: dict[str, WeightsEntry] = {entry.id: entry for entry in _ENTRIES}


def find_weights(weights_id: str, entries: dict[str, WeightsEntry] = WEIGHTS) -> WeightsEntry:
    """The entry of this id; raises UnknownWeights."""
    try:
        return entries[weights_id]
    except KeyError as error:
        raise UnknownWeights(weights_id) from error
