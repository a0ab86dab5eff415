"""The documents are true: each link leads somewhere, each command is one that there is."""

import re
import shlex
from pathlib import Path

import pytest

from restyle.cli import build_parser

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"), *(ROOT / "core/restyle/models/box").glob("*.md")])
WITH_COMMANDS = [ROOT / "README.md", ROOT / "docs/guide.md", ROOT / "docs/regions.md"]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
COMMAND = re.compile(r"^(?:\.venv/bin/)?restyle (.+)$", re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document):
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=lambda path: path.name)
def test_every_command_is_understood(document):
    commands = COMMAND.findall(document.read_text(encoding="utf-8"))
    assert len(commands) >= 3
    for command in commands:
        words = shlex.split(command)
        if "--help" not in words:
            build_parser().parse_args(words)
