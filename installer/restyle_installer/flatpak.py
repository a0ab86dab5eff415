"""What a Flatpak GIMP must be allowed: to start a program outside its sandbox, which the server is."""

from __future__ import annotations

from pathlib import Path

__all__ = ["allow", "is_allowed", "overrides_file", "revoke"]

# `flatpak override --user --talk-name=org.freedesktop.Flatpak org.gimp.GIMP` writes these two lines; flatpak-spawn needs them.
SECTION = "[Session Bus Policy]"
NAME = "org.freedesktop.Flatpak"
LINE = NAME + "=talk"
ENOUGH = ("talk", "own")


def overrides_file(user_home: Path) -> Path:
    """The user's overrides for GIMP; it may not be there."""
    return user_home / ".local" / "share" / "flatpak" / "overrides" / "org.gimp.GIMP"


def is_allowed(text: str) -> bool:
    """Whether the overrides let GIMP talk to Flatpak's own service."""
    return any(_value(line) in ENOUGH for _, line in _in_section(text))


def allow(text: str) -> str:
    """The overrides with the permission added; all else stays as it is."""
    if is_allowed(text):
        return text
    other = {at for at, line in _in_section(text) if _value(line)}
    lines = [line for at, line in enumerate(text.splitlines()) if at not in other]
    if SECTION in (line.strip() for line in lines):
        at = [line.strip() for line in lines].index(SECTION)
        lines.insert(at + 1, LINE)
    else:
        lines += [*([""] if lines and lines[-1] else []), SECTION, LINE]
    return "\n".join(lines) + "\n"


def revoke(text: str) -> str:
    """The overrides without the permission; a section that it leaves empty goes too. Empty text: nothing is left."""
    drop = {at for at, line in _in_section(text) if line.strip() == LINE}
    lines = [line for at, line in enumerate(text.splitlines()) if at not in drop]
    stripped = [line.strip() for line in lines]
    if drop and SECTION in stripped:
        at = stripped.index(SECTION)
        rest = next((line for line in stripped[at + 1 :] if line), "[")
        if rest.startswith("["):
            del lines[at]
    text = "\n".join(lines).strip("\n")
    return text + "\n" if text else ""


def _in_section(text: str) -> list[tuple[int, str]]:
    """(number, line) of each line of the session bus section."""
    found, inside = [], False
    for at, line in enumerate(text.splitlines()):
        if line.strip().startswith("["):
            inside = line.strip() == SECTION
        elif inside:
            found.append((at, line))
    return found


def _value(line: str) -> str:
    """The policy that a line gives to Flatpak's own service; empty where it is about another name."""
    name, _, value = line.partition("=")
    return value.strip() if name.strip() == NAME else ""
