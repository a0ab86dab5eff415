# -*- coding: utf-8 -*-
"""Set Restyle up from within GIMP: where the plug-in came as a ZIP, it carries what makes its Python environment.

The installer does it, run by a Python of the system that is new enough, else by one that uv brings; see bootstrap.
"""

from __future__ import absolute_import, unicode_literals

import threading

from . import bootstrap
from .errors import PluginError
from .gimpfu_shim.offer import NOTHING, Offer
from .home import home, log, log_traceback
from .languages import _

_ASKS = _(
    "Restyle is not set up on this computer yet. It takes some minutes: 0.4 GB to download and 1.5 GB in %s; several times as "
    "much where a graphics card can compute."
)
_RENEWS = _("Restyle's plug-in is newer than what is set up in %s. Setting it up again takes some minutes.")
_BEGINS = _("Setting up Restyle\u2026")
_BUTTON, _CANCEL, _AGAIN = _("Set up Restyle"), _("Cancel"), _("Try again")
_HINT = _("Set up Restyle to go on.")
_LEAVE_S = 10.0

__all__ = ["SetUp"]


class SetUp(object):
    """An Offer to set Restyle up, for as long as that is needed; all methods are the dialog's thread's."""

    def __init__(self, version, work=bootstrap.work, is_packaged=bootstrap.is_packaged, state=bootstrap.state):
        """version: the plug-in's; work(tell, is_left): sets up, tells (sentence, share), raises PluginError."""
        self._version, self._work, self._state = version, work, state
        self._is_packaged = is_packaged()
        self._lock = threading.Lock()
        self._thread, self._told, self._problem, self._is_left = None, None, "", False

    def look(self):
        """Return the Offer of now."""
        if not self._is_packaged:
            return NOTHING  # who came by the installer goes by the installer
        with self._lock:
            told, problem = self._told, self._problem
        if told:
            return Offer(told[0], _CANCEL, told[1], _HINT)
        state = self._state(self._version)
        if state == bootstrap.CURRENT:
            return NOTHING
        if problem:
            return Offer(problem, _AGAIN, None, _HINT)
        return Offer((_RENEWS if state == bootstrap.OLD else _ASKS) % home(), _BUTTON, None, _HINT)

    def press(self):
        """Begin, or end what has begun; all is put back then, and what was downloaded serves the next time."""
        with self._lock:
            if self._told:
                self._is_left = True
                return
            self._told, self._problem, self._is_left = (_BEGINS, 0.0), "", False
        self._thread = threading.Thread(target=self._run)
        self._thread.daemon = True
        self._thread.start()

    def close(self):
        """End what has begun."""
        self._is_left = True
        if self._thread is not None:
            self._thread.join(_LEAVE_S)

    def _run(self):
        problem = ""
        try:
            self._work(self._tell, lambda: self._is_left)
        except PluginError as error:
            log("%s: %s" % (error.code, error.text))
            problem = error.text
        except Exception:  # the thread's entry
            log_traceback()
            problem = _("Restyle could not be set up: see its log in %s.") % home()
        with self._lock:
            self._told, self._problem = None, "" if self._is_left else problem

    def _tell(self, sentence, share):
        with self._lock:
            self._told = (sentence, share)
