"""Learn a World as a filter: the layer changed, both ways where Change the World finds them, sentences for what cannot be."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import InvalidInput, InvalidParameter
from restyle.contract.progress import CallbackProgress, Report
from restyle.engine.run import run
from restyle.filters.change_the_world import CHANGE_THE_WORLD, ChangeTheWorldParams
from restyle.filters.learn_domain import LEARN_A_WORLD, LearnDomainParams, method
from restyle.host.device import pick_device
from restyle.learning import domains, telling
from restyle.learning.domain_training import SMALL_RECIPE
from restyle.learning.synthetic import draw_picture
from restyle.models.own_models import title_of
from restyle.models.store import Store
from restyle.pictures.files import save_image
from restyle.pictures.image import Image


@pytest.fixture(autouse=True)
def a_job_of_a_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pictures, and a second for each step, however fast the machine is."""
    step = domains.DomainTraining.step

    def counted(self: domains.DomainTraining, progress: float) -> None:
        step(self, progress)
        self.seconds = float(self.steps)

    monkeypatch.setattr(domains.DomainTraining, "step", counted)
    monkeypatch.setattr(method, "SMALL_RECIPE", replace(SMALL_RECIPE, size=16, picture_px=32, discriminator_width=4))
    monkeypatch.setattr(telling, "PREVIEW_EVERY_S", 0.0)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    for seed, name in enumerate(("noon", "dusk")):
        (tmp_path / name).mkdir()
        picture = draw_picture(48, torch.Generator().manual_seed(seed))[None]
        save_image(Image(picture), tmp_path / name / "a.png")
    return {"first": str(tmp_path / "noon"), "second": str(tmp_path / "dusk")}


def learned(reports: list[Report], content: Image, **params: object) -> Image:
    context = Context(pick_device("cpu", "float32"), CallbackProgress(reports.append))
    settings = LearnDomainParams.parse({"generator": "small", "minutes": 0.05, **params})
    return run(LEARN_A_WORLD, inputs_of(content), settings, context).picture


def test_the_layer_is_changed_and_both_ways_are_in_the_list(folders: dict[str, str]) -> None:
    reports: list[Report] = []
    content = Image(torch.rand(1, 3, 45, 62), alpha=torch.rand(1, 1, 45, 62))
    result = learned(reports, content, name="Evening Light", **folders)
    assert result.pixels.shape == content.pixels.shape
    assert result.alpha is not None
    worlds = Store().own_models("change_the_world")
    assert {name: title_of(path) for name, path in worlds.items()} == {
        "evening-light": "Evening Light",
        "evening-light-back": "Evening Light, back",
    }
    context = Context(pick_device("cpu", "float32"))
    again = run(CHANGE_THE_WORLD, inputs_of(content), ChangeTheWorldParams(world="evening-light"), context).picture
    assert torch.allclose(again.pixels, result.pixels, atol=1e-5)
    shown = [report.preview() for report in reports if report.preview]
    assert shown
    places = [report.step / report.of for report in reports]
    assert places == sorted(places)
    assert {report.message for report in reports} >= {"Preparing to learn", "Painting"}


def test_another_world_of_the_same_name_gets_a_number(folders: dict[str, str]) -> None:
    content = Image(torch.rand(1, 3, 40, 40))
    learned([], content, minutes=0.02, **folders)
    learned([], content, minutes=0.02, **folders)
    learned([], content, minutes=0.02, first=folders["second"], second=folders["first"])
    assert sorted(Store().own_models("change_the_world")) == ["my-world", "my-world-2", "my-world-2-back", "my-world-back"]


def test_hues_are_held_as_firmly_as_asked() -> None:
    device = pick_device("cpu", "float32")
    weights = [method._recipe(LearnDomainParams(hold_hues=hold), device).identity_weight for hold in (0, 50, 100)]
    assert weights == pytest.approx([SMALL_RECIPE.identity_weight * factor for factor in (0.25, 1, 4)])


def test_what_cannot_be_learned_is_one_sentence(folders: dict[str, str], tmp_path: Path) -> None:
    content = Image(torch.rand(1, 3, 40, 40))
    with pytest.raises(InvalidInput, match="two folders of pictures to learn from; choose both"):
        learned([], content, first=folders["first"])
    with pytest.raises(InvalidInput, match="no photos in"):
        learned([], content, first=folders["first"], second=str(tmp_path / "nowhere"))
    with pytest.raises(InvalidParameter, match="neither letters nor digits"):
        learned([], content, name="?!", **folders)
