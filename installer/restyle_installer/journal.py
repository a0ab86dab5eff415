"""What a transaction does, written down before it is done: one that was killed is undone or finished by whoever comes next.

The file lies above Restyle's folder, in the nearest folder that is there before and after: the folder itself may be made or
removed by the very transaction. Each line is a JSON object: who wrote it; how to undo a step; which step has been undone; and,
once all steps are done, what is still to be deleted. A last line that is cut off belongs to a step that has not begun.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import IO, Any, Collection, Dict

from . import effects
from .errors import InstallerError
from .words import N_, _

__all__ = ["PENDING", "Entry", "Journal", "find", "recover"]

NAME = ".restyle-journal-%s"
SCHEMA = 1
FINISHED = N_("An installation or removal was interrupted after its last step; what it had put aside has been deleted.")
UNDONE = N_("An installation or removal was interrupted; all is as it was before it.")
PENDING = N_("An installation or removal was interrupted; the next install, uninstall or doctor settles that first.")
Entry = Dict[str, Any]


class Journal:
    """An open journal, locked against every other installer. It goes when all that it tells of is settled."""

    def __init__(self, path: Path, stream: IO[str], home: Path) -> None:
        self._path = path
        self._stream = stream
        self._home = home
        self._undo: list[Entry] = []
        self._undone: set[int] = set()
        self._endings: list[Entry] | None = None

    @classmethod
    def begin(cls, home: Path, going: Collection[Path] = ()) -> Journal:
        """A new journal, in none of the folders that are `going`. Raises InstallerError where there is one, or none can be."""
        path = _folder_for(home, going) / (NAME % _key(home))
        try:
            stream = path.open("x", encoding="utf-8")
        except FileExistsError as error:
            raise InstallerError(_busy(home)) from error
        except OSError as error:
            raise InstallerError(_unusable(path.parent, error)) from error
        _lock(stream, home)
        journal = cls(path, stream, home)
        try:
            journal._write({"schema": SCHEMA, "home": str(home)})
        except OSError as error:
            with contextlib.suppress(OSError):
                stream.close()  # which tries once more to write
            path.unlink()
            raise InstallerError(_unusable(path.parent, error)) from error
        return journal

    @classmethod
    def open(cls, path: Path, home: Path) -> Journal:
        """One that was left behind. Raises InstallerError where its installer still runs, or where it cannot be understood."""
        stream = path.open("r+", encoding="utf-8")
        _lock(stream, home)
        journal = cls(path, stream, home)
        try:
            for line in _whole_lines(stream.read(), path):
                journal._read(line)
        except BaseException:
            stream.close()
            raise
        return journal

    def intend(self, undo: Entry) -> None:
        """Write down how to undo what is done next; an empty entry: it needs no undoing."""
        if undo:
            self._undo.append(undo)
            self._write({"undo": undo})

    def commit(self, endings: list[Entry]) -> None:
        """All is done; from here on it is finished, not undone."""
        self._write({"committed": endings})
        self._endings = endings

    def settle(self) -> bool:
        """Finish what is committed, undo what is not, and remove the journal; returns whether it was committed.

        Raises InstallerError where something cannot be put back: then the journal stays, and the next try goes on from there.
        """
        committed = self._endings is not None
        if committed:
            self._finish()
        else:
            self._put_back()
        self._stream.close()
        self._path.unlink()
        if self._home in self._path.parents:
            self._finish()  # the folder that the journal itself kept from being empty
        return committed

    def _finish(self) -> None:
        for entry in self._endings or ():
            effects.carry_out(entry)

    def _put_back(self) -> None:
        failed = []
        for number in range(len(self._undo) - 1, -1, -1):
            if number in self._undone:
                continue
            try:
                effects.carry_out(self._undo[number])
                self._write({"undone": number})
            except OSError as error:
                failed.append(str(error))
        if failed:
            self._stream.close()
            text = _(
                "Not everything could be put back as it was (%s). Mend that, and run `python3 installer doctor`, "
                "which goes on with it."
            )
            raise InstallerError(text % "; ".join(failed))

    def _write(self, line: Entry) -> None:
        self._stream.write(json.dumps(line, sort_keys=True) + "\n")
        self._stream.flush()

    def _read(self, line: Entry) -> None:
        if line.get("schema", SCHEMA) > SCHEMA:
            raise InstallerError(_("%s was written by a newer installer; use that one.") % self._path)
        if "undo" in line:
            self._undo.append(line["undo"])
        if "undone" in line:
            self._undone.add(line["undone"])
        if "committed" in line:
            self._endings = line["committed"]


def find(home: Path) -> Path | None:
    """The journal that an interrupted transaction on this home has left."""
    name = NAME % _key(home)
    return next((folder / name for folder in (home, *home.parents) if (folder / name).is_file()), None)


def recover(home: Path) -> str:
    """Settle what was interrupted; returns a sentence about it, empty where nothing was. Raises InstallerError."""
    path = find(home)
    if path is None:
        return ""
    return _(FINISHED if Journal.open(path, home).settle() else UNDONE)


def _folder_for(home: Path, going: Collection[Path]) -> Path:
    """Where the folder above belongs to somebody else, as /opt does, it is Restyle's own."""
    above = next(folder for folder in home.parents if folder.is_dir() and folder not in going)
    return home if home.is_dir() and not os.access(str(above), os.W_OK) else above


def _key(home: Path) -> str:
    return hashlib.sha256(os.fsencode(str(home))).hexdigest()[:12]


def _whole_lines(text: str, path: Path) -> list[Entry]:
    lines = text.split("\n")[:-1]
    try:
        return [json.loads(line) for line in lines]
    except ValueError as error:
        text = _("%(file)s cannot be understood (%(reason)s): look at it, and remove it by hand.")
        raise InstallerError(text % {"file": path, "reason": error}) from error


def _lock(stream: IO[str], home: Path) -> None:
    """Held until the stream is closed or the process has ended, however it ends. Raises InstallerError."""
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError as error:
        stream.close()
        raise InstallerError(_busy(home)) from error


def _unusable(folder: Path, error: OSError) -> str:
    text = _("%(folder)s cannot be written (%(reason)s): make room there or take it over, or set RESTYLE_HOME to another folder.")
    return text % {"folder": folder, "reason": error.strerror}


def _busy(home: Path) -> str:
    return _("Another installer is at work on %s. Wait until it has ended, and start again.") % home
