"""The packed plug-in in a window of each GIMP: set up from its dialog, ended on the way, begun again, and then there.

The installer that it carries is one that waits; where a GIMP has no Python that fits, uv is one that knows of the system's.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.gimp.desktop import eventually
from tests.gimp.gimp3_session import PATIENCE_S
from tests.gimp.open_dialog import CHANGED, SERIES, Story, open_dialog
from tests.gimp.server_process import plugin_runs

from restyle_installer.checkout import HERE

TITLE = "^Enhance Photo$"
# The button of what is offered, from the lower right corner.
BUTTON = {"gimp2.10": (-52, -155), "gimp3.0": (-74, -129), "gimp3.2": (-74, -129)}
OK = "alt+o"
# A program is started much faster; a press that came too early is made again.
BEGINS_S, TIMES = 40, 6
INSTALLER = """import json, os, signal, sys, time
here = os.path.dirname(os.path.abspath(__file__))

def leave(number, frame):
    open(os.path.join(here, "was left"), "w").close()
    sys.exit(1)

signal.signal(signal.SIGTERM, leave)
print(json.dumps({"sentence": "Downloading torch (184 MB)", "share": 0.4}), flush=True)
open(os.path.join(here, "began"), "w").close()
for _ in range(6000):
    if os.path.exists(os.path.join(here, "go on")):
        break
    time.sleep(0.1)
with open(sys.argv[sys.argv.index("--settings") + 1], "w") as file:
    json.dump({"version": VERSION}, file)
"""
UV = '#!/bin/sh\nif [ "$2" = find ]; then command -v python3; fi\n'
KIND = {"amd64": "x86_64", "arm64": "aarch64"}


def pack(home: Path) -> None:
    """Make the plug-in, which is there or comes, one that was unpacked over an older version."""
    plugin = home.parent / "profile" / "plug-ins" / "restyle"
    installer = plugin / "setup" / "installer"
    for folder in (installer, plugin / "restyle_plugin"):
        folder.mkdir(parents=True, exist_ok=True)
    (plugin / "restyle_plugin" / "settings.json").write_text(json.dumps({"version": "0"}))
    (installer / "__main__.py").write_text(INSTALLER.replace("VERSION", repr(HERE.version())))
    wheel = installer / "uv.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("uv-1.data/scripts/uv", UV)
    data, machine = wheel.read_bytes(), platform.machine().lower()
    published = {"url": wheel.as_uri(), "sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
    (installer / "uv.json").write_text(json.dumps({"linux-" + KIND.get(machine, machine): published}))


def tell(story: Story) -> None:
    desktop, dialog = story.desktop, story.dialog
    installer = story.folder / "profile" / "plug-ins" / "restyle" / "setup" / "installer"
    story.picture("set-up-offered")
    desktop.key(OK, window=dialog)  # which waits: the button below would be gone with the dialog
    desktop.click_in(dialog, *BUTTON[story.name])
    eventually((installer / "began").exists, PATIENCE_S, "set-up")
    (installer / "began").unlink()
    story.picture("set-up-coming")
    desktop.click_in(dialog, *BUTTON[story.name])
    eventually((installer / "was left").exists, PATIENCE_S, "its end")
    (installer / "go on").touch()
    height = desktop.size(dialog)[1]
    begin_again(story, installer / "began")
    eventually(lambda: desktop.size(dialog)[1] < height or story.apart() > CHANGED, PATIENCE_S, "preview")
    story.picture("set-up-done")
    desktop.press_until_gone(OK, TITLE)
    eventually(lambda: not plugin_runs(story.folder / "profile"), PATIENCE_S, "painting")


def begin_again(story: Story, began: Path) -> None:
    """Press the button until it sets up: it says Cancel until what was left has ended, and once the next one has begun."""
    for _ in range(TIMES):
        story.desktop.click_in(story.dialog, *BUTTON[story.name])
        with contextlib.suppress(AssertionError):
            eventually(began.exists, BEGINS_S, "another set-up")
            return
    raise AssertionError("the button does not set up again")


@pytest.fixture(scope="module", params=SERIES)
def story(request: pytest.FixtureRequest, window_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with open_dialog(request.param, tmp_path_factory.mktemp("set-up"), "enhance-photo", TITLE, pack) as found:
        tell(found)
        yield found


def test_a_plug_in_is_set_up_in_its_dialog_and_paints_then(story: Story) -> None:
    settings = story.folder / "profile" / "plug-ins" / "restyle" / "restyle_plugin" / "settings.json"
    assert json.loads(settings.read_text())["version"] == HERE.version()
