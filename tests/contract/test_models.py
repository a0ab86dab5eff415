"""The plug-in lists the folder of models without reading what is in them, the core reads them: both must mean the same."""

from pathlib import Path

import pytest

from restyle.models.manifest import WEIGHTS
from restyle.models.store import Store
from restyle_plugin.models import own_models


def test_published_networks_that_are_no_styles_are_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    styles = set()
    for entry in WEIGHTS.values():
        for file in entry.files:
            (tmp_path / "models" / file.name).touch()
            styles |= {Path(file.name).stem} if entry.form == "style" else set()
    assert set(own_models()) == styles
    assert styles


@pytest.mark.parametrize("folder", ["models", "models/fast_style"])
def test_both_offer_the_same_models_of_ones_own(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    (tmp_path / folder).mkdir(parents=True)
    published = [file.name for entry in WEIGHTS.values() for file in entry.files]
    own = ["vgg_sunset.t7", "classifier-2.pth", "luts.PTH", "candy.safetensors", "udnie.onnx", ".hidden.t7", "notes.txt"]
    for name in (*published, *own):
        (tmp_path / folder / name).touch()
    offered = own_models()
    assert offered == list(Store(tmp_path).own_models())
    assert {"vgg_sunset", "classifier-2", "luts", "udnie"} <= set(offered)
