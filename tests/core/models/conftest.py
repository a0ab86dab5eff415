"""What is published, and a store that fetches it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.core.models.published import PUBLISHED
from tests.core.models.ranged_server import RangedServer, serving

from restyle.models.entries import PublishedFile, WeightsEntry
from restyle.models.manifest import known_weights
from restyle.models.store import Store


@pytest.fixture
def server() -> Iterator[RangedServer]:
    with serving(PUBLISHED) as running:
        yield running


@pytest.fixture
def entry(server: RangedServer) -> WeightsEntry:
    digest = hashlib.sha256(PUBLISHED).hexdigest()
    return replace(known_weights()["vgg19"], files=(PublishedFile(server.url, digest, size_bytes=len(PUBLISHED)),))


@pytest.fixture
def store(tmp_path: Path, entry: WeightsEntry) -> Store:
    return Store(tmp_path, {**known_weights(), "vgg19": entry})
