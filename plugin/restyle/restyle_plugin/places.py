# -*- coding: utf-8 -*-
"""Where to compute: on the server in another room that was chosen, else, and where that is not to be had, on this computer."""

from __future__ import absolute_import, unicode_literals

from . import launch, remote
from .errors import PluginError
from .languages import _

__all__ = ["connect", "why_it_stays"]


def connect(version, tell=None, stays=""):
    """Return a Server that answers; of one on this computer because the chosen one cannot do it, `note` says so.

    stays: why it must be on this computer, "" where it need not. PluginError where no server can be had.
    """
    invitation = remote.chosen()
    if invitation is None:
        return launch.connect(version, tell)
    try:
        if stays:
            raise PluginError("stays", stays)
        if tell:
            tell(_("Asking the server %s") % invitation.place)
        return remote.server_of(invitation)[0]
    except PluginError as error:
        server = launch.connect(version, tell)
        server.note = _("The server %(place)s cannot be used for this (%(reason)s), so this computer does it.")
        server.note = server.note % {"place": invitation.place, "reason": error.text}
        return server


def why_it_stays(declared, params):
    """Return what of this computer's disk a request needs that is not sent, in a few words; "" where nothing."""
    if declared.get("stays"):
        return _("what it makes is kept on this computer")
    for param in declared["params"]:
        value = params.get(param["name"])
        if value and param["type"] == "model" and value not in [choice["value"] for choice in param["choices"]]:
            return _("%s is on this computer alone") % value
        if value and param["type"] == "folder":
            return _("the folder of %s is on this computer alone") % param["title"]
    return ""
