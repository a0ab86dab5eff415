"""Unfinished: what is there of a video that is not done yet, so that a second call goes on where the first was stopped.

A folder beside the video to be: pieces, each closed before it counts, and what was made of the last frame, which the next one
is held to.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from restyle.engine.sequence import Made
from restyle.host.replacing import replacing
from restyle.pictures.image import Image

__all__ = ["Unfinished"]

LEDGER = "pieces.json"


@dataclass
class Unfinished:
    """``made_of`` is of what is asked for a fingerprint; the times of a piece say when and how long its frames are shown."""

    folder: Path
    made_of: str
    pieces: list[tuple[str, list[tuple[int, int]]]] = field(default_factory=list)
    last: str = ""

    @classmethod
    def of(cls, output: Path, made_of: str) -> Unfinished:
        """What is there for this output; what was made of something else is thrown away. Raises OSError."""
        folder = output.with_name(f".{output.name}.restyle")
        try:
            found = json.loads((folder / LEDGER).read_text(encoding="utf-8"))
            pieces = [(str(name), [(int(pts), int(duration)) for pts, duration in times]) for name, times in found["pieces"]]
            kept = cls(folder, str(found["made_of"]), pieces, str(found["last"]))
            if kept.made_of == made_of and all((folder / name).is_file() for name in (*(name for name, _ in pieces), kept.last)):
                return kept
        except (OSError, KeyError, TypeError, ValueError):
            pass
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return cls(folder, made_of)

    @property
    def done(self) -> int:
        """How many frames there are."""
        return sum(len(times) for _, times in self.pieces)

    def made_last(self, frame: Image) -> Made | None:
        """What was made of ``frame``, the last that is done; None where that cannot be read any more."""
        try:
            kept = load_file(self.folder / self.last)
            return Made(frame, frame.with_pixels(kept["result"]), kept.get("trust"))
        except (OSError, SafetensorError, KeyError):
            return None

    def next_piece(self) -> Path:
        """Where the next piece goes."""
        return self.folder / f"{len(self.pieces):05}.mkv"

    def add(self, piece: Path, times: list[tuple[int, int]], last: Made) -> None:
        """Count a closed piece, whose last frame is ``last``. Raises OSError."""
        before, self.last = self.last, f"{piece.stem}.safetensors"
        kept = {"result": last.result.pixels} if last.trust is None else {"result": last.result.pixels, "trust": last.trust}
        save_file({name: values.contiguous() for name, values in kept.items()}, self.folder / self.last)
        self.pieces.append((piece.name, times))
        with replacing(self.folder / LEDGER) as part:
            part.write_text(json.dumps({"made_of": self.made_of, "pieces": self.pieces, "last": self.last}), encoding="utf-8")
        if before:
            (self.folder / before).unlink(missing_ok=True)

    def remove(self) -> None:
        """The video is done."""
        shutil.rmtree(self.folder, ignore_errors=True)
