# -*- coding: utf-8 -*-
"""`restyle batch` as a process of Restyle's Python: what it tells of each picture, and its end with ours."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import subprocess
import threading
import time

from .compat import encode_path, to_text
from .errors import PluginError
from .home import home, private_folder
from .languages import _
from .launch import clean_environment, python_command
from .sentences import detail_of

_LOG = "batch.log"
_TELL_S = 0.2  # between two looks at it: a progress bar that moves
_LEAVE_S = 10.0  # to take away what is half written

__all__ = ["BatchProcess"]


class BatchProcess(object):
    """Works on a folder by the settings in a file, as a context: left early, it is stopped, and what is done is kept.

    It ends with its standard input, so also where GIMP ends this process without notice.
    """

    def __init__(self, recipe, folder, output, is_again=False):
        words = ["batch", "--request", recipe, folder, "-o", output, "--json", "--while-open"] + ["--again"] * is_again
        self._words = python_command(["-m", "restyle"] + words, home())
        self._lines, self._process, self._thread = [], None, None

    def __enter__(self):
        log = os.path.join(private_folder(home()), _LOG)
        try:
            with io.open(encode_path(log), "wb") as errors:
                self._process = subprocess.Popen(
                    self._words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    cwd=encode_path(home()),
                    env=clean_environment(os.environ),
                )
        except (IOError, OSError, ValueError) as error:
            raise PluginError(
                "batch-failed", _("Restyle's Python could not be started (%s): run `python3 installer doctor`.") % to_text(error)
            )
        self._thread = threading.Thread(target=self._listen)
        self._thread.daemon = True
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._process.stdin.close()
        limit = time.time() + _LEAVE_S
        while self._process.poll() is None and time.time() < limit:
            time.sleep(0.05)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._thread.join()
        self._process.stdout.close()

    def told(self):
        """Yield what it tells of each picture, {"ended", "of", "left_s", "source", "state", "reason", …}, and None now and then.

        PluginError with its sentence where it could work on nothing.
        """
        count = 0
        while self._thread.is_alive() or count < len(self._lines):
            if count == len(self._lines):
                yield None
                self._thread.join(_TELL_S)
                continue
            told = json.loads(self._lines[count])
            if "problem" in told:
                raise PluginError("batch-failed", detail_of(told["problem"]))
            yield told
            count += 1
        if self._process.wait() and (not count or json.loads(self._lines[-1])["ended"] < json.loads(self._lines[-1])["of"]):
            log = os.path.join(home(), _LOG)
            raise PluginError("batch-failed", _("The work on the folder ended early: its log is %s.") % log)

    def _listen(self):
        for line in iter(self._process.stdout.readline, b""):
            self._lines.append(to_text(line))
