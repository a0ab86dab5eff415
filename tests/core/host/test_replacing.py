"""A file that is written anew is the new one or the old one, and nothing is left beside it."""

from pathlib import Path

import pytest

from restyle.host.replacing import replacing


def test_the_new_file_takes_the_old_one_s_place(tmp_path: Path) -> None:
    target = tmp_path / ("long" * 60 + ".txt")
    target.write_text("old")
    with replacing(target) as part:
        part.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_where_writing_fails_the_old_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    target.write_text("old")
    with pytest.raises(OSError, match="full"):
        _fail(target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def _fail(target: Path) -> None:
    with replacing(target) as part:
        part.write_text("half")
        raise OSError("full")
