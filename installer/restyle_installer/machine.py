"""Facts about the machine that decide what is installed; nothing here changes anything."""

from __future__ import annotations

import glob
import os
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from .runner import Runner

__all__ = ["Machine", "look_at"]

SYSTEMS = {"linux": "linux", "darwin": "macos", "win32": "windows", "cygwin": "windows"}
ARCHITECTURES = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}
INTEL = "0x8086"
LEVEL_ZERO = ("/usr/lib/*/libze_loader.so*", "/usr/lib*/libze_loader.so*", "/usr/local/lib*/libze_loader.so*")


@dataclass(frozen=True)
class Machine:
    """system is linux, macos or windows; cuda is the newest CUDA that the NVIDIA driver takes, as (major, minor)."""

    system: str
    arch: str = "x86_64"
    is_root: bool = False
    has_apt: bool = False
    codename: str = ""
    cuda: tuple[int, int] | None = None
    has_rocm: bool = False
    has_xpu: bool = False

    @property
    def can_apt(self) -> bool:
        """Whether packages can be installed without asking anyone."""
        return self.is_root and self.has_apt


def look_at(runner: Runner) -> Machine:
    """The facts of the machine that this runs on."""
    arch = platform.machine().lower()
    return Machine(
        system=SYSTEMS.get(sys.platform, "linux"),
        arch=ARCHITECTURES.get(arch, arch),
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
        has_apt=bool(runner.which("apt-get") and runner.which("dpkg-query")),
        codename=_codename(),
        cuda=driver_cuda(runner.run(["nvidia-smi"], timeout_s=30).output),
        has_rocm=os.path.isdir("/opt/rocm") and os.path.exists("/dev/kfd"),
        has_xpu=_has_intel_gpu() and any(glob.glob(pattern) for pattern in LEVEL_ZERO),
    )


def driver_cuda(smi_output: str) -> tuple[int, int] | None:
    """The CUDA version in the heading of nvidia-smi's table, or None where it reports no GPU."""
    match = re.search(r"CUDA Version:\s*(\d+)\.(\d+)", smi_output)
    return (int(match.group(1)), int(match.group(2))) if match else None


def _codename() -> str:
    """bookworm, trixie, noble, …; empty where the system does not say."""
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return ""
    match = re.search(r'^VERSION_CODENAME="?([a-z]+)"?', text, re.MULTILINE)
    return match.group(1) if match else ""


def _has_intel_gpu() -> bool:
    for vendor in glob.glob("/sys/class/drm/card*/device/vendor"):
        if Path(vendor).read_text(encoding="ascii").strip() == INTEL:
            return True
    return False
