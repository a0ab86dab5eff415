"""The command as tests give it, and what is in the videos that it makes."""

import numpy as np

from restyle.cli import main

UNCHANGED = ("--strength", "0")
"""Enhance Photo at no strength hands pictures through, so that all else can be compared."""


def video(path, output, *words):
    return main(["video", "enhance-photo", str(path), "-o", str(output), *map(str, words or UNCHANGED)])


def frames(av, path, **reformat):
    with av.open(str(path)) as container:
        decoded = list(container.decode(container.streams.video[0]))
        return decoded, [frame.to_ndarray(format="rgb24", **reformat) for frame in decoded]


def packets(av, path, kind):
    with av.open(str(path)) as container:
        stream = getattr(container.streams, kind)[0]
        return [(bytes(packet), float(packet.pts * packet.time_base)) for packet in container.demux(stream) if packet.size]


def difference(first, second):
    return float(np.abs(first.astype(float) - second.astype(float)).mean())


def times(decoded):
    return [round(float(frame.time), 4) for frame in decoded]
