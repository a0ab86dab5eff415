# -*- coding: utf-8 -*-
"""The server as an object: HTTP by the standard library over a Unix socket or TCP; bodies are streamed, never copied whole."""

from __future__ import absolute_import, unicode_literals

import json
import os
import select
import socket
import struct
import sys
from collections import namedtuple

from .compat import encode_path, http_client, to_bytes, to_text, urlencode
from .errors import PluginError, ServerLost, said_there, told_by_server
from .languages import _
from .pinned import connect_pinned

# Seconds without any byte from the server; the worker computes in a thread beside, so only a hung server takes that long.
_TIMEOUT_S = 60.0
# Whoever tidies up needs no answer: the server does it also if it answers late.
_TIDY_TIMEOUT_S = 10.0
# A body is read in parts of this size where the caller does not say how large.
_PART_BYTES = 1 << 20
# An error's body is a sentence or two; more is not from our server.
_JSON_LIMIT_BYTES = 4 << 20
# For an answer to what could not be sent to its end.
_ANSWER_S = 1.0
_OK = (200, 201, 202, 204)
# Linux's SO_PEERCRED, which Python 2.7 has no name for, and what it gives: process, user, group.
_PEER_CREDENTIALS, _CREDENTIALS = 17, struct.Struct(str("3i"))

PROTOCOL = 2
"""What both sides must speak alike; the core has the same number."""

Sketch = namedtuple("Sketch", "width height revision data frame")
"""What is being painted: 8-bit RGB bytes of a size; the part of the layer that they show, (x, y, width, height), None for all."""

__all__ = ["PROTOCOL", "Server", "Sketch", "version_of"]


def version_of(health):
    """Return the version that a server says it has; with its protocol, where that is not ours."""
    version, protocol = health["version"], health.get("protocol")
    return version if protocol == PROTOCOL else "%s with protocol %s" % (version, protocol)


class Server(object):
    """A server at "unix:/path", "tcp:host:port" or, in another room, "tls:host:port:fingerprint".

    `place`: what people call one in another room, "" for this computer's; `note`: why it is this one, a sentence for the person.

    Every method raises PluginError with the server's own code and sentence for a refusal, ServerLost if it cannot be reached.
    """

    def __init__(self, address, token, place=""):
        self.address, self.place, self.note = address, place, ""
        self.token = token

    def health(self, timeout_s=5.0):
        """Return {"protocol", "version", "pid", "state", …}."""
        return self._json("GET", "/v1/health", timeout_s=timeout_s)

    def shutdown(self, timeout_s=5.0):
        """Ask the server to leave; it finishes its jobs first."""
        self._json("POST", "/v1/shutdown", timeout_s=timeout_s)

    def upload(self, width, height, channels, dtype, parts, length):
        """Send an image of `length` bytes as an iterable of bytes; return its id."""
        query = urlencode([("width", width), ("height", height), ("channels", channels), ("dtype", dtype)])
        return self._json("POST", "/v1/images?" + query, parts, length)["id"]

    def claim(self, image):
        """Claim an image that was uploaded before; whether it is still there. Each claim is one `delete_image`."""
        try:
            self._json("POST", "/v1/images/%s/claims" % image)
            return True
        except PluginError as error:
            if error.code != "unknown-image":
                raise
            return False

    def download(self, image, channels, dtype, sizes):
        """Yield an image's bytes in parts of the given sizes."""
        query = urlencode([("channels", channels), ("dtype", dtype)])
        connection, response = self._open("GET", "/v1/images/%s?%s" % (image, query))
        try:
            for size in sizes:
                yield self._read_exactly(response, size)
        finally:
            connection.close()

    def delete_image(self, image):
        """Give one upload or claim of an image back; the server forgets it with the last."""
        self._json("DELETE", "/v1/images/%s" % image, timeout_s=_TIDY_TIMEOUT_S)

    def start(self, filter_id, request, purpose="result", client="", sequence=""):
        """Start a job; return it.

        purpose: "preview" for one that a newer job of the same client and filter ends; client: a name that the caller chose.
        sequence: a name of all frames that follow one another; each is held to the one before.
        """
        body = to_bytes(json.dumps(request))
        terms = [("purpose", purpose), ("client", client)] if client else []
        terms += [("sequence", sequence)] if sequence else []
        query = "?" + urlencode(terms) if terms else ""
        return self._json("POST", "/v1/filters/%s/jobs%s" % (filter_id, query), [body], len(body), "application/json")

    def poll(self, job, seen, wait_ms):
        """Return the job as soon as its revision is above `seen`, or after `wait_ms`."""
        return self._json("GET", "/v1/jobs/%s?%s" % (job, urlencode([("seen", seen), ("wait_ms", wait_ms)])))

    def preview(self, job, seen=0, wait_ms=0, most_px=0):
        """Return the Sketch of what is being painted, its longer side at most `most_px`, if newer than `seen`, or None."""
        query = urlencode([("seen", seen), ("wait_ms", wait_ms)] + ([("most_px", most_px)] if most_px else []))
        connection, response = self._open("GET", "/v1/jobs/%s/preview?%s" % (job, query))
        try:
            if response.status == 204:
                return None
            width, height, revision = [int(response.getheader("Restyle-" + name)) for name in ("Width", "Height", "Revision")]
            frame = response.getheader("Restyle-Frame")
            frame = tuple(int(number) for number in frame.split()) if frame else None
            return Sketch(width, height, revision, self._read_exactly(response, width * height * 3), frame)
        finally:
            connection.close()

    def file(self, job, name):
        """Return the contents of a file that a job made."""
        connection, response = self._open("GET", "/v1/jobs/%s/files/%s" % (job, name))
        try:
            return response.read()
        except _network_errors() as error:
            raise self._lost(error)
        finally:
            connection.close()

    def model(self, name):
        """Return how it stands with a published model: {"state": "away", "coming" or "here", "have_bytes", …}."""
        return self._json("GET", "/v1/models/" + name)

    def fetch_model(self, name):
        """Have the server download a published model, from where it stopped; return how that stands."""
        return self._json("POST", "/v1/models/%s/download" % name)

    def leave_model(self, name):
        """End a download; what came of it stays."""
        self._json("DELETE", "/v1/models/%s/download" % name, timeout_s=_TIDY_TIMEOUT_S)

    def cancel(self, job):
        """End a job; no error if it has ended."""
        self._json("DELETE", "/v1/jobs/%s" % job, timeout_s=_TIDY_TIMEOUT_S)

    def _json(self, method, target, parts=(), length=0, kind="application/octet-stream", timeout_s=_TIMEOUT_S):
        connection, response = self._open(method, target, parts, length, kind, timeout_s)
        try:
            data = _read_whole(response)
        except _network_errors() as error:
            raise self._lost(error)
        finally:
            connection.close()
        return json.loads(to_text(data)) if data else None

    def _open(self, method, target, parts=(), length=0, kind="application/octet-stream", timeout_s=_TIMEOUT_S):
        """Send a request; return (connection, response with the body unread)."""
        connection = _connection(self.address, timeout_s)
        try:
            self._send(connection, method, target, parts, length, kind)
            response = connection.getresponse()
            if response.status not in _OK:
                raise said_there(_refusal(response.status, _read_whole(response)), self.place)
        except _network_errors() as error:
            connection.close()
            raise self._lost(error)
        except BaseException:
            connection.close()
            raise
        return connection, response

    def _send(self, connection, method, target, parts, length, kind):
        # str(): Python 2.7 joins the header with the body where both are text, and unicode would recode the pixels.
        connection.putrequest(str(method), str(target), skip_host=True)
        connection.putheader(str("Host"), str("localhost"))
        connection.putheader(str("Authorization"), str("Bearer " + self.token))
        if method == "POST":
            connection.putheader(str("Content-Type"), str(kind))
            connection.putheader(str("Content-Length"), str(length))
        connection.endheaders()
        try:
            for part in parts:
                connection.sock.sendall(part)
        except _network_errors():
            # A server that refuses (too large, leaving) answers before it has read everything: its answer counts.
            if not _has_answer(connection.sock):
                raise

    def _read_exactly(self, response, size):
        data = bytearray(size)
        view, filled = memoryview(data), 0
        while filled < size:
            try:
                count = _read_into(response, view[filled:])
            except _network_errors() as error:
                raise self._lost(error)
            if not count:
                raise self._lost(_("the picture ended early"))
            filled += count
        return data

    def _lost(self, reason):
        is_late = isinstance(reason, socket.timeout)
        name = _("The server %s") % self.place if self.place else _("Restyle's server")
        text = _("%(server)s stopped answering, so nothing was changed: try again (%(reason)s).")
        text = text % {"server": name, "reason": to_text(reason)}
        return ServerLost(text, is_late, to_text(reason), self.place)


def _read_whole(response):
    """Return a short body; EOFError where it breaks off, of which a read with a limit says nothing."""
    data = response.read(_JSON_LIMIT_BYTES)
    if response.length and len(data) < _JSON_LIMIT_BYTES:
        raise EOFError(_("the answer broke off"))
    return data


def _read_into(response, view):
    if hasattr(response, "readinto"):
        return response.readinto(view)
    data = response.read(min(len(view), _PART_BYTES))  # Python 2.7
    view[: len(data)] = data
    return len(data)


def _has_answer(sock):
    try:
        if hasattr(sock, "pending"):  # TLS cannot peek: what comes is an answer, or the end, which reading it tells
            return bool(select.select([sock], [], [], _ANSWER_S)[0])
        sock.settimeout(_ANSWER_S)
        return bool(sock.recv(1, socket.MSG_PEEK))
    except (socket.error, OSError):
        return False


def _refusal(status, data):
    """Return the PluginError of a problem+json body, or of a bare status."""
    try:
        problem = json.loads(to_text(data))
        return told_by_server(problem, problem["code"], problem.get("detail") or problem["title"])
    except (ValueError, KeyError, TypeError):
        return PluginError("http-%d" % status, _("The Restyle server refused (HTTP status %d).") % status)


def _network_errors():
    # ValueError is not among them: http.client raises HTTPException for a bad status line.
    return (socket.error, OSError, EOFError, http_client().HTTPException)


def _connection(address, timeout_s):
    http = http_client()
    kind, __, place = address.partition(":")
    if kind == "tcp":
        host, __, port = place.rpartition(":")
        return http.HTTPConnection(host, int(port), timeout=timeout_s)
    connection = http.HTTPConnection("localhost", timeout=timeout_s)
    make = _connect_tls if kind == "tls" else _connect_unix
    connection.connect = lambda: make(connection, place, timeout_s)
    return connection


def _connect_tls(connection, place, timeout_s):
    connection.sock = connect_pinned(place, timeout_s)


def _connect_unix(connection, path, timeout_s):
    connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.sock.settimeout(timeout_s)
    connection.sock.connect(encode_path(path))
    if not _is_own_peer(connection.sock):
        connection.sock.close()
        raise socket.error(_("it belongs to another user"))


def _is_own_peer(sock):
    """Whether the other side runs as the same user, where the system tells."""
    if not sys.platform.startswith("linux"):
        return True
    credentials = sock.getsockopt(socket.SOL_SOCKET, _PEER_CREDENTIALS, _CREDENTIALS.size)
    return _CREDENTIALS.unpack(credentials)[1] == os.getuid()
