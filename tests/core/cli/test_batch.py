"""Many pictures by one command: what is done stays done, and a bad file costs none of the others."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import ExifTags, Image

from restyle.batch.ledger import LOCK, NAME
from restyle.cli import main
from restyle.contract.errors import InvalidInput, UnknownFilter, UnreadableImage
from restyle.service.clients import HereClient


@pytest.fixture
def photos(tmp_path):
    """A folder of two photos, a file that is none, and one that hides."""
    folder = tmp_path / "photos"
    folder.mkdir()
    random = np.random.default_rng(0)
    for name in ("a.png", "b.jpg"):
        Image.fromarray(random.integers(0, 256, (48, 64, 3), dtype=np.uint8)).save(folder / name)
    (folder / "notes.txt").write_text("no picture")
    (folder / "._a.png").write_bytes(b"no picture either")
    return folder


@pytest.fixture
def calls(monkeypatch):
    """The outputs that were really worked on."""
    made = []
    real = HereClient.perform

    def perform(self, use, output, progress):
        made.append(output.name)
        return real(self, use, output, progress)

    monkeypatch.setattr(HereClient, "perform", perform)
    return made


MANY = 150  # pictures, each done in some hundredths of a second: not all before this process looks again
_BAD = ("{nothing}", "{name.x}", "{number[0]}", "{name:>99999}", "{0}")
UNFILLED = [(["--name", name], "cannot be filled in") for name in _BAD]
NO_NAMES = [(["--name", name], "makes no name") for name in ("", "../{name}", "in/{name}")]


def batch(*words):
    return main(["batch", *map(str, words)])


def names(folder):
    return sorted(path.name for path in Path(folder).iterdir() if path.name not in (NAME, LOCK))


def test_each_picture_of_a_folder_is_made_in_its_own_format(photos, tmp_path, calls, capsys):
    out = tmp_path / "out"
    assert batch("enhance-photo", photos, "-o", out, "--strength", "60") == 0
    assert names(out) == ["a.png", "b.jpg"]
    assert "2 of 2 pictures are in" in capsys.readouterr().out


def test_what_is_done_is_left_and_what_changed_is_made_anew(photos, tmp_path, calls):
    out = tmp_path / "out"
    for strength in ("60", "60", "80"):
        assert batch("enhance-photo", photos, "-o", out, "--strength", strength) == 0
    assert calls == ["a.png", "b.jpg", "a.png", "b.jpg"]
    Image.new("RGB", (40, 40), "red").save(photos / "a.png")
    assert batch("enhance-photo", photos, "-o", out, "--strength", "80") == 0
    assert calls[4:] == ["a.png"]


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


def test_stopped_in_the_middle_the_same_command_goes_on(photos, tmp_path, monkeypatch, calls, capsys):
    counted = HereClient.perform

    def stopped(self, use, output, progress):
        if output.name == "b.jpg":
            raise KeyboardInterrupt
        return counted(self, use, output, progress)

    monkeypatch.setattr(HereClient, "perform", stopped)
    assert batch("enhance-photo", photos, "-o", tmp_path / "out") == 130
    assert "1 of 2 are done" in capsys.readouterr().err
    monkeypatch.setattr(HereClient, "perform", counted)
    assert batch("enhance-photo", photos, "-o", tmp_path / "out") == 0
    assert calls == ["a.png", "b.jpg"]


def test_a_result_that_no_ledger_knew_when_the_batch_was_killed_is_made_anew(photos, tmp_path, calls, monkeypatch):
    out, counted = tmp_path / "out", HereClient.perform

    def killed(self, use, output, progress):
        counted(self, use, output, progress)
        kept.append((out / NAME).read_text())

    kept = []
    monkeypatch.setattr(HereClient, "perform", killed)
    assert batch("enhance-photo", photos / "a.png", "-o", out) == 0
    # What a killed process leaves.
    (out / NAME).write_text(kept[0])
    assert batch("enhance-photo", photos / "a.png", "-o", out) == 0
    assert calls == ["a.png", "a.png"]


def test_a_result_whose_remake_fails_is_still_known(photos, tmp_path, calls, monkeypatch):
    out, counted = tmp_path / "out", HereClient.perform
    assert batch("enhance-photo", photos / "a.png", "-o", out) == 0

    def failed(self, use, output, progress):
        raise InvalidInput("It cannot be.")

    monkeypatch.setattr(HereClient, "perform", failed)
    assert batch("enhance-photo", photos / "a.png", "-o", out, "--again") == 1
    monkeypatch.setattr(HereClient, "perform", counted)
    assert batch("enhance-photo", photos / "a.png", "-o", out) == 0
    assert calls == ["a.png"]


def test_a_report_that_cannot_be_written_is_said_before_any_work(photos, tmp_path, calls, capsys):
    assert batch("enhance-photo", photos, "-o", tmp_path / "out", "--report", tmp_path / "none" / "report.json") == 1
    assert capsys.readouterr().err.startswith("restyle: ")
    assert calls == []


def test_a_folder_without_pictures_says_so(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert batch("enhance-photo", tmp_path / "empty", "-o", tmp_path / "out") == 1
    assert "There is no picture" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("damage", ["", "[", '["a"]', '{"a.png": 3}'])
def test_a_damaged_ledger_only_costs_what_it_knew(damage, photos, tmp_path, calls):
    out = tmp_path / "out"
    assert batch("enhance-photo", photos, "-o", out) == 0
    (out / NAME).write_text(damage)
    assert batch("enhance-photo", photos, "-o", out, "--again") == 0
    assert len(calls) == 4


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


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_ends_with_the_program_that_has_started_it_and_goes_on(workers, tmp_path, capsys):
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    for number in range(MANY):
        Image.new("RGB", (64, 48), (number % 256, 9, 9)).save(photos / f"{number}.png")
    words = ["batch", "enhance-photo", str(photos), "-o", str(out), "--workers", workers, "--json"]
    started = subprocess.Popen(
        [sys.executable, "-m", "restyle", *words, "--while-open"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = json.loads(started.stdout.readline())
    rest, said = started.communicate()
    assert (first["ended"], first["of"], first["state"]) == (1, MANY, "done")
    assert started.returncode == 130, said
    assert "the same command goes on" in said
    done = {json.loads(line)["source"] for line in rest.splitlines()} | {first["source"]}
    assert len(done) < MANY
    assert batch(*words[1:]) == 0
    before = {line["source"] for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["state"] == "as before"}
    assert before == done


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
