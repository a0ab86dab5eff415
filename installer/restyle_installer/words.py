"""The installer's texts in the person's language: gettext, by catalogues beside this module, read as the plug-in reads its own.

The English texts are the keys. What is data, too, a step's kind or what a check is of, is translated where it is shown.
"""

from __future__ import annotations

import gettext
import io
import os
from typing import Any, TextIO

from restyle_plugin import languages

__all__ = ["DOMAIN", "GREETING", "N_", "_", "begin", "filter_label", "ngettext"]

DOMAIN = ("restyle-installer", os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale"))


def _(text: str) -> str:
    """The text in the person's language."""
    said: str = languages.said(DOMAIN, text)
    return said


def N_(text: str) -> str:  # noqa: N802 - gettext's name
    """Mark a text that is translated where it is shown; returns it."""
    return text


def ngettext(one: str, many: str, number: int) -> str:
    """The text that fits a number of things."""
    said: str = languages.counted(DOMAIN, one, many, number)
    return said


GREETING = N_("Set up Restyle: neural style transfer and photo enhancement inside GIMP.")
# What argparse says, whose texts are the keys of a catalogue of the process's own; `options` was called otherwise in Python 3.8.
_OF_ARGPARSE = (
    N_("usage: "),
    N_("options"),
    N_("optional arguments"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)


def begin(*streams: TextIO) -> None:
    """Prepare this process, before its first text: what the streams cannot show is written otherwise and ends nothing; argparse
    speaks the person's language, too; and all is English where the first stream has not even the letters of a greeting."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    known = languages.catalogue(DOMAIN, languages.wanted(os.environ))
    if known is None:
        return
    if not _can_show(streams[0], known.gettext(GREETING)):
        os.environ["LANGUAGE"] = "en"
        return
    name, folder = DOMAIN
    os.environ["LANGUAGE"] = known.info()["language"]  # which argparse's gettext looks up by its own rules
    gettext.bindtextdomain(name, folder)
    gettext.textdomain(name)


def filter_label(declared: dict[str, Any]) -> str:
    """What GIMP's menu calls a filter of the catalogue."""
    label: str = languages._(declared["menu_label"])
    return label


def _can_show(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
