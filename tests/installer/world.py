"""A user's machine for the installer's tests: folders below tmp_path, programs that are answered for."""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from restyle_installer.apply import Tools
from restyle_installer.checkout import Checkout
from restyle_installer.console import Console
from restyle_installer.errors import CommandFailed
from restyle_installer.facts import Wanted, gather
from restyle_installer.place import Place, env_python, profiles, restyle_home
from restyle_installer.plugin_folder import files
from restyle_installer.runner import Completed

LAYOUTS = {
    "linux": [".config/GIMP/2.10", ".config/GIMP/3.0"],
    "flatpak": [".var/app/org.gimp.GIMP/config/GIMP/3.0"],
    "snap": ["snap/gimp/current/.config/GIMP/2.10"],
    "macos": ["Library/Application Support/GIMP/3.0"],
    "windows": ["AppData/Roaming/GIMP/3.2"],
    "all of Linux": [
        ".config/GIMP/2.10",
        ".config/GIMP/3.2",
        ".var/app/org.gimp.GIMP/config/GIMP/3.0",
        "snap/gimp/current/.config/GIMP/3.0",
    ],
}
SOURCE = {
    "restyle.py": "#!/usr/bin/env python3\n",
    "restyle_plugin/__init__.py": "",
    "restyle_plugin/menu.py": "MENU = 1\n",
    "restyle_plugin/shim/gimp3.py": "import gi\n",
}


class FakeRunner:
    """Programs by name: `answers` maps a program's file name to (code, output) or a function of its arguments."""

    def __init__(self, answers=None) -> None:
        self.answers = dict(answers or {})
        self.ran: list = []

    def which(self, name):
        return "/usr/bin/" + name if name in self.answers else None

    def run(self, argv, **options):
        argv = tuple(str(part) for part in argv)
        self.ran.append(argv)
        answer = self.answers.get(os.path.basename(argv[0]), (127, "not found"))
        code, output = answer(argv, options) if callable(answer) else answer
        return Completed(argv, code, output)

    def check(self, argv, **options):
        completed = self.run(argv, **options)
        if not completed.succeeded:
            raise CommandFailed(list(completed.argv), completed.code, completed.output)
        return completed.output


@dataclass
class World:
    """One user's folder. `system` as in Place; the checkout that is installed from lies beside it."""

    root: Path
    system: str = "linux"
    made: list = field(default_factory=list)
    stopped: list = field(default_factory=list)

    def __post_init__(self) -> None:
        self.user.mkdir(parents=True)
        self.release("1.0.0")

    @property
    def user(self) -> Path:
        return self.root / "user"

    @property
    def checkout(self) -> Checkout:
        return Checkout(self.root / "checkout")

    @property
    def place(self) -> Place:
        environ = {"APPDATA": str(self.user / "AppData/Roaming"), "LOCALAPPDATA": str(self.user / "AppData/Local")}
        return Place(self.system, environ if self.system == "windows" else {}, self.user)

    @property
    def home(self) -> Path:
        return restyle_home(self.place)

    @property
    def env(self) -> Path:
        return self.home / "env"

    def add(self, *folders: str) -> World:
        """Folders of GIMP profiles, each with a file of GIMP's own in it."""
        for folder in folders:
            (self.user / folder).mkdir(parents=True)
            (self.user / folder / "gimprc").write_text("# GIMP\n", encoding="utf-8")
        return self

    def release(self, version: str, **changed: str) -> None:
        """Make the checkout one of this version; `changed` adds files (name with __ for /, .py is added) or replaces them."""
        source = dict(SOURCE, **{name.replace("__", "/") + ".py": text for name, text in changed.items()})
        source["restyle_plugin/catalogue.json"] = json.dumps({"version": version, "filters": [{"id": "neural-style"}]})
        for path in sorted(self.checkout.plugin.rglob("*.py")):
            path.unlink()
        for name, text in source.items():
            path = self.checkout.plugin / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def wanted(self, *, with_environment: bool = True) -> Wanted:
        version = self.checkout.version()
        python = str(env_python(self.env, self.system))
        new = tuple(files(self.checkout.plugin, python, str(self.home)))
        return Wanted(version, new, python, self.env if with_environment else None, "mark of " + version, self.system)

    def facts(self, env_state: str = "missing", *, server_runs: bool = False):
        return gather(self.place, self.home, profiles(self.place), env_state, server_runs)

    def tools(self) -> Tools:
        return Tools(self.make_environment, self.stopped.append)

    def make_environment(self, path: Path, scratch: Path) -> None:
        python = env_python(path, self.system)
        python.parent.mkdir(parents=True)
        python.write_text(f"python of {self.checkout.version()}\n", encoding="utf-8")
        self.made.append(path)

    def snapshot(self) -> dict:
        """Everything in the user's folder: path → (kind, contents or target, rights)."""
        found = {}
        for path in sorted(self.user.rglob("*")):
            name = path.relative_to(self.user).as_posix()
            if path.is_symlink():
                found[name] = ("link", os.readlink(path), 0)
            elif path.is_dir():
                found[name] = ("folder", b"", path.stat().st_mode & 0o777)
            else:
                found[name] = ("file", path.read_bytes(), path.stat().st_mode & 0o777)
        return found


def world_of(root: Path, layout: str) -> World:
    """A world with the GIMP profiles of a layout."""
    system = layout if layout in ("macos", "windows") else "linux"
    return World(root, system).add(*LAYOUTS[layout])


def quiet_console() -> Console:
    return Console(io.StringIO())


def said(console: Console) -> str:
    """What a quiet console was told."""
    return console._stream.getvalue()
