# -*- coding: utf-8 -*-
"""The thread behind a dialog's downloads: has the server fetch published models, and never calls GIMP."""

from __future__ import absolute_import, unicode_literals

import threading
from collections import namedtuple

from .compat import monotonic
from .errors import PluginError, ServerLost
from .home import log_traceback
from .languages import _
from .sentences import detail_of

_POLL_S = 0.3
# A thread that waits for ever hears no signal in Python 2.7.
_IDLE_S = 1.0
_LEAVE_S = 1.0
AWAY, COMING, HERE = "away", "coming", "here"

Stock = namedtuple("Stock", "state have_bytes size_bytes problem left_s")
"""How it stands with a model: size_bytes is 0 and left_s None where that is not known; problem: a sentence, "" for none."""

__all__ = ["AWAY", "COMING", "HERE", "Fetcher", "Stock"]


class Fetcher(object):
    """Asks after models and downloads them; the Stocks are there to be looked at from any thread."""

    def __init__(self, connect):
        """connect: a function that returns the server, which may take its time."""
        self._connect, self._server = connect, None
        self._changed = threading.Condition()
        self._orders, self._stocks, self._begun = [], {}, {}
        self._thread, self._is_closed = None, False

    def stock(self, name):
        """Return the Stock of a model, None while nothing is known."""
        with self._changed:
            return self._stocks.get(name)

    def ask(self, name):
        """Find out whether a model is here."""
        self._order(self._look, name)

    def fetch(self, name):
        """Download a model."""
        with self._changed:
            known = self._stocks.get(name) or Stock(AWAY, 0, 0, "", None)
            self._stocks[name] = known._replace(state=COMING, problem="", left_s=None)
            self._begun.pop(name, None)
        self._order(self._fetch, name)

    def leave(self, name):
        """End the download of a model; what came stays."""
        self._order(self._leave, name)

    def close(self):
        """End all downloads; where that takes long, it is done in the background."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(_LEAVE_S)

    def _order(self, step, name):
        with self._changed:
            self._orders.append((step, name))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work)
                self._thread.daemon = True
                self._thread.start()
            self._changed.notify()

    def _work(self):
        while True:
            with self._changed:
                if not self._orders and not self._is_closed:
                    self._changed.wait(_POLL_S if self._coming() else _IDLE_S)
                if self._is_closed:
                    break
                orders, self._orders = self._orders, []
                orders += [(self._look, name) for name in self._coming() if name not in [other for __, other in orders]]
            for step, name in orders:
                self._try(step, name)
        for name in self._coming():
            self._try(self._leave, name)

    def _coming(self):
        return [name for name, stock in self._stocks.items() if stock.state == COMING]

    def _try(self, step, name):
        problem = _("It could not be downloaded: see Restyle's log.")
        try:
            if self._server is None:
                self._server = self._connect()
            step(name)
            return
        except ServerLost as error:
            self._server, problem = None, error.text
        except PluginError as error:
            problem = error.text
        except Exception:  # the thread's entry: the dialog goes on without the model
            log_traceback()
        with self._changed:
            known = self._stocks.get(name) or Stock(AWAY, 0, 0, "", None)
            self._stocks[name] = known._replace(state=AWAY, problem=problem)

    def _look(self, name):
        self._take(name, self._server.model(name))

    def _fetch(self, name):
        self._take(name, self._server.fetch_model(name))

    def _leave(self, name):
        self._server.leave_model(name)
        with self._changed:
            self._stocks[name] = self._stocks[name]._replace(state=AWAY)

    def _take(self, name, told):
        have, size, now = told["have_bytes"], told["size_bytes"], monotonic()
        with self._changed:
            begun = self._begun.setdefault(name, (now, have)) if told["state"] == COMING else None
            problem = detail_of(told.get("problem") or {})
            left = _left(begun, now, have, size) if begun else None
            self._stocks[name] = Stock(told["state"], have, size, problem, left)


def _left(begun, now, have, size):
    """Return the seconds that the rest takes at the pace so far, None where that cannot be told yet."""
    since, before = begun
    if have <= before or now <= since or not size:
        return None
    return (size - have) * (now - since) / float(have - before)
