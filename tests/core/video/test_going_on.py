"""A video that was stopped goes on where it was, and what ends it costs nothing that was done."""

import sys

import pytest
from tests.core.video.command import difference, frames, packets, times, video
from tests.core.video.conftest import RATE

from restyle.context import Context
from restyle.contract.errors import Cancelled, OutputUnwritable
from restyle.contract.progress import CallbackProgress
from restyle.contract.request import Request, check
from restyle.filters import find_filter
from restyle.host.device import pick_device
from restyle.video import work as work_module
from restyle.video.joining import Span
from restyle.video.source import Source
from restyle.video.work import Work


def work(path, output, progress=None, span=None):
    use = check(
        find_filter("enhance-photo"), Request(filter="enhance-photo", inputs={"content": str(path)}, params={"strength": 0})
    )
    context = Context(pick_device("cpu"), progress or CallbackProgress(lambda report: None))
    return Work(use, output, "the same", context, span or Span(), lambda standing: None)


def stopping_after(count):
    asked = iter(range(1000))
    return CallbackProgress(lambda report: None, lambda: next(asked) >= count)


def test_what_was_stopped_goes_on_where_it_was(av, make_video, tmp_path, shown):
    path = make_video("in.mp4", 10, sound="aac")
    whole, output = tmp_path / "whole.mp4", tmp_path / "out.mp4"
    work(path, whole).do()
    shown.clear()
    for _ in range(2):
        with pytest.raises(Cancelled):
            work(path, output, stopping_after(4)).do()
        assert not output.exists()
    assert work(path, output).do()[0] == 10
    assert len(shown) == 10
    (first, expected), (second, made) = frames(av, whole), frames(av, output)
    assert times(second) == times(first)
    # Each piece begins with a picture of its own, which other numbers of bits go to.
    assert max(map(difference, expected, made)) < 3
    assert packets(av, output, "audio") == packets(av, path, "audio")
    assert not list(tmp_path.glob(".*"))


def test_the_first_frame_after_a_stop_is_held_to_the_last_before_it(make_video, tmp_path, monkeypatch):
    path, output = make_video("in.mp4", 4), tmp_path / "out.mp4"
    with pytest.raises(Cancelled):
        work(path, output, stopping_after(2)).do()
    began = []
    real = work_module.sequence_of
    monkeypatch.setattr(work_module, "sequence_of", lambda *given: began.append(given[-1]) or real(*given))
    work(path, output).do()
    assert began[0] is not None
    assert float((began[0].result.pixels - began[0].frame.pixels).abs().max()) == 0


def test_pieces_are_closed_as_time_goes_and_join_without_a_seam(av, make_video, tmp_path, monkeypatch):
    monkeypatch.setattr(work_module, "PIECE_S", 0)
    path = make_video("in.webm", 4, codec="libvpx-vp9", pixels="yuva420p", alpha=True)
    for name in ("out.webm", "out.mkv"):
        assert work(path, tmp_path / name).do()[0] == 4
        assert times(frames(av, tmp_path / name)[0]) == times(frames(av, path)[0])
    assert float(Source(tmp_path / "out.mkv").image(next(Source(tmp_path / "out.mkv").frames())).alpha.min()) < 0.1


def test_other_settings_begin_anew(make_video, tmp_path, shown):
    path, output = make_video("in.mp4", 4), tmp_path / "out.mp4"
    with pytest.raises(Cancelled):
        work(path, output, stopping_after(2)).do()
    shown.clear()
    assert video(path, output) == 0
    assert len(shown) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to set")
def test_a_disk_that_fills_says_so_and_costs_nothing_that_was_done(av, make_video, tmp_path, capsys):
    import resource

    path, output = make_video("in.mp4", 8), tmp_path / "out.mp4"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, hard))
    try:
        assert video(path, output) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert capsys.readouterr().err.startswith("restyle: ")
    assert not output.exists()
    assert video(path, output) == 0
    assert len(frames(av, output)[0]) == 8


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to set")
def test_a_disk_that_fills_at_the_very_end_costs_no_frame(av, make_video, tmp_path, shown, monkeypatch):
    import resource

    monkeypatch.setattr(work_module, "PIECE_S", 0)
    path, output = make_video("in.mkv", RATE, sound="pcm_s16le"), tmp_path / "out.mkv"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # More than any piece and the frame that is kept beside it, less than a second of such sound.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OutputUnwritable):
            work(path, output).do()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(shown) == RATE
    assert not output.exists()
    assert work(path, output).do()[0] == RATE
    assert len(shown) == RATE
    assert packets(av, output, "audio") == packets(av, path, "audio")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["in.mkv", "out.mkv"]
