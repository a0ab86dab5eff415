"""The plug-in lists the folder of models without reading what is in them, the core reads them: both must mean the same."""

from pathlib import Path

import pytest

from restyle.models.entries import PLANS_FOLDER
from restyle.models.manifest import for_the_plugin, known_weights
from restyle.models.store import Store
from restyle_plugin.menu import catalogue
from restyle_plugin.models import own_models, published


def test_published_networks_that_are_no_styles_are_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    styles = set()
    for entry in known_weights().values():
        for file in entry.files:
            (tmp_path / "models" / file.name).touch()
            styles |= {Path(file.name).stem} if entry.form == "style" else set()
    assert set(own_models()) == styles
    assert styles


@pytest.mark.parametrize("folder", ["models", "models/fast_style"])
def test_both_offer_the_same_models_of_ones_own(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    (tmp_path / folder).mkdir(parents=True)
    published = [file.name for entry in known_weights().values() for file in entry.files]
    kept = [entry.filename for entry in known_weights().values() if entry.form == "tensors"]
    own = ["rain.model", "evening.safetensors", "vgg_sunset.t7", "classifier-2.pth", "luts.PTH", "candy.safetensors"]
    own += ["udnie.onnx", ".hidden.t7", "notes.txt"]
    for name in (*published, *kept, *own):
        (tmp_path / folder / name).touch()
    offered = own_models()
    assert offered == list(Store(tmp_path).own_models())
    assert {"rain", "evening", "candy", "vgg_sunset", "classifier-2", "luts", "udnie"} <= set(offered)


def test_painters_of_plans_are_those_of_their_own_folder_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    for folder in ("neural_doodle", "fast_style"):
        (tmp_path / "models" / folder).mkdir(parents=True)
    for name in (
        "loose.t7",
        "neural_doodle/night.t7",
        "neural_doodle/day.safetensors",
        "neural_doodle/day.npy",
        "fast_style/candy.t7",
    ):
        (tmp_path / "models" / name).touch()
    assert own_models("neural_doodle") == list(Store(tmp_path).own_models(PLANS_FOLDER)) == ["day", "night"]
    assert own_models() == list(Store(tmp_path).own_models()) == ["candy", "loose"]


def test_what_the_plug_in_knows_of_published_networks_is_the_manifest_s(root: Path) -> None:
    for path, text in for_the_plugin().items():
        assert (root / path).read_text(encoding="utf-8") == text, "run `restyle catalogue --write`"


def test_what_a_dialog_may_download_is_known_to_it(root: Path) -> None:
    offered = {item["id"] for one in catalogue()["filters"] for param in one["params"] for item in param.get("weights", ())}
    assert {"vgg19", "googlenet", "dped-sony", "any-style-magenta"} <= offered <= set(published())
