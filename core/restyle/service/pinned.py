"""Pinned: connections by TLS to a server whose certificate is known by its fingerprint, and to no other."""

from __future__ import annotations

import hashlib
import hmac
import socket
import ssl

__all__ = ["connect_pinned"]


def connect_pinned(place: str, timeout_s: float) -> ssl.SSLSocket:
    """Connect to "HOST:PORT:FINGERPRINT". Raises OSError; ssl.SSLError is one, and another certificate is a ConnectionError.

    Nothing is sent before the certificate is known: who answers in the server's place learns no token.
    """
    place, _, fingerprint = place.rpartition(":")
    host, _, port = place.rpartition(":")
    plain = socket.create_connection((host.removeprefix("[").removesuffix("]"), int(port)), timeout=timeout_s)
    try:
        connected = _context().wrap_socket(plain)
    except BaseException:
        plain.close()
        raise
    found = hashlib.sha256(connected.getpeercert(binary_form=True) or b"").hexdigest()
    if not hmac.compare_digest(found, fingerprint):
        connected.close()
        raise ConnectionError("its certificate is another one")
    return connected


def _context() -> ssl.SSLContext:
    """Encrypts, and leaves it to the fingerprint who the other side is: names and authorities say nothing about it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
