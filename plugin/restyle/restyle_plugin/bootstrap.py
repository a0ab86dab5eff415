# -*- coding: utf-8 -*-
"""Run the installer that lies beside this package in a ZIP: find it a Python, or have uv bring one."""

from __future__ import absolute_import, unicode_literals

import errno
import hashlib
import io
import json
import os
import platform
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing

from .compat import decode_path, encode_path, to_text, urlopen
from .errors import PluginError
from .home import home, log, private_folder, python, settings, unusable
from .languages import _
from .launch import clean_environment

CURRENT, OLD, MISSING = "current", "old", "missing"
_SETUP, _UV = "setup", "uv.json"
_OLDEST, _NEWEST = 10, 14  # Python 3's, as the installer's own
_PROBE = (
    "import sys, sysconfig, venv, ensurepip; "
    "print(sys.version_info[0] * 100 + sys.version_info[1], sys.maxsize > 2**32, sysconfig.get_platform()); print(sys.executable)"
)
# GIMP's own Python on Windows, for which no packages are made; the Microsoft Store's, whose files other programs do not see.
_MINGW, _STORE = "mingw", "WindowsApps"
_MAC_FOLDERS = ("/opt/homebrew/bin/", "/usr/local/bin/")
_BROUGHT = "3.13"  # by uv
_CHUNK_BYTES = 1 << 18
_TIMEOUT_S, _LOOK_S = 30, 0.2
_UNDO_S = 60.0  # in which a set-up that was left puts everything back
_NO_ROOM = (errno.EACCES, errno.ENOSPC, errno.EROFS)
_SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}
_FLATPAK_INFO = "/.flatpak-info"
_FLATPAK = ["flatpak-spawn", "--host", "--watch-bus"]

__all__ = ["CURRENT", "MISSING", "OLD", "is_packaged", "state", "work"]


def is_packaged():
    """Whether this plug-in came with what sets it up."""
    return os.path.isfile(encode_path(os.path.join(_setup(), "installer", "__main__.py")))


def state(version):
    """Return CURRENT where this version is set up, OLD where another one is, MISSING where none is."""
    path = python()
    # A Flatpak does not see it.
    if not path or not (os.path.exists(_FLATPAK_INFO) or os.path.exists(encode_path(path))):
        return MISSING
    return OLD if settings().get("version", version) != version else CURRENT


def work(tell, is_left):
    """Set up; tell(sentence, share 0..1). Returns early where it is left. PluginError says what to do."""
    private_folder(home())
    chosen = _found() or _brought(tell, is_left)
    if not chosen or is_left():
        return
    here = os.path.dirname(decode_path(os.path.abspath(__file__)))
    words = [chosen, os.path.join(_setup(), "installer"), "set-up", "--settings", os.path.join(here, "settings.json")]
    process = _start(words + ["--leashed"], stdin=subprocess.PIPE)
    _end_when_left(process, is_left)
    problem = ""
    for line in iter(process.stdout.readline, b""):
        told = _told(line)
        problem = told.get("problem", problem)
        if "sentence" in told:
            tell(told["sentence"], told["share"])
    process.stdout.close()
    if process.wait() and not is_left():
        raise PluginError("set-up-failed", problem or _("Restyle could not be set up: see its log in %s.") % home())


def _end_when_left(process, is_left):
    """End a program, from a thread of its own, once it is left: it puts everything back then."""

    def watch():
        while process.poll() is None and not is_left():
            time.sleep(_LOOK_S)
        process.stdin.close()  # Windows has nothing else to ask a program with
        limit = time.time() + (_UNDO_S if sys.platform == "win32" else 0.0)
        while process.poll() is None and time.time() < limit:
            time.sleep(_LOOK_S)
        if process.poll() is None:
            process.terminate()

    watcher = threading.Thread(target=watch)
    watcher.daemon = True
    watcher.start()


def _setup():
    return os.path.join(os.path.dirname(os.path.dirname(decode_path(os.path.abspath(__file__)))), _SETUP)


def _told(line):
    """Return what the installer says in a line: JSON; anything else is for the log."""
    try:
        found = json.loads(to_text(line))
        return found if isinstance(found, dict) else {}
    except ValueError:
        log("set-up: " + to_text(line).rstrip())
        return {}


def _found():
    """Return the path of the first Python of the system that Restyle runs on, None where there is none."""
    names = ["python3.%d" % minor for minor in range(_NEWEST, _OLDEST - 1, -1)]
    if sys.platform == "darwin":
        # A program's PATH has none of these; it has Apple's python3, which is too old, or a stub that asks to install things.
        names += [folder + name for folder in _MAC_FOLDERS for name in names]
    else:
        names += ["python3", "python"]
    # python.org's installer for Windows puts no Python on PATH, but what starts the newest.
    names += ["py"] if sys.platform == "win32" else []
    return next((path for path in (_fitting(name) for name in names) if path), None)


def _fitting(name):
    """Return the path of a Python that goes by this name and that Restyle runs on; "" where none does."""
    try:
        process = _start([name, "-c", _PROBE], quiet=True)
        facts, __, path = to_text(process.communicate()[0]).strip().partition("\n")
    except PluginError:
        return ""
    path, words = path.strip(), facts.split()
    is_good = process.returncode == 0 and len(words) == 3 and words[1] == "True" and _STORE not in path
    return path if is_good and 300 + _OLDEST <= int(words[0]) <= 300 + _NEWEST and not words[2].startswith(_MINGW) else ""


def _brought(tell, is_left):
    """Return a Python that uv has brought into Restyle's folder; None where it is left."""
    uv = _uv(tell, is_left)
    if uv is None:
        return None
    tell(_("Downloading Python %s") % _BROUGHT, 0.03)
    folder = os.path.join(home(), "python")
    install, find = ["install", "--install-dir", folder, _BROUGHT], ["find", "--managed-python", _BROUGHT]
    for words in ([uv, "python"] + install, [uv, "python"] + find):
        process = _start(words, extra={"UV_PYTHON_INSTALL_DIR": folder})
        said = to_text(process.communicate()[0]).strip()
        if process.returncode:
            log("set-up: " + said)
            raise PluginError(
                "no-python",
                _("Python %(version)s did not come (%(reason)s): try again.")
                % {"version": _BROUGHT, "reason": said.splitlines()[-1] if said else "uv"},
            )
    return said.splitlines()[-1]


def _uv(tell, is_left):
    """Return the path of uv, which is fetched where it is not here yet and is what was published; None where it is left."""
    program = os.path.join(home(), "python", "uv" + (".exe" if os.name == "nt" else ""))
    if os.path.exists(encode_path(program)):
        return program
    wanted = _published_uv()
    private_folder(os.path.dirname(program))
    part = program + ".part"
    if not _fetch(wanted, part, tell, is_left):
        return None
    _unpack(part, program)
    os.remove(encode_path(part))
    return program


def _unpack(wheel, program):
    """Take the program out of a wheel; whole, or not at all."""
    new = encode_path(program + ".new")
    # Not by its name: zipfile takes no bytes for one.
    with io.open(encode_path(wheel), "rb") as file, zipfile.ZipFile(file) as packed, io.open(new, "wb") as target:
        (name,) = [name for name in packed.namelist() if os.path.basename(name) in ("uv", "uv.exe")]
        target.write(packed.read(name))
    os.chmod(new, 0o700)
    os.rename(new, encode_path(program))  # nothing is there


def _published_uv():
    machine = platform.machine().lower()
    kind = "%s-%s" % (_SYSTEMS.get(platform.system(), ""), _ARCHITECTURES.get(machine, machine))
    with io.open(encode_path(os.path.join(_setup(), "installer", _UV)), encoding="utf-8") as file:
        published = json.load(file)
    if kind not in published:
        raise PluginError("no-python", _("Install Python 3.%d or newer, then choose this again.") % _OLDEST)
    return published[kind]


def _fetch(wanted, part, tell, is_left):
    """Download a file and compare it with its hash; whether it is all there."""
    digest, have = hashlib.sha256(), 0
    try:
        with closing(urlopen(wanted["url"], _TIMEOUT_S)) as answer, io.open(encode_path(part), "wb") as file:
            for chunk in iter(lambda: answer.read(_CHUNK_BYTES), b""):
                if is_left():
                    return False
                file.write(chunk)
                digest.update(chunk)
                have += len(chunk)
                tell(_("Downloading uv, which brings Python"), 0.03 * have / wanted["size_bytes"])
    except (EnvironmentError, ValueError) as error:
        if getattr(error, "errno", None) in _NO_ROOM:
            raise unusable(os.path.dirname(part), error.strerror)
        raise PluginError(
            "download-failed",
            _("%(file)s did not come (%(reason)s): look after the connection.")
            % {"file": wanted["url"], "reason": to_text(error)},
        )
    if digest.hexdigest() != wanted["sha256"]:
        os.remove(encode_path(part))
        raise PluginError("download-failed", _("%s is not what was published; try again.") % wanted["url"])
    return True


def _start(words, quiet=False, extra=None, stdin=None):
    """Start a program whose output can be read; without `stdin` it reads nothing. PluginError where it cannot be started."""
    words = (_FLATPAK if os.path.exists(_FLATPAK_INFO) else []) + words
    # Said as it is read, whatever this system's code page is.
    environment = dict(clean_environment(os.environ), **{str("PYTHONIOENCODING"): str("utf-8")})
    environment.update({str(name): encode_path(value) for name, value in (extra or {}).items()})
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "env": environment, "cwd": encode_path(home())}
    if sys.platform == "win32":
        options["creationflags"] = 0x08000000  # CREATE_NO_WINDOW
    try:
        with open(os.devnull, "rb") as nothing:
            return subprocess.Popen([encode_path(word) for word in words], stdin=stdin or nothing, **options)
    except (EnvironmentError, ValueError) as error:
        if not quiet:
            log("set-up: %s" % to_text(error))
        raise PluginError(
            "set-up-failed", _("%(program)s cannot be started (%(reason)s).") % {"program": words[0], "reason": to_text(error)}
        )
