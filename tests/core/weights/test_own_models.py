"""Models of one's own: their names never hide those in the box, and endings are endings however they are written."""

from pathlib import Path

import pytest

from restyle.weights.own_models import free_place, list_own_models


@pytest.mark.parametrize("name", ["starry-night", "Venice"])
def test_a_model_called_like_a_style_in_the_box_gets_a_number(tmp_path: Path, name: str) -> None:
    assert free_place(tmp_path, name, "origin", "a picture").stem == f"{name}-2"


def test_endings_in_capitals_are_endings(tmp_path: Path) -> None:
    for name in ("mosaic.PTH", "candy.T7", "notes.TXT"):
        (tmp_path / name).write_bytes(b"")
    assert list(list_own_models(tmp_path)) == ["candy", "mosaic"]
