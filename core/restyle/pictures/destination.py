"""Destination: where a picture shall go, checked before any work is done, so that nothing fails after it that could be known.

Neither torch nor a picture library is needed for that: the command line asks before it loads them.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from restyle.contract.errors import OutputUnwritable
from restyle.contract.sentence import said, said_by_system
from restyle.host.replacing import part_beside

__all__ = ["SUFFIXES", "Destination", "Form", "writable"]

_PROBE_BYTES = 1 << 16
"""Written to see whether the disk takes anything at all: more than any file system puts into the directory itself."""


@dataclass(frozen=True)
class Form:
    """What a format of files can hold. ``dtypes``: the least first. ``most_exif_bytes``, ``most_icc_bytes``: None for any."""

    name: str
    dtypes: tuple[str, ...]
    most_px: int
    most_exif_bytes: int | None = None
    most_icc_bytes: int | None = None


_PNG = Form("PNG", ("u8", "u16"), 1_000_000)  # libpng's own bound
_TIFF = Form("TIFF", ("u8", "u16", "f32"), 2**31 - 1)
# libjpeg's bound of a side; the rest of one segment, and 255 of them, without their heads.
_JPEG = Form("JPEG", ("u8",), 65500, 65533, 255 * 65519)
_WEBP = Form("WebP", ("u8",), 16383)  # RFC 9649 has 14 bits for a side

_FORMS = {".png": _PNG, ".tif": _TIFF, ".tiff": _TIFF, ".jpg": _JPEG, ".jpeg": _JPEG, ".webp": _WEBP}


SUFFIXES = tuple(_FORMS)
"""Endings of files that can be written."""


@dataclass(frozen=True)
class Destination:
    """A file that can be written: as it was named, where it really lies (links are followed), and in which format."""

    named: Path
    real: Path
    form: Form

    @classmethod
    def at(cls, path: str | Path, *, probe: bool = True) -> Destination:
        """The destination of this name; OutputUnwritable says why there can be none.

        With ``probe``, something is written into the folder and taken away again: only that tells of read-only file systems,
        quotas and full disks.
        """
        named = Path(path)
        form = _FORMS.get(named.suffix.lower())
        if form is None:
            raise OutputUnwritable(named, said("the ending has to be one of {names}", names=", ".join(_FORMS)))
        return cls(named, writable(named, probe=probe), form)

    def check_size(self, width: int, height: int) -> None:
        """Raises OutputUnwritable where the format has no room for so many pixels in a row or rows."""
        if max(width, height) > self.form.most_px:
            reason = said(
                "{name} holds at most {most_px} pixels a side, and there are {width} x {height}",
                name=self.form.name,
                most_px=self.form.most_px,
                width=width,
                height=height,
            )
            raise OutputUnwritable(self.named, said("{reason}; PNG and TIFF hold more", reason=reason))


def writable(named: Path, *, probe: bool = True) -> Path:
    """Where a file of this name really lies, if it can be written or replaced; OutputUnwritable says why not.

    ``probe`` as of `Destination.at`.
    """
    try:
        real = Path(os.path.realpath(named))
        _check_present(named, real)
        if probe:
            _probe(real)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise OutputUnwritable(named, said_by_system(error) if isinstance(error, OSError) else str(error)) from error
    return real


def _check_present(named: Path, real: Path) -> None:
    """Raises OutputUnwritable or OSError where something stands there that must not be replaced."""
    try:
        present = real.stat()
    except FileNotFoundError:
        real.parent.stat()
        return
    if stat.S_ISDIR(present.st_mode):
        raise OutputUnwritable(named, said("it is a folder"))
    if not stat.S_ISREG(present.st_mode):
        raise OutputUnwritable(named, said("it is no file"))
    if not os.access(real, os.W_OK):
        raise OutputUnwritable(named, said("it is protected from being written"))
    folder = real.parent.stat()
    # In a shared temporary folder, only its owner may replace a file.
    if folder.st_mode & stat.S_ISVTX and _user() not in (0, None, present.st_uid, folder.st_uid):
        raise OutputUnwritable(named, said("it belongs to another user"))


def _user() -> int | None:
    """This process's user; None where there are no numbers for users."""
    return os.geteuid() if hasattr(os, "geteuid") else None


def _probe(real: Path) -> None:
    part = part_beside(real)
    try:
        with part.open("xb") as file:
            if file.write(bytes(_PROBE_BYTES)) < _PROBE_BYTES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        part.unlink(missing_ok=True)
