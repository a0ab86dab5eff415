"""One file with all that helps a developer, and nothing that tells who the person is."""

from __future__ import annotations

import json
import os
import platform
import re
from pathlib import Path

from ..installation import Installation
from ..place import Place
from .finding import Finding
from .server import tail

__all__ = ["anonymous", "write_report"]

LOGS = ("server/server.log", "plugin.log")
# File names of pictures say what a person works on.
PICTURE = re.compile(r"(?:[~/]|[A-Za-z]:[\\/])[^\"'\n<>|]*?\.(?:png|jpe?g|tiff?|xcf|webp|bmp|gif|psd|exr|heic)\b", re.IGNORECASE)
# Names shorter than this are words of their own too often to be replaced everywhere.
SHORTEST_NAME = 3


def write_report(path: str, work: Installation, findings: list[Finding]) -> None:
    """Raises OSError where the file cannot be written."""
    parts = [
        "Restyle's report",
        "system: %s" % platform.platform(),
        "python: %s" % platform.python_version(),
        "machine: %s" % work.machine,
        json.dumps([finding.describe() for finding in findings], indent=2, ensure_ascii=False),
    ]
    for name in ("install.json", *LOGS):
        file = work.home / name
        if file.is_file():
            parts.append("---- %s\n%s" % (name, tail(file)))
    Path(path).write_text(anonymous("\n".join(parts), work.place) + "\n", encoding="utf-8")


def anonymous(text: str, place: Place) -> str:
    """The text with the user's folder as ~, pictures, user and computer without their names."""
    home = str(place.user_home)
    resolved = str(place.user_home.resolve())
    for folder in sorted({home, resolved}, key=len, reverse=True):
        for written in (folder, folder.replace("\\", "\\\\"), folder.replace("\\", "/")):
            text = text.replace(written, "~") if len(written) > 1 else text
    text = PICTURE.sub("PICTURE", text)
    names = {"USER": os.path.basename(home), "COMPUTER": platform.node()}
    for stand_in, name in names.items():
        text = text.replace(name, stand_in) if len(name) >= SHORTEST_NAME else text
    return text
