"""Models of one's own: their names never hide those in the box, and endings are endings however they are written."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from restyle.contract.errors import UnusableModel
from restyle.models import store as store_module
from restyle.models.own_models import free_place, list_own_models, title_of
from restyle.models.store import Store


@pytest.mark.parametrize("name", ["starry-night", "Venice", "CON", "com1"])
def test_a_model_called_like_a_style_in_the_box_or_a_device_of_windows_gets_a_number(tmp_path: Path, name: str) -> None:
    assert free_place(tmp_path, name, "origin", "a picture").stem == f"{name}-2"


def test_endings_in_capitals_are_endings(tmp_path: Path) -> None:
    for name in ("mosaic.PTH", "candy.T7", "notes.TXT"):
        (tmp_path / name).write_bytes(b"")
    assert list(list_own_models(tmp_path)) == ["candy", "mosaic"]


def test_a_file_that_may_not_be_read_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    # Tests may run as root, who may read everything.
    monkeypatch.setattr(store_module, "sha1_of", forbidden)
    (tmp_path / "mine.t7").write_bytes(b"anything")
    with pytest.raises(UnusableModel, match="cannot be read"):
        Store(tmp_path).import_any(tmp_path / "mine.t7")


def test_a_name_that_is_given_becomes_the_title_and_the_file_s_own_stays_without(tmp_path: Path) -> None:
    source = tmp_path / "old.safetensors"
    save_file({"0.weight": torch.zeros(1)}, source, {"architecture": "[]", "title": "Evening Light"})
    assert title_of(Store(tmp_path / "a").import_any(source)) == "Evening Light"
    assert title_of(Store(tmp_path / "b").import_any(source, "Sweet")) == "Sweet"


def test_a_model_s_own_form_is_listed_from_the_folder_of_models_itself(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.folder.mkdir(parents=True)
    for name in ("rain.model", "evening.safetensors", "vgg19.safetensors", "vgg19-dcbb9e9d.pth"):
        (store.folder / name).write_bytes(b"")
    assert list(store.own_models()) == ["evening", "rain"]
