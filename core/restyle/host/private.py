"""Private folders and files: for their owner alone, whatever the umask, and never one that somebody else prepared."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from restyle.contract.errors import HomeUnusable
from restyle.contract.sentence import said, said_by_system
from restyle.host.replacing import replacing

__all__ = ["private_folder", "use_private_caches", "written_privately"]

CACHES = {
    "TORCHINDUCTOR_CACHE_DIR": "inductor",
    "TRITON_CACHE_DIR": "triton",
    "TORCH_EXTENSIONS_DIR": "extensions",
    "TORCH_HOME": "hub",
}
"""PyTorch's own places for these are shared folders with guessable names, such as /tmp/torchinductor_USER: whoever makes them
first decides what happens with them."""


def private_folder(folder: Path) -> Path:
    """The folder, made where needed, with mode 0700; parents that have to be made are their owner's alone, too.

    Raises HomeUnusable where it is somebody else's or cannot be made.
    """
    try:
        for parent in reversed([folder, *folder.parents]):
            if not parent.exists():
                parent.mkdir(mode=0o700, exist_ok=True)
        _claim(folder)
    except OSError as error:
        raise HomeUnusable(folder, said_by_system(error)) from error
    return folder


@contextmanager
def written_privately(target: Path) -> Iterator[TextIO]:
    """A text file that takes the place of ``target`` at the end of the block, in one step; where the block fails nothing changes.

    Raises OSError.
    """
    with (
        replacing(target) as part,
        open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file,
    ):
        yield file


def use_private_caches(home: Path, environ: MutableMapping[str, str] = os.environ) -> None:
    """Tell PyTorch to keep its caches under ``home``; call it before PyTorch is imported. What the user chose himself stays."""
    for name, place in CACHES.items():
        environ.setdefault(name, str(home / "cache" / place))


def _claim(folder: Path) -> None:
    if not hasattr(os, "getuid"):
        return  # Windows: the user's profile is his alone by its access lists
    found = folder.stat()
    if found.st_uid != os.getuid():
        raise HomeUnusable(folder, said("it belongs to another user"))
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
