"""The licences of all that is installed: a table that this program writes, or checks. The environment's Python runs it.

    .venv/bin/python installer/restyle_installer/licences.py [--check]

What a package says about itself counts: its licence expression, else its short licence field, else its classifiers.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "licences.md"
HEAD = """# Licences of the dependencies

What `python3 installer install` and `test` bring, in the versions of `installer/locked/`. PyTorch's builds for NVIDIA bring
NVIDIA's libraries, under NVIDIA's own licences. Made by `python3 installer licences`, checked by `python3 installer test`.

| package | licence | for |
|---|---|---|
"""
ROW = re.compile(r"^\| ([\w.-]+) \| (.*) \| (users|tests) \|$", re.MULTILINE)
LOCKED = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)
# What every build of PyTorch has.
FAMILY = {"torch", "torchvision"}
LONGEST_FIELD = 60
PREFIX = "License :: OSI Approved :: "
# Free licences that let anyone use, change and pass on what is around them.
WELCOME = re.compile(r"\b(MIT|BSD|Apache|MPL|Mozilla|PSF|Python Software Foundation|ISC|Zlib|HPND|Unlicense|CC0|BSL)\b|0BSD")


def main(arguments: list[str]) -> int:
    """Returns 0 where the table is written, or as it should be."""
    listed = {name: licence for name, licence, _ in ROW.findall(_read(TABLE))}
    users = _locked("run") | _locked("pip") | FAMILY
    everyone = users | _locked("test")
    found = {_canonical(one.metadata["Name"]): _licence(one) for one in distributions()}
    present = {name: licence for name, licence in found.items() if name in everyone}
    unwelcome = sorted("%s (%s)" % item for item in present.items() if not WELCOME.search(item[1]))
    if unwelcome:
        sys.stderr.write("Not known as a free licence: %s\n" % ", ".join(unwelcome))
        return 1
    if "--check" in arguments:
        differing = sorted(name for name, licence in present.items() if listed.get(name) != licence)
        if differing:
            sys.stderr.write("Not as in %s: %s. Run `python3 installer licences`.\n" % (TABLE.name, ", ".join(differing)))
        return 1 if differing else 0
    # What another system or Python needs is not here to be asked: its row stays.
    rows = {name: licence for name, licence in {**listed, **present}.items() if name in everyone}
    lines = ["| %s | %s | %s |\n" % (name, rows[name], "users" if name in users else "tests") for name in sorted(rows)]
    TABLE.write_text(HEAD + "".join(lines), encoding="utf-8")
    return 0


def _locked(name: str) -> set[str]:
    return set(LOCKED.findall(_read(ROOT / "installer" / "locked" / (name + ".txt"))))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(one: Distribution) -> str:
    metadata = one.metadata
    expression, field = (" ".join((metadata.get_all(key) or [""])[0].split()) for key in ("License-Expression", "License"))
    classifiers = [text[len(PREFIX) :] for text in metadata.get_all("Classifier") or [] if text.startswith(PREFIX)]
    return expression or (field if len(field) <= LONGEST_FIELD else "") or ", ".join(classifiers) or "not said"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
