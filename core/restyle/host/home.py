"""Where Restyle keeps what belongs to one user: models, the server's socket and its log."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["home_folder", "models_folder", "remote_folder", "server_folder"]


def home_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The user's folder: ``RESTYLE_HOME``, or the platform's place for data of programs.

    XDG_DATA_HOME is not followed on purpose: a GIMP inside Flatpak has another one, and both sides must meet in the same folder.
    So no library is asked: the plug-in, which has none, follows the same rule.
    """
    if environ.get("RESTYLE_HOME"):
        return Path(environ["RESTYLE_HOME"])
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "restyle"
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "restyle"
    return Path.home() / ".local" / "share" / "restyle"


def models_folder(home: Path | None = None) -> Path:
    """Where fetched and imported weights lie."""
    return (home or home_folder()) / "models"


def server_folder(home: Path | None = None) -> Path:
    """Where the server keeps its connection file, its lock and its log."""
    return (home or home_folder()) / "server"


def remote_folder(home: Path | None = None) -> Path:
    """Where a server that other computers use keeps its certificate and its members."""
    return (home or home_folder()) / "remote"
