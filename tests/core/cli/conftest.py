"""Photos for a batch, and who is called to work on them."""

import numpy as np
import pytest
from PIL import Image

from restyle.service.clients import HereClient


@pytest.fixture
def photos(tmp_path):
    """A folder of two photos, a file that is none, and one that hides."""
    folder = tmp_path / "photos"
    folder.mkdir()
    random = np.random.default_rng(0)
    for name in ("a.png", "b.jpg"):
        Image.fromarray(random.integers(0, 256, (48, 64, 3), dtype=np.uint8)).save(folder / name)
    (folder / "notes.txt").write_text("no picture")
    (folder / "._a.png").write_bytes(b"no picture either")
    return folder


@pytest.fixture
def calls(monkeypatch):
    """The outputs that were really worked on."""
    made = []
    real = HereClient.perform

    def perform(self, use, output, progress):
        made.append(output.name)
        return real(self, use, output, progress)

    monkeypatch.setattr(HereClient, "perform", perform)
    return made
