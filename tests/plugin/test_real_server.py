"""The plug-in over the in-memory GIMP with the real server: nothing between menu and layer is a stand-in but GIMP."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory_gimp import MemoryGimp
from restyle_plugin import gimpfu_shim, launch, menu
from restyle_plugin.gimpfu_shim import backend, registry, runner
from restyle_plugin.regions import SELECTION, SOURCES

NAME = "python-fu-restyle-neural-style"
SELECT, FEATHER = "gimp-image-select-rectangle", "gimp-selection-feather"
WIDTH, HEIGHT = 48, 40
# The suite shares its machine; nothing here is a measurement.
LIMIT_S = 600.0
FEW_STEPS = {"style-1-weight": 1.0, "working-size": 64, "steps": 1}


@pytest.fixture(scope="module")
def warm_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of one server for all tests here, since each start loads PyTorch; it is told to leave at the end."""
    home = tmp_path_factory.mktemp("warm")
    yield home
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESTYLE_HOME", str(home))
        _dismiss()


@pytest.fixture
def server_for_all(warm_home: Path, home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plug-in starts the real server with this Python, if it does not run yet."""
    monkeypatch.setenv("RESTYLE_HOME", str(warm_home))
    monkeypatch.setenv("RESTYLE_PYTHON", sys.executable)
    return warm_home


def _dismiss() -> None:
    server, _ = launch._probe()
    if server is not None:
        launch._dismiss(server, LIMIT_S)


@pytest.fixture
def gimp(server_for_all: Path) -> Iterator[MemoryGimp]:
    """A MemoryGimp with the filters registered and a photo and a style picture open."""
    gimp = MemoryGimp()
    backend.use(gimp)
    registry.clear()
    menu.register_filters(gimpfu_shim, menu.catalogue())
    gimp.main(registry.procedures(), runner.dispatch)
    yield gimp
    registry.clear()
    backend.use(None)


def _picture(gimp: MemoryGimp, drawable_type: int, precision: int, color: tuple[int, ...]) -> tuple[int, int]:
    image = gimp.image_new(WIDTH, HEIGHT, drawable_type // 2, precision)
    layer = gimp.layer_new(image, "picture", WIDTH, HEIGHT, drawable_type, 100.0, 28)
    gimp.image_insert_layer(image, layer, 0, 0)
    data = bytearray()
    for i in range(WIDTH * HEIGHT):
        data += bytes(min(255, value * (1 + (i // 7) % 3) // 2) for value in color[:3]) + bytes([255])
    gimp.drawable_write(layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u8", bytes(data))
    del gimp.image(image).undo_steps[:]
    return image, layer


def _run(gimp: MemoryGimp, image: int, layer: int, style: int, **changes: object) -> object:
    procedure = gimp.procedures[NAME]
    chosen = dict(zip((param.name for param in procedure.params), procedure.defaults(), strict=True))
    chosen |= {"image": image, "drawable": layer, "style-1-layer": style} | FEW_STEPS
    chosen |= {name.replace("_", "-"): value for name, value in changes.items()}
    return gimp.run(NAME, 1, [chosen[param.name] for param in procedure.params])[0]


@pytest.mark.parametrize(
    ("drawable_type", "precision"),
    [(1, 150), (2, 250), (0, 600), (4, 150)],
    ids=["rgba-u8", "grey-u16", "rgb-linear-float", "indexed"],
)
def test_a_layer_becomes_a_painting(gimp: MemoryGimp, drawable_type: int, precision: int) -> None:
    image, layer = _picture(gimp, drawable_type, precision, (90, 120, 60))
    gimp.image(image).palette = [(i, 255 - i, (3 * i) % 256) for i in range(0, 256, 5)]
    _, style = _picture(gimp, 0, 150, (160, 40, 20))
    gimp.call(SELECT, [image, 2, 8, 8, 24, 20])
    gimp.call(FEATHER, [image, 5.0])
    before = gimp.drawable_read(layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u16")
    assert _run(gimp, image, layer, style) == "success", gimp.errors
    result = gimp.image_layers(image)[0]
    assert gimp.item(result).babl == gimp.item(layer).babl
    assert len(gimp.image(image).undo_steps) == 1
    mask = gimp.drawable_read(gimp.layer_mask(result), 0, 0, WIDTH, HEIGHT, "Y u8")
    assert mask == gimp.drawable_read(gimp.image_selection(image), 0, 0, WIDTH, HEIGHT, "Y u8")
    assert gimp.drawable_read(layer, 0, 0, WIDTH, HEIGHT, "R'G'B'A u16") == before
    assert gimp.drawable_read(result, 0, 0, WIDTH, HEIGHT, "R'G'B'A u16") != before
    assert json.loads(gimp.item_parasite(result, "restyle"))["request"]["filter"] == "neural-style"
    server, _ = launch._probe()
    assert server.health()["jobs"] == 0


def test_inside_and_outside_of_the_selection_are_painted_in_styles_of_their_own(gimp: MemoryGimp) -> None:
    image, layer = _picture(gimp, 1, 150, (90, 90, 90))
    (_, red), (_, blue) = _picture(gimp, 0, 150, (160, 30, 30)), _picture(gimp, 0, 150, (30, 30, 160))
    gimp.call(SELECT, [image, 2, 0, 0, WIDTH // 2, HEIGHT])
    chosen = {"regions-from": [word for word, _ in SOURCES].index(SELECTION), "mixing": 1, "style-2-layer": blue, "steps": 30}
    assert _run(gimp, image, layer, red, **chosen) == "success", gimp.errors
    result = gimp.image_layers(image)[0]
    assert not gimp.layer_mask(result)
    inside, outside = (gimp.drawable_read(result, left, 0, WIDTH // 2 - 4, HEIGHT, "R'G'B' u8") for left in (0, WIDTH // 2 + 4))
    assert sum(inside[0::3]) > 1.2 * sum(inside[2::3])
    assert sum(outside[2::3]) > 1.2 * sum(outside[0::3])


def test_a_server_that_is_killed_is_reported_and_replaced(gimp: MemoryGimp, server_for_all: Path) -> None:
    image, layer = _picture(gimp, 1, 150, (90, 120, 60))
    _, style = _picture(gimp, 0, 150, (160, 40, 20))
    connection = server_for_all / "server" / "connection.json"

    def kill(text: str) -> None:
        if text.startswith(("Preparing", "Painting")) and connection.exists():
            os.kill(json.loads(connection.read_text(encoding="utf-8"))["pid"], signal.SIGKILL)

    gimp.on_progress = kill
    status = _run(gimp, image, layer, style, steps=500)
    assert status[0] == "error"
    assert "stopped while it painted" in status[1]
    assert gimp.image_layers(image) == [layer]
    gimp.on_progress = None
    assert _run(gimp, image, layer, style) == "success", gimp.errors


_KILLED = """
import sys
sys.path[:0] = {folders!r}
from tests.plugin.portable.stage import Stage
from restyle_plugin import client, launch
connect, start = launch.connect, client.Server.start
def start_and_tell(*arguments, **named):
    job = start(*arguments, **named)
    print("job:" + job["id"], flush=True)
    return job
client.Server.start = start_and_tell
with Stage() as stage:
    launch.connect = connect
    print(stage.run(working_size=64, steps=2000))
"""


def test_the_job_of_a_plug_in_that_gimp_killed_ends_by_itself(home_of_its_own: Path, root: Path) -> None:
    # Long enough that a plug-in on a busy machine keeps its job by asking.
    command = [sys.executable, "-m", "restyle.service", "--home", str(home_of_its_own), "--lease-s", "4"]
    limit = time.monotonic() + LIMIT_S
    with subprocess.Popen(command) as server_process, contextlib.ExitStack() as ending:
        # One that is not told to leave would be waited for until it is bored.
        ending.callback(server_process.kill)
        script = _KILLED.format(folders=[str(root / "plugin" / "restyle"), str(root / "plugin"), str(root)])
        # While the server comes up the plug-in may start one, too, which leaves again.
        environ = dict(os.environ, RESTYLE_PYTHON=sys.executable)
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environ) as plug_in:
            assert plug_in.stdout is not None
            told, _, abandoned = plug_in.stdout.readline().strip().partition(":")
            assert told == "job", told
            server, _ = launch._probe()
            assert server.health()["jobs"] == 1
            plug_in.kill()  # as GIMP's Cancel does
        # To ask after the abandoned job would keep it; the next one tells when it is over.
        image = server.upload(WIDTH, HEIGHT, 3, "u8", [bytes(WIDTH * HEIGHT * 3)], WIDTH * HEIGHT * 3)
        settings = {"working_size": 64, "steps": 1}
        inputs = {"content": image, "styles": [{"image": image, "weight": 1.0}], "selection": None}
        request = {"inputs": inputs, "params": settings}
        job = server.start("neural-style", request)
        while job["state"] in ("queued", "running") and time.monotonic() < limit:
            job = server.poll(job["id"], job["revision"], 1000)
        assert job["state"] == "done"
        assert server.poll(abandoned, 0, 0)["state"] == "cancelled"
        launch._dismiss(server, LIMIT_S)
        server_process.wait(LIMIT_S)
