# -*- coding: utf-8 -*-
"""A filter's styles as thumbnails of the photo at hand, painted in the background one after the other."""

from __future__ import absolute_import, unicode_literals

from .kind import of_kind
from .painter import Painter, Task

_MOST_FAILURES = 2

__all__ = ["Gallery"]


class Gallery(object):
    """Paints the photo in each of a model parameter's choices, as the filter does where nothing else is changed."""

    def __init__(self, connect, why_it_stays, declared, name, words, photo):
        """connect, why_it_stays: a Painter's; name: the parameter's in the catalogue; words: its choices; photo: a Small."""
        self._painter = Painter(connect, why_it_stays)
        self._declared, self._name, self._photo = declared, name, photo
        self._waiting, self._word, self._failures = list(words), None, 0

    @property
    def is_busy(self):
        """Whether there is more to come."""
        return bool(self._word or self._waiting)

    def take(self):
        """Return (word, (width, height), RGB bytes) of the picture that was finished last, once; None where there is none."""
        if self._word is None or not self._painter.has_ended():
            self._go_on()
            return None
        word, view = self._word, self._painter.look()
        self._word = None
        if view.sentence:
            # One may be a damaged file; what fails twice would fail for each, and the preview says why.
            self._failures += 1
            self._waiting = self._waiting if self._failures < _MOST_FAILURES else []
            self._go_on()
            return None
        self._failures = 0
        self._go_on()
        return word, view.size, view.after

    def close(self):
        """End what is being painted."""
        self._painter.close()

    def _go_on(self):
        if self._word is None and self._waiting:
            self._word = self._waiting.pop(0)
            layer = of_kind(self._declared, "layer")[0]["name"]
            task = Task(self._declared["id"], self._photo, [self._photo], {layer: 0}, {self._name: self._word})
            self._painter.paint(task)
