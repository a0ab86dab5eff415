"""Videos, made here: a camera goes over a photo."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import skimage.data

from restyle.engine.sequence import Sequence

WIDTH, HEIGHT = 96, 64
RATE = 24


@pytest.fixture(scope="session")
def av():
    """PyAV, where it is here."""
    return pytest.importorskip("av")


def pictures(count, turns=0):
    """What the camera sees, uint8 (H, W, 3), turned so many quarters to the left."""
    photo = skimage.data.chelsea()
    return [np.rot90(photo[80 : 80 + HEIGHT, 100 + 2 * i : 100 + 2 * i + WIDTH], turns).copy() for i in range(count)]


@pytest.fixture
def make_video(av, tmp_path):
    """Writes a video; ``times`` in 90000ths of a second, ``sound`` and ``subtitles`` beside the pictures."""

    def make(
        name,
        count=8,
        *,
        codec="libx264",
        pixels="yuv420p",
        sound="",
        subtitles="",
        times=None,
        turns=0,
        colours=None,
        alpha=False,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=RATE)
            seen = pictures(count, -turns)
            stream.height, stream.width = seen[0].shape[:2]
            stream.pix_fmt = pixels
            context = stream.codec_context
            context.time_base = Fraction(1, 90000)
            if colours:
                context.color_primaries, context.color_trc, context.colorspace, context.color_range = colours
            if turns:
                stream.set_display_rotation(90 * turns)
            voice = container.add_stream(sound, rate=48000) if sound else None
            words = _subtitle_stream(av, container, tmp_path) if subtitles else None
            for i, picture in enumerate(seen):
                if alpha:
                    opacity = np.full(picture.shape[:2], 255, np.uint8)
                    opacity[:, : WIDTH // 2] = 0
                    picture = np.dstack([picture, opacity])
                frame = av.VideoFrame.from_ndarray(picture, "rgba" if alpha else "rgb24")
                frame = frame.reformat(format=pixels, dst_colorspace=colours[2] if colours else 5)
                frame.pts, frame.time_base = (times or range(0, 90000 * count, 90000 // RATE))[i], Fraction(1, 90000)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
            if voice:
                _speak(av, container, voice, count / RATE)
            if words:
                _write_words(av, container, words)
        return path

    return make


@pytest.fixture
def shown(monkeypatch):
    """The frames that a filter was really asked for, as they are when it sees them."""
    seen = []
    real = Sequence.next

    def look(self, frame):
        seen.append(frame)
        return real(self, frame)

    monkeypatch.setattr(Sequence, "next", look)
    return seen


def _speak(av, container, stream, seconds):
    size = stream.codec_context.frame_size or 960
    layout = stream.codec_context.format.name
    for start in range(0, int(48000 * seconds), size):
        wave = np.sin(np.arange(start, start + size) * 0.05) * 0.3
        samples = np.float32(wave)[None].repeat(2, 0) if layout == "fltp" else np.int16(wave * 32767)[None].repeat(2, 1)
        frame = av.AudioFrame.from_ndarray(samples.copy(), layout, "stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _subtitle_stream(av, container, folder):
    text = folder / "words.srt"
    text.write_text("1\n00:00:00,100 --> 00:00:00,200\nA cat.\n\n")
    given = av.open(str(text))
    return given, container.add_stream_from_template(given.streams.subtitles[0])


def _write_words(av, container, words):
    given, stream = words
    with given:
        for packet in given.demux():
            if packet.size:
                packet.stream = stream
                container.mux(packet)
