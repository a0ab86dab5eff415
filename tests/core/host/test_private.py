"""Folders of one user alone."""

import os
import stat
import sys

import pytest

from restyle.contract.errors import HomeUnusable
from restyle.host.private import private_folder, use_private_caches

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@unix_only
def test_whatever_the_umask_all_that_is_made_is_its_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        private_folder(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    assert {mode(tmp_path / part) for part in ("a", "a/b", "a/b/c")} == {0o700}


@unix_only
def test_a_folder_that_others_could_enter_is_closed_and_its_parents_are_left(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for part in ("a", "a/b"):
        (tmp_path / part).chmod(0o755)
    private_folder(tmp_path / "a" / "b")
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == (0o755, 0o700)


@unix_only
def test_a_folder_of_another_user_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(HomeUnusable, match="another user"):
        private_folder(tmp_path)


def test_what_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnusable, match="RESTYLE_HOME"):
        private_folder(tmp_path / "file" / "folder")


def test_caches_of_pytorch_lie_in_the_home_unless_the_user_chose_others(tmp_path):
    environ = {"TRITON_CACHE_DIR": "/mine"}
    use_private_caches(tmp_path, environ)
    assert environ["TORCHINDUCTOR_CACHE_DIR"] == str(tmp_path / "cache" / "inductor")
    assert environ["TRITON_CACHE_DIR"] == "/mine"
