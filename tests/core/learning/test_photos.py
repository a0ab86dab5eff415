"""Photos to learn a style on: a folder of somebody's, or what is at hand."""

import os
from pathlib import Path

import pytest
import torch
from PIL import Image as PillowImage

from restyle.contract.errors import InvalidInput
from restyle.learning.photos import training_photos


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="There are no photos"):
        training_photos(tmp_path, None, 32)


def test_a_folder_of_broken_photos_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG and nothing more")
    with pytest.raises(InvalidInput, match=r"None of the photos .* can be read, broken\.png for one"):
        training_photos(tmp_path, None, 32)


def test_photos_that_cannot_be_read_are_left_out_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    PillowImage.new("RGB", (20, 20)).save(tmp_path / "fine.png")
    PillowImage.effect_noise((64, 64), 50).save(tmp_path / "torn.jpg")
    (tmp_path / "torn.jpg").write_bytes((tmp_path / "torn.jpg").read_bytes()[:300])
    (tmp_path / "page.jpeg").write_bytes(b"<html></html>")
    # What macOS leaves on foreign disks is nothing to tell of.
    (tmp_path / "._fine.png").write_bytes(b"\0\5\x16\7")
    notes: list[str] = []
    source = training_photos(tmp_path, None, 16, note=notes.append)
    assert notes == ["Left out, because they cannot be read as pictures: page.jpeg, torn.jpg."]
    assert source(16, torch.Generator().manual_seed(3)).shape == (3, 16, 16)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes that have a name are asked of POSIX")
def test_a_pipe_among_the_photos_is_not_waited_for(tmp_path: Path) -> None:
    PillowImage.new("RGB", (20, 20)).save(tmp_path / "fine.png")
    os.mkfifo(tmp_path / "pipe.png")
    training_photos(tmp_path, None, 16)


def test_reading_photos_tells_how_far_it_is(tmp_path: Path) -> None:
    for name in "ab":
        PillowImage.new("RGB", (64, 64)).save(tmp_path / f"{name}.png")
    told: list[str] = []
    training_photos(tmp_path, None, 32, told.append)
    assert told == ["Reading photos, 1 of 2", "Reading photos, 2 of 2"]


def test_photos_at_hand_serve_where_there_is_no_folder() -> None:
    generator = torch.Generator().manual_seed(0)
    source = training_photos(None, torch.rand(1, 3, 40, 50), 32)
    crops = torch.stack([source(32, generator) for _ in range(8)])
    assert crops.shape == (8, 3, 32, 32)
    assert float(crops.min()) >= 0
    assert float(crops.max()) <= 1
