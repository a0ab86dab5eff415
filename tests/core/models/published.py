"""A file as it is published, which a server of this computer has."""

from __future__ import annotations

import io

import torch

from restyle.models.store import Store


def published_file() -> bytes:
    """A file of the form that torchvision publishes (2017: no zip), with random weights and a smaller classifier."""
    generator = torch.Generator().manual_seed(7)
    state = {
        "features.0.weight": torch.rand(64, 3, 3, 3, generator=generator),
        "features.0.bias": torch.rand(64, generator=generator),
        "features.2.weight": torch.rand(64, 64, 3, 3, generator=generator),
        "classifier.0.weight": torch.rand(1024, 1024, generator=generator),
    }
    buffer = io.BytesIO()
    torch.save(state, buffer, _use_new_zipfile_serialization=False)
    return buffer.getvalue()


PUBLISHED = published_file()


def names(store: Store) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir()) if store.folder.is_dir() else []
