"""The steps that an installation is made of. Each says what it will do and how that is undone, and does it.

The journal has `undo()` before `do()` is called, so that an interruption at any moment can be undone; `undo()` therefore also
refuses where doing would destroy what cannot be put back.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Dict

from . import effects
from .effects import Effect
from .plugin_folder import sha256
from .words import _

if TYPE_CHECKING:
    from .apply import Tools

__all__ = [
    "DiscardTree",
    "MakeEnvironment",
    "MakeFolder",
    "Move",
    "RemoveFile",
    "RemoveFolder",
    "Step",
    "StopServer",
    "TidyFolder",
    "WriteFile",
]

# What --dry-run and --json say of a step.
Description = Dict[str, str]
SCRATCH = ".scratch"


@dataclass(frozen=True)
class Step:
    """What all steps have; this one changes nothing."""

    path: Path

    def describe(self) -> Description:
        """`step`, its kind, and what it is about."""
        raise NotImplementedError

    def undo(self) -> Effect:
        """How to undo it, as things stand before it; empty where nothing is to undo. Raises OSError where it may not be done."""
        return {}

    def do(self, tools: Tools) -> None:
        """Raises OSError or InstallerError."""

    def ending(self) -> Effect:
        """What follows when all steps are done, and cannot be undone; empty for most."""
        return {}


@dataclass(frozen=True)
class StopServer(Step):
    """The next call starts a server of the new version; so there is nothing to undo. `path` is its home."""

    def describe(self) -> Description:
        return {"step": "stop-server", "path": str(self.path)}

    def do(self, tools: Tools) -> None:
        tools.stop_server(self.path)


@dataclass(frozen=True)
class MakeFolder(Step):
    """Its parent is there; it is not."""

    def describe(self) -> Description:
        return {"step": "make-folder", "path": str(self.path)}

    def undo(self) -> Effect:
        _refuse_to_replace(self.path)
        return effects.remove_empty(self.path)

    def do(self, tools: Tools) -> None:
        self.path.mkdir()


@dataclass(frozen=True)
class WriteFile(Step):
    """New, or in place of the file that is there."""

    data: bytes
    mode: int = 0o644

    def describe(self) -> Description:
        return {"step": "write-file", "path": str(self.path), "sha256": sha256(self.data), "mode": "%04o" % self.mode}

    def undo(self) -> Effect:
        return effects.put_back(self.path, self.data)

    def do(self, tools: Tools) -> None:
        effects.write(self.path, self.data, self.mode)


@dataclass(frozen=True)
class RemoveFile(Step):
    """A file or a link."""

    def describe(self) -> Description:
        return {"step": "remove-file", "path": str(self.path)}

    def undo(self) -> Effect:
        return effects.put_back(self.path, None)

    def do(self, tools: Tools) -> None:
        self.path.unlink()


@dataclass(frozen=True)
class RemoveFolder(Step):
    """Only if it is empty by then; whatever somebody has put there stays."""

    def describe(self) -> Description:
        return {"step": "remove-folder-if-empty", "path": str(self.path)}

    def undo(self) -> Effect:
        return effects.make_again(self.path) if self._is_empty() else {}

    def do(self, tools: Tools) -> None:
        if self._is_empty():
            self.path.rmdir()

    def _is_empty(self) -> bool:
        return self.path.is_dir() and not any(self.path.iterdir())


@dataclass(frozen=True)
class Move(Step):
    """Rename a file or folder within one file system; its new place is free."""

    to: Path

    def describe(self) -> Description:
        return {"step": "move", "path": str(self.path), "to": str(self.to)}

    def undo(self) -> Effect:
        _refuse_to_replace(self.to)
        return effects.move_back(self.path, self.to)

    def do(self, tools: Tools) -> None:
        os.rename(str(self.path), str(self.to))


@dataclass(frozen=True)
class MakeEnvironment(Step):
    """A Python environment with the core in it; nothing is at its path."""

    def describe(self) -> Description:
        return {"step": "make-environment", "path": str(self.path)}

    def undo(self) -> Effect:
        _refuse_to_replace(self.path)
        return effects.remove_trees(self.path, self._scratch)

    def do(self, tools: Tools) -> None:
        """What pip unpacks lies beside the environment, on the disk whose space was looked at, and goes with it."""
        self._scratch.mkdir(exist_ok=True)
        tools.make_environment(self.path, self._scratch)
        effects.carry_out(effects.remove_trees(self._scratch))

    @property
    def _scratch(self) -> Path:
        return self.path.with_name(self.path.name + SCRATCH)


@dataclass(frozen=True)
class DiscardTree(Step):
    """Delete what a Move put aside, once everything else has been done: this cannot be undone."""

    def describe(self) -> Description:
        return {"step": "discard-folder", "path": str(self.path)}

    def ending(self) -> Effect:
        return effects.remove_trees(self.path)


@dataclass(frozen=True)
class TidyFolder(Step):
    """Remove a folder that only what is discarded still lies in, if it is empty in the end."""

    def describe(self) -> Description:
        return {"step": "remove-folder-if-empty", "path": str(self.path)}

    def ending(self) -> Effect:
        return effects.remove_empty(self.path)


def _refuse_to_replace(path: Path) -> None:
    if os.path.lexists(str(path)):
        raise FileExistsError(_("%s is in the way") % path)
