"""The installer speaks the person's language, and ends on no letter that a terminal does not have."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from restyle_installer import words
from restyle_installer.checkout import HERE
from restyle_installer.po import PLURALS
from restyle_installer.set_up import Teller
from restyle_plugin import languages
from tests.installer.world import World

LIMIT_S = 120
MODULES = HERE.root / "installer" / "restyle_installer"
# What only developers start says what it says in English, as its sources do.
DEVELOPERS = {"chroot.py", "languages.py", "licences.py", "locks.py", "provisions.py", "suite.py"}
# Who is called with what a person reads; and how what is no sentence, but a command to type, begins.
SPEAKERS = {"say", "note", "phase", "fail", "Finding", "ok", "InstallerError", "NoPython", "Refused"}
COMMANDS = ("apt-get ", "pip ", "chmod ", "sudo ", "flatpak ")
SENTENCE = re.compile(r"[A-Za-z]{2,}[ ,:][ a-z]*[a-z]{2,}")


def installer(home: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run it for a user whose folder is `home` and who has no GIMP."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RESTYLE_", "GIMP", "XDG_", "LC_", "LANG"))}
    env = dict(kept, HOME=str(home), PATH=str(home), **{"LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8", **environ})
    command = [sys.executable, str(HERE.root / "installer"), *arguments]
    return subprocess.run(command, capture_output=True, timeout=LIMIT_S, env=env, check=False)


@pytest.fixture
def in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_known", lambda domain: languages.catalogue(domain, ["de"]))


def test_it_says_german_where_that_is_asked_for(tmp_path: Path) -> None:
    done = installer(tmp_path, "--help", LANGUAGE="de")
    said = done.stdout.decode("utf-8")
    assert said.startswith("Aufruf: python3 installer")
    assert "Optionen:" in said
    assert "Übersetzungen" in said
    assert "options" not in said
    wrong = installer(tmp_path, "instal", LANGUAGE="de").stderr.decode("utf-8")
    assert "Fehler: Argument BEFEHL: ungültige Auswahl" in wrong


def test_what_it_answers_to_programs_has_the_same_names_in_every_language(tmp_path: Path) -> None:
    english, german = (json.loads(installer(tmp_path, "doctor", "--json", LANGUAGE=one).stdout) for one in ("en", "de"))
    assert [(one["name"], one["level"]) for one in english] == [(one["name"], one["level"]) for one in german]
    assert english[0]["name"] == "installation"
    assert "nicht installiert" in german[0]["sentence"]


@pytest.mark.parametrize(("language", "encoding"), [("de", "ascii"), ("ja", "ascii"), ("ja", "cp1252"), ("zh_CN", "cp437")])
def test_where_letters_are_lacking_it_says_english(tmp_path: Path, language: str, encoding: str) -> None:
    done = installer(tmp_path, "doctor", "--dry-run", LANGUAGE=language, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"check disk space" in done.stdout


def test_a_code_page_that_has_the_letters_is_spoken(tmp_path: Path) -> None:
    done = installer(tmp_path, "doctor", "--dry-run", LANGUAGE="ja", PYTHONIOENCODING="cp932")
    assert "ディスクの空き容量" in done.stdout.decode("cp932")


def test_without_a_locale_it_is_english(tmp_path: Path) -> None:
    done = installer(tmp_path, "doctor", "--dry-run", LANG="C", LC_ALL="C", LANGUAGE="ja", PYTHONIOENCODING="")
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_a_folder_that_cannot_be_written_down_ends_nothing(tmp_path: Path) -> None:
    home = tmp_path / "スタイル"
    home.mkdir()
    done = installer(home, "install", "--dry-run", "--anyway", LANGUAGE="ja", PYTHONIOENCODING="cp1252")
    assert done.returncode == 0, done.stderr
    assert b"\\u30b9" in done.stdout


@pytest.mark.parametrize("language", sorted(PLURALS))
def test_the_greeting_tells_whether_a_language_can_be_shown(language: str) -> None:
    greeting = languages.catalogue(words.DOMAIN, [language]).gettext(words.GREETING)
    assert not greeting.isascii()


def test_the_bar_in_gimp_speaks_the_language_by_plain_lines(capsys: pytest.CaptureFixture[str], in_german: None) -> None:
    Teller(400.0).note("  Downloading torch-2.13.0-cp310-manylinux.whl (184 MB)\n  Installing collected packages: torch")
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["sentence"] for line in lines] == [
        "torch wird heruntergeladen (184 MB)",
        "Heruntergeladenes wird entpackt",
    ]
    assert all(line.isascii() for line in lines)


def test_a_plan_is_told_in_the_language(tmp_path: Path, in_german: None) -> None:
    from restyle_installer import telling
    from restyle_installer.machine import Machine
    from restyle_installer.plan import plan_install

    world = World(tmp_path).add(".config/GIMP/3.0")
    lines = telling.summary(plan_install(world.facts(), world.wanted()), Machine("linux"))
    assert any("eine Python-Umgebung mit PyTorch und Restyle" in line for line in lines)
    assert all("schreiben" in line or "Umgebung" in line or "herunterzuladen" in line for line in lines), lines


def untranslated(path: Path) -> Iterator[str]:
    """The sentences that a module tells as they are."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for value in call.args if name in SPEAKERS else ():
            while isinstance(value, ast.BinOp):  # what is filled in, or put before
                value = value.left
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                text = value.value.replace("%s", "")
                if SENTENCE.search(text) and not text.startswith(COMMANDS):
                    yield f"{path.name}:{call.lineno}: {value.value}"


def test_no_sentence_is_told_that_nobody_can_translate(tmp_path: Path) -> None:
    paths = [path for path in sorted(MODULES.rglob("*.py")) if path.name not in DEVELOPERS]
    assert [line for path in paths for line in untranslated(path)] == []
    sample = tmp_path / "sample.py"
    sample.write_text('console.say("Not so %s." % one)\nraise Refused("Nor this")\nconsole.note("pip install %s" % two)\n')
    assert [line.partition(": ")[2] for line in untranslated(sample)] == ["Not so %s.", "Nor this"]
