"""Paths as refs: names of files may be any bytes, a request is text that goes into JSON."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from restyle.contract.errors import InvalidInput
from restyle.contract.sentence import said, said_by_system

__all__ = ["path_of", "readable", "ref_of"]

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


def readable(path: Path) -> os.stat_result:
    """The status of a file that can be read from its start to its end, before anything of it is; raises InvalidInput."""
    try:
        status = path.stat()
    except (FileNotFoundError, ValueError) as error:  # ValueError: a name that no file can have
        raise InvalidInput(said("There is no file {path}; check its name and folder.", path=path)) from error
    except OSError as error:
        raise InvalidInput(
            said("{path} cannot be opened ({reason}); choose another file.", path=path, reason=said_by_system(error))
        ) from error
    # A pipe would be waited for until somebody writes into it, and some devices have no end.
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise InvalidInput(said("{path} is no file that can be read from its start to its end; choose another one.", path=path))
    return status
