# -*- coding: utf-8 -*-
"""What the plug-in tells the user when something goes wrong: a stable code and one sentence that says what to do."""

from __future__ import absolute_import, unicode_literals

from .languages import _
from .sentences import detail_of

__all__ = ["CatalogueDamaged", "NothingToPaint", "PluginError", "ServerLost", "said_there", "told_by_server"]


class PluginError(Exception):
    """`text` is for the user; `code` is stable, the server's own where it comes from there."""

    def __init__(self, code, text):
        Exception.__init__(self, text)
        self.code = code
        self.text = text


def said_there(error, place):
    """Return a PluginError of a server that says where, if it is in another room that something is missing or full."""
    return PluginError(error.code, _("On %(place)s: %(sentence)s") % {"place": place, "sentence": error.text}) if place else error


def told_by_server(problem, code="", otherwise=""):
    """Return the PluginError of a problem that a server tells, {"code", "detail", …}; the others are for what it lacks."""
    return PluginError(problem.get("code", code), detail_of(problem) or otherwise)


class CatalogueDamaged(PluginError):
    """The list of filters, which was installed with the plug-in, is missing or no longer what it was."""

    def __init__(self, path):
        text = _("The file %s is damaged or cannot be read; install Restyle again.") % path
        PluginError.__init__(self, "catalogue-damaged", text)


class NothingToPaint(PluginError):
    """A layer has nothing in it, or lies outside the image."""

    def __init__(self, text):
        PluginError.__init__(self, "nothing-to-paint", text)


class ServerLost(PluginError):
    """The server does not answer (any more).

    `is_late`: it is there, but took longer than its client waits; `reason`: what the system said, a few words; `place`: what
    people call it where it is in another room.
    """

    def __init__(self, text, is_late=False, reason="", place=""):
        PluginError.__init__(self, "server-lost", text)
        self.is_late = is_late
        self.reason = reason
        self.place = place
