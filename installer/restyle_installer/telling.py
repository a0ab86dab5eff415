"""What a person reads of a plan: the large steps one by one, the many small ones as a sum, and what it costs."""

from __future__ import annotations

from pathlib import Path

from .machine import Machine
from .plan import Plan
from .steps import MakeEnvironment, Step, WriteFile

__all__ = ["is_small", "sentence", "summary"]

SENTENCES = {
    "stop-server": "ask the running server to leave",
    "make-folder": "make the folder {path}",
    "write-file": "write {path}",
    "remove-file": "remove {path}",
    "remove-folder-if-empty": "remove the folder {path}, if it is empty",
    "move": "move {path} to {to}",
    "make-environment": "make a Python environment with PyTorch and Restyle in {path}",
    "discard-folder": "delete {path}",
}
SMALL = {"write-file": "write", "make-folder": "make", "remove-file": "remove", "remove-folder-if-empty": "remove"}
# Measured with PyTorch's builds for processors and for CUDA; the time, on a line of 100 Mbit/s.
COSTS = {
    False: "  about 0.4 GB to download (several GB where only a build with CUDA can be had), 1.5 GB on the disk, some minutes",
    True: "  some 3 GB to download, 8 GB on the disk, a quarter of an hour or more",
}


def is_small(step: Step) -> bool:
    """Whether only the number of such steps is worth a line."""
    return step.describe()["step"] in SMALL


def sentence(step: Step) -> str:
    """One step as a line."""
    described = step.describe()
    return "- " + SENTENCES[described["step"]].format(**described)


def summary(plan: Plan, machine: Machine) -> list[str]:
    """The plan as lines; `--json` has every file."""
    lines = []
    for step in plan.steps:
        if not is_small(step):
            lines.append(sentence(step))
        if isinstance(step, MakeEnvironment):
            lines.append(COSTS[bool(machine.cuda or machine.has_rocm or machine.has_xpu)])
    return lines + _sums([step for step in plan.steps if is_small(step)])


def _sums(steps: list[Step]) -> list[str]:
    """A line for what is written, and for what is removed, below each plug-in's folder or in one of its own."""
    found: dict[tuple[str, Path], list[Step]] = {}
    for step in steps:
        found.setdefault((SMALL[step.describe()["step"]], _place(step.path)), []).append(step)
    return [_sum(verb, place, some) for (verb, place), some in found.items() if verb != "make"]


def _sum(verb: str, place: Path, steps: list[Step]) -> str:
    size = sum(len(step.data) for step in steps if isinstance(step, WriteFile))
    things = "files" if verb == "write" else "files and folders"
    files = "1 file" if len(steps) == 1 else "%d %s" % (len(steps), things)
    return "- %s %s%s in %s" % (verb, files, " (%d kB)" % (size // 1000 + 1) if size else "", place)


def _place(path: Path) -> Path:
    """The plug-in's folder that it lies in, else its own."""
    return next((folder for folder in (path, *path.parents) if folder.parent.name == "plug-ins"), path.parent)
