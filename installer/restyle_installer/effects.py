"""What undoing and finishing do to the disk, told as plain data; each may be carried out twice, or where nothing was done."""

from __future__ import annotations

import base64
import contextlib
import os
import shutil
from pathlib import Path
from typing import Any, Dict

from .plugin_folder import sha256

__all__ = ["carry_out", "make_again", "move_back", "put_back", "remove_empty", "remove_trees", "write"]

PART = ".restyle-part"
Effect = Dict[str, Any]


def put_back(path: Path, new: bytes | None) -> Effect:
    """The file, link or nothing that is at `path` now, to be there again when `new` (None: nothing) has taken its place."""
    kept: Effect = {}
    if path.is_symlink():
        kept = {"link": os.readlink(str(path))}
    elif path.is_file():
        kept = {"data": base64.b64encode(path.read_bytes()).decode("ascii"), "mode": path.stat().st_mode & 0o7777}
    return {"do": "put-back", "path": str(path), "kept": kept, "new": sha256(new) if new is not None else ""}


def move_back(path: Path, to: Path) -> Effect:
    """Undo a renaming of `path` to `to`."""
    return {"do": "move-back", "path": str(path), "to": str(to)}


def remove_empty(path: Path) -> Effect:
    """Remove a folder, if it is empty."""
    return {"do": "remove-empty", "path": str(path)}


def make_again(path: Path) -> Effect:
    """Make a folder that is there now, with the rights that it has."""
    return {"do": "make-again", "path": str(path), "mode": path.stat().st_mode & 0o7777}


def remove_trees(*paths: Path) -> Effect:
    """Remove folders with all that is in them."""
    return {"do": "remove-trees", "paths": [str(path) for path in paths]}


def carry_out(effect: Effect) -> None:
    """Raises OSError."""
    DOINGS[effect["do"]](effect)


def write(path: Path, data: bytes, mode: int) -> None:
    """By rename, so that nobody ever reads half of it, and nothing half-written is taken for what was there."""
    part = _part(path)
    try:
        part.write_bytes(data)
        part.chmod(mode)
        os.replace(str(part), str(path))
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _put_back(effect: Effect) -> None:
    path, kept = Path(effect["path"]), effect["kept"]
    with contextlib.suppress(FileNotFoundError):
        _part(path).unlink()
    is_there = os.path.lexists(str(path))
    if is_there and not _is(path, effect["new"]):
        return  # never replaced; or somebody's own since
    if "data" in kept:
        write(path, base64.b64decode(kept["data"]), kept["mode"])
        return
    if is_there:
        path.unlink()
    if "link" in kept:
        os.symlink(kept["link"], str(path))


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and not path.is_symlink() and sha256(path.read_bytes()) == digest


def _move_back(effect: Effect) -> None:
    new, old = effect["to"], effect["path"]
    if os.path.lexists(new) and not os.path.lexists(old):
        os.rename(new, old)


def _remove_empty(effect: Effect) -> None:
    with contextlib.suppress(OSError):
        os.rmdir(effect["path"])


def _make_again(effect: Effect) -> None:
    path = Path(effect["path"])
    if not path.is_dir():
        path.mkdir()
    path.chmod(effect["mode"])


def _remove_trees(effect: Effect) -> None:
    for path in effect["paths"]:
        shutil.rmtree(path, ignore_errors=True)


def _part(path: Path) -> Path:
    return path.with_name(path.name + PART)


DOINGS = {
    "put-back": _put_back,
    "move-back": _move_back,
    "remove-empty": _remove_empty,
    "make-again": _make_again,
    "remove-trees": _remove_trees,
}
