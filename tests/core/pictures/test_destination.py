"""Whether a result can be saved is known before the work begins, and a painting that cannot be saved is not lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from restyle.contract.errors import OutputUnwritable, PaintingRescued
from restyle.pictures.destination import Destination
from restyle.pictures.files import Metadata, open_image, save_image, save_or_rescue
from restyle.pictures.files.exif import Exif
from restyle.pictures.files.tiff_directories import Entry
from restyle.pictures.image import Image

PAINTING = Image(torch.rand(1, 3, 8, 12, generator=torch.Generator().manual_seed(0)))
needs_rights = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is forbidden to root")


def full_exif(size: int) -> bytes:
    return Exif("<", {315: Entry(2, 4, b"Ada\0")}, {37500: Entry(7, size, bytes(size))}).to_bytes()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.xyz", "ending"),
        ("a", "ending"),
        ("nowhere/a.png", "No such file"),
        ("file.txt/a.png", "Not a directory"),
        ("folder.png", "it is a folder"),
        ("x" * 300 + ".png", "name too long"),
        ("loop.png", "symbolic links"),
        ("into_nowhere.png", "No such file"),
        ("a\0b.png", "null byte"),
    ],
)
def test_what_can_never_be_saved_is_said_beforehand(tmp_path, name, reason):
    (tmp_path / "file.txt").write_text("hi")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    (tmp_path / "into_nowhere.png").symlink_to(tmp_path / "nowhere" / "b.png")
    with pytest.raises(OutputUnwritable, match=reason):
        Destination.at(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_no_destination(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(OutputUnwritable, match="no file"):
        Destination.at(tmp_path / "a.png")


@needs_rights
def test_folders_and_files_that_must_not_be_written_are_said_beforehand(tmp_path):
    (tmp_path / "a.png").touch(mode=0o444)
    with pytest.raises(OutputUnwritable, match="protected"):
        Destination.at(tmp_path / "a.png")
    (tmp_path / "closed").mkdir(mode=0o555)
    with pytest.raises(OutputUnwritable, match="Permission denied"):
        Destination.at(tmp_path / "closed" / "a.png")


def test_a_disk_without_room_or_rights_is_said_beforehand(tmp_path, monkeypatch):
    real_open = Path.open
    for number in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):

        def refuse(path, mode="r", *args, number=number, **kwargs):
            if "x" in mode:
                raise OSError(number, os.strerror(number))
            return real_open(path, mode, *args, **kwargs)

        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(OutputUnwritable, match=os.strerror(number)):
            Destination.at(tmp_path / "a.png")


def test_checking_leaves_nothing_behind_and_changes_nothing(tmp_path):
    (tmp_path / "a.png").write_bytes(b"old")
    Destination.at(tmp_path / "a.png")
    Destination.at(tmp_path / "b.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"old"


def test_checking_loads_neither_torch_nor_pillow(tmp_path):
    program = (
        "import sys; from restyle.pictures.destination import Destination; "
        f"Destination.at({str(tmp_path / 'a.png')!r}); print([name for name in ('torch', 'PIL', 'numpy') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("name", "most"), [("a.webp", 16383), ("a.jpg", 65500), ("a.JPEG", 65500)])
def test_formats_say_beforehand_what_they_have_no_room_for(tmp_path, name, most):
    destination = Destination.at(tmp_path / name)
    destination.check_size(most, 1)
    for size in ((most + 1, 1), (1, most + 1)):
        with pytest.raises(OutputUnwritable, match=str(most)):
            destination.check_size(*size)


@pytest.mark.parametrize("name", ["a.webp", "a.jpg"])
def test_the_widest_picture_of_a_format_is_saved(tmp_path, name):
    most = Destination.at(tmp_path / name).form.most_px
    save_image(Image(torch.zeros(1, 3, 1, most)), tmp_path / name)
    assert open_image(tmp_path / name)[0].width == most


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_links_are_written_through(tmp_path, suffix):
    (tmp_path / "store").mkdir()
    real, link = tmp_path / "store" / "data", tmp_path / f"a{suffix}"
    link.symlink_to(real)
    for _ in range(2):
        save_image(PAINTING, link)
        assert link.is_symlink()
        assert open_image(real)[0].width == 12
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["data"]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_the_longest_names_are_written(tmp_path, suffix):
    for path in (tmp_path / ("x" * (255 - len(suffix)) + suffix), tmp_path / ("é" * ((255 - len(suffix)) // 2) + suffix)):
        save_image(PAINTING, Destination.at(path))
        assert open_image(path)[0].width == 12


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode here")
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_names_that_are_no_utf_8_are_written_and_read(tmp_path, suffix):
    path = tmp_path / os.fsdecode(b"gem\xe4lde" + suffix.encode())
    save_image(PAINTING, Destination.at(path))
    assert open_image(path)[0].width == 12


def test_exif_that_jpeg_has_no_room_for_is_left_out_with_a_note(tmp_path):
    exif = full_exif(70_000)
    (note,) = save_image(PAINTING, tmp_path / "a.jpg", Metadata(exif=exif))
    assert "EXIF" in note
    assert open_image(tmp_path / "a.jpg")[1].exif is None
    for suffix in (".png", ".tif", ".webp"):
        assert save_image(PAINTING, tmp_path / f"a{suffix}", Metadata(exif=exif)) == ()
        assert open_image(tmp_path / f"a{suffix}")[1].exif == exif


def test_a_painting_that_cannot_be_saved_is_kept_and_the_error_says_where(tmp_path):
    folder, home = tmp_path / "out", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    destination = Destination.at(folder / "a.png")
    folder.rmdir()
    for name in ("a-rescued.png", "a-rescued-2.png"):
        with pytest.raises(PaintingRescued, match=name) as caught:
            save_or_rescue(PAINTING, destination, folders=[tmp_path / "missing", home])
        assert caught.value.rescued == home / name
        assert open_image(home / name)[0].width == 12


def test_a_painting_is_kept_without_metadata_where_that_is_what_failed(tmp_path, monkeypatch):
    def fail_on_exif(part, samples, metadata):
        if metadata.exif:
            raise RuntimeError("no")
        part.write_bytes(b"saved")

    monkeypatch.setattr("restyle.pictures.files.writing._write_png", fail_on_exif)
    (tmp_path / "home").mkdir()
    with pytest.raises(PaintingRescued):
        save_or_rescue(PAINTING, Destination.at(tmp_path / "a.png"), Metadata(exif=full_exif(9)), folders=[tmp_path / "home"])
    assert (tmp_path / "home" / "a-rescued.png").read_bytes() == b"saved"


def test_where_no_folder_takes_the_painting_the_first_reason_is_said(tmp_path):
    (tmp_path / "out").mkdir()
    destination = Destination.at(tmp_path / "out" / "a.png")
    (tmp_path / "out").rmdir()
    with pytest.raises(OutputUnwritable, match="No such file") as caught:
        save_or_rescue(PAINTING, destination, folders=[tmp_path / "missing"])
    assert not isinstance(caught.value, PaintingRescued)
