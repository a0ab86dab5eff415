"""A server process with the tests' filter: ``python served.py HOME LEASE_S``.

A job of 100 steps never ends by itself; one of 99 comes to no step, and cannot be interrupted. Any filter is done on files by
copying its photo, with a note; where the photo is called "wait" it never ends, and one called "bad" cannot be read.
"""

import shutil
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.core.service.fakes import INVERT, FakeImage

from restyle.contract.errors import UnreadableImage
from restyle.contract.result import Result
from restyle.filters import filters
from restyle.service.__main__ import serve
from restyle.service.service import Settings


class Runner:
    """Steps until it is cancelled, or as often as the job says."""

    def rest(self):
        pass

    def warm_up(self, is_awaited):
        return "fake:0"

    def __call__(self, use, images, progress):
        params = use.params
        pause = threading.Event()
        if params.steps == 99:
            pause.wait()
        step = 0
        while params.steps == 100 or step < params.steps:
            step += 1
            progress.step(min(step, 99), of=100, message="painting")
            pause.wait(0.01)
        return Result({"result": FakeImage(bytes(6), 2, 1)})

    def next_frame(self, use, images, progress, sequence):
        return self(use, images, progress)

    def on_files(self, use, files, progress):
        photo = files.folder / use.inputs["content"]
        if photo.stem == "bad":
            raise UnreadableImage(photo)
        while photo.stem == "wait":
            progress.step(1, of=2, message="waiting")
            threading.Event().wait(0.01)
        progress.step(1, of=1, message="copying")
        shutil.copyfile(photo, files.output)
        progress.note("A copy.")


if __name__ == "__main__":
    sys.exit(serve(Path(sys.argv[1]), Settings(lease_s=float(sys.argv[2])), Runner(), (INVERT, *filters())))
