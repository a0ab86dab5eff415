"""Learn a Style as a filter: the layer painted, the model where Fast Style finds it, and sentences for what cannot be."""

from pathlib import Path

import pytest
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import Cancelled, InvalidInput, InvalidParameter
from restyle.contract.loaded import Style
from restyle.contract.progress import CallbackProgress, Report, SilentProgress
from restyle.engine import painting
from restyle.engine.any_size import meter
from restyle.engine.run import run
from restyle.filters.fast_style import FAST_STYLE, FastStyleParams
from restyle.filters.learn_style import LEARN_A_STYLE, LearnStyleParams, method
from restyle.filters.learn_style.method import model_file
from restyle.host.device import pick_device
from restyle.learning import fine_tuning, telling
from restyle.learning.fine_tuning import FineTuningState
from restyle.learning.style_training import StyleRecipe
from restyle.learning.synthetic import draw_picture
from restyle.models.own_models import title_of
from restyle.networks.multi_style import multi_style_network, read_multi_style
from restyle.pictures.image import Image


@pytest.fixture(autouse=True)
def a_job_of_a_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pictures, and a second for each step, however fast the machine is."""
    step = fine_tuning.StyleTraining.step

    def counted(self: fine_tuning.StyleTraining, progress: float) -> None:
        step(self, progress)
        self.seconds = float(self.steps)

    monkeypatch.setattr(fine_tuning.StyleTraining, "step", counted)
    monkeypatch.setattr(fine_tuning, "MEASURED_PHOTOS", 2)
    monkeypatch.setattr(fine_tuning, "STYLE_PX", 80)
    monkeypatch.setattr(method, "RECIPE", StyleRecipe(small_size=64, size=64, batch=2))
    monkeypatch.setattr(telling, "PREVIEW_EVERY_S", 0.0)


def picture(height: int, width: int, seed: int) -> torch.Tensor:
    return draw_picture(max(height, width), torch.Generator().manual_seed(seed))[None, :, :height, :width].contiguous()


def learned(reports: list[Report], home: Path, **params: object) -> Image:
    content = Image(picture(45, 62, 1), alpha=torch.rand(1, 1, 45, 62))
    inputs = inputs_of(content, (Style(Image(picture(50, 70, 2))),))
    context = Context(pick_device("cpu", "float32"), CallbackProgress(reports.append))
    settings = LearnStyleParams(**{"name": "Evening Light", "minutes": 0.05, **params})
    return run(LEARN_A_STYLE, inputs, settings, context).picture


def test_the_layer_is_painted_and_the_model_is_where_fast_style_looks(
    home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meter, "INTERVAL_S", 0.0)
    reports: list[Report] = []
    result = learned(reports, home_of_its_own)
    assert result.pixels.shape == (1, 3, 45, 62)
    assert result.alpha is not None
    path = home_of_its_own / "models" / "fast_style" / "evening-light.safetensors"
    _, names = read_multi_style(path)
    assert [(name.id, name.title) for name in names] == [("evening-light", "Evening Light")]
    assert path.with_suffix(".jpg").is_file()
    shown = [report.preview() for report in reports if report.preview]
    assert shown
    assert max(shown[-1].pixels.shape[2:]) <= 512
    places = [report.step / report.of for report in reports]
    assert places == sorted(places)
    assert places[-1] <= 1
    assert {report.message for report in reports} >= {"Preparing to learn", "Painting"}


def test_a_picture_further_from_the_style_than_the_photo_is_no_way_at_all(home_of_its_own: Path) -> None:
    reports: list[Report] = []
    told = method.LearningProgress(picture(32, 32, 1), Context(pick_device("cpu", "float32"), CallbackProgress(reports.append)))
    for distance in (1.42, 0.25, -0.1):
        told(FineTuningState(0, 60, distance, multi_style_network(1).state_dict()))
    assert [report.message.partition("; ")[2] for report in reports] == [
        f"{way} % of the way to the style" for way in (0, 75, 100)
    ]


@pytest.mark.parametrize(
    ("course", "said"),
    [
        (
            [(0, 1.0), (30, 0.6), (60, 0.4)],
            "The model is 60 % of the way from a photo to the style; twice the time would bring it to about 70 %.",
        ),
        (
            [(0, 1.0), (30, 0.4), (60, 0.4)],
            "The model is 60 % of the way from a photo to the style; more time would hardly bring it nearer.",
        ),
        ([(0, 1.2)], "The model is 0 % of the way from a photo to the style; more time would hardly bring it nearer."),
    ],
)
def test_the_end_says_how_good_it_became_and_what_more_time_would_give(
    course: list[tuple[float, float]], said: str, home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fine_tuned(job, photo, features, shipped, out, device, on_step, tick) -> dict[str, torch.Tensor]:  # type: ignore[no-untyped-def]
        for seconds, distance in course:
            on_step(FineTuningState(seconds, 60, distance, {}))
        return {}

    monkeypatch.setattr(method, "fine_tune", fine_tuned)
    context = Context(pick_device("cpu", "float32"), SilentProgress())
    params = LearnStyleParams(name="Evening Light", minutes=0.05)
    method.learn_model(picture(50, 70, 2), params, context, lambda _: None, photo=picture(40, 40, 1))
    assert context.progress.notes == [said]


def test_the_time_left_counts_what_is_between_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    reports: list[Report] = []
    told = method.LearningProgress(picture(32, 32, 1), Context(pick_device("cpu", "float32"), CallbackProgress(reports.append)))
    clock = iter((100.0, 100.0, 100.0, 130.0, 130.0, 130.0))
    monkeypatch.setattr(telling.time, "monotonic", lambda: next(clock))
    for seconds in (0.0, 20.0):
        told(FineTuningState(seconds, 60, 0.5, {}))
    assert [report.message.partition(";")[0] for report in reports] == ["Learning, 60 s left", "Learning, 60 s left"]


def test_the_result_is_what_fast_style_makes_of_the_photo(home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting, "NATIVE_PX", 64)
    content = Image(picture(96, 120, 1))
    context = Context(pick_device("cpu", "float32"))
    params = LearnStyleParams(name="Evening Light", minutes=0.05)
    learned_one = run(LEARN_A_STYLE, inputs_of(content, (Style(Image(picture(50, 70, 2))),)), params, context).picture
    fast = run(FAST_STYLE, inputs_of(content), FastStyleParams(style_name="evening-light"), context).picture
    assert torch.equal(learned_one.pixels, fast.pixels)


def test_a_cancelled_job_leaves_no_model_and_the_same_call_goes_on(home_of_its_own: Path) -> None:
    def cancel(report: Report) -> None:
        steps.append(report.step)
        if report.message.startswith("Learning") and len(set(steps)) == 3:
            raise Cancelled

    steps: list[int] = []
    inputs = inputs_of(Image(picture(40, 40, 1)), (Style(Image(picture(50, 70, 2))),))
    params = LearnStyleParams(name="Evening Light", minutes=0.05)
    with pytest.raises(Cancelled):
        run(LEARN_A_STYLE, inputs, params, Context(pick_device("cpu", "float32"), CallbackProgress(cancel)))
    folder = home_of_its_own / "models" / "fast_style"
    assert not [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    learned, steps = max(steps), []
    run(
        LEARN_A_STYLE,
        inputs,
        params,
        Context(pick_device("cpu", "float32"), CallbackProgress(lambda report: steps.append(report.step))),
    )
    assert min(step for step in steps if step > 0) >= learned
    assert (folder / "evening-light.safetensors").is_file()


def test_a_finished_style_is_never_lost_to_another_of_its_name(home_of_its_own: Path) -> None:
    folder = home_of_its_own / "models" / "fast_style"
    learned([], home_of_its_own, minutes=0.05)
    first = (folder / "evening-light.safetensors").read_bytes()
    learned([], home_of_its_own, minutes=0.05, style_scale=2.0)
    learned([], home_of_its_own, minutes=0.05, style_scale=2.0)
    assert sorted(path.stem for path in folder.glob("*.safetensors")) == ["evening-light", "evening-light-2"]
    assert (folder / "evening-light.safetensors").read_bytes() == first
    assert (folder / "evening-light-2.jpg").is_file()
    assert title_of(folder / "evening-light-2.safetensors") == "Evening Light 2"


def test_no_style_of_ones_own_takes_the_name_of_one_in_the_box(tmp_path: Path) -> None:
    assert model_file(tmp_path, "Starry Night", "").stem == "starry-night-2"


@pytest.mark.parametrize(
    ("name", "stem"),
    [("The  Old Oak!", "the-old-oak"), ("../../escape", "escape"), ("Été à Nîmes", "été-à-nîmes"), ("a/b\\c", "a-b-c")],
)
def test_names_become_files_inside_the_folder(name: str, stem: str, tmp_path: Path) -> None:
    path = model_file(tmp_path, name, "")
    assert path == tmp_path / "fast_style" / f"{stem}.safetensors"


def test_a_name_without_letters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter, match="neither letters nor digits"):
        model_file(tmp_path, " ... ", "")


def test_a_folder_without_photos_is_refused_in_a_sentence(tmp_path: Path, home_of_its_own: Path) -> None:
    with pytest.raises(InvalidInput, match="There are no photos in"):
        learned([], home_of_its_own, photos=str(tmp_path))
