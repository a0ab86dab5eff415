"""A request is written where nothing else is lost, and what is none is never read to its end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from restyle.cli import main
from restyle.cli.recipe_file import MOST_BYTES


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    Image.new("RGB", (20, 16), (90, 120, 60)).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def enhance(photo: Path, recipe: Path) -> int:
    out = photo.with_name("out.png")
    return main(
        ["enhance-photo", str(photo), "-o", str(out), "--strength", "0", "--device", "cpu", "--save-request", str(recipe)]
    )


def test_a_request_takes_the_place_of_an_older_one_alone(photo, capsys):
    recipe = photo.with_name("look.json")
    assert enhance(photo, recipe) == 0
    assert enhance(photo, recipe) == 0
    kept = photo.read_bytes()
    assert enhance(photo, photo) == 1
    assert "photo.png (the file that is there holds no request); choose another name" in capsys.readouterr().err
    assert photo.read_bytes() == kept


def test_a_request_and_its_result_are_two_files(tmp_path, photo, capsys):
    assert enhance(photo, photo.with_name("out.png")) == 1
    assert "the result goes there" in capsys.readouterr().err
    assert enhance(photo, tmp_path / "nowhere" / "look.json") == 1
    assert "cannot be saved" in capsys.readouterr().err
    assert not photo.with_name("out.png").exists()


@pytest.mark.parametrize("command", ["batch", "video"])
@pytest.mark.parametrize("content", ["", "null", "[]", '{"filter": 5}', "[" * 5000, "\ufeff{}", " " * (MOST_BYTES + 1)], ids=len)
def test_a_file_that_holds_no_request_is_refused(tmp_path, photo, capsys, command, content):
    (tmp_path / "look.json").write_text(content, encoding="utf-8")
    assert main([command, "--request", str(tmp_path / "look.json"), str(photo), "-o", str(tmp_path / "out")]) == 1
    assert "holds no request; write one with --save-request." in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes among the files here")
def test_a_pipe_is_not_waited_for(tmp_path, photo, capsys):
    os.mkfifo(tmp_path / "pipe")
    assert main(["batch", "--request", str(tmp_path / "pipe"), str(photo), "-o", str(tmp_path / "out")]) == 1
    assert main(["video", "fast-style", str(tmp_path / "pipe"), "-o", str(tmp_path / "out.mp4")]) == 1
    assert capsys.readouterr().err.count("is no file that can be read from its start to its end") == 2


def test_a_path_with_a_zero_in_a_request_names_no_file(tmp_path, photo, capsys):
    (tmp_path / "look.json").write_text('{"filter": "any-style", "inputs": {"styles": [{"image": "a\\u0000b.png"}]}}')
    assert main(["batch", "--request", str(tmp_path / "look.json"), str(photo), "-o", str(tmp_path / "out")]) == 1
    assert "There is no file" in capsys.readouterr().err
