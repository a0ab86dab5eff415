"""``restyle train-style``: a model from a picture, and sentences where there can be none."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage

from restyle.cli import main
from restyle.filters.learn_style import method
from restyle.learning import fine_tuning
from restyle.learning.style_training import StyleRecipe
from restyle.learning.synthetic import draw_picture
from restyle.networks.multi_style import read_multi_style


@pytest.fixture
def painting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fine_tuning, "MEASURED_PHOTOS", 2)
    monkeypatch.setattr(fine_tuning, "LEAST_STYLE_PX", 48)
    monkeypatch.setattr(fine_tuning, "STYLE_PX", 64)
    monkeypatch.setattr(method, "RECIPE", StyleRecipe(small_size=64, size=64, batch=2))
    pixels = (draw_picture(60, torch.Generator().manual_seed(1)) * 255).byte().permute(1, 2, 0).numpy()
    path = tmp_path / "old oak.png"
    PillowImage.fromarray(pixels).save(path)
    return path


def test_a_picture_becomes_a_model_that_bears_its_name(painting: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    out = tmp_path / "oak.safetensors"
    assert main(["train-style", str(painting), "-o", str(out), "--minutes", "0.05", "--device", "cpu"]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    _, names = read_multi_style(out)
    assert [name.title for name in names] == ["old oak"]


def test_a_listed_model_has_a_thumbnail_and_one_elsewhere_leaves_pictures_alone(
    painting: Path, tmp_path: Path, home_of_its_own: Path
) -> None:
    command = ["train-style", str(painting), "--minutes", "0.05", "--device", "cpu"]
    assert main(command) == 0
    folder = home_of_its_own / "models" / "fast_style"
    assert sorted(path.name for path in folder.glob("old-oak.*")) == ["old-oak.jpg", "old-oak.safetensors"]
    beside = tmp_path / "oak.jpg"
    beside.write_bytes(b"a picture of one's own")
    assert main([*command, "-o", str(beside.with_suffix(".safetensors"))]) == 0
    assert beside.read_bytes() == b"a picture of one's own"


def test_a_folder_as_a_model_is_refused_before_anything_is_learned(
    painting: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tuning.StyleTraining, "step", lambda *_: pytest.fail("a step was taken"))
    assert main(["train-style", str(painting), "-o", str(tmp_path), "--minutes", "0.05", "--device", "cpu"]) == 1
    assert "it is a folder" in capsys.readouterr().err


def test_a_model_never_takes_the_place_of_a_picture(
    painting: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tuning.StyleTraining, "step", lambda *_: pytest.fail("a step was taken"))
    kept = painting.read_bytes()
    assert main(["train-style", str(painting), "-o", str(painting), "--minutes", "0.05", "--device", "cpu"]) == 1
    assert "the ending has to be one of .safetensors" in capsys.readouterr().err
    assert painting.read_bytes() == kept


def test_a_stop_says_that_the_same_command_goes_on(
    painting: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: fine_tuning.StyleTraining, progress: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fine_tuning.StyleTraining, "step", interrupted)
    out = tmp_path / "oak.safetensors"
    assert main(["train-style", str(painting), "-o", str(out), "--minutes", "0.05", "--device", "cpu"]) == 130
    assert "the same command goes on from here" in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_without_photos_is_an_error_of_one_sentence(
    painting: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["train-style", str(painting), "--photos", str(empty), "-o", str(tmp_path / "oak.safetensors")]) == 1
    assert "There are no photos in" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"),
    [("--minutes", "0"), ("--style-strength", "101"), ("--style-scale", "9"), ("--seed", "-1"), ("--name", "")],
)
def test_settings_have_the_bounds_of_the_filter(
    option: str, value: str, painting: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["train-style", str(painting), option, value, "-o", str(tmp_path / "oak.safetensors")]) == 1
    assert f"The setting {option[2:].replace('-', '_')} cannot be used" in capsys.readouterr().err


def test_the_style_is_what_can_be_seen_of_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[fine_tuning.FineTuning] = []
    monkeypatch.setattr(method, "fine_tune", lambda wanted, *_: seen.append(wanted))
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[:20] = (200, 100, 50, 255)
    pixels[20:, :, 1] = 255  # a green that is fully transparent
    PillowImage.fromarray(pixels).save(tmp_path / "half.png")
    command = ["train-style", str(tmp_path / "half.png"), "-o", str(tmp_path / "half.safetensors"), "--seed", "3"]
    assert main([*command, "--device", "cpu"]) == 0
    assert seen[0].recipe.seed == 3
    visible = torch.tensor([200, 100, 50]).view(1, 3, 1, 1) / 255
    assert torch.allclose(seen[0].picture, visible.expand(1, 3, 40, 40), atol=0.01)
