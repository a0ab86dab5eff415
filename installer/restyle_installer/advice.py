"""What to do about a program that failed, by what it wrote: pip says much, and the reason is seldom in its last line."""

from __future__ import annotations

import re

from .words import N_, _

__all__ = ["advice"]

SIGNS = (
    (
        re.compile(r"Errno 28\b|No space left|not enough space on the disk|Disk quota exceeded"),
        N_("The disk is full: make room, or set RESTYLE_HOME to a folder on another disk, and try again."),
    ),
    (
        re.compile(r"ensurepip is not"),
        N_("Debian and Ubuntu keep a part of Python in a package of its own: apt-get install python3-venv, and try again."),
    ),
    (
        re.compile(r"DO NOT MATCH THE HASHES"),
        N_("What came is not what was published: try again; if it stays so, ask who runs your network's mirror or proxy."),
    ),
    (
        re.compile(
            r"connection broken by|Max retries exceeded|Connection reset|timed out|Download failed|IncompleteRead|HTTPError"
            r"|from versions: none"
        ),
        N_("The packages did not come: look after the connection (and HTTPS_PROXY, if your network has a proxy), and try again."),
    ),
)


def advice(output: str) -> str:
    """A sentence in the person's language that says what to do; "" where nothing is known."""
    return next((_(sentence) for sign, sentence in SIGNS if sign.search(output)), "")
