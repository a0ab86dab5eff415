# -*- coding: utf-8 -*-
"""The plug-in's texts in the person's language: gettext, by catalogues that lie beside this module.

The English texts are the keys. The language is GIMP's: what its settings say reaches its plug-ins as LANGUAGE. Where there is no
catalogue, or a damaged one, the texts stay English.
"""

from __future__ import absolute_import, unicode_literals

import gettext as _gettext
import io
import os
import struct
import sys

from .compat import IS_PYTHON_2, decode_path, encode_path, to_text

DOMAIN = "restyle"
FOLDER = os.path.join(os.path.dirname(decode_path(os.path.abspath(__file__))), "locale")

# What reading a damaged catalogue raises.
_DAMAGED = (EnvironmentError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, struct.error)
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_UNTRANSLATED = ("", "C", "POSIX")
_ENGLISH = "en"
# Those who read Chinese in other places read the simplified signs there, too.
_KIN = {"zh": "zh_CN", "zh_SG": "zh_CN", "zh_Hans": "zh_CN", "zh_MY": "zh_CN"}
# What of a catalogue's entries a person reads; what GIMP's menu shows is translated by GIMP, as the domain tells it.
_READ = ("title", "description", "unit")

__all__ = ["DOMAIN", "FOLDER", "N_", "_", "catalogue", "counted", "localized", "ngettext", "said", "wanted"]


def _(text):
    """Return a text in the person's language."""
    return said((DOMAIN, FOLDER), text)


def N_(text):
    """Mark a text that is translated where it is shown; return it."""
    return text


def ngettext(one, many, number):
    """Return the text that fits a number of things."""
    return counted((DOMAIN, FOLDER), one, many, number)


def counted(domain, one, many, number):
    """Return the text that fits a number of things, by the catalogue of a domain as `said` takes it."""
    known = _known(domain)
    if known is None:
        return one if number == 1 else many
    return known.ungettext(one, many, number) if IS_PYTHON_2 else known.ngettext(one, many, number)


def said(domain, text):
    """Return a text by the catalogue of a domain as gimpfu's `register` takes it: (name, folder); None: as it is."""
    known = _known(domain) if domain and text else None
    if known is None:
        return text
    return known.ugettext(text) if IS_PYTHON_2 else known.gettext(text)


def localized(declarations):
    """Return a catalogue of filters with all that dialogs show of it in the person's language."""
    return dict(declarations, filters=[_localized(declared) for declared in declarations["filters"]])


def wanted(environ):
    """Return the languages that are asked for, the best first, as catalogues are called: "de_AT" before "de"."""
    place = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    if not place and sys.platform == "win32":
        place = _of_windows()
    if place in _UNTRANSLATED:
        return []  # as the C library has it: LANGUAGE does not count there, but does in most C.UTF-8
    found = []
    for one in (environ.get("LANGUAGE") or place).split(":"):
        name = one.split(".")[0].split("@")[0].replace("-", "_")
        language = name.split("_")[0]
        if language == _ENGLISH:
            break
        kin = _KIN.get("_".join(name.split("_")[:2]))
        found += [name, kin, language]
    return [each for number, each in enumerate(found) if each not in found[:number] and each not in _UNTRANSLATED + (None,)]


def catalogue(domain, languages):
    """Return the first catalogue of a domain that can be read, None for none."""
    name, folder = domain
    for language in languages:
        path = os.path.join(decode_path(folder), language, "LC_MESSAGES", to_text(name) + ".mo")
        try:
            with io.open(encode_path(path), "rb") as file:
                return _gettext.GNUTranslations(file)
        except _DAMAGED:
            pass  # the next one, and English in the end
    return None


class _Once(object):
    """The catalogues, each read when its first text is asked for: the language of a process does not change."""

    def __init__(self):
        self._read = {}

    def __call__(self, domain):
        domain = tuple(domain)
        if domain not in self._read:
            self._read[domain] = catalogue(domain, wanted({name: to_text(value) for name, value in os.environ.items()}))
        return self._read[domain]


_known = _Once()


def _localized(part):
    """Return a part of the catalogue, translated; what belongs to it, too."""
    if isinstance(part, list):
        return [_localized(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {key: _(value) if key in _READ and value else _localized(value) for key, value in part.items()}


def _of_windows():
    import ctypes
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
