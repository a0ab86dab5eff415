"""Drives a real GIMP 3: one found on PATH, or the one in a Debian chroot (mounts live in a private namespace and go with it).

Scripts run headless through GIMP's own Python console procedure; every run is bounded and has a profile of its own.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.gimp.gimp2_driver import processor_environment, stop

__all__ = ["CHECKS", "PLUGIN_SOURCE", "ROOT", "SERIES", "Gimp3", "Installation", "find_installation", "stop"]

ROOT = Path(__file__).resolve().parents[2]
PLUGIN_SOURCE = ROOT / "plugin" / "restyle"
CHECKS = ROOT / "tests" / "gimp" / "gimp3_checks"
# In which release of Debian the installer puts which GIMP (restyle_installer/chroot.py).
CHROOTS = {"3.0": "trixie", "3.2": "forky"}
SERIES = tuple(CHROOTS)
"""The GIMPs 3 that the tests run in."""

# The very first start indexes fonts and queries every plug-in: 4 to 8 s on an idle machine, far more on a busy one.
START_TIMEOUT_S = 300
# torch is looked for and not loaded, which takes seconds.
PROBE_SERVER = "import importlib.util, restyle.service.__main__; assert importlib.util.find_spec('torch')"
PREFERENCES = '(check-updates no)\n(show-welcome-dialog no)\n(config-version "{version}")\n'


@dataclass(frozen=True)
class Installation:
    """A GIMP 3: its version and, where it lives in a chroot, that folder."""

    version: str
    console: str
    window: str
    chroot: Path | None = None

    @property
    def series(self) -> str:
        return self.version.rpartition(".")[0]


@dataclass
class Gimp3:
    """One GIMP 3 with a profile under `folder`; everything it writes stays there."""

    installation: Installation
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("profile/plug-ins", "home", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.profile / "gimprc").write_text(PREFERENCES.format(version=self.installation.version))
        self.environment = {
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "GIMP3_DIRECTORY": str(self.profile),
            "LANG": "C.UTF-8",
            "RESTYLE_HOME": str(self.folder / "restyle"),
            "RESTYLE_PYTHON": str(self._python()),
            **processor_environment(),
            **self.environment,
        }

    @property
    def profile(self) -> Path:
        return self.folder / "profile"

    @property
    def home(self) -> Path:
        """Restyle's folder."""
        return self.folder / "restyle"

    def install(self, source: Path, name: str | None = None) -> Path:
        """Copy a plug-in (a folder, or a single script) into the profile; GIMP wants plug-ins/NAME/NAME.py, executable."""
        name = name or source.stem
        target = self.profile / "plug-ins" / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / (name + ".py"))
        (target / (name + ".py")).chmod(0o755)
        return target

    def install_probe(self) -> Path:
        """Install the test plug-in of gimp3_checks/; what it is asked to do it writes to the returned file."""
        target = self.install(CHECKS / "shim_probe.py")
        package = PLUGIN_SOURCE / "restyle_plugin"
        shutil.copytree(package, target / package.name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        log = self.folder / "probe.jsonl"
        self.environment["SHIM_PROBE_LOG"] = str(log)
        return log

    def bind_keys(self, shortcuts: Mapping[str, str]) -> None:
        """Give GIMP's actions keys of their own: {"python-fu-name": "F11"}."""
        lines = ["(file-version 1)", *(f'(action "{action}" "{key}")' for action, key in shortcuts.items())]
        (self.profile / "shortcutsrc").write_text("\n".join(lines) + "\n")

    def remember(self, procedure: str, values: Mapping[str, int | str]) -> None:
        """Set the last values that a procedure's next dialog or repetition starts from."""
        folder = self.profile / "plug-in-settings"
        folder.mkdir(exist_ok=True)
        path = folder / f"GimpProcedureConfigRun-{procedure}.last"
        lines = path.read_text().splitlines() if path.exists() else ["# settings", "", "# end of settings"]
        kept = [line for line in lines if not line.startswith(tuple(f"({name} " for name in values))]
        kept[1:1] = [f"({name} {value})" for name, value in values.items()]
        path.write_text("\n".join(kept) + "\n")

    def can_run_server(self) -> bool:
        """Whether the environment's Python works where this GIMP lives: one made from a system's Python does not in a chroot."""
        words = [self.environment["RESTYLE_PYTHON"], "-c", PROBE_SERVER]
        command = _in_chroot(self.installation.chroot, words, self._shared_folders()) if self.installation.chroot else words
        return subprocess.run(command, capture_output=True, timeout=START_TIMEOUT_S).returncode == 0

    def command(self, arguments: Sequence[str], *, window: bool = False, extra: Mapping[str, str] | None = None) -> list[str]:
        """The whole command line that starts this GIMP (through the chroot where it lives in one)."""
        program = self.installation.window if window else self.installation.console
        variables = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), **self.environment, **(extra or {})}
        if self.installation.chroot:
            variables["PATH"] = "/usr/local/bin:/usr/bin:/bin"
        argv = ["env", "-i", *(f"{key}={value}" for key, value in variables.items()), program, *arguments]
        return _in_chroot(self.installation.chroot, argv, self._shared_folders()) if self.installation.chroot else argv

    def start(self, arguments: Sequence[str], **options: Any) -> subprocess.Popen[str]:
        """Start GIMP in a process group of its own, with stdout and stderr in `folder`/gimp.log."""
        with (self.folder / "gimp.log").open("a") as log:
            return subprocess.Popen(
                self.command(arguments, **options), stdout=log, stderr=subprocess.STDOUT,
                text=True, start_new_session=True, cwd=self.folder,
            )  # fmt: skip

    def run(self, script: str, *, timeout_s: float = START_TIMEOUT_S, extra: Mapping[str, str] | None = None) -> Finished:
        """Run Python code inside a headless GIMP. The code may call report(NAME, VALUE); the reports come back."""
        code, answers = self.folder / "tmp" / "script.py", self.folder / "tmp" / "answers.jsonl"
        answers.unlink(missing_ok=True)
        code.write_text(_PRELUDE.format(answers=str(answers)) + script)
        batch = f"exec(compile(open({str(code)!r}).read(), 'script', 'exec'))"
        arguments = ["-i", "-d", "-f", "--batch-interpreter=python-fu-eval", "-b", batch]
        started = time.monotonic()
        process = subprocess.Popen(
            self.command([*arguments, "--quit"], extra=extra), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, errors="replace", start_new_session=True, cwd=self.folder,
        )  # fmt: skip
        try:
            out, err = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            stop(process)
            out, err = process.communicate()
            err += f"\nGIMP was stopped after {timeout_s} s"
        lines = answers.read_text().splitlines() if answers.exists() else []
        reports = dict(json.loads(line) for line in lines)
        return Finished(process.returncode, out, err, reports, time.monotonic() - started)

    def _python(self) -> Path:
        """The Python that may run the server: the one of these tests (its folders are shared with the chroot)."""
        return Path(os.environ.get("RESTYLE_PYTHON", sys.executable)).absolute()

    def _shared_folders(self) -> list[Path]:
        """The checkout, this GIMP's own folder, the display, and all that this Python loads from, but for the system's own."""
        packages = [Path(name).absolute() for name in sys.path]
        wanted = [ROOT, self.folder, Path("/tmp/.X11-unix"), Path(sys.prefix), Path(sys.base_prefix), *packages]
        there = [
            folder for folder in dict.fromkeys(wanted) if folder.is_dir() and folder.parts[:2] not in ((os.sep,), (os.sep, "usr"))
        ]
        return [folder for folder in there if not any(other in folder.parents for other in there)]


@dataclass(frozen=True)
class Finished:
    """What a headless run left: GIMP's exit code and output, and what the script reported."""

    returncode: int
    stdout: str
    stderr: str
    reports: dict[str, Any]
    seconds: float


def find_installation(series: str) -> Installation | str:
    """The GIMP of a series (3.0, 3.2) to test with, or a sentence why there is none."""
    path = shutil.which(f"gimp-console-{series}")
    version = _version([path, "--version"]) if path else None
    if path and version and version.startswith(f"{series}."):
        return Installation(version, path, path.replace("gimp-console", "gimp"))
    return _find_chroot(series)


def _find_chroot(series: str) -> Installation | str:
    cache = Path(os.environ.get("RESTYLE_TEST_CACHE") or Path.home() / ".cache" / "restyle-dev")
    folder, console = cache / CHROOTS[series], f"gimp-console-{series}"
    if not (folder / "usr/bin" / console).exists():
        return f"no GIMP {series} on PATH and none in {folder}"
    if os.geteuid() != 0:
        return f"only root can enter the GIMP {series} in {folder}"
    version = _version(_in_chroot(folder, [console, "--version"], []))
    if version is None:
        return f"the GIMP {series} in {folder} does not start"
    return Installation(version, console, f"gimp-{series}", folder)


def _version(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=START_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"version (\d+\.\d+\.\d+)", done.stdout)
    return found.group(1) if found else None


def _in_chroot(root: Path, argv: Sequence[str], folders: Sequence[Path]) -> list[str]:
    """`argv` inside `root`, with `folders` at their own paths; the mounts end with the last process that sees them."""
    steps = ["set -e", "mount --make-rprivate /"]
    for folder in [Path("/proc"), Path("/dev"), *folders]:
        inside = root / folder.relative_to("/")
        steps += [f"mkdir -p {shlex.quote(str(inside))}", f"mount --rbind {shlex.quote(str(folder))} {shlex.quote(str(inside))}"]
    steps.append(f"exec chroot {shlex.quote(str(root))} {shlex.join(argv)}")
    return ["unshare", "--mount", "sh", "-c", "\n".join(steps)]


_PRELUDE = """
import json as _json
def report(name, value):
    with open({answers!r}, "a") as stream:
        stream.write(_json.dumps([name, value]) + "\\n")
"""
