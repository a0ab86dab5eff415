# -*- coding: utf-8 -*-
"""The thread behind a dialog's preview: takes the newest Task, has the server paint it, and never calls GIMP."""

from __future__ import absolute_import, unicode_literals

import threading
import uuid
from collections import namedtuple

from .errors import PluginError, ServerLost
from .gimpfu_shim.split import View
from .home import log_traceback
from .languages import _
from .sentences import detail_of, message_of

_WAITING = ("queued", "running")
# How soon a job that is no longer wanted is left.
_POLL_MS = 60
_LEAVE_S = 1.0
STARTING, PAINTING = _("Starting Restyle\u2026"), _("Painting the preview\u2026")
# The dialog itself offers to bring what is not here.
_AWAY, _NOT_SET_UP, _WHEN_HERE = "weights-unavailable", "not-installed", _("There is a preview once it is here.")

Task = namedtuple("Task", "filter_id photo pictures inputs params")
"""What to paint: the Small of the photo; pictures: the Smalls to send, the photo among them; inputs: the request's, with a
picture's number in `pictures` in place of each id; params."""

__all__ = ["PAINTING", "STARTING", "Painter", "Task"]


class Painter(object):
    """Paints one task after the other, the newest first; the View is there to be looked at from any thread."""

    def __init__(self, connect, why_it_stays):
        """connect: a function that returns the server, which may take its time, of what why_it_stays says of a task: why it must
        be this computer's, "" where it need not."""
        self._connect, self._why_it_stays, self._stays = connect, why_it_stays, ""
        self.note = ""
        self._changed = threading.Condition()
        self._task, self._ended, self._is_closed, self._thread = None, None, False, None
        self._view = View(0, (1, 1), b"\0\0\0", None, "")
        self._server, self._job, self._uploads = None, None, {}
        self._client = uuid.uuid4().hex

    def paint(self, task):
        """Paint a task as soon as the one under way is left."""
        with self._changed:
            if self._task is None or self._task.photo != task.photo:
                size = task.photo.width, task.photo.height
                self._show(size=size, before=task.photo.data, after=None, sentence=PAINTING if self._server else STARTING)
            self._task = task
            if self._thread is None:
                self._thread = threading.Thread(target=self._work)
                self._thread.daemon = True
                self._thread.start()
            self._changed.notify()

    def say(self, sentence, photo=None):
        """Show a sentence, and the Small of a photo as it is; paint no more until there is another task."""
        with self._changed:
            self._task = self._task and self._task._replace(photo=None)
        shown = {"size": (photo.width, photo.height), "before": photo.data, "after": None} if photo else {}
        self._show(sentence=sentence, **shown)

    def has_ended(self):
        """Whether the last task is painted, or failed with a sentence."""
        with self._changed:
            return self._ended is self._task

    def look(self):
        """Return the View of now."""
        with self._changed:
            return self._view

    def close(self):
        """Leave the server as it was; where that takes long, it is done in the background."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(_LEAVE_S)

    def _show(self, **changes):
        with self._changed:
            self._view = self._view._replace(revision=self._view.revision + 1, **changes)

    def _work(self):
        done = None
        while True:
            with self._changed:
                while self._task is done and not self._is_closed:
                    self._changed.wait(1.0)  # with a limit: Python 2.7 else hears no signal
                done = self._task
                if self._is_closed:
                    break
            if done.photo is not None:
                self._try(done)
            with self._changed:
                self._ended = done
        self._tidy()

    def _try(self, task):
        try:
            self._paint(task)
        except ServerLost as error:
            self._server, self._uploads = None, {}
            self._show(sentence=error.text)
        except PluginError as error:
            self._show(sentence=_WHEN_HERE if error.code == _NOT_SET_UP else error.text)
        except Exception:  # the thread's entry: the dialog goes on without a preview
            log_traceback()
            self._show(sentence=_("There is no preview: see Restyle's log."))

    def _paint(self, task):
        stays = self._why_it_stays(task)
        if self._server is None or stays != self._stays:
            self._tidy()
            self._server, self._job, self._uploads, self._stays = self._connect(stays), None, {}, stays
            self.note = self._server.note or (_("By %s") % self._server.place if self._server.place else "")
        if not self._is_wanted(task):
            return
        inputs = _with_ids(task.inputs, [self._upload(picture) for picture in task.pictures])
        body = {"inputs": inputs, "params": task.params}
        job = self._server.start(task.filter_id, body, "preview", self._client)
        self._job, seen = job["id"], 0
        while job["state"] in _WAITING:
            self._show(sentence=message_of(job) or PAINTING)
            job = self._server.poll(job["id"], job["revision"], _POLL_MS)
            if not self._is_wanted(task):
                return  # the next one's start ends it
            seen = self._look_over_shoulder(task, job, seen)
        self._finish(task, job)

    def _look_over_shoulder(self, task, job, seen):
        """Show what a long job has so far; return the revision that was seen."""
        if job["state"] != "running" or not job["steps"]:
            return seen
        found = self._server.preview(job["id"], seen)
        if found is None:
            return seen
        if (found.width, found.height) == (task.photo.width, task.photo.height):
            self._show(after=bytes(found.data))
        return found.revision

    def _finish(self, task, job):
        if job["state"] != "done":
            problem = job.get("problem") or {}
            is_away = problem.get("code") == _AWAY
            self._show(after=None, sentence=_WHEN_HERE if is_away else detail_of(problem))
            return
        size = task.photo.width * task.photo.height * 3
        made = next(one for one in job["results"] if one["kind"] == "picture")
        data = b"".join(bytes(part) for part in self._server.download(made["image"], 3, "u8", [size]))
        if self._is_wanted(task):
            self._show(after=data, sentence="")

    def _upload(self, picture):
        if picture not in self._uploads:
            length = len(picture.data)
            channels = length // (picture.width * picture.height)
            self._uploads[picture] = self._server.upload(picture.width, picture.height, channels, "u8", [picture.data], length)
        return self._uploads[picture]

    def _is_wanted(self, task):
        with self._changed:
            return self._task is task and not self._is_closed

    def _tidy(self):
        steps = [(self._server.cancel, self._job)] if self._server and self._job else []
        steps += [(self._server.delete_image, image) for image in self._uploads.values()] if self._server else []
        for step, name in steps:
            try:
                step(name)
            except ServerLost:
                return
            except PluginError:
                pass  # what the server does not know (any more) needs no removal


def _with_ids(value, ids):
    """Return inputs with each {"image": number} as {"image": id}, and a bare number as an id."""
    if isinstance(value, dict):
        return {name: _with_ids(part, ids) if name != "weight" else part for name, part in value.items()}
    if isinstance(value, list):
        return [_with_ids(part, ids) for part in value]
    return ids[value] if isinstance(value, int) else value
