# -*- coding: utf-8 -*-
"""The only module that knows Python 2.7 from Python 3."""

from __future__ import absolute_import, unicode_literals

import sys
import time

IS_PYTHON_2 = sys.version_info[0] == 2

if IS_PYTHON_2:
    text_type = unicode  # noqa: F821
    integer_types = (int, long)  # noqa: F821
else:
    text_type = str
    integer_types = (int,)

__all__ = [
    "IS_PYTHON_2",
    "decode_path",
    "encode_path",
    "http_client",
    "integer_types",
    "monotonic",
    "native_text",
    "quote",
    "text_type",
    "to_bytes",
    "to_text",
    "urlencode",
    "urlopen",
]


def to_text(value):
    """Return unicode text of a text, bytes (UTF-8) or any other value."""
    if isinstance(value, text_type):
        return value
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    return text_type(value)


def to_bytes(value):
    """Return UTF-8 bytes of a text; bytes stay as they are."""
    return value.encode("utf-8") if isinstance(value, text_type) else bytes(value)


def native_text(value):
    """Return a text as this Python's `str`: UTF-8 bytes in Python 2.7, as the real gimpfu wants it."""
    return to_bytes(value) if IS_PYTHON_2 else to_text(value)


def decode_path(path):
    """Return a path as text, whatever this Python calls a path."""
    if isinstance(path, bytes):
        return path.decode(sys.getfilesystemencoding() or "utf-8", "replace") if _is_wide() else to_text(path)
    return path


def encode_path(path):
    """Return a text path in the form that this Python's `open` takes without loss."""
    if _is_wide() or not isinstance(path, text_type):
        return path
    # A GIMP started with LANG=C gives Python 2.7 (and 3.6) an ASCII file system encoding; the files' names are UTF-8.
    return path.encode("utf-8") if IS_PYTHON_2 else path.encode("utf-8", "surrogateescape")


def http_client():
    """Return the module of HTTPConnection; imported late, for a query must be quick."""
    if IS_PYTHON_2:
        import httplib

        return httplib
    import http.client

    return http.client


def urlopen(url, timeout_s):
    """Return the answer to a GET, as a file; raises EnvironmentError. Imported late, for a query must be quick.

    For what is known by its hash alone, for nobody asks who answers: GIMP's Python on macOS knows no certificates.
    """
    import ssl

    if IS_PYTHON_2:
        from urllib2 import urlopen as opened
    else:
        from urllib.request import urlopen as opened
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return opened(url, timeout=timeout_s, context=context)  # noqa: S310  (the caller's own address, never a person's)


def urlencode(pairs):
    """Return a query string of (name, value) pairs."""
    return "&".join("%s=%s" % (quote(name), quote(value)) for name, value in pairs)


def quote(value):
    """Return `value` percent-encoded for a path segment or a query."""
    safe = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
    data = bytearray(to_bytes(to_text(value)))
    return "".join(chr(c) if c in bytearray(safe) else "%%%02X" % c for c in data)


def monotonic():
    """Return seconds of a clock that is only good for differences."""
    return getattr(time, "monotonic", time.time)()


def _is_wide():
    return sys.platform in ("win32", "darwin")
