"""What lets other people's plug-ins find Restyle's gimpfu: small files in the profile that GIMP reads at its start."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List

from .facts import Facts, Wanted
from .place import Profile
from .plugin_folder import sha256
from .record import Installed
from .steps import MakeFolder, RemoveFile, Step, WriteFile

__all__ = ["files", "forget_steps", "remember_steps", "sums"]

# "{separator} NAME=value" puts a value before what the variable has already; ${…} is GIMP's. A gimpfu of GIMP's own
# (2.10 with Python 2) comes first.
ENVIRON = """\
# Restyle's gimpfu for plug-ins written for GIMP 2.10's Python-Fu. Where GIMP brings its own, that one comes first.
{0} PYTHONPATH=${{gimp_plug_in_dir}}/python{0}${{gimp_dir}}/plug-ins/restyle/python_fu
"""
# The first lines of such plug-ins name a Python that today's systems do not have.
INTERPRETERS = """\
# Which Python starts plug-ins written for GIMP 2.10's Python-Fu.
python=/usr/bin/python3
python2=/usr/bin/python3
python2.7=/usr/bin/python3
/usr/bin/python=/usr/bin/python3
/usr/bin/python2=/usr/bin/python3
/usr/bin/python2.7=/usr/bin/python3
"""
ENVIRON_FILE, INTERPRETERS_FILE = "environ/restyle-python-fu.env", "interpreters/restyle-python-fu.interp"


def files(system: str, profile: Profile) -> Dict[str, str]:
    """{path below the profile: text}. GIMP 2.10 may have a Python 2 for its plug-ins, and Windows and macOS bring their own."""
    wanted = {ENVIRON_FILE: ENVIRON.format(";" if system == "windows" else ":")}
    if system == "linux" and profile.kind != "snap" and not profile.series.startswith("2."):
        wanted[INTERPRETERS_FILE] = INTERPRETERS
    return wanted


def remember_steps(facts: Facts, wanted: Wanted, profile: Profile, before: Installed | None, folders: set[str]) -> List[Step]:
    """Write them, but for those that somebody has changed; adds the folders that will be made to `folders`."""
    steps: List[Step] = []
    for path, text in (files(wanted.system, profile) if wanted.system else {}).items():
        present = facts.beside.get(str(profile.path), {}).get(path)
        is_foreign = present is not None and sha256(present) != (before.beside.get(path) if before else None)
        if present == text.encode("utf-8") or is_foreign:
            continue
        target = profile.path / path
        missing = [folder for folder in facts.missing_folders(target.parent) if str(folder) not in folders]
        folders.update(str(folder) for folder in missing)
        steps += [*(MakeFolder(folder) for folder in missing), WriteFile(target, text.encode("utf-8"))]
    return steps


def forget_steps(facts: Facts, plugin: Installed) -> List[Step]:
    """Remove them, but for those that somebody has changed."""
    present = facts.beside.get(plugin.profile, {})
    ours = [path for path, digest in sorted(plugin.beside.items()) if path in present and sha256(present[path]) == digest]
    return [RemoveFile(Path(plugin.profile) / path) for path in ours]


def sums(system: str, profile: Profile) -> Dict[str, str]:
    """{path below the profile: SHA-256}, for the record."""
    return {path: sha256(text.encode("utf-8")) for path, text in (files(system, profile) if system else {}).items()}
