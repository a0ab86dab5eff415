"""The published generators: where they are, and what is known of their files.

Their authors publish neither sizes nor hashes, and no other program's list of hashes could be found. What comes is read as data
and never executed, its architecture is checked and tried, and its own SHA-256 is noted and shown by `restyle models list`, so
that two people, or two days, can be compared.
"""

from __future__ import annotations

from restyle.filters.change_the_world.worlds import PUBLISHED_WORLDS
from restyle.models.entries import DOMAINS_FOLDER, PublishedFile, WeightsEntry

__all__ = ["WEIGHTS"]

WEIGHTS: tuple[WeightsEntry, ...] = tuple(
    WeightsEntry(
        id=world.id,
        title=f"Change the World: {world.title}",
        filename=f"{DOMAINS_FOLDER}/{world.id}.safetensors",
        licence="of the weights nothing is said; BSD-2-Clause (the authors' program)",
        source="junyanz/pytorch-CycleGAN-and-pix2pix",
        files=(PublishedFile(world.url),),
        form="domain",
    )
    for world in PUBLISHED_WORLDS
)
