"""The steps that an installation is made of. Each says what it will do, does it, and can undo it.

`do(tools, undo)` registers how to undo an effect *before* it has it, so that an interruption at any moment can be undone;
each undo therefore looks first whether there is anything to undo.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .plugin_folder import sha256

__all__ = [
    "DiscardTree",
    "MakeEnvironment",
    "MakeFolder",
    "Move",
    "RemoveFile",
    "RemoveFolder",
    "StopServer",
    "TidyFolder",
    "WriteFile",
]

PART = ".restyle-part"


@dataclass(frozen=True)
class StopServer:
    """The next call starts a server of the new version; so there is nothing to undo."""

    home: Path

    def describe(self) -> dict:
        return {"step": "stop-server", "path": str(self.home)}

    def do(self, tools, undo) -> None:
        tools.stop_server(self.home)


@dataclass(frozen=True)
class MakeFolder:
    """Its parent is there; it is not."""

    path: Path

    def describe(self) -> dict:
        return {"step": "make-folder", "path": str(self.path)}

    def do(self, tools, undo) -> None:
        undo.callback(_remove_empty, self.path)
        self.path.mkdir()


@dataclass(frozen=True)
class WriteFile:
    """New, or in place of the file that is there; by rename, so that nobody ever reads half of it."""

    path: Path
    data: bytes
    mode: int = 0o644

    def describe(self) -> dict:
        return {"step": "write-file", "path": str(self.path), "sha256": sha256(self.data), "mode": "%04o" % self.mode}

    def do(self, tools, undo) -> None:
        undo.callback(_put_back, self.path, *_kept(self.path))
        _write(self.path, self.data, self.mode)


@dataclass(frozen=True)
class RemoveFile:
    path: Path

    def describe(self) -> dict:
        return {"step": "remove-file", "path": str(self.path)}

    def do(self, tools, undo) -> None:
        undo.callback(_put_back, self.path, *_kept(self.path))
        self.path.unlink()


@dataclass(frozen=True)
class RemoveFolder:
    """Only if it is empty by then; whatever somebody has put there stays."""

    path: Path

    def describe(self) -> dict:
        return {"step": "remove-folder-if-empty", "path": str(self.path)}

    def do(self, tools, undo) -> None:
        if not self.path.is_dir() or any(self.path.iterdir()):
            return
        mode = self.path.stat().st_mode & 0o7777
        undo.callback(_make_again, self.path, mode)
        self.path.rmdir()


@dataclass(frozen=True)
class Move:
    """Rename a file or folder within one file system; its new place is free."""

    path: Path
    to: Path

    def describe(self) -> dict:
        return {"step": "move", "path": str(self.path), "to": str(self.to)}

    def do(self, tools, undo) -> None:
        if os.path.lexists(str(self.to)):
            raise FileExistsError("%s is in the way" % self.to)
        undo.callback(_move_back, self.to, self.path)
        os.rename(str(self.path), str(self.to))


@dataclass(frozen=True)
class MakeEnvironment:
    """A Python environment with the core in it; nothing is at its path."""

    path: Path

    def describe(self) -> dict:
        return {"step": "make-environment", "path": str(self.path)}

    def do(self, tools, undo) -> None:
        undo.callback(shutil.rmtree, str(self.path), ignore_errors=True)
        tools.make_environment(self.path)


@dataclass(frozen=True)
class DiscardTree:
    """Delete what a Move put aside, once everything else has been done: this cannot be undone."""

    path: Path

    def describe(self) -> dict:
        return {"step": "discard-folder", "path": str(self.path)}

    def do(self, tools, undo) -> None:
        tools.when_done(shutil.rmtree, str(self.path), ignore_errors=True)


@dataclass(frozen=True)
class TidyFolder:
    """Remove a folder that only what is discarded still lies in, if it is empty in the end."""

    path: Path

    def describe(self) -> dict:
        return {"step": "remove-folder-if-empty", "path": str(self.path)}

    def do(self, tools, undo) -> None:
        tools.when_done(_remove_empty, self.path)


def _write(path: Path, data: bytes, mode: int) -> None:
    part = path.with_name(path.name + PART)
    try:
        part.write_bytes(data)
        part.chmod(mode)
        os.replace(str(part), str(path))
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _kept(path: Path) -> tuple:
    """(contents, rights) of a file as it is; (None, 0) where there is none."""
    if not path.is_file():
        return None, 0
    return path.read_bytes(), path.stat().st_mode & 0o7777


def _put_back(path: Path, data: bytes | None, mode: int) -> None:
    if data is not None:
        _write(path, data, mode)
        return
    with contextlib.suppress(FileNotFoundError):
        path.unlink()


def _remove_empty(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.rmdir()


def _make_again(path: Path, mode: int) -> None:
    if not path.is_dir():
        path.mkdir()
        path.chmod(mode)


def _move_back(new: Path, old: Path) -> None:
    if os.path.lexists(str(new)) and not os.path.lexists(str(old)):
        os.rename(str(new), str(old))
