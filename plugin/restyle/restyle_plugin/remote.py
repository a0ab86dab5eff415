# -*- coding: utf-8 -*-
"""The server in another room that the person has chosen: the line that invites to it, kept in Restyle's home as by the core."""

from __future__ import absolute_import, unicode_literals

import os
import re
from collections import namedtuple

from .client import PROTOCOL, Server
from .compat import encode_path, to_text
from .errors import PluginError
from .languages import _
from .remembered import path_of, read_file, write_file

# The same as the core's; a test compares.
_LINE = re.compile(r"^restyle:([^\s/]+):([0-9]{1,5}):([0-9a-f]{64}):([A-Za-z0-9_-]{43})$")
_MOST_PORT = 65535
_FILE = "remote.json"
# A computer in the same house answers in milliseconds; one that is off does not at all.
_HEALTH_LIMIT_S = 5.0

__all__ = ["Invitation", "choose", "chosen", "forget", "parse", "server_of"]

_Invitation = namedtuple("_Invitation", "host port fingerprint token")


class Invitation(_Invitation):
    """What a computer must know to use a server; `line` is what was pasted, `place` what people call it."""

    @property
    def line(self):
        return "restyle:%s:%d:%s:%s" % self

    @property
    def place(self):
        return "%s:%d" % (self.host, self.port)

    @property
    def address(self):
        return "tls:%s:%d:%s" % (self.host, self.port, self.fingerprint)


def parse(line):
    """Return the Invitation of a line; PluginError where it is none."""
    found = _LINE.match(to_text(line).strip())
    if not found or not 0 < int(found.group(2)) <= _MOST_PORT:
        text = _("This is not the line of a server: paste all of it, from restyle: to its end.")
        raise PluginError("unusable-invitation", text)
    host, port, fingerprint, token = found.groups()
    return Invitation(host, int(port), fingerprint, token)


def chosen():
    """Return the Invitation that was chosen, None where none was or it cannot be read."""
    try:
        return parse(read_file(_FILE)["invitation"])
    except (KeyError, TypeError, PluginError):
        return None


def choose(invitation):
    """Compute there from now on; PluginError where that cannot be kept."""
    write_file(_FILE, {"invitation": invitation.line})


def forget():
    """Compute on this computer from now on."""
    path = encode_path(path_of(_FILE))
    if os.path.exists(path):
        os.remove(path)


def server_of(invitation):
    """Return (the Server, what it says of itself); PluginError with a reason of a few words where it cannot be used."""
    server = Server(invitation.address, invitation.token)
    try:
        health = server.health(_HEALTH_LIMIT_S)
        protocol = health["protocol"]
    except PluginError as error:
        raise PluginError(error.code, getattr(error, "reason", "") or error.text.rstrip("."))
    except (ValueError, KeyError, TypeError):
        raise PluginError("server-unreachable", _("another program answers there"))
    server.place = invitation.place
    if protocol != PROTOCOL:
        text = _("it speaks protocol %(theirs)s, and this Restyle protocol %(own)s: bring both to the same version")
        raise PluginError("version-mismatch", text % {"theirs": protocol, "own": PROTOCOL})
    return server, health
