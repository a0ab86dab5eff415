"""Entries of the manifest, as plain data: a set of trained weights, where its files are published, and what they must be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

__all__ = ["DOMAINS_FOLDER", "FAMILY_FOLDERS", "PLANS_FOLDER", "STYLES_FOLDER", "PublishedFile", "WeightsEntry"]

STYLES_FOLDER = "fast_style"
"""Where, below the folder of models, models of Fast Style lie: what a person brings along, learns or fetches."""

PLANS_FOLDER = "neural_doodle"
"""The same for networks that paint plans, which Neural Doodle lists."""
DOMAINS_FOLDER = "change_the_world"
"""The same of generators that lead from one domain of pictures to another."""

FAMILY_FOLDERS = {"style": STYLES_FOLDER, "domain": DOMAINS_FOLDER}
"""By what a network is for."""


@dataclass(frozen=True)
class PublishedFile:
    """One file and what it must be; ``prefix`` is put before the names of its tensors where several files make one set."""

    url: str
    sha256: str = ""
    """Or its first digits, where no more of it was published."""
    sha1: str = ""
    """Asked for where no SHA-256 was published; where neither was, what came is taken, and its own hash noted."""
    size_bytes: int = 0
    """0 where it is not known to the byte; then the end of the file is where the server says."""
    prefix: str = ""

    @property
    def name(self) -> str:
        """The last part of the URL."""
        return self.url.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class WeightsEntry:
    """One set of weights, in one or more published files; none for what ships with Restyle.

    ``keep`` are the prefixes of the tensors that are kept of fetched files; the others (a classifier, say) are dropped. ``form``
    is "tensors" for what a filter asks for by its id, "style" for a network of Fast Style, which is kept with its architecture,
    "domain" for a generator of Change the World, which is kept so, too.
    """

    id: str
    title: str
    filename: str
    """Name below the folder of models: always safetensors, whatever form the source has."""
    licence: str
    source: str
    files: tuple[PublishedFile, ...] = ()
    keep: tuple[str, ...] = ("",)
    form: Literal["tensors", "style", "domain"] = "tensors"

    @property
    def is_shipped(self) -> bool:
        """Whether the weights come with Restyle."""
        return not self.files

    @property
    def has_hash(self) -> bool:
        """Whether a hash of each of its files was published, or it ships."""
        return all(file.sha256 or file.sha1 for file in self.files)

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
