"""A server process that other computers reach, with the tests' filter, which inverts: ``python served_far.py HOME``.

A job of 100 steps never ends by itself.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.core.service import served
from tests.core.service.fakes import INVERT

from restyle.contract.result import Result
from restyle.service.__main__ import serve
from restyle.service.service import Settings


class Runner(served.Runner):
    def __call__(self, use, images, progress):
        super().__call__(use, images, progress)
        progress.note("Inverted.")
        content = images[use.inputs["content"]].as_image()
        return Result({"result": content.with_pixels(1 - content.pixels)})


if __name__ == "__main__":
    home = Path(sys.argv[1])
    settings = Settings(lease_s=3, jobs_of_a_member=2, bytes_of_a_member=1 << 20)
    sys.exit(serve(home, settings, Runner(), (INVERT,), place="127.0.0.1:0"))
