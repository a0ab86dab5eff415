"""Archives (zip), which PyTorch and NumPy keep tensors in: bounded before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["is_archive", "opened_archive", "unpacked"]

_START = b"PK\x03\x04"
_MOST_LIST_BYTES = 4 << 20
"""Of the list of what is in it: tens of thousands of parts, of which models have hundreds."""
_MOST_UNPACKED_BYTES = 2 << 30
_MOST_PACKED = 20
"""How many times larger than its file an archive's content may be: zeros pack well, but no weights are zeros."""
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _BoundedReads(io.BufferedReader):
    """A file of which, until ``is_listed``, not much is read at a time: zipfile believes what is said of its list's size."""

    is_listed = False

    def read(self, size: int | None = -1, /) -> bytes:
        """As a file does; ValueError where too much is wanted."""
        if not self.is_listed and size is not None and size > _MOST_LIST_BYTES:
            raise ValueError("an archive of more parts than any model has")
        return super().read(size)


def is_archive(head: bytes) -> bool:
    """Whether a file begins as archives do."""
    return head.startswith(_START)


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive in a file; ValueError, BadZipFile or OSError for what is none, or unpacks to more than any model."""
    with io.FileIO(path) as raw, _BoundedReads(raw) as file, zipfile.ZipFile(file) as archive:
        file.is_listed = True
        total = sum(part.file_size for part in archive.infolist())
        if total > min(_MOST_UNPACKED_BYTES, _MOST_PACKED * path.stat().st_size):
            raise ValueError("an archive that unpacks to more than any model")
        yield archive


def unpacked(archive: zipfile.ZipFile, name: str) -> bytearray:
    """One part, checked by its checksum; KeyError where there is none, ValueError or BadZipFile where it is damaged."""
    part = archive.getinfo(name)
    if part.compress_type not in _WAYS or part.flag_bits & 1:
        raise ValueError("a part of an archive that is encrypted, or packed in an unknown way")
    content = bytearray(archive.read(part))
    if len(content) != part.file_size:
        raise ValueError("a part of an archive that is shorter than it says")
    return content
