"""What installing means on a machine with these facts: a pure function, so that --dry-run and the real run cannot differ."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

from . import flatpak, python_fu
from .facts import ASIDE, CURRENT, REPLACED, Facts, Tree, Wanted
from .place import Profile
from .record import FILE, Installed, Record
from .steps import DiscardTree, MakeEnvironment, MakeFolder, Move, RemoveFile, RemoveFolder, Step, StopServer, WriteFile
from .words import _

__all__ = ["Plan", "asides", "free", "is_bytecode", "plan_install"]


@dataclass(frozen=True)
class Plan:
    """The steps in order, and what the person should know about them."""

    steps: tuple[Step, ...]
    remarks: tuple[str, ...] = ()

    def describe(self) -> dict[str, Any]:
        """As plain data, for --dry-run and --json."""
        return {"steps": [step.describe() for step in self.steps], "remarks": list(self.remarks)}


def plan_install(facts: Facts, wanted: Wanted) -> Plan:
    """New, or over another version. Where all is as it should be there is nothing to do."""
    made = facts.missing_folders(facts.home)
    steps: list[Step] = [MakeFolder(folder) for folder in made]
    last: list[Step] = [DiscardTree(path) for path in facts.leftovers]
    steps += _environment(facts, wanted, last)
    plugins: list[Installed] = []
    remarks: list[str] = []
    folders = {str(folder) for folder in made}
    for profile in facts.profiles:
        new, plugin, said = _plugin(facts, wanted, profile, folders)
        steps += new
        plugins.append(plugin)
        remarks += said
    steps += _flatpak(facts, folders)
    made_before = list(facts.record.folders) if facts.record else []
    record = Record(
        version=wanted.version,
        home=str(facts.home),
        python=wanted.python,
        env=str(wanted.env) if wanted.env else "",
        env_fingerprint=wanted.env_fingerprint,
        plugins=tuple(plugins),
        folders=tuple(dict.fromkeys([*made_before, *sorted(folders)])),
        flatpak_override=_override_of(facts),
    )
    if record != facts.record:
        steps.append(WriteFile(facts.home / FILE, record.text().encode("utf-8")))
    if steps and facts.server_runs:
        steps.insert(0, StopServer(facts.home))
    if not facts.profiles:
        remarks.append(_("No GIMP profile was found: install GIMP 2.10 or 3, start it once, and run the installer again."))
    return Plan((*steps, *last), tuple(remarks))


def free(facts: Facts, path: Path) -> Path:
    """The path, or with a number added, so that nothing is there."""
    names = itertools.chain([path], (path.with_name("%s-%d" % (path.name, number)) for number in itertools.count(2)))
    return next(name for name in names if str(name) not in facts.names)


def asides(facts: Facts) -> Iterator[Path]:
    """Free names in Restyle's folder for what is put aside and deleted in the end."""
    names = (facts.home / (ASIDE % number) for number in itertools.count(1))
    return (name for name in names if str(name) not in facts.names)


def is_bytecode(path: str) -> bool:
    """Whether Python made this file from another one; it may go whenever that one goes."""
    return path.endswith((".pyc", ".pyo"))


def _environment(facts: Facts, wanted: Wanted, last: list[Step]) -> list[Step]:
    made: list[Step] = [MakeEnvironment(wanted.env)] if wanted.env and facts.env_state != CURRENT else []
    # An environment that an earlier installation made is not needed beside a Python that was given.
    old = wanted.env if wanted.env else Path(facts.record.env) if facts.record and facts.record.env else None
    if old is None or str(old) not in facts.names or (wanted.env and not made):
        return made
    aside = next(asides(facts))
    last.append(DiscardTree(aside))
    return [Move(old, aside), *made]


def _plugin(facts: Facts, wanted: Wanted, profile: Profile, folders: set[str]) -> tuple[list[Step], Installed, list[str]]:
    """(steps, what the record will say, remarks) for one profile; adds the folders that will be made to `folders`."""
    before = _recorded(facts.record, profile)
    present = facts.present.get(str(profile.path))
    steps: list[Step] = []
    remarks: list[str] = []
    replaced = before.replaced_by if before else ""
    folder_exists = present is not None
    is_ours = before is not None or (str(profile.path) not in facts.links and _is_half_made(present or {}, wanted))
    if folder_exists and not is_ours:
        aside = free(facts, profile.path / REPLACED)
        steps.append(Move(profile.plugin, aside))
        facts_told = {"gimp": profile.name, "folder": profile.plugin, "kept": aside}
        remarks.append(_("%(gimp)s: what was in %(folder)s is kept in %(kept)s") % facts_told)
        replaced, folder_exists = str(aside), False
    present = (present or {}) if folder_exists else {}
    steps += _folders(facts, wanted, profile, folder_exists, folders)
    steps += _leftovers(facts, wanted, profile, present, before, remarks)
    for file in wanted.files:
        if present.get(file.path) == (file.sha256, file.mode):
            continue
        path = profile.plugin / file.path
        if before and _was_changed(file.path, present, before) and present[file.path][0] != file.sha256:
            steps.append(_keep(facts, profile, file.path, remarks))
        steps.append(WriteFile(path, file.data, file.mode))
    steps += python_fu.remember_steps(facts, wanted, profile, before, folders)
    installed = {file.path: file.sha256 for file in wanted.files}
    beside = python_fu.sums(wanted.system, profile)
    return steps, Installed(str(profile.path), profile.series, profile.kind, installed, replaced, beside), remarks


def _is_half_made(present: Tree, wanted: Wanted) -> bool:
    """Whether all that lies there is ours: an installation that was killed before it could write its record."""
    hashes = {file.path: file.sha256 for file in wanted.files}
    return bool(present) and all(is_bytecode(path) or hashes.get(path) == digest for path, (digest, _) in present.items())


def _folders(facts: Facts, wanted: Wanted, profile: Profile, folder_exists: bool, folders: set[str]) -> list[Step]:
    """The folders to make, parents first; those outside the plug-in's own are remembered in `folders`."""
    outside = [path for path in facts.missing_folders(profile.plugin.parent) if str(path) not in folders]
    folders.update(str(path) for path in outside)
    inside = sorted({parent for file in wanted.files for parent in _parents(profile.plugin, file.path)})
    missing = [path for path in inside if not folder_exists or str(path) not in facts.folders]
    return [MakeFolder(path) for path in [*outside, *missing]]


def _leftovers(
    facts: Facts, wanted: Wanted, profile: Profile, present: Tree, before: Installed | None, remarks: list[str]
) -> list[Step]:
    """Remove what an older version left, and all compiled files; what is not ours stays."""
    new = {file.path for file in wanted.files}
    gone: set[str] = set()
    steps: list[Step] = []
    stale = any(present.get(file.path, ("",))[0] != file.sha256 for file in wanted.files) or (before and set(before.files) - new)
    for path in sorted(set(present) - new):
        if is_bytecode(path):
            if not stale:
                continue
            steps.append(RemoveFile(profile.plugin / path))
        elif before and path in before.files:
            changed = _was_changed(path, present, before)
            steps.append(_keep(facts, profile, path, remarks) if changed else RemoveFile(profile.plugin / path))
        else:
            text = _("%(gimp)s: %(file)s is not part of Restyle and stays")
            remarks.append(text % {"gimp": profile.name, "file": profile.plugin / path})
            continue
        gone.add(path)
    left = {parent for path in (set(present) - gone) | new for parent in _parents(profile.plugin, path)}
    empty = {parent for path in gone for parent in _parents(profile.plugin, path)} - left
    return steps + [RemoveFolder(path) for path in sorted(empty, reverse=True)]


def _keep(facts: Facts, profile: Profile, path: str, remarks: list[str]) -> Move:
    """Put a file that the user has changed where neither GIMP nor the next installation touches it."""
    to = free(facts, profile.path / ("restyle-changed-" + path.replace("/", "-")))
    text = _("%(gimp)s: your changed %(file)s is kept as %(kept)s")
    remarks.append(text % {"gimp": profile.name, "file": path, "kept": to})
    return Move(profile.plugin / path, to)


def _was_changed(path: str, present: Tree, before: Installed) -> bool:
    return path in present and path in before.files and present[path][0] != before.files[path]


def _parents(plugin: Path, path: str) -> list[Path]:
    """The plug-in's folder and those below it that the file lies in."""
    parts = path.split("/")[:-1]
    return [plugin.joinpath(*parts[:count]) for count in range(len(parts) + 1)]


def _recorded(record: Record | None, profile: Profile) -> Installed | None:
    plugins = record.plugins if record else ()
    return next((one for one in plugins if one.profile == str(profile.path)), None)


def _needs_flatpak(facts: Facts) -> bool:
    flatpaks = any(profile.kind == "flatpak" for profile in facts.profiles)
    return flatpaks and not flatpak.is_allowed(facts.flatpak_text or "")


def _flatpak(facts: Facts, folders: set[str]) -> list[Step]:
    if facts.flatpak_file is None or not _needs_flatpak(facts):
        return []
    missing = [path for path in facts.missing_folders(facts.flatpak_file.parent) if str(path) not in folders]
    folders.update(str(path) for path in missing)
    text = flatpak.allow(facts.flatpak_text or "")
    return [*(MakeFolder(path) for path in missing), WriteFile(facts.flatpak_file, text.encode("utf-8"))]


def _override_of(facts: Facts) -> str:
    """The overrides file, where the permission in it is ours."""
    if _needs_flatpak(facts):
        return str(facts.flatpak_file)
    return facts.record.flatpak_override if facts.record else ""
