"""Where things lie in the checkout that the installer belongs to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict

__all__ = ["HERE", "PACKED", "Catalogue", "Checkout"]

PACKED = "setup"
"""The folder in a packed plug-in that has of a checkout what an environment is made of."""

# As the core writes it, read as data: the installer knows of it what it names.
Catalogue = Dict[str, Any]


@dataclass(frozen=True)
class Checkout:
    """A working tree of the project."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def build(self) -> Path:
        """Ignored by git: everything that the installer writes into the checkout, but for the environment."""
        return self.root / "build"

    @property
    def constraints(self) -> Path:
        return self.root / "installer" / "constraints.txt"

    @property
    def plugin(self) -> Path:
        """The folder that GIMP's plug-ins/ gets, as it is; in a packed plug-in it is the one around."""
        is_packed = self.root.name == PACKED and (self.root.parent / "restyle.py").is_file()
        return self.root.parent if is_packed else self.root / "plugin" / "restyle"

    @property
    def memory_gimp(self) -> Path:
        """The folder to import the in-memory GIMP from, which no GIMP gets."""
        return self.root / "plugin"

    def catalogue(self) -> Catalogue:
        """What the plug-in knows about the filters. Raises OSError or ValueError."""
        path = self.plugin / "restyle_plugin" / "catalogue.json"
        found: Catalogue = json.loads(path.read_text(encoding="utf-8"))
        return found

    def version(self) -> str:
        """The version that this checkout installs."""
        return str(self.catalogue()["version"])

    def pin(self, package: str) -> str | None:
        """The exact version that constraints.txt gives for a package."""
        text = self.constraints.read_text(encoding="utf-8")
        match = re.search(r"^%s==([^\s;]+)" % re.escape(package), text, re.MULTILINE | re.IGNORECASE)
        return match.group(1) if match else None


HERE = Checkout(Path(__file__).resolve().parents[2])
