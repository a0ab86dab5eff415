"""The very files that are installed: each dependency with its version and the hashes of all its files.

`run.txt` is what users get, `test.txt` that and what tests need, `torch.txt` PyTorch's family in the builds that are known, and
`pip.txt` the pip that brings all of it: a system's own is as old as its Python, and some say too little of what they install.
Markers say what is for which Python and system. `python3 installer lock` makes them from pyproject.toml and constraints.txt.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Iterable

from .checkout import Checkout
from .console import Console
from .errors import InstallerError, Refused
from .runner import Command, Runner
from .words import _

__all__ = ["PIP", "RUN", "TEST", "TORCH", "file_of", "make", "refuse_unknown"]

PIP, RUN, TEST, TORCH = "pip", "run", "test", "torch"
# What a build of PyTorch brings; another build brings others, so these are not locked with the rest.
FAMILY = re.compile(r"(torch|torchvision|triton|nvidia-[\w-]+|cuda-[\w-]+)==")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# PyTorch's index gives a hash with each file, by https, and pip checks it; its builds are too many to be locked here.
OWN_INDEX = "https://download.pytorch.org/"
# Builds that are not on the default index, by hand: the one for processors alone, which many machines have in a folder for pip.
EXTRA_TORCH_HASHES = ("6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b",)
UV = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.10", "--generate-hashes", "--no-annotate", "--no-header")
# What each is resolved from, by uv's words; `%s` is pyproject.toml.
SOURCES = {
    PIP: ("--group", "%s:installer"),
    RUN: ("%s",),
    TEST: ("%s", "--extra", "cluster", "--extra", "onnx", "--extra", "remote", "--extra", "test", "--extra", "video"),
}
LIMIT_S = 600.0


def file_of(checkout: Checkout, name: str) -> Path:
    """Where a lock lies."""
    return checkout.root / "installer" / "locked" / (name + ".txt")


def make(checkout: Checkout, runner: Runner, console: Console) -> int:
    """Resolve anew, by uv, and write the locks. Raises InstallerError."""
    if runner.which("uv") is None:
        raise InstallerError("uv resolves for all systems at once, and it is not on PATH: pip install uv")
    family: dict[str, str] = {}
    for name, words in SOURCES.items():
        source = [word.replace("%s", str(checkout.root / "pyproject.toml")) for word in words]
        command: Command = ["uv", *UV, *source, "-c", checkout.constraints]
        blocks = _blocks(runner.check(command, timeout_s=LIMIT_S))
        file_of(checkout, name).write_text("".join(block for block in blocks if not FAMILY.match(block)), encoding="utf-8")
        family.update((block.split(" ")[0], block) for block in blocks if FAMILY.match(block))
    file_of(checkout, TORCH).write_text("".join(family[name] for name in sorted(family)), encoding="utf-8")
    console.say("The locks are made; run `python3 installer test`.")
    return 0


def refuse_unknown(report: Path, checkout: Checkout) -> None:
    """Raises Refused where pip's report of an installation names a file that is not known."""
    known = set(EXTRA_TORCH_HASHES)
    for name in (RUN, TORCH):
        known |= set(HASH.findall(file_of(checkout, name).read_text(encoding="utf-8")))
    installed = json.loads(report.read_text(encoding="utf-8"))["install"]
    unknown = [one["download_info"]["url"] for one in installed if not _is_known(one["download_info"], known)]
    if unknown:
        text = _(
            "Not the files that Restyle is tested with, so they are not used: %s. pip has them from where its settings say "
            "(`pip config list`, variables PIP_…); name a place there that has PyPI's files, and start again."
        )
        raise Refused(text % ", ".join(unknown))


def _is_known(download: dict[str, dict[str, dict[str, str]]], known: Iterable[str]) -> bool:
    digest = download.get("archive_info", {}).get("hashes", {}).get("sha256", "")
    return str(download["url"]).startswith(OWN_INDEX) or digest in known


def _blocks(text: str) -> list[str]:
    """A requirement with its hashes, each."""
    return [block + "\n" for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip())]
