"""What a person reads of a plan: the large steps one by one, the many small ones as a sum, and what it costs."""

from __future__ import annotations

from pathlib import Path

from restyle_plugin.words import amount

from .machine import Machine
from .plan import Plan
from .steps import MakeEnvironment, Step, WriteFile
from .words import N_, _, ngettext

__all__ = ["is_small", "sentence", "summary"]

SENTENCES = {
    "stop-server": N_("ask the running server to leave"),
    "make-folder": N_("make the folder %(path)s"),
    "write-file": N_("write %(path)s"),
    "remove-file": N_("remove %(path)s"),
    "remove-folder-if-empty": N_("remove the folder %(path)s, if it is empty"),
    "move": N_("move %(path)s to %(to)s"),
    "make-environment": N_("make a Python environment with PyTorch and Restyle in %(path)s"),
    "discard-folder": N_("delete %(path)s"),
}
WRITE, MAKE, REMOVE = "write", "make", "remove"
SMALL = {"write-file": WRITE, "make-folder": MAKE, "remove-file": REMOVE, "remove-folder-if-empty": REMOVE}
# Measured with PyTorch's builds for processors and for CUDA; the time, on a line of 100 Mbit/s.
COSTS = {
    False: N_("about 0.4 GB to download (several GB where only a build with CUDA can be had), 1.5 GB on the disk, some minutes"),
    True: N_("some 3 GB to download, 8 GB on the disk, a quarter of an hour or more"),
}


def is_small(step: Step) -> bool:
    """Whether only the number of such steps is worth a line."""
    return step.describe()["step"] in SMALL


def sentence(step: Step) -> str:
    """One step as a line."""
    described = step.describe()
    return "- " + _(SENTENCES[described["step"]]) % described


def summary(plan: Plan, machine: Machine) -> list[str]:
    """The plan as lines; `--json` has every file."""
    lines = []
    for step in plan.steps:
        if not is_small(step):
            lines.append(sentence(step))
        if isinstance(step, MakeEnvironment):
            lines.append("  " + _(COSTS[bool(machine.cuda or machine.has_rocm or machine.has_xpu)]))
    return lines + _sums([step for step in plan.steps if is_small(step)])


def _sums(steps: list[Step]) -> list[str]:
    """A line for what is written, and for what is removed, below each plug-in's folder or in one of its own."""
    found: dict[tuple[str, Path], list[Step]] = {}
    for step in steps:
        found.setdefault((SMALL[step.describe()["step"]], _place(step.path)), []).append(step)
    return [_sum(verb, place, some) for (verb, place), some in found.items() if verb != MAKE]


def _sum(verb: str, place: Path, steps: list[Step]) -> str:
    number = len(steps)
    if verb == WRITE:
        text = ngettext(
            "write %(number)d file (%(size)s) in %(folder)s", "write %(number)d files (%(size)s) in %(folder)s", number
        )
    else:
        text = ngettext("remove %(number)d file in %(folder)s", "remove %(number)d files and folders in %(folder)s", number)
    size = amount(sum(len(step.data) for step in steps if isinstance(step, WriteFile)))
    return "- " + text % {"number": number, "size": size, "folder": place}


def _place(path: Path) -> Path:
    """The plug-in's folder that it lies in, else its own."""
    return next((folder for folder in (path, *path.parents) if folder.parent.name == "plug-ins"), path.parent)
