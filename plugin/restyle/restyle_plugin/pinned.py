# -*- coding: utf-8 -*-
"""Connections by TLS to a server whose certificate is known by its fingerprint, and to no other."""

from __future__ import absolute_import, unicode_literals

import hashlib
import socket

from .languages import _

__all__ = ["connect_pinned"]


def connect_pinned(place, timeout_s):
    """Return a socket to "HOST:PORT:FINGERPRINT"; socket.error where that is not to be had, or shows another certificate.

    Nothing is sent before the certificate is known: who answers in the server's place learns no token.
    """
    place, __, fingerprint = place.rpartition(":")
    host, __, port = place.rpartition(":")
    plain = socket.create_connection((host.strip("[]"), int(port)), timeout_s)
    try:
        connected = _context().wrap_socket(plain)
    except BaseException:
        plain.close()
        raise
    if hashlib.sha256(connected.getpeercert(True) or b"").hexdigest() != fingerprint:
        connected.close()
        raise socket.error(_("its certificate is another one"))
    return connected


def _context():
    """Encrypts, and leaves it to the fingerprint who the other side is: names and authorities say nothing about it."""
    import ssl  # late: it takes a while, and most compute on this computer

    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", None) or ssl.PROTOCOL_SSLv23)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if hasattr(context, "minimum_version"):
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    else:
        context.options |= ssl.OP_NO_SSLv2 | ssl.OP_NO_SSLv3 | ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1
    return context
