"""Checks of the plug-in in each GIMP profile: what GIMP silently skips, and what would not start."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .. import flatpak
from ..facts import Tree
from ..place import Profile
from ..plan import is_bytecode
from ..plugin_folder import SETTINGS
from ..record import Installed
from .finding import FAIL, INSTALL, WARN, Finding, ok
from .patient import Patient

__all__ = ["check_flatpak", "check_folders", "check_misnamed", "check_settings", "check_shebang"]

ENTRY = "restyle.py"
CATALOGUE = "restyle_plugin/catalogue.json"
# What the python3 of the shebang must be able to load, by GIMP's first number.
LOADS = {
    "3": "import gi; gi.require_version('Gimp', '3.0'); gi.require_version('Gegl', '0.4'); from gi.repository import Gimp, Gegl",
    "2": "import ctypes, ctypes.util as u; ctypes.CDLL(u.find_library('gimp-2.0') or 'libgimp-2.0.so.0')",
}
PACKAGES = {
    "3": "Install PyGObject for that Python (Debian, Ubuntu: apt-get install python3-gi gir1.2-gimp-3.0), "
    "or put /usr/bin first on PATH.",
    "2": "Install libgimp2.0 (Debian, Ubuntu: apt-get install libgimp2.0).",
}


def check_folders(patient: Patient) -> list[Finding]:
    """There in each profile, complete, unchanged, and executable."""
    if not patient.profiles:
        remedy = "Install GIMP 2.10 or 3, start it once, and run `python3 installer install`."
        return [Finding("plug-in", WARN, "no GIMP and no GIMP profile was found", remedy)]
    return [_folder(patient, profile) for profile in patient.profiles]


def check_misnamed(patient: Patient) -> list[Finding]:
    """GIMP skips, without a word, a folder whose name is not its program's; and of two copies one hides the other."""
    found = []
    for profile in patient.profiles:
        parent = profile.plugin.parent
        for folder in sorted(parent.iterdir()) if parent.is_dir() else ():
            is_copy = folder.is_dir() and folder != profile.plugin and (folder / "restyle_plugin").is_dir()
            if is_copy or (folder.is_file() and folder.name == ENTRY):
                remedy = "Remove it; the plug-in belongs into %s, where `python3 installer install` puts it." % profile.plugin
                found.append(Finding("plug-in folder", WARN, "%s looks like another copy of Restyle" % folder, remedy))
    return found


def check_settings(patient: Patient) -> list[Finding]:
    """settings.json names a Python that is there and the home of this installation."""
    found = []
    for profile in patient.profiles:
        path = profile.plugin / SETTINGS
        if not path.is_file():
            continue
        try:
            settings = json.loads(path.read_text(encoding="utf-8"))
            python, home = settings["python"], settings["home"]
        except (ValueError, KeyError, TypeError):
            found.append(Finding("settings", FAIL, "%s cannot be read" % path, INSTALL))
            continue
        if not os.access(python, os.X_OK):
            found.append(Finding("settings", FAIL, "%s names a Python that is not there: %s" % (path, python), INSTALL))
        elif Path(home) != patient.home:
            text = "%s names another home, %s, than %s" % (path, home, patient.home)
            found.append(Finding("settings", FAIL, text, INSTALL))
        else:
            found.append(ok("settings", "%s: %s" % (profile.name, python)))
    return found


def check_shebang(patient: Patient) -> list[Finding]:
    """GIMP starts the plug-in with the first python3 on PATH; GIMPs in a bundle bring their own."""
    if patient.work.machine.system != "linux":
        return []
    needed = sorted({gimp.series[0] for gimp in patient.gimps if gimp.kind == "native"})
    python = patient.work.runner.which("python3")
    if not needed:
        return []
    if python is None:
        return [Finding("python3", FAIL, "there is no python3 on PATH, which GIMP starts the plug-in with", "Install python3.")]
    found = []
    for number in needed:
        loaded = patient.run([python, "-c", LOADS[number]])
        if loaded.succeeded:
            found.append(ok("python3", "%s can load what GIMP %s.x needs" % (python, number)))
        else:
            lines = loaded.output.strip().splitlines()
            text = "%s, the first on PATH, cannot load GIMP %s's interface (%s)" % (python, number, lines[-1] if lines else "")
            found.append(Finding("python3", FAIL, text + "; the plug-in would be missing from the menu", PACKAGES[number]))
    return found


def check_flatpak(patient: Patient) -> list[Finding]:
    """A Flatpak GIMP may start the server outside its sandbox."""
    if not any(profile.kind == "flatpak" for profile in patient.profiles):
        return []
    path = flatpak.overrides_file(patient.work.place.user_home)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if flatpak.is_allowed(text):
        return [ok("Flatpak", "GIMP may start Restyle's server")]
    remedy = "flatpak override --user --talk-name=%s org.gimp.GIMP (or `python3 installer install` again)" % flatpak.NAME
    return [Finding("Flatpak", FAIL, "GIMP's sandbox does not let it start Restyle's server", remedy)]


def _folder(patient: Patient, profile: Profile) -> Finding:
    name = "plug-in in " + profile.name
    if not profile.plugin.is_dir():
        return Finding(name, FAIL, "%s is not there" % profile.plugin, INSTALL)
    present, installed = patient.tree(profile), patient.installed(profile)
    entry = present.get(ENTRY)
    if entry is None:
        return Finding(name, FAIL, "%s has no %s, so GIMP skips it" % (profile.plugin, ENTRY), INSTALL)
    if patient.work.machine.system != "windows" and not entry[1] & 0o100:
        remedy = "chmod +x %s" % (profile.plugin / ENTRY)
        return Finding(name, FAIL, "%s may not be executed, so GIMP skips it" % (profile.plugin / ENTRY), remedy)
    if installed is None:
        return Finding(name, WARN, "%s was not put there by this installer" % profile.plugin, INSTALL)
    return _differences(name, profile, present, installed)


def _differences(name: str, profile: Profile, present: Tree, installed: Installed) -> Finding:
    missing = sorted(set(installed.files) - set(present))
    changed = sorted(path for path in set(installed.files) & set(present) if installed.files[path] != present[path][0])
    extra = sorted(path for path in set(present) - set(installed.files) if not is_bytecode(path))
    if missing or changed:
        text = "; ".join(filter(None, [_listed("missing", missing), _listed("changed", changed)]))
        return Finding(name, FAIL, "in %s: %s" % (profile.plugin, text), INSTALL)
    if extra:
        text = "in %s: %s" % (profile.plugin, _listed("not part of Restyle", extra))
        return Finding(name, WARN, text, "Remove what is not needed.")
    return ok(name, "%d files, as they were installed" % len(installed.files))


def _listed(what: str, paths: list[str]) -> str:
    return "%s: %s" % (what, ", ".join(paths)) if paths else ""
