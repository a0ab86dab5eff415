"""Enhance Photo on the command line, with the enhancer that ships and real pixels."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image
from tests.golden.scenes import scene

from restyle.cli import main


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A dull, dark photo of 120 x 90."""
    pixels = (scene(90, 120)[0].permute(1, 2, 0).numpy() * 0.5 * 255).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def read(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path), int)


def test_a_dark_photo_gets_lighter_at_its_own_size(photo, tmp_path, capsys):
    out = tmp_path / "out.png"
    assert main(["enhance-photo", str(photo), "-o", str(out), "--device", "cpu", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["output"] == str(out)
    assert read(out).shape == read(photo).shape
    assert read(out).mean() > read(photo).mean() + 3


def test_vivid_is_more_than_natural_and_half_is_less(photo, tmp_path):
    changes = []
    for options in (["--strength", "50"], [], ["--look", "vivid"]):
        assert main(["enhance-photo", str(photo), "-o", str(tmp_path / "out.png"), "--device", "cpu", *options]) == 0
        changes.append(np.abs(read(tmp_path / "out.png") - read(photo)).mean())
    assert changes == sorted(changes)


def test_16_bits_stay_16_bits(tmp_path):
    ramp = np.broadcast_to(np.linspace(20000, 26000, 1024), (16, 1024))[..., None] * np.array([1.0, 0.9, 0.8])
    tifffile.imwrite(tmp_path / "photo.tif", ramp.astype(np.uint16), photometric="rgb")
    out = tmp_path / "out.tif"
    assert main(["enhance-photo", str(tmp_path / "photo.tif"), "-o", str(out), "--device", "cpu"]) == 0
    made = tifffile.imread(out).astype(int)
    steps = np.diff(made[8, 32:-32, 0])
    # 8 bits would make steps of 257; these are six times 6 of 65535, however the photo is stretched and sharpened.
    assert steps.max() < 60
    assert len(np.unique(made[8, :, 0])) > 700


def test_what_is_not_fetched_ends_with_one_sentence(photo, tmp_path, capsys):
    assert main(["enhance-photo", str(photo), "-o", str(tmp_path / "out.png"), "--look", "dped-blackberry"]) != 0
    assert "restyle models fetch dped-blackberry" in capsys.readouterr().err


def test_dped_is_used_once_it_is_imported(photo, tmp_path, reference):
    original = reference / "dped" / "original"
    assert main(["models", "import", str(original / "sony_orig.index")]) == 0
    out = tmp_path / "out.png"
    assert main(["enhance-photo", str(photo), "-o", str(out), "--look", "dped-sony", "--device", "cpu"]) == 0
    assert np.abs(read(out) - read(photo)).mean() > 3
