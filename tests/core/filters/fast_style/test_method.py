"""Fast Style paints what was asked for, at any size, and says in one sentence what it cannot paint with."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import Cancelled, UnknownModel, UnusableModel
from restyle.contract.progress import CallbackProgress
from restyle.engine.any_size import meter
from restyle.engine.painting import painted_scale
from restyle.engine.run import run
from restyle.filters.fast_style import FAST_STYLE, FastStyleParams
from restyle.filters.fast_style.painter import painters_of
from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle.host.device import pick_device
from restyle.models.store import SHIPPED_FOLDER, Store
from restyle.networks.multi_style import read_multi_style
from restyle.pictures.image import Image, luma


def paint(photo: Image, context: Context, **values) -> torch.Tensor:
    return run(FAST_STYLE, inputs_of(photo), FastStyleParams.parse({"style_name": "candy", **values}), context).picture.pixels


def difference(first: torch.Tensor, second: torch.Tensor) -> float:
    return float((first - second).abs().mean())


@pytest.mark.parametrize("size", [(1, 1), (30, 200), (97, 131), (64, 64)])
def test_the_result_has_the_photo_s_size_whatever_that_is(context, size):
    content = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1))
    for style in ("candy", "dawn"):
        result = run(FAST_STYLE, inputs_of(Image(content)), FastStyleParams(style_name=style), context).picture
        assert result.pixels.shape == content.shape
        assert result.pixels.isfinite().all()


def test_a_style_is_another_picture_and_the_same_each_time(photo, context):
    candy, mosaic = paint(photo, context), paint(photo, context, style_name="mosaic")
    assert torch.equal(candy, paint(photo, context))
    assert difference(candy, photo.pixels) > 0.02
    assert difference(candy, mosaic) > 0.02


def test_strength_goes_from_the_photo_to_the_painting(photo, context):
    whole = paint(photo, context)
    assert torch.equal(paint(photo, context, strength=0), photo.pixels)
    half = paint(photo, context, strength=50)
    assert torch.allclose(half, (photo.pixels + whole) / 2, atol=1e-6)


def test_colours_are_kept_when_brightness_alone_is_painted(photo, context):
    kept = paint(photo, context, preserve_colors="luminance")
    chroma = kept - luma(kept)
    inside = ((kept > 0.01) & (kept < 0.99)).all(1, keepdim=True).expand_as(kept)
    expected = photo.pixels - luma(photo.pixels)
    # Where a colour had to be paled to stay in the gamut, only its direction is kept.
    assert float((chroma * expected).sum(1)[inside[:, 0]].mean()) > 0
    assert difference(chroma, expected) < 0.02


def test_the_photo_s_distribution_of_colours_can_be_kept(photo, context):
    matched = paint(photo, context, preserve_colors="histogram")
    quantiles = torch.linspace(0.05, 0.95, 9)
    for channel in range(3):
        wanted = photo.pixels[0, channel].flatten().quantile(quantiles)
        assert (matched[0, channel].flatten().quantile(quantiles) - wanted).abs().max() < 0.03


def test_styles_of_one_network_are_mixed_inside_of_it(photo, context):
    assert len(painters_of("dawn", "dusk", 0.5, context)) == 1
    dawn, dusk = paint(photo, context, style_name="dawn"), paint(photo, context, style_name="dusk")
    middle = paint(photo, context, style_name="dawn", second_style="dusk")
    other = paint(photo, context, style_name="dusk", second_style="dawn")
    assert difference(middle, other) < 1e-5
    assert difference(middle, dawn) > 1e-3
    assert difference(middle, (dawn + dusk) / 2) > 1e-4  # not two pictures over each other
    near = paint(photo, context, style_name="dawn", second_style="dusk", second_share=1)
    assert difference(near, dawn) < difference(middle, dawn) / 5
    whole = paint(photo, context, style_name="dawn", second_style="dusk", second_share=100)
    assert difference(whole, dusk) < 1e-5


def test_styles_of_different_networks_are_mixed_as_pictures(photo, context):
    candy, mosaic = paint(photo, context), paint(photo, context, style_name="mosaic")
    mixed = paint(photo, context, second_style="mosaic", second_share=25)
    inside = (candy > 0) & (candy < 1) & (mosaic > 0) & (mosaic < 1)
    assert torch.allclose(mixed[inside], (0.75 * candy + 0.25 * mosaic)[inside], atol=1e-5)
    assert torch.equal(paint(photo, context, second_style="candy"), candy)
    assert torch.equal(paint(photo, context, second_style="mosaic", second_share=0), candy)


def test_larger_strokes_are_painted_smaller_and_finer_ones_larger():
    assert painted_scale(512, 768, 1) == 1
    assert painted_scale(512, 768, 2) == 0.5
    assert painted_scale(8 * 512, 8 * 768, 1) == pytest.approx(1 / 4)
    assert painted_scale(300, 400, 0.25) == 2  # the photo has no more detail to follow


def test_layers_painted_with_one_reference_agree_where_they_show_the_same(photo, context):
    params = FastStyleParams(style_name="candy")
    halves = [Image(photo.pixels[..., :96].contiguous()), Image(photo.pixels[..., 32:].contiguous())]

    def overlap(reference: Image | None) -> float:
        first, second = (run(FAST_STYLE, inputs_of(half, reference=reference), params, context).picture.pixels for half in halves)
        # Columns 60 to 68 of the photo, which both have, away from the edges of either.
        return difference(first[..., 60:68], second[..., 28:36])

    assert overlap(photo) < overlap(None) / 4
    alone = run(FAST_STYLE, inputs_of(photo, reference=photo), params, context).picture.pixels
    assert difference(alone, paint(photo, context)) < 1e-4


def test_stroke_size_changes_the_scale_of_what_is_painted(photo, context):
    fine, coarse = paint(photo, context, stroke_size=0.5), paint(photo, context, stroke_size=1.5)
    assert fine.shape == coarse.shape == photo.pixels.shape
    assert difference(fine, coarse) > 0.01


def test_an_unknown_style_is_answered_with_those_that_there_are(photo, context):
    with pytest.raises(
        UnknownModel, match=r"no style called rembrandt; choose one of starry-night, .*candy, dawn, dusk, mosaic\."
    ):
        paint(photo, context, style_name="rembrandt")
    with pytest.raises(UnknownModel):
        paint(photo, context, second_style="../candy")


def test_a_model_deleted_after_it_was_chosen_is_one_sentence(photo, models, context):
    path = models / "models" / "fast_style" / "candy.safetensors"
    content = path.read_bytes()
    try:
        path.unlink()
        with pytest.raises(UnknownModel, match="no style called candy"):
            paint(photo, context)
    finally:
        path.write_bytes(content)


def test_a_model_that_broke_is_one_sentence(tmp_path, photo, models):
    folder = tmp_path / "models" / "fast_style"
    folder.mkdir(parents=True)
    content = (models / "models" / "fast_style" / "candy.safetensors").read_bytes()
    broken = {
        "cut": content[: len(content) // 2],
        "empty": b"",
        "other": content.replace(b'\\"kernel\\": 9', b'\\"kernel\\": 7'),
        "huge": content.replace(b'\\"in\\": 3', b'\\"in\\": 9' + b"9"),
        "no-json": content.replace(b'"architecture":"[{', b'"architecture":"{[ '[:16] + b" "),
    }
    for name, data in broken.items():
        (folder / f"{name}.safetensors").write_bytes(data)
        with pytest.raises(UnusableModel, match="cannot be used as a model"):
            paint(photo, Context(pick_device("cpu", "float32"), store=Store(tmp_path)), style_name=name)


def test_weights_that_are_no_numbers_are_refused(tmp_path, photo, models):
    state = torch.load(models / "candy.pth", weights_only=True)
    state["res1.conv1.conv2d.weight"][0, 0, 0, 0] = float("nan")
    store = Store(tmp_path)
    store.folder.mkdir(parents=True)
    torch.save(state, store.folder / "sick.pth")
    with pytest.raises(UnusableModel, match="not finite"):
        store.import_any(store.folder / "sick.pth")
    with pytest.raises(UnusableModel, match="not finite"):
        paint(photo, Context(pick_device("cpu", "float32"), store=store), style_name="sick")


def test_a_file_dropped_into_the_folder_of_models_paints(tmp_path, photo, models, context):
    for folder in (tmp_path / "a" / "models", tmp_path / "b" / "models" / "fast_style"):
        folder.mkdir(parents=True)
        (folder / "Crème brûlée.pth").write_bytes((models / "candy.pth").read_bytes())
        home = tmp_path / folder.relative_to(tmp_path).parts[0]
        dropped = Context(context.device, store=Store(home))
        assert torch.equal(paint(photo, dropped, style_name="Crème brûlée"), paint(photo, context))


@pytest.mark.parametrize("second", ["", "mosaic"])
@pytest.mark.parametrize("refers", [False, True])
def test_progress_only_grows_and_painting_can_be_stopped_at_any_step(photo, models, monkeypatch, second, refers):
    monkeypatch.setattr(meter, "INTERVAL_S", 0.0)
    params = FastStyleParams(style_name="candy", second_style=second, second_share=50)
    inputs = inputs_of(photo, reference=photo if refers else None)

    def painted(reports, most):
        progress = CallbackProgress(reports.append, lambda: len(reports) >= most)
        run(FAST_STYLE, inputs, params, Context(pick_device("cpu", "float32"), progress, Store(models)))

    reports = []
    painted(reports, 1_000_000)
    places = [report.step / report.of for report in reports]
    assert places == sorted(places)
    last = len(reports)
    assert last > 5
    for count in (last // 2, last - 1):
        stopped = []
        with pytest.raises(Cancelled):
            painted(stopped, count)
        assert len(stopped) == count


def test_two_imports_of_one_file_are_one_model_and_of_two_files_two(tmp_path, models):
    store = Store(tmp_path)
    first = store.import_any(models / "candy.pth")
    assert store.import_any(models / "candy.pth") == first
    other = tmp_path / "candy.pth"
    other.write_bytes((models / "mosaic.pth").read_bytes())
    assert store.import_any(other).name == "candy-2.safetensors"
    assert store.import_any(other, "Über den Wolken/..").name == "Über den Wolken.safetensors"
    assert sorted(store.own_models()) == ["candy", "candy-2", "Über den Wolken"]
    assert not [path for path in store.folder.rglob("*") if "part" in path.name]


def test_the_list_of_styles_in_the_box_is_the_file_s_own():
    _, names = read_multi_style(SHIPPED_FOLDER / "fast_style_paintings.safetensors")
    assert [(name.id, name.title, name.artist) for name in names] == [
        (style.id, style.title, style.artist) for style in SHIPPED_STYLES.values()
    ]


def test_every_style_in_the_box_paints_another_picture(photo, tmp_path):
    context = Context(pick_device("cpu", "float32"), store=Store(tmp_path))
    painted = [paint(photo, context, style_name=name) for name in SHIPPED_STYLES]
    for index, picture in enumerate(painted):
        assert min(difference(picture, other) for other in painted[:index] + painted[index + 1 :]) > 0.02


def test_the_command_paints(tmp_path, photo, models, monkeypatch):
    from restyle.cli import main
    from restyle.pictures.files import open_image, save_image

    monkeypatch.setenv("RESTYLE_HOME", str(models))
    save_image(photo, tmp_path / "photo.png")
    arguments = [str(tmp_path / "photo.png"), "-o", str(tmp_path / "out.png"), "--device", "cpu", "--precision", "float32"]
    assert main(["fast-style", *arguments, "--style-name", "mosaic", "--second-style", "candy", "--strength", "80"]) == 0
    context = Context(pick_device("cpu", "float32"), store=Store(models))
    reread = open_image(tmp_path / "photo.png")[0]
    expected = paint(reread, context, style_name="mosaic", second_style="candy", strength=80)
    assert difference(open_image(tmp_path / "out.png")[0].pixels, expected) < 1 / 255
    assert main(["fast-style", *arguments, "--style-name", "nobody"]) != 0


def test_the_command_imports_lists_and_checks_models(tmp_path, models, monkeypatch, capsys):
    from restyle.cli import main

    monkeypatch.setenv("RESTYLE_HOME", str(tmp_path))
    assert main(["models", "import", str(models / "candy.pth"), "--name", "Sweet"]) == 0
    assert main(["models", "list"]) == 0
    assert main(["models", "verify"]) == 0
    assert "Sweet: readable" in capsys.readouterr().out
    (tmp_path / "models" / "fast_style" / "Sweet.safetensors").write_bytes(b"no more")
    assert main(["models", "verify"]) == 1
    assert main(["models", "import", str(tmp_path / "missing.t7")]) != 0
    assert "there is no such file" in capsys.readouterr().err


def test_pixels_outside_of_the_selection_are_the_photo_s(photo, context):
    selection = torch.zeros(1, 1, photo.height, photo.width)
    selection[:, :, :40, :40] = 1
    params = FastStyleParams(style_name="candy")
    result = run(FAST_STYLE, inputs_of(photo, (), selection), params, context).picture.pixels
    assert torch.equal(result[:, :, 80:], photo.pixels[:, :, 80:])
    assert difference(result[:, :, :40, :40], photo.pixels[:, :, :40, :40]) > 0.02


def test_models_are_kept_under_names_that_are_no_paths(tmp_path, models):
    kept = Store(tmp_path).import_any(models / "candy.pth", "../../etc/passwd")
    assert kept.parent == Path(tmp_path) / "models" / "fast_style"
