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
from ..words import N_, _, ngettext
from .finding import FAIL, INSTALL, WARN, Finding, ok
from .patient import Patient

__all__ = ["check_flatpak", "check_folders", "check_misnamed", "check_settings", "check_shebang"]

PLUGIN, FOLDER, SETTINGS_FILE = N_("plug-in"), N_("plug-in folder"), N_("settings")
ENTRY = "restyle.py"
# What the python3 of the shebang must be able to load, by GIMP's first number.
LOADS = {
    "3": "import gi; gi.require_version('Gimp', '3.0'); gi.require_version('Gegl', '0.4'); from gi.repository import Gimp, Gegl",
    "2": "import ctypes, ctypes.util as u; ctypes.CDLL(u.find_library('gimp-2.0') or 'libgimp-2.0.so.0')",
}
UNLOADABLE = N_(
    "%(python)s, the first on PATH, cannot load GIMP %(number)s's interface (%(reason)s); the plug-in would be missing from the "
    "menu"
)
PACKAGES = {
    "3": N_(
        "Install PyGObject for that Python (Debian, Ubuntu: apt-get install python3-gi gir1.2-gimp-3.0), "
        "or put /usr/bin first on PATH."
    ),
    "2": N_("Install libgimp2.0 (Debian, Ubuntu: apt-get install libgimp2.0)."),
}


def check_folders(patient: Patient) -> list[Finding]:
    """There in each profile, complete, unchanged, and executable."""
    if not patient.profiles:
        remedy = _("Install GIMP 2.10 or 3, start it once, and run `python3 installer install`.")
        return [Finding(PLUGIN, WARN, _("no GIMP and no GIMP profile was found"), remedy)]
    return [_folder(patient, profile) for profile in patient.profiles]


def check_misnamed(patient: Patient) -> list[Finding]:
    """GIMP skips, without a word, a folder whose name is not its program's; and of two copies one hides the other."""
    found = []
    for profile in patient.profiles:
        parent = profile.plugin.parent
        for folder in sorted(parent.iterdir()) if parent.is_dir() else ():
            is_copy = folder.is_dir() and folder != profile.plugin and (folder / "restyle_plugin").is_dir()
            if is_copy or (folder.is_file() and folder.name == ENTRY):
                remedy = _("Remove it; the plug-in belongs into %s, where `python3 installer install` puts it.") % profile.plugin
                found.append(Finding(FOLDER, WARN, _("%s looks like another copy of Restyle") % folder, remedy))
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
            found.append(Finding(SETTINGS_FILE, FAIL, _("%s cannot be read") % path, _(INSTALL)))
            continue
        if not os.access(python, os.X_OK):
            text = _("%(file)s names a Python that is not there: %(python)s") % {"file": path, "python": python}
            found.append(Finding(SETTINGS_FILE, FAIL, text, _(INSTALL)))
        elif Path(home) != patient.home:
            text = _("%(file)s names another home, %(other)s, than %(home)s")
            text = text % {"file": path, "other": home, "home": patient.home}
            found.append(Finding(SETTINGS_FILE, FAIL, text, _(INSTALL)))
        else:
            found.append(ok(SETTINGS_FILE, "%s: %s" % (profile.name, python)))
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
        text = _("there is no python3 on PATH, which GIMP starts the plug-in with")
        return [Finding("python3", FAIL, text, _("Install python3."))]
    found = []
    for number in needed:
        loaded = patient.run([python, "-c", LOADS[number]])
        if loaded.succeeded:
            text = _("%(python)s can load what GIMP %(number)s.x needs")
            found.append(ok("python3", text % {"python": python, "number": number}))
        else:
            lines = loaded.output.strip().splitlines()
            facts = {"python": python, "number": number, "reason": lines[-1] if lines else ""}
            found.append(Finding("python3", FAIL, _(UNLOADABLE) % facts, _(PACKAGES[number])))
    return found


def check_flatpak(patient: Patient) -> list[Finding]:
    """A Flatpak GIMP may start the server outside its sandbox."""
    if not any(profile.kind == "flatpak" for profile in patient.profiles):
        return []
    path = flatpak.overrides_file(patient.work.place.user_home)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if flatpak.is_allowed(text):
        return [ok("Flatpak", _("GIMP may start Restyle's server"))]
    command = "flatpak override --user --talk-name=%s org.gimp.GIMP" % flatpak.NAME
    remedy = _("%s (or `python3 installer install` again)") % command
    return [Finding("Flatpak", FAIL, _("GIMP's sandbox does not let it start Restyle's server"), remedy)]


def _folder(patient: Patient, profile: Profile) -> Finding:
    folder, gimp = profile.plugin, profile.name
    if not folder.is_dir():
        return Finding(PLUGIN, FAIL, _("%s is not there") % folder, _(INSTALL), gimp)
    present, installed = patient.tree(profile), patient.installed(profile)
    entry = present.get(ENTRY)
    if entry is None:
        text = _("%(folder)s has no %(file)s, so GIMP skips it") % {"folder": folder, "file": ENTRY}
        return Finding(PLUGIN, FAIL, text, _(INSTALL), gimp)
    if patient.work.machine.system != "windows" and not entry[1] & 0o100:
        text = _("%s may not be executed, so GIMP skips it") % (folder / ENTRY)
        return Finding(PLUGIN, FAIL, text, "chmod +x %s" % (folder / ENTRY), gimp)
    if installed is None:
        return Finding(PLUGIN, WARN, _("%s was not put there by this installer") % folder, _(INSTALL), gimp)
    return _differences(profile, present, installed)


def _differences(profile: Profile, present: Tree, installed: Installed) -> Finding:
    missing = sorted(set(installed.files) - set(present))
    changed = sorted(path for path in set(installed.files) & set(present) if installed.files[path] != present[path][0])
    extra = sorted(path for path in set(present) - set(installed.files) if not is_bytecode(path))
    if missing or changed:
        found = [*_listed(_("missing: %s"), missing), *_listed(_("changed: %s"), changed)]
        return Finding(PLUGIN, FAIL, _in(profile.plugin, found), _(INSTALL), profile.name)
    if extra:
        found = _listed(_("not part of Restyle: %s"), extra)
        return Finding(PLUGIN, WARN, _in(profile.plugin, found), _("Remove what is not needed."), profile.name)
    number = len(installed.files)
    return ok(PLUGIN, ngettext("%d file, as it was installed", "%d files, as they were installed", number) % number, profile.name)


def _listed(text: str, paths: list[str]) -> list[str]:
    return [text % ", ".join(paths)] if paths else []


def _in(folder: Path, found: list[str]) -> str:
    return _("in %(folder)s: %(found)s") % {"folder": folder, "found": "; ".join(found)}
