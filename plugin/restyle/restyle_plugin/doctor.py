# -*- coding: utf-8 -*-
"""Doctor…: what is wrong and what to do about it, in a window from which it can be copied."""

from __future__ import absolute_import, unicode_literals

import io
import os
import shutil
import subprocess
import tempfile
import time

from . import launch
from .compat import encode_path, monotonic, to_text
from .errors import PluginError
from .gimpfu_shim import runner
from .home import home, settings
from .languages import _

TITLE = _("Restyle's doctor")
# It starts a server and each GIMP, from a cold disk perhaps.
_LIMIT_S = 300.0
_POLL_S = 0.2

__all__ = ["TITLE", "examine", "report"]


def examine(gimp):
    """Show the report. Without a person nothing is done. PluginError where there can be none."""
    if not runner.is_interactive():
        return
    gimp.progress_init(_("Looking for what is wrong"))
    try:
        text = report(gimp.progress_pulse)
    finally:
        gimp.progress_end()
    gimp.show_text(TITLE, text)


def report(pulse=lambda: None):
    """Return what the doctor finds, and what helps a developer; pulse: called while it is looked for.

    The installer's doctor sees most; where its folder is gone, the core's tells what it knows.
    """
    folder = tempfile.mkdtemp(prefix=str("restyle-"))
    try:
        file = os.path.join(folder, "report.txt")
        installer = settings().get("installer")
        if installer and os.path.isdir(encode_path(installer)):
            said = _said([installer, "doctor", "--report", file], folder, pulse)
            return "\n".join([said.strip(), "", _read(file)]).strip()
        return _said(["-m", "restyle", "doctor"], folder, pulse).strip()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _said(arguments, folder, pulse):
    """Return all that Restyle's Python says."""
    command = launch.python_command(arguments, folder)
    environment = launch.clean_environment(os.environ)
    environment.update({str("RESTYLE_HOME"): str(home()), str("PYTHONIOENCODING"): str("utf-8")})
    log = os.path.join(folder, "said.txt")
    with open(log, "wb") as output, open(os.devnull, "rb") as nothing:
        try:
            process = subprocess.Popen(command, stdin=nothing, stdout=output, stderr=subprocess.STDOUT, env=environment)
        except (IOError, OSError, ValueError) as error:
            raise PluginError("not-installed", _("The doctor could not be started (%s): install Restyle again.") % to_text(error))
        _wait(process, pulse)
    return _read(log)


def _wait(process, pulse):
    limit = monotonic() + _LIMIT_S
    try:
        while process.poll() is None:
            if monotonic() > limit:
                raise PluginError(
                    "doctor-slow", _("The doctor did not come to an end: run `python3 installer doctor` in a terminal.")
                )
            pulse()
            time.sleep(_POLL_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _read(path):
    try:
        with io.open(encode_path(path), encoding="utf-8", errors="replace") as file:
            return file.read()
    except (IOError, OSError):
        return ""
