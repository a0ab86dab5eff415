"""What ships is small, says how it was made, and is used only as it was shipped."""

import shutil
from pathlib import Path

import pytest

from restyle.contract.errors import WeightsDamaged, WeightsUnavailable
from restyle.models import store as store_module
from restyle.models.fetch import sha256_of
from restyle.models.manifest import known_weights
from restyle.models.store import SHIPPED_FOLDER, Store

MOST_BYTES = 12_000_000
"""What all weights in the box may take together."""


def test_the_weights_in_the_box_stay_under_twelve_megabytes_together() -> None:
    assert 0 < sum(path.stat().st_size for path in SHIPPED_FOLDER.glob("*.safetensors")) < MOST_BYTES


def test_each_file_in_the_box_is_listed_and_has_a_card_beside_it() -> None:
    shipped = {path.name for path in SHIPPED_FOLDER.glob("*.safetensors")}
    assert shipped == {entry.filename for entry in known_weights().values() if entry.is_shipped}
    for name in shipped:
        card = (SHIPPED_FOLDER / name).with_suffix(".md").read_text(encoding="utf-8")
        # How it was made is a command that can be run again.
        assert "python -m restyle_training." in card, name


def test_the_box_lists_the_hash_of_each_of_its_files() -> None:
    listed = dict(reversed(line.split()) for line in (SHIPPED_FOLDER / "SHA256SUMS").read_text().splitlines())
    found = {path.name: sha256_of(path) for path in SHIPPED_FOLDER.glob("*.safetensors")}
    assert listed == found, "in core/restyle/models/box: sha256sum *.safetensors > SHA256SUMS"


@pytest.fixture
def damaged_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the box in which the numbers of one file have become zeros, which makes black pictures."""
    box = shutil.copytree(SHIPPED_FOLDER, tmp_path / "box")
    path = box / "compact_encoder.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[:-4096] + bytes(4096))
    monkeypatch.setattr(store_module, "SHIPPED_FOLDER", box)
    return box


def test_what_ships_and_has_changed_is_neither_verified_nor_used(tmp_path: Path, damaged_box: Path) -> None:
    store = Store(tmp_path)
    for ask in (store.verify, store.path):
        with pytest.raises(WeightsDamaged, match=r"not the file that came with Restyle.*install Restyle again"):
            ask("compact-encoder")
        ask("enhancer")


def test_what_should_have_shipped_and_is_missing_is_not_to_be_fetched(tmp_path: Path, damaged_box: Path) -> None:
    (damaged_box / "enhancer.safetensors").unlink()
    for ask in (Store(tmp_path).path, Store(tmp_path).fetch):
        with pytest.raises(WeightsUnavailable, match="install Restyle again"):
            ask("enhancer")
