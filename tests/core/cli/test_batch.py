"""Many pictures by one command: what is done stays done, and a bad file costs none of the others."""

import json

import numpy as np
import pytest
import tifffile
from PIL import ExifTags, Image
from tests.core.cli.batches import batch, names

from restyle.cli import main
from restyle.contract.errors import UnknownFilter, UnreadableImage

_BAD = ("{nothing}", "{name.x}", "{number[0]}", "{name:>99999}", "{0}")


UNFILLED = [(["--name", name], "cannot be filled in") for name in _BAD]


NO_NAMES = [(["--name", name], "makes no name") for name in ("", "../{name}", "in/{name}")]


def test_each_picture_of_a_folder_is_made_in_its_own_format(photos, tmp_path, calls, capsys):
    out = tmp_path / "out"
    assert batch("enhance-photo", photos, "-o", out, "--strength", "60") == 0
    assert names(out) == ["a.png", "b.jpg"]
    assert "2 of 2 pictures are in" in capsys.readouterr().out


def test_a_bad_picture_is_named_at_the_end_and_costs_no_other(photos, tmp_path, calls, capsys):
    (photos / "aa.png").write_bytes(b"torn")
    report = tmp_path / "report.json"
    assert batch("enhance-photo", photos, "-o", tmp_path / "out", "--report", report) == 1
    assert names(tmp_path / "out") == ["a.png", "b.jpg"]
    last = capsys.readouterr().err.splitlines()[-1]
    assert "aa.png" in last
    assert "cannot be read" in last
    assert [piece["state"] for piece in json.loads(report.read_text())] == ["done", "failed", "done"]


def test_a_file_that_something_else_made_is_not_written_over(photos, tmp_path, calls, capsys):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.png").write_bytes(b"mine")
    assert batch("enhance-photo", photos, "-o", out) == 1
    assert (out / "a.png").read_bytes() == b"mine"
    assert "--again" in capsys.readouterr().err
    assert batch("enhance-photo", photos, "-o", out, "--again") == 0
    assert calls == ["b.jpg", "a.png", "b.jpg"]


def test_names_and_formats_can_be_chosen_and_never_meet(photos, tmp_path, calls):
    out = tmp_path / "out"
    assert batch("enhance-photo", photos, "-o", out, "--name", "{number}-{filter}", "--format", "png") == 0
    assert names(out) == ["1-enhance-photo.png", "2-enhance-photo.png"]
    assert batch("enhance-photo", photos, "-o", out, "--name", "one", "--format", "png") == 0
    assert names(out)[2:] == ["one-2.png", "one.png"]


@pytest.mark.parametrize(("words", "said"), [*UNFILLED, *NO_NAMES, (["-o", "."], "take the place of")])
def test_what_cannot_be_is_said_before_any_work(photos, tmp_path, calls, capsys, monkeypatch, words, said):
    monkeypatch.chdir(photos)
    assert batch("enhance-photo", photos / "a.png", "-o", tmp_path / "out", *words) == 1
    assert said in capsys.readouterr().err
    assert calls == []


def test_a_request_is_a_recipe_for_many(photos, tmp_path, calls):
    look, out = tmp_path / "look.json", tmp_path / "out"
    command = ["fast-style", str(photos / "a.png"), "-o", str(tmp_path / "one.png"), "--strength", "70"]
    assert main([*command, "--save-request", str(look)]) == 0
    assert batch("--request", look, photos, "-o", out) == 0
    with Image.open(tmp_path / "one.png") as one, Image.open(out / "a.png") as same:
        assert one.tobytes() == same.tobytes()


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"filter": "no-such-filter"}'])
def test_what_is_no_recipe_says_so(content, photos, tmp_path, capsys):
    (tmp_path / "look.json").write_text(content)
    assert batch("--request", tmp_path / "look.json", photos, "-o", tmp_path / "out") == 1
    assert capsys.readouterr().err.startswith("restyle: ")


def test_a_program_that_listens_is_told_the_problem_with_what_it_is_made_of(photos, tmp_path, capsys):
    (tmp_path / "look.json").write_text('{"filter": "no-such-filter"}')
    assert batch("--request", tmp_path / "look.json", photos, "-o", tmp_path / "out", "--json", "--while-open") == 1
    said = {"template": UnknownFilter("").sentence.template, "values": {"filter_id": "no-such-filter"}}
    assert json.loads(capsys.readouterr().out)["problem"] == {
        "code": "unknown-filter",
        "detail": str(UnknownFilter("no-such-filter")),
        "said": said,
    }


def test_a_bad_picture_is_told_with_what_its_reason_is_made_of(photos, tmp_path, capsys):
    (photos / "a.png").write_bytes(b"no picture")
    (photos / "b.jpg").unlink()
    assert batch("enhance-photo", photos, "-o", tmp_path / "out", "--workers", "1", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["reason_said"] == {
        "template": UnreadableImage("").sentence.template,
        "values": {"path": str(photos / "a.png")},
    }


def test_a_report_that_cannot_be_written_is_said_before_any_work(photos, tmp_path, calls, capsys):
    assert batch("enhance-photo", photos, "-o", tmp_path / "out", "--report", tmp_path / "none" / "report.json") == 1
    assert capsys.readouterr().err.startswith("restyle: ")
    assert calls == []


def test_a_folder_without_pictures_says_so(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert batch("enhance-photo", tmp_path / "empty", "-o", tmp_path / "out") == 1
    assert "There is no picture" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_no_picture_of_a_batch_is_written_over_by_another_s_result(photos, calls, capsys):
    before = (photos / "b.jpg").read_bytes()
    assert batch("enhance-photo", photos, "-o", photos, "--name", "b", "--format", "jpg", "--again") == 1
    assert "take the place of" in capsys.readouterr().err
    assert calls == []
    assert (photos / "b.jpg").read_bytes() == before


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"]])
def test_it_tells_what_it_does(words, capsys):
    assert batch(*words) == 0
    assert "restyle batch FILTER" in capsys.readouterr().out


def test_a_filter_s_settings_are_told_with_its_name(capsys):
    with pytest.raises(SystemExit):
        batch("enhance-photo", "--help")
    assert "--strength" in capsys.readouterr().out


def test_what_a_file_says_beside_its_pixels_is_kept(tmp_path, calls):
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    random = np.random.default_rng(0)
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Omi"
    Image.fromarray(random.integers(0, 256, (48, 64, 3), dtype=np.uint8)).save(photos / "a.jpg", exif=exif, dpi=(300, 300))
    tifffile.imwrite(photos / "deep.tif", random.integers(0, 65536, (48, 64, 3), dtype=np.uint16), photometric="rgb")
    assert batch("enhance-photo", photos, "-o", out) == 0
    with Image.open(out / "a.jpg") as made:
        assert (made.getexif()[ExifTags.Base.Artist], made.info["dpi"]) == ("Omi", (300, 300))
    assert tifffile.imread(out / "deep.tif").dtype == np.uint16


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["any-style"], "choose 1 to 4"),
        (["enhance-photo", "--strength", "999"], "The setting strength"),
        (["any-style", "--style", "absent.png"], "There is no file absent.png; check"),
    ],
    ids=["input", "setting", "file"],
)
def test_what_is_wrong_with_every_picture_is_said_once_before_anything_is_done(photos, tmp_path, calls, capsys, words, said):
    assert batch(*words, photos, "-o", tmp_path / "out") == 1
    told = capsys.readouterr().err
    assert (told.count(said), calls, (tmp_path / "out").exists()) == (1, [], False)


def test_a_missing_picture_is_named_in_a_sentence(photos, tmp_path, capsys):
    assert batch("enhance-photo", "absent.png", photos / "a.png", "-o", tmp_path / "out", "--strength", "0") == 1
    assert "There is no file absent.png; check its name and folder." in capsys.readouterr().err


def test_a_request_without_pictures_is_no_success(capsys):
    assert batch("--request", "look.json") == 2
    assert "restyle batch FILTER" in capsys.readouterr().out
