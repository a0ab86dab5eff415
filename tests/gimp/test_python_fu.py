"""Other people's Python-Fu: a plug-in that knows gimpfu alone, in each real GIMP, and numbers that all of them agree about."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.gimp.gimp2_driver import Gimp2, scheme_string
from tests.gimp.gimp3_driver import PLUGIN_SOURCE, ROOT, Gimp3, Installation
from tests.gimp.installations import put_path, python_of

SCRIPT = ROOT / "tests" / "gimp" / "python_fu" / "fu_checks.py"
NAMES = sorted(re.findall(r"(?m)^def (check_\w+)", SCRIPT.read_text(encoding="utf-8")))
# What GIMP 2.10.34 computes; a few bytes apart is another GEGL.
EXPECTED: dict[str, Any] = json.loads((SCRIPT.parent / "expected.json").read_text(encoding="utf-8"))
TOLERANCE = 5.0

CALL = """
import gi
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp
def call(name, **values):
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    for key, value in values.items():
        if key == "drawables":
            config.set_core_object_array(key, value)
        else:
            config.set_property(key, value)
    return procedure, procedure.run(config)
procedure, answer = call("python-fu-fu-checks", path={path!r})
report("checks", [int(answer.index(0)), answer.index(1)])
report("menu", [procedure.get_menu_paths(), procedure.get_menu_label()])
image = Gimp.Image.new(8, 6, Gimp.ImageBaseType.RGB)
layer = Gimp.Layer.new(image, "photo", 8, 6, Gimp.ImageType.RGB_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
image.insert_layer(layer, None, 0)
procedure, answer = call("python-fu-fu-on-a-photo", image=image, drawables=[layer], opacity=30.0)
report("photo", [answer.index(1).get_opacity(), len(image.get_layers())])
report("photo menu", [procedure.get_menu_paths(), procedure.get_menu_label()])
"""

Outcome = dict[str, tuple[str | None, Any]]


@pytest.fixture(scope="module")
def in_gimp3(gimp3_installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, dict[str, Any], str]:
    gimp = Gimp3(gimp3_installation, tmp_path_factory.mktemp("python-fu"))
    gimp.install(PLUGIN_SOURCE)
    gimp.install(SCRIPT)
    put_path(gimp.profile, gimp3_installation.series)
    outcome = gimp.folder / "outcome.json"
    finished = gimp.run(CALL.format(path=str(outcome)))
    return json.loads(outcome.read_text()) if outcome.exists() else {}, finished.reports, finished.stderr


@pytest.fixture(scope="module")
def in_gimp2(gimp2_program: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, str]:
    gimp = Gimp2(tmp_path_factory.mktemp("python-fu"))
    gimp.install(PLUGIN_SOURCE)
    gimp.install(SCRIPT, python=python_of("3"))
    put_path(gimp.profile, "2.10")
    outcome = gimp.folder / "outcome.json"
    call = f'(python-fu-fu-checks RUN-NONINTERACTIVE {scheme_string(str(outcome))} "Sans" "red")'
    finished = gimp.run_scheme(call)
    return json.loads(outcome.read_text()) if outcome.exists() else {}, finished.output


@pytest.mark.parametrize("name", NAMES)
def test_in_gimp3(in_gimp3: tuple[Outcome, dict[str, Any], str], name: str) -> None:
    outcome, _, said = in_gimp3
    assert name in outcome, said
    problem, numbers = outcome[name]
    assert problem is None, problem
    assert_alike(numbers, EXPECTED[name])


@pytest.mark.parametrize("name", NAMES)
def test_in_gimp2(in_gimp2: tuple[Outcome, str], name: str) -> None:
    outcome, said = in_gimp2
    assert name in outcome, said
    problem, numbers = outcome[name]
    assert problem is None, problem
    assert_alike(numbers, EXPECTED[name])


def test_procedures_are_registered_with_their_menus_and_called(in_gimp3: tuple[Outcome, dict[str, Any], str]) -> None:
    _, reports, said = in_gimp3
    assert reports["checks"][1] == len(NAMES), said
    assert reports["photo"] == [30.0, 2]
    assert reports["photo menu"] == [["<Image>/Python-Fu", "<Image>/Filters/Checks"], "Invert a Layer..."]
    assert reports["menu"] == [["<Image>/Filters"], "Checks"]


def assert_alike(found: Any, expected: Any) -> None:
    assert flat(found) == pytest.approx(flat(expected), abs=TOLERANCE)
    assert texts(found) == texts(expected)


def flat(numbers: Any) -> list[float]:
    if isinstance(numbers, list):
        return [number for part in numbers for number in flat(part)]
    return [] if isinstance(numbers, str) else [float(numbers)]


def texts(values: Any) -> list[str]:
    if isinstance(values, list):
        return [text for part in values for text in texts(part)]
    return [values] if isinstance(values, str) else []
