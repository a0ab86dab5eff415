"""Work on a video, frame after frame, so that nothing flickers.

    restyle video FILTER VIDEO -o VIDEO [--SETTING VALUE]…
    restyle video --request LOOK.json VIDEO -o VIDEO

The second takes a request that "restyle FILTER … --save-request LOOK.json" has written. Sound and subtitles are copied; times,
rotation and colours stay as they are. Stopped at any moment (Ctrl+C), the same command goes on where it was.
"--preview 1:05" makes the one second from there, into a file of its own. "restyle video FILTER --help" tells a filter's settings.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from restyle.cli.apply_filter import progress_bar
from restyle.cli.recipe import Asked, RecipeCommand
from restyle.cli.status import INTERRUPTED
from restyle.contract.errors import Cancelled, InvalidInput
from restyle.contract.progress import CallbackProgress, Report
from restyle.contract.request import check
from restyle.contract.sentence import span
from restyle.engine.fingerprint import fingerprint
from restyle.pictures.destination import writable

if TYPE_CHECKING:
    from restyle.video.work import Standing

__all__ = ["add_command"]

PREVIEW_S = 1.0

TOLD_EVERY_S = 10.0
"""Where there is no terminal to show a bar on."""

BAR_STEPS = 1000


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    RecipeCommand("video", "Work on a video, frame after frame.", __doc__ or "", "a video", _add_options, _run).add_to(commands)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="VIDEO", type=Path, help="the video to work on, of any kind that FFmpeg reads")
    parser.add_argument(
        "-o", "--output", metavar="VIDEO", required=True, type=Path, help="where the result goes: MP4, MOV, MKV or WebM"
    )
    text = "make the one second from there only, into a file that is called after the output and ends in -preview"
    parser.add_argument("--preview", metavar="[[HH:]MM:]SS", type=_seconds, help=text)


def _run(asked: Asked) -> int:
    given = asked.options
    use = check(asked.filter, asked.request(given.source))
    output = given.output if given.preview is None else given.output.with_stem(f"{given.output.stem}-preview")
    return _make(use, output, given)


def _seconds(text: str) -> float:
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 3 or any(not 0 <= part < float("inf") for part in parts):
        raise argparse.ArgumentTypeError(f"{text} is no time; give one like 12, 1:05 or 1:02:03")
    return sum(part * 60.0**place for place, part in enumerate(reversed(parts)))


def _make(use: Any, output: Path, options: argparse.Namespace) -> int:
    # torch takes over a second to load: only once it is clear what is asked for.
    from restyle.context import Context
    from restyle.host.device import pick_device
    from restyle.video.joining import Span
    from restyle.video.kinds import kind_of
    from restyle.video.library import library
    from restyle.video.work import Work

    library()
    kind_of(output)
    writable(output)
    if output.resolve() == options.source.resolve():
        raise InvalidInput(f"The result would take the place of {options.source}; choose another name with -o.")
    part = Span() if options.preview is None else Span(options.preview, options.preview + PREVIEW_S)
    started = time.perf_counter()
    with _stopping() as is_stopped, _told() as tell:
        progress = CallbackProgress(lambda report: None, is_stopped)
        context = Context(pick_device(options.device, options.precision), progress)
        try:
            frames, notes = Work(use, output, fingerprint(use), context, part, tell).do()
        except Cancelled:
            print("Stopped; what is done is kept, and the same command goes on from there.", file=sys.stderr)
            return INTERRUPTED
    for note in (*progress.notes, *notes):
        print(note, file=sys.stderr)
    print(f"{output}: {frames} frames, {time.perf_counter() - started:.1f} s on {context.device.name}")
    return 0


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Tells whether Ctrl+C was pressed; pressed again, it ends the program at once."""
    pressed: list[int] = []

    def press(number: int, frame: object) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)
        print("Stopping …", file=sys.stderr)

    try:
        before = signal.signal(signal.SIGINT, press)
    except ValueError:  # not the main thread, which alone hears signals
        yield lambda: False
        return
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _told() -> Iterator[Callable[[Standing], None]]:
    """A bar on a terminal, a line now and then elsewhere."""
    with progress_bar() as on_report:
        said = time.perf_counter()

        def tell(standing: Standing) -> None:
            nonlocal said
            sentence = _sentence(standing)
            on_report(Report(round(BAR_STEPS * (standing.share or 0)), BAR_STEPS, sentence))
            if not sys.stderr.isatty() and time.perf_counter() - said > TOLD_EVERY_S:
                said = time.perf_counter()
                print(sentence, file=sys.stderr)

        yield tell


def _sentence(standing: Standing) -> str:
    left = standing.left_s
    if left is None:
        return f"{standing.done} frames"
    return f"{standing.done} frames ({standing.share:.0%}), about {span(left)} left"
