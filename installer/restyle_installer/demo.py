"""`demo`: set everything up, then restyle a part of a photo inside a headless GIMP of its own profile."""

from __future__ import annotations

import json
import os
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import debian, demo_scripts, environment, gimps, locks, plugin_folder, server_call
from .checkout import Checkout
from .console import Console
from .errors import InstallerError
from .machine import Machine, look_at
from .pip import clean_environ
from .runner import Runner
from .words import _, filter_label

__all__ = ["demo"]

PHOTO = "coffee.png"
STYLE = ("plugin", "restyle", "restyle_plugin", "styles", "night.jpg")
# Painting takes some ten seconds on two idle cores; on a machine that is busy with much else it was seen to take 750.
SESSION_LIMIT_S = 1800.0
FIND_PHOTO = "import os, skimage; print(os.path.join(os.path.dirname(skimage.__file__), 'data', %r))" % PHOTO


@dataclass(frozen=True)
class _Stage:
    """Where the demo plays: its folder, the environment's Python, photo and style."""

    folder: Path
    python: Path
    photo: Path
    style: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"


def demo(checkout: Checkout, runner: Runner, console: Console) -> int:
    """Returns 0 when the pictures are there."""
    machine = look_at(runner)
    with console.phase(_("Python environment")):
        python = environment.prepare(checkout, locks.RUN, machine, runner, console)
    with console.phase("GIMP"):
        gimp = _gimp(machine, runner, console)
    stage = _set_stage(checkout, python, runner)
    try:
        if gimp is None:
            pictures = _without_gimp(checkout, stage, runner, console)
        else:
            pictures = _with_gimp(checkout, stage, gimp, runner, console)
    finally:
        server_call.stop(stage.home)
    console.say("== " + _("How long it took"))
    for line in console.times():
        console.say(line)
    console.say("== " + _("The pictures"))
    for path in [stage.photo, stage.style, *pictures]:
        console.note(str(path))
    return 0


def _gimp(machine: Machine, runner: Runner, console: Console) -> gimps.Gimp | None:
    """The newest GIMP at hand; installed where there is none and that may be done."""
    found = gimps.find(machine, runner)
    if not found and machine.can_apt:
        debian.ensure(debian.GIMP, machine, runner, console)
        found = gimps.find(machine, runner)
    native = [gimp for gimp in found if gimp.kind == "native"]
    if not native:
        console.note(_("There is no GIMP here that could be started, so the session runs on the in-memory GIMP."))
        return None
    console.note("%s (%s)" % (native[0].name, native[0].command[0]))
    return native[0]


def _set_stage(checkout: Checkout, python: Path, runner: Runner) -> _Stage:
    folder = checkout.build / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    source = Path(runner.check([python, "-c", FIND_PHOTO], env=clean_environ()).strip())
    stage = _Stage(folder, python, folder / "photo.png", folder / "style.jpg")
    shutil.copyfile(str(source), str(stage.photo))
    shutil.copyfile(str(checkout.root.joinpath(*STYLE)), str(stage.style))
    return stage


def _with_gimp(checkout: Checkout, stage: _Stage, gimp: gimps.Gimp, runner: Runner, console: Console) -> list[Path]:
    """Returns the pictures that it made. Raises InstallerError where the layer did not come."""
    with console.phase(_("the plug-in in a GIMP profile of its own")):
        profile = stage.folder / ("gimp-" + gimp.series)
        _put_plugin(checkout, stage, profile)
        console.note(str(profile))
    xcf, png = (stage.folder / ("gimp-%s.%s" % (gimp.series, suffix)) for suffix in ("xcf", "png"))
    for path in (xcf, png):
        path.unlink() if path.exists() else None
    shown = demo_scripts.shown_filter(checkout.catalogue()["filters"])
    title = _("%(gimp)s: open the photo, select a part, Filters > Style Transfer > %(filter)s, save")
    with console.phase(title % {"gimp": gimp.name, "filter": filter_label(shown)}):
        size = _png_size(stage.photo)
        env = dict(gimps.profile_environ(gimp, profile), RESTYLE_HOME=str(stage.home))
        if gimp.is_3:
            code = demo_scripts.python_session(shown, stage.photo, stage.style, size, xcf, png)
            completed = gimps.run_python(gimp, code, runner, env, SESSION_LIMIT_S)
        else:
            code = demo_scripts.scheme_session(shown, stage.photo, stage.style, size, xcf, png)
            completed = gimps.run_scheme(gimp, code, runner, env, SESSION_LIMIT_S)
        found = demo_scripts.result_of(completed.output)
        if found is None or not (xcf.is_file() and png.is_file()):
            problem = _("%s did not make the pictures; it wrote:") % gimp.name
            raise InstallerError("%s\n%s" % (problem, completed.output.strip()))
        console.note(_said(found))
    return [xcf, png]


def _without_gimp(checkout: Checkout, stage: _Stage, runner: Runner, console: Console) -> list[Path]:
    """The plug-in's session on the in-memory GIMP."""
    png = stage.folder / "in-memory.png"
    with console.phase(_("in-memory GIMP: open the photo, select a part, paint it, save")):
        script = Path(__file__).with_name("demo_memory.py")
        env = dict(clean_environ(), RESTYLE_HOME=str(stage.home), RESTYLE_PYTHON=str(stage.python))
        env["PYTHONPATH"] = os.pathsep.join(map(str, [checkout.plugin, checkout.memory_gimp]))
        command = [stage.python, script, stage.photo, stage.style, png]
        console.note(_said(json.loads(runner.check(command, env=env, timeout_s=SESSION_LIMIT_S).splitlines()[-1])))
    return [png]


def _said(found: dict[str, Any]) -> str:
    """What a session has reported: {"layers": number, "name": the new one's, "mask": whether it has one}."""
    text = _("%(layers)d layers; the new one is called “%(name)s”, with the selection as its layer mask.")
    return (text if found["mask"] else _("%(layers)d layers; the new one is called “%(name)s”.")) % found


def _put_plugin(checkout: Checkout, stage: _Stage, profile: Path) -> None:
    """A fresh copy of the plug-in, and nothing else, in this profile's plug-ins."""
    folder = profile / "plug-ins" / plugin_folder.FOLDER
    if folder.exists():
        shutil.rmtree(str(folder))
    for file in plugin_folder.files(checkout.plugin, str(stage.python), str(stage.home)):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        path.chmod(file.mode)


def _png_size(path: Path) -> tuple[int, int]:
    """(width, height) from a PNG's header chunk."""
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    return width, height
