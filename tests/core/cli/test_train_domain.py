"""``restyle train-domain``: two folders become two worlds, and sentences where they cannot."""

from pathlib import Path

import pytest
import torch
from PIL import Image as PillowImage

from restyle.cli import main
from restyle.learning.synthetic import draw_picture
from restyle.models.store import Store


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    found = []
    for seed, name in enumerate(("Day", "Dusk")):
        folder = tmp_path / name
        folder.mkdir()
        for number in range(2):
            pixels = (draw_picture(80, torch.Generator().manual_seed(9 * seed + number)) * 255).byte().permute(1, 2, 0).numpy()
            PillowImage.fromarray(pixels).save(folder / f"{number}.png")
        found.append(str(folder))
    return found


def test_two_folders_become_two_worlds_in_the_list(folders: list[str], capsys: pytest.CaptureFixture) -> None:
    assert main(["train-domain", *folders, "--minutes", "0.01", "--device", "cpu"]) == 0
    store = Store()
    assert list(store.own_models("change_the_world")) == ["day-to-dusk", "day-to-dusk-back"]
    assert str(store.own_models("change_the_world")["day-to-dusk"]) in capsys.readouterr().out
    photo = f"{folders[0]}/0.png"
    assert main(["change-the-world", photo, "-o", f"{folders[0]}/out.png", "--world", "day-to-dusk", "--device", "cpu"]) == 0


@pytest.mark.parametrize(
    ("more", "said"), [(["--minutes", "0"], "minutes"), (["--name", "?!"], "neither letters nor digits"), ([], "no photos in")]
)
def test_what_cannot_be_learned_is_one_sentence(
    folders: list[str], tmp_path: Path, more: list[str], said: str, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "empty").mkdir()
    chosen = folders if more else [folders[0], str(tmp_path / "empty")]
    assert main(["train-domain", *chosen, "--device", "cpu", *more]) == 1
    assert said in capsys.readouterr().err
