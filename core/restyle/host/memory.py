"""Memory: how many bytes this process may still take of the main memory, containers' limits included; and giving it back."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

__all__ = ["available_memory_bytes", "give_back_freed"]

_LIMIT_FILES = (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes"))
"""Names in cgroup v2 and v1: the limit, and what is taken of it."""


def available_memory_bytes(root: Path = Path("/")) -> int:
    """Bytes that can be had without swapping: what the system has left, or what the tightest control group leaves.

    ``root`` is where ``proc`` and ``sys`` are mounted; only tests change it.
    """
    available = int(psutil.virtual_memory().available)
    for folder in _control_group_folders(root):
        for limit_name, used_name in _LIMIT_FILES:
            limit, used = _read_number(folder / limit_name), _read_number(folder / used_name)
            if limit is not None and used is not None:
                # Pages of files count as used, but are given back when others ask for memory.
                available = min(available, max(limit - used + _file_pages(folder), 0))
    return available


def give_back_freed() -> None:
    """Return to the system what was freed here. glibc keeps it for the next allocation: 240 to 340 MB after ten different jobs.

    Elsewhere the allocator does so by itself, and this does nothing. It takes 20 ms, and the next job is no slower.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)


def _control_group_folders(root: Path) -> Iterator[Path]:
    """Folders of the control groups that hold this process, innermost first; none where the system has no such
    thing."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        mount = root / "sys/fs/cgroup" / controllers
        group = mount / path.strip("/")
        # Inside a container the path is the host's and does not exist here; its limit then lies at the mount itself.
        yield from (folder for folder in (group, *group.parents) if folder.is_relative_to(mount))


def _read_number(path: Path) -> int | None:
    """The number in a file; None where there is no file, or the word "max" in it."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _file_pages(folder: Path) -> int:
    """Bytes of cached file pages that a group can give back at once."""
    try:
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    counts = dict(line.split(" ", 1) for line in lines if " " in line)
    return int(counts.get("inactive_file", 0))
