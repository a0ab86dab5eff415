"""``restyle video``: whatever a video has beside its pictures is there afterwards, and no work is done twice or lost."""

import sys

import numpy as np
import pytest
from tests.core.video.command import UNCHANGED, difference, frames, packets, times, video
from tests.core.video.conftest import HEIGHT, RATE, WIDTH, pictures

from restyle.cli import main
from restyle.contract.errors import InvalidInput, MissingLibrary
from restyle.contract.request import Request
from restyle.video.library import library
from restyle.video.source import Source


def test_pictures_sound_and_times_are_kept(av, make_video, tmp_path, capsys):
    path, output = make_video("in.mp4", sound="aac"), tmp_path / "out.mp4"
    assert video(path, output) == 0
    (before, given), (after, made) = frames(av, path), frames(av, output)
    assert times(after) == times(before)
    assert after[-1].duration == before[-1].duration
    assert max(map(difference, given, made)) < 3
    assert packets(av, output, "audio") == packets(av, path, "audio")
    assert "8 frames" in capsys.readouterr().out
    assert sorted(item.name for item in tmp_path.iterdir()) == ["in.mp4", "out.mp4"]


def test_a_filter_changes_the_pictures(av, make_video, tmp_path):
    path, output = make_video("in.mp4", 3), tmp_path / "out.mp4"
    assert main(["video", "fast-style", str(path), "-o", str(output)]) == 0
    assert difference(frames(av, path)[1][0], frames(av, output)[1][0]) > 10


def test_frames_of_uneven_length_keep_their_times(av, make_video, tmp_path):
    uneven = [0, 3000, 12000, 13500, 60000, 61000, 180000, 181500]
    path, output = make_video("in.mp4", times=uneven), tmp_path / "out.mp4"
    assert video(path, output) == 0
    assert times(frames(av, output)[0]) == [round(time / 90000, 4) for time in uneven]


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_a_turned_video_is_seen_upright_and_stays_turned(av, make_video, tmp_path, shown, ending):
    path, output = make_video("in.mp4", 3, turns=1), tmp_path / f"out.{ending}"
    assert video(path, output) == 0
    assert (shown[0].height, shown[0].width) == (HEIGHT, WIDTH)
    upright = shown[0].pixels[0].permute(1, 2, 0).numpy() * 255
    assert difference(upright, pictures(1)[0]) < 8
    (before, given), (after, made) = frames(av, path), frames(av, output)
    assert [frame.rotation for frame in after] == [frame.rotation for frame in before] == [90] * 3
    assert max(map(difference, given, made)) < 3


@pytest.mark.parametrize("colours", [(1, 1, 1, 1), (9, 16, 9, 1), (1, 1, 1, 2)])
def test_colours_and_what_the_file_says_of_them_stay(av, make_video, tmp_path, colours):
    path, output = make_video("in.mp4", 2, colours=colours), tmp_path / "out.mp4"
    assert video(path, output) == 0
    (before, given), (after, made) = frames(av, path), frames(av, output)
    told = [[f.color_primaries, f.color_trc, f.colorspace, f.color_range] for f in (before[0], after[0])]
    assert told == [list(colours)] * 2
    assert max(map(difference, given, made)) < 3


def test_more_than_eight_bits_are_kept(av, make_video, tmp_path):
    path, output = make_video("in.mkv", 2, pixels="yuv420p10le"), tmp_path / "out.mkv"
    assert video(path, output) == 0
    assert frames(av, output)[0][0].format.name == "yuv420p10le"


def test_transparency_is_kept_where_the_file_can_hold_it(av, make_video, tmp_path, capsys):
    path = make_video("in.webm", 3, codec="libvpx-vp9", pixels="yuva420p", alpha=True, sound="libopus")
    for name in ("out.webm", "out.mov"):
        assert video(path, tmp_path / name) == 0
        source = Source(tmp_path / name)
        alpha = source.image(next(source.frames())).alpha
        assert float(alpha[..., : WIDTH // 2 - 4].max()) < 0.1
        assert float(alpha[..., WIDTH // 2 + 4 :].min()) > 0.9
    assert packets(av, tmp_path / "out.webm", "audio") == packets(av, path, "audio")
    assert "transparency" not in capsys.readouterr().err
    assert video(path, tmp_path / "out.mp4") == 0
    assert "holds no transparency" in capsys.readouterr().err


def test_subtitles_are_copied_where_there_is_a_place_for_them(av, make_video, tmp_path, capsys):
    path = make_video("in.mkv", subtitles="srt")
    assert video(path, tmp_path / "out.mkv") == 0
    assert [data for data, _ in packets(av, tmp_path / "out.mkv", "subtitles")] == [b"A cat."]
    assert video(path, tmp_path / "out.mp4") == 0
    assert "no place for subtitle" in capsys.readouterr().err


def test_one_frame_is_a_video(av, make_video, tmp_path):
    path, output = make_video("in.mp4", 1), tmp_path / "out.mp4"
    assert video(path, output) == 0
    assert len(frames(av, output)[0]) == 1


def test_odd_sides_are_no_matter(av, make_video, tmp_path):
    path = make_video("in.mkv", 2, codec="ffv1", pixels="bgr0", turns=0)
    cut = tmp_path / "odd.mkv"
    with av.open(str(cut), "w") as container:
        stream = container.add_stream("ffv1", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 63, 47, "bgr0"
        for picture in frames(av, path)[1]:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:47, :63]), "rgb24")))
        container.mux(stream.encode(None))
    for name in ("out.mp4", "out.webm"):
        assert video(cut, tmp_path / name) == 0
        assert frames(av, tmp_path / name)[1][0].shape == (47, 63, 3)


def test_of_a_torn_file_what_can_be_read_is_worked_on(av, make_video, tmp_path, capsys):
    path = make_video("in.mkv", 3 * RATE, sound="aac")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    assert video(path, tmp_path / "out.mkv") == 0
    assert 2 <= len(frames(av, tmp_path / "out.mkv")[0]) < 3 * RATE
    said = capsys.readouterr().err
    assert "breaks off" in said or "pictures end after" in said or "damaged" in said


@pytest.mark.parametrize(
    ("name", "content"), [("in.mp4", b"no video"), ("in.mp4", b""), ("words.srt", b"1\n00:00:00,1 --> 00:00:01,0\nA\n")]
)
def test_what_is_no_video_says_so(av, tmp_path, capsys, name, content):
    (tmp_path / name).write_bytes(content)
    assert video(tmp_path / name, tmp_path / "out.mp4") == 1
    assert str(tmp_path / name) in capsys.readouterr().err
    assert not (tmp_path / "out.mp4").exists()


def test_a_file_that_is_torn_before_its_table_says_so(av, make_video, tmp_path, capsys):
    path = make_video("in.mp4", RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert video(path, tmp_path / "out.mp4") == 1
    assert str(path) in capsys.readouterr().err
    assert sorted(item.name for item in tmp_path.iterdir()) == ["in.mp4"]


def test_a_preview_is_one_second_from_there(av, make_video, tmp_path):
    path, output = make_video("in.mp4", 3 * RATE, sound="aac"), tmp_path / "out.mp4"
    assert video(path, output, *UNCHANGED, "--preview", "0:01") == 0
    preview = tmp_path / "out-preview.mp4"
    (_, given), (after, made) = frames(av, path), frames(av, preview)
    assert len(made) == RATE
    assert after[0].time == pytest.approx(0, abs=0.05)
    assert difference(made[0], given[RATE]) < 3
    assert 0.8 < len(packets(av, preview, "audio")) * 1024 / 48000 < 1.2
    assert not output.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "out.gif"], "the ending of a video"),
        (["-o", "in.mp4"], "take the place"),
        (["-o", "out.mp4", "--preview", "99"], "no frame"),
    ],
)
def test_what_cannot_be_is_said(make_video, tmp_path, monkeypatch, capsys, words, said):
    make_video("in.mp4", 2)
    monkeypatch.chdir(tmp_path)
    assert main(["video", "enhance-photo", "in.mp4", *words]) == 1
    assert said in capsys.readouterr().err


def test_a_request_is_a_recipe_for_a_video(av, make_video, tmp_path):
    path, look = make_video("in.mp4", 2), tmp_path / "look.json"
    request = Request(filter="enhance-photo", inputs={"content": "other.jpg"}, params={"strength": 0})
    look.write_text(request.model_dump_json())
    assert main(["video", "--request", str(look), str(path), "-o", str(tmp_path / "out.mp4")]) == 0
    assert difference(frames(av, path)[1][0], frames(av, tmp_path / "out.mp4")[1][0]) < 3


def test_without_pyav_one_sentence_says_what_to_do(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingLibrary, match="pip install av"):
        library()
    assert video(tmp_path / "in.mp4", tmp_path / "out.mp4") == 1


def test_help_tells_of_a_filters_settings(capsys):
    assert main(["video"]) == 0
    assert "--preview" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["video", "fast-style", "--help"])
    assert "--style-name" in capsys.readouterr().out


def test_a_source_without_pictures_is_refused(av, tmp_path):
    path = tmp_path / "sound.mka"
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(InvalidInput, match="no moving pictures"):
        Source(path)
