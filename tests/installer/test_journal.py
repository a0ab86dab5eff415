"""SIGKILL at any moment of installing, updating or uninstalling: whoever comes next finds it, and undoes or finishes it."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import pytest

from restyle_installer import journal
from restyle_installer.apply import apply
from restyle_installer.checkout import HERE
from restyle_installer.errors import InstallerError
from restyle_installer.journal import Journal, find, recover
from restyle_installer.runner import Runner
from restyle_installer.steps import MakeFolder, Step, TidyFolder, WriteFile
from tests.installer.installing import install, prepared
from tests.installer.world import World, world_of

# What changes the disk, as Python's own audit events name it; reading and looking are no moments of their own.
CHANGES = frozenset({"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "os.symlink", "shutil.rmtree"})
WRITING = ("w", "x", "a", "+")
PATIENCE_S = 60.0
MORE_THAN_ANY = 10_000
forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process that can be killed in the middle")


def killed_at(number: int, deed: Callable[..., object], *arguments: object) -> bool:
    """Do it in a process that is killed just before its change of that number; returns whether it came so far."""
    with warnings.catch_warnings():
        # Threads that PyTorch may have started in other tests are not there in the child, and nothing here asks for them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the transaction failed by itself"
        return os.WIFSIGNALED(status)
    code = 1
    try:
        _kill_this_process_at(number)
        deed(*arguments)
        code = 0
    finally:
        os._exit(code)


def _kill_this_process_at(number: int) -> None:
    seen = [0]

    def hook(event: str, arguments: tuple) -> None:
        is_change = event in CHANGES or (event == "open" and any(letter in str(arguments[1]) for letter in WRITING))
        seen[0] += is_change
        if is_change and seen[0] > number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


@forking
@pytest.mark.parametrize("state", ["install", "update", "uninstall"])
def test_killed_at_any_moment_it_is_undone_or_finished(tmp_path: Path, state: str) -> None:
    world, plan = prepared(tmp_path / "world", state)
    before = world.snapshot()
    apply(world.home, plan.steps, world.tools())
    after, outcomes = world.snapshot(), set()
    for number in range(MORE_THAN_ANY):
        shutil.rmtree(tmp_path / "world")
        world, plan = prepared(tmp_path / "world", state)
        if not killed_at(number, apply, world.home, plan.steps, world.tools()):
            break
        said = recover(world.home)
        assert world.snapshot() == (after if said == journal.FINISHED else before), f"change {number}: {said}"
        assert recover(world.home) == ""
        outcomes.add(said)
    assert number > len(plan.steps) / 2
    assert outcomes >= {journal.UNDONE, journal.FINISHED}


@forking
@pytest.mark.parametrize("committed", [False, True], ids=["undone", "finished"])
def test_recovery_that_is_killed_itself_goes_on_where_it_was(tmp_path: Path, committed: bool) -> None:
    """Undone twice, a step could remove what another has just been given back."""
    world, plan = prepared(tmp_path / "world", "uninstall" if committed else "update")
    wanted = world.snapshot()
    if committed:
        apply(world.home, plan.steps, world.tools())
        wanted = world.snapshot()
    for number in range(MORE_THAN_ANY):
        shutil.rmtree(tmp_path / "world")
        world, plan = prepared(tmp_path / "world", "uninstall" if committed else "update")
        left_behind(world, plan.steps, committed=committed)
        was_killed = killed_at(number, recover, world.home)
        recover(world.home)
        assert world.snapshot() == wanted, f"change {number}"
        if not was_killed:
            break
    assert number > 3


def left_behind(world: World, steps: Sequence[Step], *, committed: bool = False) -> None:
    """The steps done, and a journal of them that nobody has settled."""
    opened = Journal.begin(world.home, [step.path for step in steps if isinstance(step, TidyFolder)])
    for step in steps:
        opened.intend(step.undo())
        step.do(world.tools())
    if committed:
        opened.commit([step.ending() for step in steps if step.ending()])
    opened._stream.close()


def test_a_line_that_is_cut_off_belongs_to_a_step_that_has_not_begun(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    before, folder = world.snapshot(), world.user / "folder"
    left_behind(world, [MakeFolder(folder), WriteFile(folder / "new.txt", b"new")])
    path = find(world.home)
    whole = path.read_bytes()
    second = whole.index(b"\n", whole.index(b"\n") + 1) + 1
    for length in range(len(whole)):
        shutil.rmtree(folder, ignore_errors=True)
        if length >= second:
            folder.mkdir()
        path.write_bytes(whole[:length])
        assert recover(world.home) == journal.UNDONE
        assert world.snapshot() == before, whole[:length]


def test_what_the_user_has_changed_since_is_not_undone(tmp_path: Path) -> None:
    world, plan = prepared(tmp_path, "update")
    written = next(step for step in plan.steps if isinstance(step, WriteFile) and step.path.name == "menu.py")
    left_behind(world, plan.steps[: plan.steps.index(written) + 1])
    written.path.write_text("mine since then", encoding="utf-8")
    assert recover(world.home) == journal.UNDONE
    assert written.path.read_text(encoding="utf-8") == "mine since then"


def test_a_second_installer_waits_for_the_first(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    opened = Journal.begin(world.home)
    with pytest.raises(InstallerError, match="Another installer is at work"):
        install(world)
    with pytest.raises(InstallerError, match="Another installer is at work"):
        recover(world.home)
    assert opened.settle() is False
    install(world)


@pytest.mark.parametrize("reason", [errno.EACCES, errno.ENOSPC])
def test_where_none_can_be_written_it_says_so_and_nothing_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    def refuse(path: Path, *arguments: object, **options: object) -> IO[str]:
        if reason == errno.ENOSPC:
            path.touch()
            return open("/dev/full", "w", encoding="utf-8")
        raise OSError(reason, os.strerror(reason), str(path))

    world = World(tmp_path)
    before = world.snapshot()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        with pytest.raises(InstallerError, match=f"{os.strerror(reason)}.*RESTYLE_HOME"):
            apply(world.home, [MakeFolder(world.home)], world.tools())
    assert world.snapshot() == before


def test_a_journal_that_is_none_is_named_and_nothing_is_touched(tmp_path: Path) -> None:
    world = world_of(tmp_path, "linux")
    path = world.user / (journal.NAME % journal._key(world.home))
    path.write_text("what is this?\n", encoding="utf-8")
    before = world.snapshot()
    with pytest.raises(InstallerError, match="cannot be understood"):
        recover(world.home)
    assert world.snapshot() == before


def test_what_cannot_be_put_back_now_is_put_back_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world, plan = prepared(tmp_path, "update")
    before = world.snapshot()
    left_behind(world, plan.steps)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda source, target: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(InstallerError, match="No space left"):
            recover(world.home)
    assert recover(world.home) == journal.UNDONE
    assert world.snapshot() == before


@pytest.mark.parametrize("command", ["install", "uninstall", "doctor"])
def test_each_command_settles_what_was_interrupted_before_anything_else(tmp_path: Path, command: str) -> None:
    home = tmp_path / "restyle"
    world = World(tmp_path / "world")
    opened = Journal.begin(home)
    for step in (MakeFolder(home), WriteFile(home / "half.txt", b"half")):
        opened.intend(step.undo())
        step.do(world.tools())
    opened._stream.close()
    done = installer(tmp_path, command, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert (home / "half.txt").is_file(), "a dry run changed something"
    options = {"install": ["--python", sys.executable, "--json"], "uninstall": ["--json"], "doctor": ["--json"]}[command]
    done = installer(tmp_path, command, *options)
    assert not (home / "half.txt").exists(), done.stdout + done.stderr
    assert find(home) is None


def installer(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    """The installer for a user whose folder is `root`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RESTYLE_", "GIMP", "XDG_"))}
    # No GIMP on this PATH: asking them takes seconds, and is not what this is about.
    env = dict(kept, HOME=str(root), RESTYLE_HOME=str(root / "restyle"), PATH=str(root))
    return subprocess.run([sys.executable, str(HERE.root / "installer"), *arguments], capture_output=True, text=True, env=env)


@pytest.mark.skipif(os.name != "posix", reason="sessions are POSIX's")
def test_pip_and_all_that_it_started_end_with_an_installer_that_is_killed(tmp_path: Path) -> None:
    sleeper = "import os, pathlib, signal, sys; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); signal.pause()"
    parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[2], sys.argv[1]])"
    words = [sys.executable, "-c", parent, str(tmp_path / "grandchild"), sleeper]
    code = f"from restyle_installer.runner import Runner; Runner().run({words!r}, leashed=True, timeout_s=600)"
    env = dict(os.environ, PYTHONPATH=os.pathsep.join(map(str, [HERE.root / "installer", HERE.plugin])))
    installer = subprocess.Popen([sys.executable, "-c", code], env=env)
    eventually(lambda: (tmp_path / "grandchild").is_file() and (tmp_path / "grandchild").read_text())
    pid = int((tmp_path / "grandchild").read_text())
    installer.kill()
    installer.wait()
    eventually(lambda: not runs(pid))


def eventually(question: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not question():
        assert time.monotonic() < ends
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Whether it has not ended; one that nobody has waited for yet has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def test_a_leashed_program_answers_like_any_other(tmp_path: Path) -> None:
    done = Runner().run([sys.executable, "-c", "import sys; print('said'); sys.exit(3)"], leashed=True)
    assert (done.code, done.output) == (3, "said\n")
    assert done.argv[0] == sys.executable
    assert Runner().run(["/no/such/program"], leashed=True).code == 127
    assert Runner().run([sys.executable, "-c", "import signal; signal.pause()"], leashed=True, timeout_s=1).code == 124
