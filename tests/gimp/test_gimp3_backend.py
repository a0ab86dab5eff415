"""The GIMP 3 backend inside a real GIMP 3: two headless starts for everything, their reports judged here one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.contract import backend_contract
from tests.gimp.gimp3_driver import CHECKS, PLUGIN_SOURCE, ROOT, Finished, Gimp3, Installation

CHECK_NAMES = [name for name in (CHECKS / "gimp3_backend_checks.py").read_text().split() if name.startswith("check_")]
OWN = sorted({name.split("(")[0] for name in CHECK_NAMES})
CONTRACT = sorted(check.__name__ for check in backend_contract.CHECKS)
QUERY_LIMIT_S = 0.5
# Two programs on one core slow each other down, and each is charged for it.
QUERY_TRIES = 4
INTERACTIVE, NONINTERACTIVE = 0, 1
FILTER = "python-fu-shim-filter"

RUN_CHECKS = """
import sys, traceback
sys.dont_write_bytecode = True
sys.path[:0] = {paths!r}
from restyle_plugin.gimpfu_shim import gimp3
import backend_contract, gimp3_backend_checks
for module in (backend_contract, gimp3_backend_checks):
    for name in sorted(dir(module)):
        if name.startswith("check_"):
            try:
                getattr(module, name)(gimp3)
                report(name, None)
            except Exception:
                report(name, traceback.format_exc())
"""

CALL_PROBE = """
import gi
gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
from gi.repository import Gegl, Gimp, Gio
Gegl.init(None)
image = Gimp.Image.new(8, 6, Gimp.ImageBaseType.RGB)
layer = Gimp.Layer.new(image, "photo", 8, 6, Gimp.ImageType.RGB_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
image.insert_layer(layer, None, 0)
procedure = Gimp.get_pdb().lookup_procedure("python-fu-shim-filter")
report("arguments", [[a.name, a.nick, a.blurb, a.value_type.name] for a in procedure.get_arguments()])
report("bounds", [[a.name, a.minimum, a.maximum, a.default_value] for a in procedure.get_arguments() if hasattr(a, "minimum")])
specs = [a for a in procedure.get_arguments() if type(a).__gtype__.name == "GimpParamChoice"]
choices = [(a.name, Gimp.param_spec_choice_get_choice(a)) for a in specs]
report("choices", {name: [[nick, choice.get_label(nick)] for nick in choice.list_nicks()] for name, choice in choices})
report("place", [procedure.get_menu_paths(), procedure.get_menu_label(), procedure.get_image_types(), procedure.get_blurb()])

def call(drawables, **values):
    config = procedure.create_config()
    config.set_property("image", image)
    config.set_core_object_array("drawables", drawables)
    for name, value in values.items():
        config.set_property(name.replace("_", "-"), value)
    return procedure.run(config)

def ids():
    return [layer.get_id(), image.get_id()]

report("ids", ids())
answer = call([layer])
report("defaults", [int(answer.index(0)), answer.index(1).get_name(), answer.index(2), answer.index(3), answer.index(4)])
report("layers", [one.get_name() for one in image.get_layers()])
pixels = image.get_layers()[0].get_buffer().get(Gegl.Rectangle.new(0, 0, 1, 1), 1.0, "R'G'B' u8", Gegl.AbyssPolicy.NONE)
report("inverted", list(pixels))
color = Gegl.Color.new("red")
answer = call([layer], style_1_file=Gio.File.new_for_path({picture!r}), style_2_layer=layer, colors="keep-the-photo-s",
     model="of tomorrow", optimizer="lbfgs", size=640, color=color, tile=False, note="höhe",
     folder=Gio.File.new_for_path({folder!r}))
report("given", int(answer.index(0)))
answer = call([])
report("no layer", [int(answer.index(0)), answer.index(1)])
alone = Gimp.get_pdb().lookup_procedure("python-fu-shim-alone")
report("alone", int(alone.run(alone.create_config()).index(0)))
"""

CALL_ANSWERING = """
import gi
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp
alone = Gimp.get_pdb().lookup_procedure("python-fu-shim-alone")
answer = alone.run(alone.create_config())
report("status", int(answer.index(0)))
report("text", Gimp.get_pdb().get_last_error())
report("error", int(Gimp.PDBStatusType.EXECUTION_ERROR))
report("cancel", int(Gimp.PDBStatusType.CANCEL))
"""

TIMED_ENTRY = """#!/usr/bin/env python3
import atexit, os, runpy, time
atexit.register(lambda: open(os.environ["QUERY_LOG"], "a").write("%f\\n" % time.process_time()))
runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "timed.py"), run_name="__main__")
"""

ASK_FOR_RESTYLE = """
import gi
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp
report("is there", bool(Gimp.get_pdb().procedure_exists("python-fu-restyle-neural-style")))
"""


@pytest.fixture(scope="module")
def checked(gimp3_with_probe: Gimp3) -> Finished:
    paths = [str(PLUGIN_SOURCE), str(CHECKS), str(ROOT / "tests" / "contract")]
    return gimp3_with_probe.run(RUN_CHECKS.format(paths=paths))


@pytest.fixture(scope="module")
def called(gimp3_with_probe: Gimp3) -> tuple[Finished, list[dict[str, Any]]]:
    log = Path(gimp3_with_probe.environment["SHIM_PROBE_LOG"])
    log.unlink(missing_ok=True)
    script = CALL_PROBE.replace("{picture!r}", repr(str(PLUGIN_SOURCE / "restyle.py"))).replace("{folder!r}", repr(str(ROOT)))
    finished = gimp3_with_probe.run(script)
    assert finished.returncode == 0, finished.stderr
    return finished, [json.loads(line) for line in log.read_text().splitlines()]


@pytest.mark.parametrize("name", [*CONTRACT, *OWN])
def test_inside_gimp(checked: Finished, name: str) -> None:
    assert name in checked.reports, checked.stderr
    assert checked.reports[name] is None, checked.reports[name]


def test_each_parameter_is_declared_with_its_type(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    types = {name: kind for name, _, _, kind in called[0].reports["arguments"]}
    expected = {
        "run-mode": "GimpRunMode", "image": "GimpImage", "drawables": "GimpCoreObjectArray",
        "style-1-file": "GFile", "style-4-layer": "GimpDrawable", "style-strength": "gdouble", "colors": "gchararray",
        "size": "gint", "tile": "gboolean", "color": "GeglColor", "note": "gchararray", "seed": "gint", "gain": "gdouble",
        "model": "gchararray", "layer": "GimpLayer", "folder": "GFile", "brush": "GimpBrush",
    }  # fmt: skip
    assert {name: types[name] for name in expected} == expected


def test_labels_show_units_and_help_shows_bounds(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    texts = {name: (nick.replace("_", ""), blurb) for name, nick, blurb, _ in called[0].reports["arguments"]}
    assert texts["size"] == ("Detail (px)", "Longer side. 64 to 2048 px.")
    assert texts["style-scale"] == ("Style scale", "Size of the strokes. 0.25 to 4.")


def test_no_two_labels_share_a_mnemonic(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    marked = [nick for _, nick, _, _ in called[0].reports["arguments"] if "_" in nick]
    letters = [nick[nick.index("_") + 1].lower() for nick in marked]
    assert len(letters) == len(set(letters)) > 10
    assert not set(letters) & set("ocrhls")


def test_bounds_and_defaults_are_declared(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    bounds = {name: values for name, *values in called[0].reports["bounds"]}
    assert bounds["style-strength"] == [0, 100, 50]
    assert bounds["size"] == [64, 2048, 512]


def test_choices_have_stable_names_and_labels(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    choices = called[0].reports["choices"]
    assert choices["optimizer"] == [["lbfgs", "L-BFGS"], ["adam", "Adam"]]
    assert choices["colors"] == [["from-the-style", "From the style"], ["keep-the-photo-s", "Keep the photo's"]]


def test_the_procedure_is_in_its_menu(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    assert called[0].reports["place"] == [["<Image>/Filters/Style Transfer"], "Shim Filter…", "*", "Probe the shim"]


def test_a_call_with_image_and_layer_alone_gets_the_defaults(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    layer, image = called[0].reports["ids"]
    record = called[1][0]
    assert record["run_mode"] == NONINTERACTIVE
    pictures = [None, 0, 1.0] * 4
    settings = [50.0, 1.0, 0, 512, "adam", True, [0.5, 0.25, 1.0], "hello", 7, 0.5, 0, None, None, "night"]
    assert record["values"] == [image, layer, *pictures, *settings]


def test_results_reach_the_caller(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    reports = called[0].reports
    assert reports["defaults"][1:] == ["inverted", "tëxt", -3, 0.25]
    assert reports["layers"] == ["inverted", "photo"]
    assert reports["inverted"] == [255, 255, 255]


def test_given_values_arrive_in_the_shims_form(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    layer, _ = called[0].reports["ids"]
    values = called[1][1]["values"]
    assert values[2:8] == [str(PLUGIN_SOURCE / "restyle.py"), 0, 1.0, None, layer, 1.0]
    assert values[14:22] == [50.0, 1.0, 1, 640, "lbfgs", False, [1.0, 0.0, 0.0], "höhe"]
    assert values[25] == str(ROOT)
    assert values[-1] == "of tomorrow"


def test_a_call_without_a_layer_is_refused_with_a_sentence(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    assert "layer" in called[0].reports["no layer"][1]
    assert len([record for record in called[1] if record["name"] == FILTER]) == 2


def test_a_procedure_without_image_runs(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    assert called[1][-1]["values"] == ["x"]
    assert called[0].reports["alone"] == called[0].reports["given"]


def test_the_toolkit_is_not_loaded_without_a_dialog(called: tuple[Finished, list[dict[str, Any]]]) -> None:
    assert [record["modules"] for record in called[1]] == [[], [], []]


def test_an_error_reaches_the_caller_as_text(gimp3_with_probe: Gimp3) -> None:
    reports = gimp3_with_probe.run(CALL_ANSWERING, extra={"SHIM_PROBE_ANSWER": "error Das ging nicht."}).reports
    assert reports["status"] == reports["error"]
    assert reports["text"] == "Das ging nicht."


def test_a_cancel_reaches_the_caller(gimp3_with_probe: Gimp3) -> None:
    reports = gimp3_with_probe.run(CALL_ANSWERING, extra={"SHIM_PROBE_ANSWER": "cancel"}).reports
    assert reports["status"] == reports["cancel"]


def test_restyle_declares_its_filters_quickly(gimp3_installation: Installation, tmp_path: Path) -> None:
    """Processor time of the whole query process, the best of a few on a busy machine."""
    folders = (tmp_path / f"gimp-{number}" for number in range(QUERY_TRIES))
    seconds = (query_seconds(Gimp3(gimp3_installation, folder)) for folder in folders)
    assert any(each < QUERY_LIMIT_S for each in seconds)


def query_seconds(gimp: Gimp3) -> float:
    """Processor time that the plug-in takes to say what it has."""
    folder = gimp.install(PLUGIN_SOURCE)
    (folder / "restyle.py").rename(folder / "timed.py")
    (folder / "restyle.py").write_text(TIMED_ENTRY)
    (folder / "restyle.py").chmod(0o755)
    log = gimp.folder / "query.txt"
    finished = gimp.run(ASK_FOR_RESTYLE, extra={"QUERY_LOG": str(log)})
    assert finished.reports["is there"], finished.stderr
    return min(float(line) for line in log.read_text().splitlines())
