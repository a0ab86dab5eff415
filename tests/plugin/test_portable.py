"""The plug-in's portable tests pass under every Python that GIMP may start it with."""

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

_NAMES = re.compile(r"^python(2\.7|3\.\d+)$")
_MODULES = sorted(f"tests.plugin.portable.{path.stem}" for path in Path(__file__).with_name("portable").glob("test_*.py"))
_LIMIT_S = 600
_AT_ONCE = 4


@functools.lru_cache
def _version(path: Path) -> str | None:
    """The version that an interpreter really has; None for one that does not run (a shim without its version)."""
    try:
        command = [str(path), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def _interpreters() -> dict[str, Path]:
    """One interpreter per version, from PATH and pyenv."""
    folders = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    folders += sorted(Path("~/.pyenv/versions").expanduser().glob("*/bin"))
    found: dict[str, Path] = {}
    for path in (path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if _NAMES.match(path.name)):
        version = path.name.removeprefix("python")
        if version not in found and _version(path) == version:
            found[version] = path
    return found


_OTHERS = _interpreters()
_OTHERS.pop(".".join(map(str, sys.version_info[:2])), None)


@pytest.mark.parametrize(
    "version", sorted(_OTHERS) or [pytest.param("none", marks=pytest.mark.skip(reason="no other Python here"))]
)
def test_the_plug_in_under_python(version: str, answers: dict[str, Future[subprocess.CompletedProcess[str]]]) -> None:
    answer = answers[version].result()
    assert answer.returncode == 0, answer.stderr[-6000:]
    assert re.search(r"Ran \d\d+ tests", answer.stderr)


@pytest.fixture(scope="module")
def answers(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[subprocess.CompletedProcess[str]]]]:
    """What each Python says, some of them at a time: their tests wait for servers more than they compute."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield {version: pool.submit(_answer, version, root, tmp_path_factory.mktemp("home")) for version in _OTHERS}


def _answer(version: str, root: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, [root / "plugin" / "restyle", root / "plugin", root])),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(home),
        "TMPDIR": "/tmp" if Path("/tmp").is_dir() else str(home),
    }
    command = [str(_OTHERS[version]), "-W", "error", "-m", "unittest", *_MODULES]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=_LIMIT_S, check=False)


@pytest.mark.skipif(shutil.which("python2.7") is None and "2.7" not in _OTHERS, reason="no Python 2.7 here")
def test_python_2_is_among_them() -> None:
    assert "2.7" in _OTHERS
