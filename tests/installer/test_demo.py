"""The demo's session, with a small photo, in each GIMP that is here and in the in-memory one; with the real server."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restyle_installer import demo, gimps, server_call
from restyle_installer.checkout import HERE
from restyle_installer.demo_scripts import result_of
from restyle_installer.doctor.server import started
from restyle_installer.errors import InstallerError
from restyle_installer.machine import look_at
from restyle_installer.runner import Runner
from tests.gimp.gimp3_driver import Gimp3, Installation
from tests.installer.gimp3_program import program_of
from tests.installer.world import FakeRunner, quiet_console

SIZE = (120, 80)
# A feathered edge of a tenth of the picture just reaches the corner, where it weighs next to nothing.
CORNER_TOLERANCE = 8


@pytest.fixture
def stage(tmp_path: Path, root: Path):
    """The demo's stage below tmp_path; its server is gone afterwards."""
    from skimage import data

    stage = demo._Stage(tmp_path, Path(sys.executable), tmp_path / "photo.png", tmp_path / "style.jpg")
    Image.fromarray(data.coffee()).resize(SIZE).save(stage.photo)
    shutil.copyfile(root.joinpath(*demo.STYLE), stage.style)
    yield stage
    assert server_call.stop(stage.home)


def assert_a_part_was_painted(stage: demo._Stage, png: Path) -> None:
    """The middle has changed, and a corner, which was not selected, hardly."""
    with Image.open(stage.photo) as before, Image.open(png) as after:
        assert after.size == SIZE
        before, after = before.convert("RGB"), after.convert("RGB")
        difference = np.abs(np.asarray(before, int) - np.asarray(after, int)).max(axis=2)
    assert difference[0, 0] <= CORNER_TOLERANCE
    assert difference[SIZE[1] // 4 : -SIZE[1] // 4, SIZE[0] // 4 : -SIZE[0] // 4].mean() > 2 * CORNER_TOLERANCE


def test_gimp_2_10_paints_a_part_of_the_photo(stage: demo._Stage, gimp2_program: None) -> None:
    found = gimps.find(look_at(Runner()), Runner())
    gimp = next(gimp for gimp in found if gimp.series == "2.10" and gimp.kind == "native")
    console = quiet_console()
    xcf, png = demo._with_gimp(HERE, stage, gimp, Runner(), console)
    assert xcf.read_bytes().startswith(b"gimp xcf")
    assert "2 layers" in console._stream.getvalue()
    assert "as its layer mask" in console._stream.getvalue()
    assert_a_part_was_painted(stage, png)


def test_gimp_3_paints_a_part_of_the_photo(stage: demo._Stage, gimp3_installation: Installation) -> None:
    driver = Gimp3(gimp3_installation, stage.folder)
    version = tuple(int(part) for part in gimp3_installation.version.split("."))
    driver.environment["GIMP3_DIRECTORY"] = str(stage.folder / "gimp-{}.{}".format(*version))
    driver.environment["RESTYLE_HOME"] = str(stage.home)
    gimp = gimps.Gimp((str(program_of(driver, stage.folder / "programs")),), version)
    console = quiet_console()
    stage.home.mkdir(exist_ok=True)
    # Started out here: inside the folder that a GIMP 3 may live in, the environment's Python can be another one.
    with started(str(stage.python), stage.home) as (answer, why):
        assert answer, why
        xcf, png = demo._with_gimp(HERE, stage, gimp, Runner(), console)
    assert xcf.read_bytes().startswith(b"gimp xcf")
    assert "as its layer mask" in console._stream.getvalue()
    assert_a_part_was_painted(stage, png)


def test_without_any_gimp_the_session_runs_in_memory(stage: demo._Stage) -> None:
    console = quiet_console()
    assert demo._gimp(look_at(FakeRunner()), FakeRunner(), console) is None
    assert "in-memory" in console._stream.getvalue()
    (png,) = demo._without_gimp(HERE, stage, Runner(), console)
    assert "2 layers" in console._stream.getvalue()
    assert_a_part_was_painted(stage, png)


def test_a_gimp_that_makes_no_picture_is_an_error_with_what_it_wrote(stage: demo._Stage) -> None:
    gimp = gimps.Gimp(("gimp-console-2.10",), (2, 10, 34))
    runner = FakeRunner({"gimp-console-2.10": (0, "Error: Procedure not found")})
    with pytest.raises(InstallerError, match="Error: Procedure not found"):
        demo._with_gimp(HERE, stage, gimp, runner, quiet_console())


def test_the_report_of_a_session_is_found_among_gimps_own_words() -> None:
    assert result_of('GEGL-WARNING\nscript-fu-Warning: RESTYLE-DEMO {"layers": 2}\n\n') == {"layers": 2}
    assert result_of("nothing" + os.linesep) is None
    assert result_of('Stopping at failing batch command [0]: {"mark": "RESTYLE-DEMO "}') is None
