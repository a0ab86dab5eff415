"""Which build of PyTorch fits the machine, and from which index it comes."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass
from typing import Callable

from .machine import Machine
from .words import N_, _

__all__ = ["DEFAULT", "TorchBuild", "candidates", "offers", "pick", "read_page"]

INDEX = "https://download.pytorch.org/whl/"
# PyTorch 2.13's release matrix: stable CUDA 12.6 and 13.0, ROCm 7.2. A driver runs every CUDA up to its own.
CUDA_BUILDS = (((13, 0), "cu130"), ((12, 6), "cu126"))
ROCM_BUILD = "rocm7.2"
TIMEOUT_S = 6.0
UNREACHABLE = N_(
    "PyTorch's own index cannot be reached (%(index)s: %(reason)s), so PyTorch %(version)s comes from the default index; "
    "for Linux that can be the build with CUDA, several GB."
)
NOT_OFFERED = N_(
    "PyTorch's own index has no build of %(version)s for this machine (looked for: %(builds)s), so it comes from the default "
    "index."
)
WHEEL_TAGS = {
    ("linux", "x86_64"): "x86_64",
    ("linux", "aarch64"): "aarch64",
    ("windows", "x86_64"): "win_amd64",
    ("windows", "aarch64"): "win_arm64",
}


@dataclass(frozen=True)
class TorchBuild:
    """One build: what it is for, and its index (None: the index that pip is set up with)."""

    name: str
    index: str | None
    why: str


DEFAULT = TorchBuild("default", None, "")


def candidates(machine: Machine) -> list[TorchBuild]:
    """The builds that fit the machine, best first. macOS has one build for all, on the default index."""
    if machine.system == "macos":
        return [TorchBuild("mps", None, _("macOS: the default index has the build for Metal"))]
    found = []
    if machine.cuda:
        found += [
            _on_index(tag, _("an NVIDIA driver for CUDA %s") % ("%d.%d" % machine.cuda))
            for oldest, tag in CUDA_BUILDS
            if machine.cuda >= oldest
        ]
    if machine.has_rocm and machine.system == "linux":
        found.append(_on_index(ROCM_BUILD, _("an AMD GPU with ROCm")))
    if machine.has_xpu:
        found.append(_on_index("xpu", _("an Intel GPU with Level Zero")))
    return [*found, _on_index("cpu", _("no GPU that this PyTorch can use"))]


def offers(page: str, version: str, machine: Machine) -> bool:
    """Whether an index's page for torch lists that version for this machine."""
    tag = WHEEL_TAGS.get((machine.system, machine.arch), machine.arch)
    names = ("torch-%s%%2B" % version, "torch-%s+" % version, "torch-%s-" % version)
    return any(tag in line and any(name in line for name in names) for line in page.split("</a>"))


def pick(machine: Machine, version: str, read: Callable[[str], str] | None = None) -> tuple[TorchBuild, str]:
    """(build, sentence for the person). `read` maps an address to a page and raises OSError where it cannot be reached."""
    read = read or read_page
    refused = []
    for build in candidates(machine):
        if build.index is None:
            return build, _("PyTorch %(version)s from the default index (%(why)s).") % {"version": version, "why": build.why}
        try:
            page = read(build.index + "/torch/")
        except OSError as error:
            facts = {"index": build.index, "reason": getattr(error, "reason", None) or error, "version": version}
            return DEFAULT, _(UNREACHABLE) % facts
        if offers(page, version, machine):
            facts = {"version": version, "build": build.name, "why": build.why, "index": build.index}
            return build, _("PyTorch %(version)s, build %(build)s (%(why)s), from %(index)s.") % facts
        refused.append(build.name)
    facts = {"builds": ", ".join(refused), "version": version}
    return DEFAULT, _(NOT_OFFERED) % facts


def read_page(url: str) -> str:
    """A page of an index as text. Raises OSError."""
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 - a constant https address
        page: bytes = answer.read()
    return page.decode("utf-8", "replace")


def _on_index(tag: str, why: str) -> TorchBuild:
    return TorchBuild(tag, INDEX + tag, why)
