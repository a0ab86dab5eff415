# -*- coding: utf-8 -*-
"""Find the user's server or start it, so that there is one, of this version, and it answers."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import subprocess
import sys
import time

from .client import Server, version_of
from .compat import IS_PYTHON_2, encode_path, monotonic, to_text
from .errors import PluginError, ServerLost
from .home import home, private_folder, python, server_folder
from .languages import _
from .start_lock import StartLock
from .startup_log import StartupLog

# The first start after installation reads PyTorch's neighbours from a cold disk.
START_LIMIT_S = 60.0
# A server's first answers may wait for PyTorch, which holds the interpreter while it is imported.
_HEALTH_LIMIT_S = 5.0
# A server of another version makes way at once, and ends its jobs beside the new one.
LEAVE_LIMIT_S = 20.0
# A process that failed may have met another server that is just coming up.
_GRACE_S = 3.0
_POLL_S = 0.05
_FOREIGN_VARIABLES = frozenset(
    [
        "BABL_PATH",
        "DYLD_LIBRARY_PATH",
        "GDK_PIXBUF_MODULE_FILE",
        "GEGL_PATH",
        "GI_TYPELIB_PATH",
        "GTK_PATH",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
    ]
)
_PREFIXES = ("GIMP", "PYTHON")
_LEAVING, _LATE = "leaving", "late"  # in the place of a version
_FLATPAK_INFO = "/.flatpak-info"
_GUIDE = _("If it stays so, the guide's last chapter says how Restyle's doctor finds out why.")

__all__ = ["LEAVE_LIMIT_S", "START_LIMIT_S", "clean_environment", "command", "connect", "find", "let_go", "python_command"]


def connect(version, tell=None, start_limit_s=START_LIMIT_S, leave_limit_s=LEAVE_LIMIT_S):
    """Return a Server of that version that answers; starts one where there is none.

    tell: called with a text while the user has to wait. PluginError says what to do where no server can be had.
    """
    tell = tell or (lambda text: None)
    folder = private_folder(server_folder())
    server = find(version)
    if server is not None:
        return server
    limit = monotonic() + start_limit_s + leave_limit_s
    while monotonic() < limit:
        with StartLock(folder) as lock:
            if lock.is_held:
                return _connect_alone(version, tell, start_limit_s, leave_limit_s)
        # Another GIMP is starting the server.
        time.sleep(_POLL_S)
        server = find(version)
        if server is not None:
            return server
    raise _timeout()


def find(version):
    """Return a Server that answers and has that version, or None."""
    server, found = _probe()
    return server if found == version else None


def command(folder):
    """Return the command that starts the server; PluginError as `python_command` raises it."""
    return python_command(["-m", "restyle.service", "--home", folder], folder)


def python_command(arguments, folder):
    """Return the command that starts Restyle's Python in a folder; PluginError where none is set up, or none may be started."""
    if _is_in_snap():
        raise PluginError(
            "snap-confined",
            _("This GIMP is a snap, which may not start Restyle's server: use a GIMP from another package."),
        )
    path = python()
    if not path or not (_is_in_flatpak() or os.path.exists(encode_path(path))):
        text = _("Restyle's Python environment%s was not found: set it up in a filter's dialog, or install Restyle again.")
        raise PluginError("not-installed", text % (" (%s)" % path if path else ""))
    words = [path] + arguments
    if _is_in_flatpak():
        # --watch-bus: the process outside ends with flatpak-spawn, also where that is killed for not answering.
        words = ["flatpak-spawn", "--host", "--watch-bus", "--directory=" + folder] + words
    return [encode_path(word) for word in words]


def let_go():
    """Ask the server of this computer, if one runs, to leave when its jobs are done: the next one begins with other settings."""
    server, __ = _probe()
    if server is not None:
        try:  # noqa: SIM105  (Python 2.7 has no suppress)
            server.shutdown()
        except PluginError:
            pass  # it leaves already


def clean_environment(environment):
    """Return the environment without what GIMP sets for itself and for its plug-ins."""

    def is_foreign(name):
        return name in _FOREIGN_VARIABLES or name.startswith(_PREFIXES)

    return {name: value for name, value in environment.items() if not is_foreign(name)}


def _connect_alone(version, tell, start_limit_s, leave_limit_s):
    """Connect while holding the start lock."""
    limit = monotonic() + start_limit_s
    server, found = _probe()
    while found == _LATE:  # a second server would find it alive, and end
        if monotonic() > limit:
            raise _timeout()
        server, found = _probe()
    if found == version:
        return server
    if server is not None:
        tell(_("Replacing the previous version of Restyle's server"))
        _dismiss(server, leave_limit_s)
    tell(_("Starting Restyle's server"))
    return _start(version, start_limit_s)


def _probe():
    """Return (Server, its version, _LEAVING or _LATE) of connection.json; (None, None) where nobody is there."""
    connection = _read_connection()
    if connection is None:
        return None, None
    server = Server(connection["address"], connection["token"])
    try:
        health = server.health(_HEALTH_LIMIT_S)
        return server, _LEAVING if health["state"] == "leaving" else version_of(health)
    except ServerLost as error:
        return (server, _LATE) if error.is_late else (None, None)
    except (PluginError, ValueError, KeyError, TypeError):
        # Nobody there, or somebody else has that port by now: the file is stale.
        return None, None


def _read_connection():
    path = os.path.join(server_folder(), "connection.json")
    try:
        with io.open(encode_path(path), encoding="utf-8") as file:
            connection = json.load(file)
        return connection if connection["address"] and connection["token"] else None
    except (IOError, OSError, ValueError, KeyError, TypeError):
        return None


def _dismiss(server, limit_s):
    """Ask a server to leave and wait until its place is free; it may still paint then."""
    limit, published = monotonic() + limit_s, _read_connection()
    try:
        server.shutdown()
    except ServerLost as error:
        if not error.is_late:
            return
    while monotonic() < limit:
        if _read_connection() != published:
            return
        time.sleep(_POLL_S)
    raise PluginError(
        "server-busy",
        "%s %s" % (_("A previous version of Restyle's server does not leave: try again."), _GUIDE),
    )


def _start(version, limit_s):
    folder = home()
    log = StartupLog(server_folder())
    process = _spawn(command(folder), folder, log)
    limit = monotonic() + limit_s
    while monotonic() < limit:
        server, found = _probe()
        if server is not None and found not in (_LEAVING, _LATE):
            # It is to outlive this process, which must not complain about that (Python 3's ResourceWarning).
            process.returncode = process.poll() or 0
            return _of_version(server, found, version)
        if process.poll():
            # One that ended well found another server, which may still be coming up.
            limit = min(limit, monotonic() + _GRACE_S)
        time.sleep(_POLL_S)
    status = process.poll()
    if status is None:
        _end(process)
    if not status:
        raise _timeout()
    raise PluginError(
        "server-died",
        _("Restyle's server ended while starting (%(reason)s); its log is %(file)s. %(guide)s")
        % {"reason": log.last_words() or _("exit code %s") % status, "file": log.telling_file(), "guide": _GUIDE},
    )


def _of_version(server, found, version):
    if found != version:
        raise PluginError(
            "version-mismatch",
            _(
                "Restyle's server is of version %(server)s and its plug-in of version %(plugin)s: set Restyle up in a filter's "
                "dialog, or install it again, and restart GIMP."
            )
            % {"server": found, "plugin": version},
        )
    return server


def _spawn(words, folder, log):
    # What Python itself says (no such module, a broken library) is worth a file; the server has its own log.
    options = dict(_detached(), cwd=encode_path(folder), env=clean_environment(os.environ))
    log.reserve()
    with open(os.devnull, "rb") as nothing:
        try:
            with open(encode_path(log.path), "r+b") as output:
                options.update(stdin=nothing, stdout=output, stderr=output)
                return subprocess.Popen(words, **options)
        except (IOError, OSError, ValueError) as error:
            raise PluginError(
                "server-died", "%s %s" % (_("Restyle's server could not be started (%s).") % to_text(error), _GUIDE)
            )


def _detached():
    """Return the options of Popen for a process that outlives this one and inherits no files."""
    if sys.platform == "win32":
        # DETACHED_PROCESS and CREATE_NO_WINDOW; Python 2.7 cannot close handles while it redirects.
        return {"creationflags": 0x00000008 | 0x08000000, "close_fds": not IS_PYTHON_2}
    if IS_PYTHON_2:
        return {"close_fds": True, "preexec_fn": os.setsid}
    return {"close_fds": True, "start_new_session": True}


def _end(process):
    """End a server that does not answer: no process stays behind."""
    process.kill()
    limit = monotonic() + _GRACE_S
    while process.poll() is None and monotonic() < limit:
        time.sleep(_POLL_S)


def _timeout():
    return PluginError(
        "server-slow",
        "%s %s"
        % (
            _("Restyle's server does not answer: try again. Its log is %s.") % StartupLog(server_folder()).telling_file(),
            _GUIDE,
        ),
    )


def _is_in_snap():
    return os.environ.get(str("SNAP_NAME")) == "gimp"


def _is_in_flatpak():
    return os.path.exists(_FLATPAK_INFO)
