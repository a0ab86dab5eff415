"""Paths as refs: names of files may be any bytes, a request is text that goes into JSON."""

from __future__ import annotations

from pathlib import Path

__all__ = ["path_of", "ref_of"]

_UNDECODED = range(0xDC80, 0xDD00)
"""Where Python puts the bytes of a name that are no UTF-8 (PEP 383); no text may hold such letters."""

_FIRST_STAND_IN = 0xF0080
"""Letters for private use, which have no meaning of their own, stand in for them."""

_OUT = {letter: chr(_FIRST_STAND_IN + i) for i, letter in enumerate(_UNDECODED)}
_IN = {_FIRST_STAND_IN + i: chr(letter) for i, letter in enumerate(_UNDECODED)}


def ref_of(path: str | Path) -> str:
    """A path as text that any encoding of Unicode can hold."""
    return str(path).translate(_OUT)


def path_of(ref: str) -> Path:
    """The path of such a ref. A file that really has the letters which stand in for others is found, too."""
    literal = Path(ref)
    decoded = Path(ref.translate(_IN))
    return literal if decoded == literal or literal.exists() else decoded
