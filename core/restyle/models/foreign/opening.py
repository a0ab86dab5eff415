"""Opening: what is looked at before a file is read, and how damage that a reader meets becomes one sentence.

Files come from anywhere. One that is no ordinary file (a pipe, a device) would be waited for without end; one that was never a
model, which a download often is not, is named for what it is.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from restyle.contract.errors import WeightsDamaged
from restyle.contract.sentence import said

__all__ = ["MOST_BYTES", "check_file", "is_ordinary", "reading"]

MOST_BYTES = 2 << 30
"""Of a file: more than three times VGG-19's with its classifier. A file may be large and take no room on the disk."""

_HEAD_BYTES = 512
_TAR_MARK, _TAR_MARK_AT = b"ustar", 257

_HEADS = {
    b"version https://git-lfs.github.com/spec/": said("it is a note of Git LFS of where the file lies, not the file itself"),
    b"\xff\xd8\xff": said("it is a picture"),
    b"\x89PNG": said("it is a picture"),
    b"\x89HDF\r\n": said("it is a file of Keras (HDF5), a form that is not read here"),
    b"\x1f\x8b": said("it is packed by gzip and must be unpacked first"),
    b"BZh": said("it is packed by bzip2 and must be unpacked first"),
    b"\xfd7zXZ": said("it is packed by xz and must be unpacked first"),
    b"7z\xbc\xaf": said("it is an archive of 7-Zip and must be unpacked first"),
    b"Rar!": said("it is an archive of RAR and must be unpacked first"),
    b"%PDF": said("it is a document"),
}
"""How files begin that people take for models, and what they are."""

_PAGES = (b"<!doctype", b"<html", b"<head", b"<?xml", b"<!--")

_DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RuntimeError,  # RecursionError and NotImplementedError are some
    SafetensorError,
    TypeError,
    ValueError,  # UnicodeError is one
    struct.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
)
"""What readers, and the libraries that they ask, raise on bytes that make no sense."""


def is_ordinary(path: Path) -> bool:
    """Whether it is, or leads to, a file as files are: neither folder nor pipe nor device; False where there is none."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def check_file(path: Path) -> None:
    """Raise WeightsDamaged unless it is an ordinary file that may be a model."""
    if not is_ordinary(path):
        raise WeightsDamaged(path, said("there is no such file") if not path.exists() else said("it is no ordinary file"))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WeightsDamaged(path, said("it is larger than any model"))
        with path.open("rb") as file:
            found = _named(file.read(_HEAD_BYTES))
    except OSError as error:
        raise WeightsDamaged(path, said("it cannot be read")) from error
    if found:
        raise WeightsDamaged(path, found)


@contextmanager
def reading(path: Path, failed: str) -> Iterator[None]:
    """Whatever a reader says of damage is WeightsDamaged, with ``failed`` as the sentence's beginning."""
    try:
        yield
    except OSError as error:
        # Also one that was deleted after it was found.
        raise WeightsDamaged(path, said("it cannot be read")) from error
    except _DAMAGE as error:
        # The readers' own words are clauses, others' are not.
        is_ours = type(error) is ValueError
        raise WeightsDamaged(path, said("{failed}: {detail}", failed=failed, detail=error) if is_ours else failed) from error


def _named(head: bytes) -> str:
    """What a file is that begins so and is no model; "" where it may be one."""
    if not head:
        return said("it is empty")
    if head.lstrip().lower().startswith(_PAGES):
        return said("it is a web page, perhaps the one that leads to the file")
    if head[_TAR_MARK_AT:].startswith(_TAR_MARK):
        return said("it is an archive of tar and must be unpacked first")
    return next((name for start, name in _HEADS.items() if head.startswith(start)), "")
