"""The command line checks where the result goes before it works, and names every file as well as the terminal can."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from restyle.cli import main
from restyle.pictures.files import writing

IDENTITY = ["--strength", "0", "--device", "cpu"]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    samples = np.random.default_rng(5).integers(0, 255, (40, 48, 3), dtype=np.uint8)
    Image.fromarray(samples).save(tmp_path / "photo.png", icc_profile=imagecodecs.cms_profile("adobergb"))
    return tmp_path / "photo.png"


@pytest.mark.parametrize("name", ["out.xyz", "nowhere/out.png", "x" * 300 + ".png"])
def test_an_output_that_cannot_be_is_said_before_anything_is_read(photo, capsys, name):
    assert main(["enhance-photo", str(photo.with_name("absent.png")), "-o", str(photo.parent / name), *IDENTITY]) == 1
    assert "cannot be saved" in capsys.readouterr().err


def test_a_picture_that_is_too_wide_for_the_format_is_said_before_the_work(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("restyle.engine.opening.run", lambda *_: pytest.fail("it worked"))
    Image.new("RGB", (16384, 2)).save(tmp_path / "wide.png")
    assert main(["enhance-photo", str(tmp_path / "wide.png"), "-o", str(tmp_path / "out.webp"), *IDENTITY]) == 1
    assert "16383" in capsys.readouterr().err


def test_strength_0_gives_a_wide_gamut_file_back_sample_for_sample(photo):
    out = photo.with_name("out.png")
    assert main(["enhance-photo", str(photo), "-o", str(out), *IDENTITY]) == 0
    with Image.open(photo) as before, Image.open(out) as after:
        assert after.tobytes() == before.tobytes()
        assert after.info["icc_profile"] == before.info["icc_profile"]


def test_what_fails_after_the_work_keeps_the_result_and_says_where(photo, capsys, monkeypatch):
    home = photo.parent / "home"
    home.mkdir()
    monkeypatch.setattr(writing, "_usual_folders", lambda: [home])
    real = os.replace

    def full(source: Path, target: Path) -> None:
        if Path(target).parent == photo.parent:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    assert main(["enhance-photo", str(photo), "-o", str(photo.with_name("out.png")), *IDENTITY]) == 1
    said = capsys.readouterr().err
    assert "No space left" in said
    assert str(home / "out-rescued.png") in said
    assert (home / "out-rescued.png").exists()


def test_what_was_not_taken_over_is_said(photo, capsys):
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(photo.with_name("a.gif"), save_all=True, append_images=frames[1:])
    assert main(["enhance-photo", str(photo.with_name("a.gif")), "-o", str(photo.with_name("out.png")), *IDENTITY]) == 0
    assert "a.gif: The picture is animated" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode here")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_names_that_are_no_utf_8_are_no_trouble_on_an_ascii_terminal(photo, options):
    out, strange = (photo.with_name(os.fsdecode(name)) for name in (b"gem\xe4lde \xc3\xa9.png", b"\xff\xc3\xa9.png"))
    photo.rename(strange)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    command = [sys.executable, "-m", "restyle", "any-style", strange, "--style", strange, "-o", out, *IDENTITY, *options]
    done = subprocess.run(command, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert out.exists()
    if options:
        assert json.loads(done.stdout.splitlines()[-1])["output"] == str(out)
