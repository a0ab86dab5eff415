"""Each defect that is planted is found, named, and comes with a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from restyle_installer import doctor, flatpak
from restyle_installer.apply import apply
from restyle_installer.doctor.report import anonymous
from restyle_installer.installation import Installation
from restyle_installer.plan import plan_install
from restyle_installer.record import FILE
from tests.installer.world import FakeRunner, World, quiet_console, world_of

CORE = {
    "restyle": "1.0.0",
    "libraries": {"torch": "2.13.0+cpu"},
    "device": "cpu",
    "precision": "float32",
    "memory": "8 GiB to use",
}
PROCEDURE = "python-fu-restyle-neural-style"


def gimp(version: str, answer: str):
    """A GIMP that tells its version, and else what it was told to say."""
    said = f"GNU Image Manipulation Program version {version}\n"
    return lambda argv, options: (0, said if "--version" in argv else answer)


def env_python(core: object, models=(0, "compact-encoder  ok"), version=(0, "3.11.9\n")):
    def answer(argv, options):
        if "models" in argv:
            return models
        if "doctor" in argv:
            return (0, json.dumps(core)) if isinstance(core, dict) else (1, str(core))
        return version

    return answer


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A healthy installation for GIMP 2.10 and 3.0."""
    world = world_of(tmp_path, "linux")
    apply(world.home, plan_install(world.facts(), world.wanted()).steps, world.tools())
    Path(world.wanted().python).chmod(0o755)
    (world.home / "server").mkdir(mode=0o700)
    return world


def answers(**changed) -> dict:
    healthy = {
        "gimp-console-3.0": gimp("3.0.4", f"script-fu-Warning: RESTYLE-PROOF {PROCEDURE} \n"),
        "gimp-console-2.10": gimp("2.10.34", f"script-fu-Warning: RESTYLE-PROOF {PROCEDURE} \n"),
        "python3": (0, ""),
        "python": env_python(CORE),
    }
    return dict(healthy, **changed)


def examine(world: World, programs: dict, monkeypatch: pytest.MonkeyPatch) -> dict:
    """name → finding, where the server of the installation answers."""
    health = {"version": "1.0.0", "state": "ready"}
    monkeypatch.setattr("restyle_installer.doctor.server._health", lambda home: health)
    work = Installation(world.checkout, world.place, FakeRunner(programs), quiet_console())
    found = doctor.examine(work)
    for finding in found:
        assert finding.sentence
        assert finding.remedy or finding.level == "ok", finding
    return {finding.name: finding for finding in found if finding.level != "ok"}


def test_a_healthy_installation_has_no_findings(world: World, monkeypatch) -> None:
    assert examine(world, answers(), monkeypatch) == {}


PLUGIN = ".config/GIMP/3.0/plug-ins/restyle"


def not_installed(world: World) -> None:
    (world.home / FILE).unlink()


def plugin_removed(world: World) -> None:
    (world.user / PLUGIN).rename(world.user / "elsewhere")


def entry_removed(world: World) -> None:
    (world.user / PLUGIN / "restyle.py").unlink()


def not_executable(world: World) -> None:
    (world.user / PLUGIN / "restyle.py").chmod(0o644)


def file_changed(world: World) -> None:
    (world.user / PLUGIN / "restyle_plugin/menu.py").write_text("changed", encoding="utf-8")


def file_missing(world: World) -> None:
    (world.user / PLUGIN / "restyle_plugin/menu.py").unlink()


def second_copy(world: World) -> None:
    (world.user / ".config/GIMP/3.0/plug-ins/restyle-main/restyle_plugin").mkdir(parents=True)


def settings_broken(world: World) -> None:
    (world.user / PLUGIN / "restyle_plugin/settings.json").write_text("{", encoding="utf-8")


def python_removed(world: World) -> None:
    Path(world.wanted().python).unlink()


def other_home(world: World) -> None:
    path = world.user / PLUGIN / "restyle_plugin/settings.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(dict(settings, home="/elsewhere")), encoding="utf-8")


def open_to_others(world: World) -> None:
    (world.home / "server").chmod(0o755)


def error_in_the_log(world: World) -> None:
    text = "2026-01-01 12:00:00,000 ERROR worker restyle: out of memory\n2026-01-01 12:00:01,000 INFO next\n"
    (world.home / "server" / "server.log").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("plant", "name", "level", "words"),
    [
        (not_installed, "installation", "fail", "not installed"),
        (plugin_removed, "plug-in in GIMP 3.0", "fail", "is not there"),
        (entry_removed, "plug-in in GIMP 3.0", "fail", "has no restyle.py"),
        (not_executable, "plug-in in GIMP 3.0", "fail", "may not be executed"),
        (file_changed, "plug-in in GIMP 3.0", "fail", "changed: restyle_plugin/menu.py"),
        (file_missing, "plug-in in GIMP 3.0", "fail", "missing: restyle_plugin/menu.py"),
        (second_copy, "plug-in folder", "warn", "another copy"),
        (settings_broken, "settings", "fail", "cannot be read"),
        (python_removed, "settings", "fail", "names a Python that is not there"),
        (other_home, "settings", "fail", "names another home"),
        (open_to_others, "rights", "fail", "can be read by others"),
        (error_in_the_log, "log", "warn", "out of memory"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_defect_of_the_files_is_found(world: World, monkeypatch, plant, name: str, level: str, words: str) -> None:
    plant(world)
    found = examine(world, answers(), monkeypatch)
    assert found[name].level == level
    assert words in found[name].sentence


@pytest.mark.parametrize(
    ("programs", "name", "words"),
    [
        ({"python": env_python(CORE, version=(127, "No such file or directory"))}, "Python", "does not run"),
        ({"python": env_python("ImportError: libgomp.so.1: cannot open")}, "PyTorch", "libgomp"),
        ({"python": env_python(dict(CORE, restyle="0.9.0"))}, "versions", "the core is 0.9.0"),
        ({"python": env_python(CORE, models=(1, "vgg19: the file is damaged"))}, "weights", "vgg19"),
        ({"python3": (1, "ModuleNotFoundError: No module named 'gi'")}, "python3", "No module named 'gi'"),
        ({"gimp-console-3.0": gimp("3.0.4", "script-fu-Warning: RESTYLE-PROOF \n")}, "proof in GIMP 3.0.4", PROCEDURE),
    ],
)
def test_a_defect_of_the_programs_is_found(world: World, monkeypatch, programs: dict, name: str, words: str) -> None:
    found = examine(world, answers(**programs), monkeypatch)
    assert found[name].level == "fail"
    assert words in found[name].sentence


def test_a_gpu_that_pytorch_cannot_use_is_mentioned(world: World, monkeypatch) -> None:
    found = examine(world, answers(**{"nvidia-smi": (0, "CUDA Version: 11.4")}), monkeypatch)
    assert found["device"].level == "warn"


def test_a_gimp_that_says_nothing_is_a_warning_not_a_proof(world: World, monkeypatch) -> None:
    found = examine(world, answers(**{"gimp-console-2.10": gimp("2.10.34", "cannot open display")}), monkeypatch)
    assert found["proof in GIMP 2.10.34"].level == "warn"


def test_a_machine_without_gimp_is_told_to_get_one(world: World, monkeypatch) -> None:
    programs = {name: answer for name, answer in answers().items() if not name.startswith("gimp")}
    assert examine(world, programs, monkeypatch)["proof"].level == "warn"


def test_a_record_that_cannot_be_read_is_a_finding_not_a_crash(world: World, monkeypatch) -> None:
    (world.home / FILE).write_text("{", encoding="utf-8")
    assert "cannot be read" in examine(world, answers(), monkeypatch)["installation"].sentence


def test_a_flatpak_gimp_without_permission_is_found(tmp_path: Path, monkeypatch) -> None:
    world = world_of(tmp_path, "flatpak")
    apply(world.home, plan_install(world.facts(), world.wanted()).steps, world.tools())
    Path(world.wanted().python).chmod(0o755)
    assert "Flatpak" not in examine(world, answers(), monkeypatch)
    flatpak.overrides_file(world.user).unlink()
    finding = examine(world, answers(), monkeypatch)["Flatpak"]
    assert finding.level == "fail"
    assert "flatpak override --user --talk-name=org.freedesktop.Flatpak org.gimp.GIMP" in finding.remedy


def test_a_server_that_does_not_start_says_why(world: World) -> None:
    python = Path(world.wanted().python)
    python.write_text("#!/bin/sh\necho 'OSError: no space' >&2\nexit 3\n", encoding="utf-8")
    work = Installation(world.checkout, world.place, FakeRunner(answers()), quiet_console())
    found = {finding.name: finding for finding in doctor.examine(work)}
    assert found["server"].level == "fail"
    assert "OSError: no space" in found["server"].sentence


def test_the_exit_code_tells_whether_something_failed(world: World, monkeypatch) -> None:
    monkeypatch.setattr("restyle_installer.doctor.server._health", lambda home: {"version": "1.0.0"})
    work = Installation(world.checkout, world.place, FakeRunner(answers()), quiet_console())
    assert doctor.doctor(work) == 0
    not_executable(world)
    assert doctor.doctor(work) == 1


def test_json_holds_every_finding(world: World, monkeypatch) -> None:
    monkeypatch.setattr("restyle_installer.doctor.server._health", lambda home: {"version": "1.0.0"})
    console = quiet_console()
    work = Installation(world.checkout, world.place, FakeRunner(answers()), console)
    doctor.doctor(work, as_json=True)
    found = json.loads(console._stream.getvalue())
    assert {"name", "level", "sentence", "remedy"} == set(found[0])
    assert {"proof in GIMP 3.0.4", "proof in GIMP 2.10.34"} <= {one["name"] for one in found}


def test_a_dry_run_checks_nothing(world: World) -> None:
    runner = FakeRunner(answers())
    work = Installation(world.checkout, world.place, runner, quiet_console())
    before = list(runner.ran)
    assert doctor.doctor(work, dry_run=True) == 0
    assert runner.ran == before


def test_the_report_says_nothing_about_the_person(world: World, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr("restyle_installer.doctor.server._health", lambda home: {"version": "1.0.0"})
    monkeypatch.setattr("platform.node", lambda: "adas-laptop")
    (world.home / "server" / "server.log").write_text(
        f"ERROR reading {world.user}/Pictures/our wedding.jpg on adas-laptop\n", encoding="utf-8"
    )
    work = Installation(world.checkout, world.place, FakeRunner(answers()), quiet_console())
    report = tmp_path / "report.txt"
    doctor.doctor(work, report=str(report))
    text = report.read_text(encoding="utf-8")
    assert "ERROR reading" in text
    for private in (str(world.user), "wedding", "adas-laptop"):
        assert private not in text


def test_windows_paths_are_hidden_in_json_too() -> None:
    class Folder:
        def __str__(self) -> str:
            return "C:\\Users\\ada"

        def resolve(self) -> Folder:
            return self

    class Place:
        user_home = Folder()

    assert "ada" not in anonymous('{"path": "C:\\\\Users\\\\ada\\\\restyle"} C:\\Users\\ada C:/Users/ada', Place)
