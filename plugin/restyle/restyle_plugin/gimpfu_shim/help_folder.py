# -*- coding: utf-8 -*-
"""Where a plug-in's help lies: in a folder named help beside the file that GIMP starts, as help/LOCALE/gimp-help.xml."""

from __future__ import absolute_import, unicode_literals

import os
import sys

from ..compat import decode_path, encode_path, quote, to_bytes

HELP_DOMAIN = "restyle"
"""The name under which GIMP keeps it apart from other plug-ins' help and its own."""

__all__ = ["HELP_DOMAIN", "file_uri", "help_folder"]


def help_folder():
    """Return the folder's path, or None where the plug-in has none."""
    folder = os.path.join(os.path.dirname(decode_path(os.path.abspath(sys.argv[0]))), "help")
    return folder if os.path.isdir(encode_path(folder)) else None


def file_uri(path):
    """Return the file: address of an absolute path."""
    parts = path.replace("\\", "/").split("/")
    # A drive's colon stands as it is.
    steps = [part if part.endswith(":") else quote(to_bytes(part)) for part in parts]
    return "file://" + ("" if path.startswith("/") else "/") + "/".join(steps)
