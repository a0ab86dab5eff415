# -*- coding: utf-8 -*-
"""How far a painting is, by time: steps are not equally long, but what the last such painting took is known."""

from __future__ import absolute_import, unicode_literals

from .compat import monotonic
from .words import time_left

# Sooner, what remains would only be guessed from how the first step went.
_BELIEVED_S, _BELIEVED_SHARE = 3.0, 0.1
# What is late fills what is left of the bar ever more slowly.
_LATE_FROM = 0.95

__all__ = ["Pace"]


class Pace(object):
    """Told of each report; `expected_s`: what it takes by experience, None without one; `spent_s`: what it has taken before.

    `left_s`: what remained at the last report, None where that could not be told.
    """

    def __init__(self, expected_s=None, clock=monotonic, spent_s=0.0):
        self.expected_s, self.left_s, self._clock = expected_s, None, clock
        self._began, self._share = clock() - spent_s if spent_s else None, 0.0

    @property
    def spent_s(self):
        """What it has taken since the first report."""
        return 0.0 if self._began is None else self._clock() - self._began

    def report(self, steps_done):
        """Return (share of the bar, sentence on what remains, "" where that cannot be told) at a share of the steps, 0..1."""
        now = self._clock()
        self._began = now if self._began is None else self._began
        spent = now - self._began
        share, left = self._by_time(spent) if self.expected_s else self._by_steps(spent, steps_done)
        self.left_s = left
        self._share = max(self._share, share)  # a bar that goes back is not believed
        return self._share, "" if left is None else time_left(left)

    def _by_time(self, spent):
        """By experience; where it takes longer than that, nothing is promised any more."""
        share = spent / self.expected_s
        if share < _LATE_FROM:
            return share, self.expected_s - spent
        return 1.0 - (1.0 - _LATE_FROM) * _LATE_FROM / share, None

    def _by_steps(self, spent, done):
        believed = spent >= _BELIEVED_S and done >= _BELIEVED_SHARE
        return done, spent * (1.0 - done) / done if believed else None
