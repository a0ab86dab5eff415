"""The command line does what the menu does, and says what went wrong in one sentence."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restyle.cli import build_parser, main
from restyle.cli.settings import parse_value
from restyle.contract.errors import InvalidParameter

QUICK = ["--working-size", "64", "--steps", "12", "--device", "cpu"]


@pytest.fixture
def pictures(tmp_path: Path, root: Path) -> Path:
    """A folder with a small photo, one of our styles, and a mask of its left half."""
    random = np.random.default_rng(5)
    photo = np.kron(random.integers(0, 255, (8, 12, 3), dtype=np.uint8), np.ones((8, 8, 1), np.uint8))
    Image.fromarray(photo).save(tmp_path / "photo.png")
    Image.open(root / "plugin/restyle/restyle_plugin/styles/night.jpg").resize((96, 72)).save(tmp_path / "style.jpg")
    mask = np.zeros((64, 96), np.uint8)
    mask[:, :48] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    return tmp_path


def test_a_photo_is_painted_at_its_own_size(pictures, capsys):
    out = pictures / "out.png"
    status = main(
        ["neural-style", str(pictures / "photo.png"), "--style", str(pictures / "style.jpg"), "-o", str(out), *QUICK, "--json"]
    )
    assert status == 0
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["output"] == str(out)
    assert report["seconds"] > 0
    assert {"device", "precision", "peak_rss_bytes"} <= set(report)
    with Image.open(out) as painted, Image.open(pictures / "photo.png") as photo:
        assert painted.size == photo.size
        assert np.abs(np.asarray(painted, int) - np.asarray(photo, int)).max() > 8


def test_outside_the_selection_the_photo_stays_as_it_was(pictures):
    out = pictures / "out.png"
    arguments = ["--style", str(pictures / "style.jpg"), "--selection", str(pictures / "mask.png"), "-o", str(out)]
    assert main(["neural-style", str(pictures / "photo.png"), *arguments, *QUICK]) == 0
    with Image.open(out) as painted, Image.open(pictures / "photo.png") as photo:
        before, after = np.asarray(photo, int), np.asarray(painted, int)
    assert (before[:, 48:] == after[:, 48:]).all()
    assert (before[:, :48] != after[:, :48]).any()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--style", "{dir}/absent.jpg"], "absent.jpg"),
        ([], "Style: choose 1 to 4"),
        (["--style", "{dir}/style.jpg", "--style-strength", "101"], "style_strength"),
        (["--style", "{dir}/style.jpg", "--style-strength", "much"], "style_strength"),
        (["--style", "{dir}/style.jpg", "--style-weight", "1", "--style-weight", "2"], "weights"),
        (["--style", "{dir}/style.jpg", "--selection", "{dir}/style.jpg"], "equally large"),
        (["--style", "{dir}/style.jpg", "--style-layer-weights", "relu1_1"], "LAYER=WEIGHT"),
        (["--style", "{dir}/style.jpg", "--style-layer-weights", "relu9_9=1"], "relu9_9"),
        (["--style", "{dir}/style.jpg", "--style-layer-weights", "relu1_1=0"], "all weights are 0"),
        (["--style", "{dir}/style.jpg", "--style-weight", "inf"], "another weight"),
        (["--style", "{dir}/style.jpg", "--style-weight", "-1"], "another weight"),
        (["--style", "{dir}/style.jpg", "--features", "vgg19"], "restyle models fetch vgg19"),
    ],
)
def test_what_does_not_fit_ends_with_one_sentence(pictures, capsys, arguments, sentence):
    filled = [item.replace("{dir}", str(pictures)) for item in arguments]
    out = pictures / "out.png"
    assert main(["neural-style", str(pictures / "photo.png"), "-o", str(out), *QUICK, *filled]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("restyle: ")
    assert sentence in said[0]
    assert not out.exists()


def test_the_list_names_each_filter(capsys):
    assert main(["list"]) == 0
    assert "neural-style" in capsys.readouterr().out


def test_the_list_as_json_is_the_catalogue(capsys, root):
    assert main(["list", "--json"]) == 0
    committed = json.loads((root / "plugin/restyle/restyle_plugin/catalogue.json").read_text(encoding="utf-8"))
    assert json.loads(capsys.readouterr().out) == committed


def test_the_doctor_names_device_and_weights(capsys):
    assert main(["doctor", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["device"]
    assert facts["weights"]["compact-encoder"] == "here"
    assert facts["weights"]["vgg19"] == "not fetched"


def test_models_lists_what_is_here_and_what_could_be(capsys):
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("compact-encoder") and "here" in line for line in lines)
    assert any(line.startswith("vgg19") and "to fetch" in line for line in lines)


def test_unknown_weights_are_named(capsys):
    assert main(["models", "fetch", "vgg99"]) == 1
    assert "vgg99" in capsys.readouterr().err


def test_without_a_server_its_status_says_so(capsys):
    assert main(["server", "status"]) == 1
    assert "No server is running" in capsys.readouterr().out


def test_a_stale_catalogue_fails_the_check(tmp_path, capsys):
    assert main(["catalogue", "--check", "--root", str(tmp_path)]) == 1
    assert "stale" in capsys.readouterr().err
    assert main(["catalogue", "--write", "--root", str(tmp_path)]) == 0
    assert main(["catalogue", "--check", "--root", str(tmp_path)]) == 0


def test_each_setting_of_the_catalogue_is_an_option(root):
    described = json.loads((root / "plugin/restyle/restyle_plugin/catalogue.json").read_text(encoding="utf-8"))
    for item in described["filters"]:
        beneath = ["--backdrop", "below.png"] if any(given["kind"] == "backdrop" for given in item["inputs"]) else []
        options = vars(build_parser().parse_args([item["id"], "in.png", *beneath, "-o", "out.png"]))
        assert {f"param_{setting['name']}" for setting in item["params"]} <= set(options)


def test_values_take_the_type_that_the_declaration_says():
    assert parse_value({"name": "a", "type": "int"}, ["3"]) == 3
    assert parse_value({"name": "a", "type": "float"}, ["1", "2.5"]) == 2.5
    assert parse_value({"name": "a", "type": "bool"}, ["yes"]) is True
    assert parse_value({"name": "a", "type": "map"}, ["relu1_1=2", "relu2_1=0.5"]) == {"relu1_1": 2.0, "relu2_1": 0.5}
    with pytest.raises(InvalidParameter):
        parse_value({"name": "a", "type": "bool"}, ["perhaps"])
