# -*- coding: utf-8 -*-
"""The user's folders and the installer's settings: where the server's files, its Python and the log are."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import sys
import time
import traceback

from .compat import decode_path, encode_path, to_text
from .errors import PluginError
from .languages import _

_SETTINGS = "settings.json"
# The log starts anew when it is larger, so that it never fills a disk.
_LOG_LIMIT_BYTES = 1 << 20

__all__ = [
    "has_log",
    "home",
    "log",
    "log_path",
    "log_traceback",
    "private_folder",
    "python",
    "server_folder",
    "settings",
    "unusable",
]


def settings():
    """Return what the installer wrote beside this module: {"python", "home"}; empty where it did not."""
    path = os.path.join(os.path.dirname(decode_path(os.path.abspath(__file__))), _SETTINGS)
    try:
        with io.open(encode_path(path), encoding="utf-8") as file:
            found = json.load(file)
        return found if isinstance(found, dict) else {}
    except (IOError, OSError, ValueError):
        return {}


def home():
    """Return the user's folder of Restyle; the same rule as restyle.host.home in the core."""
    chosen = os.environ.get(str("RESTYLE_HOME")) or settings().get("home")
    if chosen:
        return decode_path(chosen)
    user = decode_path(os.path.expanduser(str("~")))
    if sys.platform == "win32":
        local = decode_path(os.environ.get(str("LOCALAPPDATA"), str("")))
        return os.path.join(local or os.path.join(user, "AppData", "Local"), "restyle")
    if sys.platform == "darwin":
        return os.path.join(user, "Library", "Application Support", "restyle")
    # Not XDG_DATA_HOME: a GIMP in Flatpak has its own, the server does not.
    return os.path.join(user, ".local", "share", "restyle")


def python():
    """Return the path of the Python that has the server, or None where none is set up."""
    chosen = os.environ.get(str("RESTYLE_PYTHON")) or settings().get("python")
    return decode_path(chosen) if chosen else None


def server_folder():
    """Return the folder of connection.json, locks and the server's logs."""
    return os.path.join(home(), "server")


def private_folder(path):
    """Make a folder where there is none, with all parents it needs, for the user alone; return its path.

    PluginError where it cannot be made or is somebody else's: whoever owns it could be the server.
    """
    try:
        _make_private(path)
        is_own = not hasattr(os, "getuid") or os.stat(encode_path(path)).st_uid == os.getuid()
        reason = _("it belongs to another user")
    except (IOError, OSError) as error:
        is_own, reason = False, error.strerror or to_text(error)
    if not is_own:
        raise unusable(path, reason)
    return path


def unusable(path, reason):
    """Return the PluginError that says what to do where a folder of Restyle's cannot be used."""
    return PluginError(
        "home-unusable",
        _("Restyle's folder %(folder)s cannot be used (%(reason)s): make room or take it over, or set RESTYLE_HOME to another.")
        % {"folder": path, "reason": to_text(reason)},
    )


def _make_private(path):
    if not os.path.isdir(encode_path(path)):
        parent = os.path.dirname(path)
        if parent != path:
            _make_private(parent)
        # Not makedirs: in Python 3 the mode is the last folder's alone.
        os.mkdir(encode_path(path), 0o700)


def log_path():
    """Return the path of the plug-in's log."""
    return os.path.join(home(), "plugin.log")


def has_log():
    """Whether there is a log: where the home cannot be written there is none to send anybody to."""
    return os.path.exists(encode_path(log_path()))


def log(text):
    """Append a line to the log; a log that cannot be written is no reason to fail."""
    path = encode_path(log_path())
    try:
        _make_private(home())
        is_full = os.path.exists(path) and os.path.getsize(path) > _LOG_LIMIT_BYTES
        with io.open(path, "w" if is_full else "a", encoding="utf-8", errors="replace") as file:
            file.write(to_text(time.strftime(str("%Y-%m-%d %H:%M:%S "))) + to_text(text).rstrip() + "\n")
    except (IOError, OSError):
        pass


def log_traceback():
    """Append the exception being handled to the log."""
    log(to_text(traceback.format_exc()))
