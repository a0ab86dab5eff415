"""The GIMPs and tools that the tests run with: made once, never half, and counted on wherever they can be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from restyle_installer import chroot, provisions
from restyle_installer.chroot import RELEASES, Release
from restyle_installer.errors import InstallerError
from restyle_installer.machine import Machine
from tests.gimp.gimp3_driver import CHROOTS
from tests.installer.world import FakeRunner, quiet_console, said

ROOT_ON_DEBIAN = Machine("linux", is_root=True, has_apt=True)
FORKY = Release("forky", "3.2")
EVERYTHING = ["gimp-2.10", "window", "gimp-3.0", "gimp-3.2"]


def debootstrap(argv, options):
    """Makes a folder with a GIMP of the series that this release has, as the real one and apt do together."""
    suite, folder = argv[3:5]
    series = next(release.series for release in RELEASES if release.suite == suite)
    console = Path(folder) / "usr/bin" / ("gimp-console-" + series)
    console.parent.mkdir(parents=True)
    console.write_text("", encoding="utf-8")
    return 0, ""


def debian_with(inside=(0, ""), **programs) -> FakeRunner:
    """A Debian on which debootstrap works, and every program inside the new folder gives this answer."""
    outside = {"unshare": (0, ""), "dpkg-query": (0, "install ok installed"), "apt-cache": (0, "  Candidate: 2.10.34-1\n")}
    return FakeRunner({**outside, "debootstrap": debootstrap, "chroot": inside, **programs})


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESTYLE_TEST_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


# a folder with a GIMP


def test_a_folder_is_made_once_and_then_recognised(cache: Path) -> None:
    runner = debian_with()
    assert chroot.ensure(FORKY, ROOT_ON_DEBIAN, runner, quiet_console()) == cache / "forky"
    made = len(runner.ran)
    assert chroot.ensure(FORKY, ROOT_ON_DEBIAN, runner, quiet_console()) == cache / "forky"
    assert runner.ran[made:] == []
    assert not (cache / "forky.part").exists()


def test_a_complete_one_without_a_marker_is_recognised_by_its_gimp(cache: Path) -> None:
    debootstrap((0, 0, 0, "forky", str(cache / "forky")), {})
    runner = FakeRunner({"chroot": (0, "GNU Image Manipulation Program version 3.2.6")})
    assert chroot.ensure(FORKY, ROOT_ON_DEBIAN, runner, quiet_console()) == cache / "forky"
    assert [argv[0] for argv in runner.ran] == ["chroot"]


def test_a_half_made_one_is_made_anew(cache: Path) -> None:
    (cache / "forky" / "etc").mkdir(parents=True)
    (cache / "forky.part" / "usr").mkdir(parents=True)
    runner = debian_with()
    assert chroot.ensure(FORKY, ROOT_ON_DEBIAN, runner, quiet_console()) == cache / "forky"
    assert not (cache / "forky" / "etc").exists()
    assert chroot.is_complete(FORKY, cache / "forky", runner)


def test_a_failure_in_the_middle_is_never_taken_for_a_whole_one(cache: Path) -> None:
    with pytest.raises(InstallerError, match="no network"):
        chroot.ensure(FORKY, ROOT_ON_DEBIAN, debian_with((100, "E: no network")), quiet_console())
    assert not (cache / "forky").exists()


def test_another_mirror_is_asked_where_one_fails(cache: Path) -> None:
    def one_mirror(argv, options):
        return (1, "E: Failed getting release file") if chroot.MIRRORS[0] in argv else debootstrap(argv, options)

    console = quiet_console()
    assert chroot.ensure(FORKY, ROOT_ON_DEBIAN, debian_with(debootstrap=one_mirror), console) == cache / "forky"
    assert chroot.MIRRORS[0] + " did not do" in said(console)


def test_every_mirror_is_asked_by_https() -> None:
    assert all(mirror.startswith("https://") for mirror in chroot.MIRRORS)


def test_a_release_that_debootstrap_does_not_know_takes_the_newest_script(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(chroot, "SCRIPTS", tmp_path)
    (tmp_path / "trixie").touch()
    runner = debian_with()
    for release in RELEASES:
        chroot.ensure(release, ROOT_ON_DEBIAN, runner, quiet_console())
    last = {argv[3]: argv[-1] for argv in runner.ran if argv[0] == "debootstrap"}
    assert last == {"trixie": chroot.MIRRORS[0], "forky": str(tmp_path / "sid")}


def test_the_tests_look_where_the_installer_puts_them() -> None:
    assert {release.series: release.suite for release in RELEASES} == CHROOTS


# what tests may count on


def test_all_that_is_there_is_promised() -> None:
    assert provisions.provide(ROOT_ON_DEBIAN, debian_with(), quiet_console()) == EVERYTHING


def test_a_mirror_that_fails_hides_no_test() -> None:
    console = quiet_console()
    runner = debian_with(debootstrap=(1, "E: no network"))
    assert provisions.provide(ROOT_ON_DEBIAN, runner, console) == EVERYTHING
    assert "no network" in said(console)
    assert "GIMP 3.2 will fail and say so" in said(console)


def test_a_missing_package_hides_no_test_and_stops_no_other_package() -> None:
    runner = debian_with(**{"dpkg-query": (1, ""), "apt-get": (100, "E: Unable to locate package xvfb")})
    assert provisions.provide(ROOT_ON_DEBIAN, runner, quiet_console()) == EVERYTHING
    asked = [
        argv[argv.index("--no-install-recommends") + 1 :] for argv in runner.ran if argv[0] == "apt-get" and "install" in argv
    ]
    assert ("gimp",) in asked


def test_a_newer_systems_gimp_is_not_taken_for_the_old_one() -> None:
    runner = debian_with(**{"apt-cache": (0, "gimp:\n  Candidate: 3.0.4-3\n")})
    console = quiet_console()
    assert "gimp-2.10" not in provisions.provide(ROOT_ON_DEBIAN, runner, console)
    assert "3.0.4" in said(console)


def test_without_root_nothing_is_promised_that_is_not_there() -> None:
    console = quiet_console()
    runner = FakeRunner({"dpkg-query": (1, "")})
    assert provisions.provide(Machine("linux", has_apt=True), runner, console) == []
    assert "needs root" in said(console)


def test_where_mounts_are_forbidden_no_folder_is_made_and_it_says_so(cache: Path) -> None:
    console = quiet_console()
    runner = debian_with(unshare=(1, "unshare failed: Operation not permitted"))
    assert provisions.provide(ROOT_ON_DEBIAN, runner, console) == ["gimp-2.10", "window"]
    assert "Operation not permitted" in said(console)
    assert not cache.exists()
