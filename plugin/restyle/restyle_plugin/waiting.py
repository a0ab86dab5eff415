# -*- coding: utf-8 -*-
"""Waiting for a job: how far it is, in GIMP's progress bar, until it is done."""

from __future__ import absolute_import, unicode_literals

import time

from .compat import monotonic
from .errors import PluginError, ServerLost, said_there, told_by_server
from .languages import _
from .sentences import message_of

_WAIT_MS = 400
# A progress bar needs no more; each poll takes a little of the processor that paints.
_LEAST_POLL_S = 0.1
_WAITING = ("queued", "running")
_OTHERS_FIRST, _PREPARING, _PAINTING = _("Waiting for another painting to finish"), _("Preparing"), _("Painting")
_WITH_TIME = "%s, %s"

__all__ = ["follow", "image_closed", "wait"]


def wait(gimp, server, image, job, where, pace, look=None):
    """Follow a job until it is done; return it. PluginError with its problem if it failed."""
    job = follow(gimp, server, image, job, where, pace, look)
    if job["state"] != "done":
        problem = job.get("problem") or {}
        told = told_by_server(problem, job["state"], _("The painting was cancelled; try again."))
        raise said_there(told, server.place)
    return job


def follow(gimp, server, image, job, where, pace, look=None):
    """Show a job's progress until it has ended, however; return it. PluginError where the image or the server is gone.

    look: told of the job each time; where it says True, the progress was shown by somebody else meanwhile.
    """
    while job["state"] in _WAITING:
        if look is None or not look(job):
            _show(gimp, job, where, pace)
        if not gimp.image_is_valid(image):
            raise image_closed()
        before = monotonic()
        job = _poll(server, job)
        time.sleep(max(0.0, _LEAST_POLL_S - (monotonic() - before)) if job["state"] in _WAITING else 0.0)
    return job


def image_closed():
    """Return the error for a painting whose image is gone."""
    return PluginError("image-closed", _("The image was closed, so the painting was dropped."))


def _poll(server, job):
    try:
        return server.poll(job["id"], job["revision"], _WAIT_MS)
    except ServerLost as error:
        text = _(
            "Restyle's server stopped while it painted, so nothing was changed: try again, at a smaller size if memory ran out"
        )
        raise ServerLost("%s (%s)." % (text, error.reason or _("it is gone")), error.is_late, error.reason, error.place)


def _show(gimp, job, where, pace):
    if job["state"] == "queued":
        gimp.progress_text(where + (_OTHERS_FIRST if job["position"] > 0 else _PREPARING))
        gimp.progress_pulse()
        return
    share, left = pace.report(float(job["step"]) / job["steps"] if job["steps"] else 0.0)
    message = message_of(job) or (_PAINTING if job["steps"] else _PREPARING)
    gimp.progress_text(where + (_WITH_TIME % (message, left) if left else message))
    if share or job["steps"]:
        gimp.progress_update(share)
    else:
        gimp.progress_pulse()
