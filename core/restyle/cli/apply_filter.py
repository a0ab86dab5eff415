"""``restyle FILTER INPUT -o OUTPUT``: one command per filter, its options derived from the filter's declaration."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from restyle.cli.settings import add_settings, given_settings
from restyle.contract.catalogue import describe_filter
from restyle.contract.filter import AnyFilter
from restyle.contract.progress import CallbackProgress, Report
from restyle.contract.request import Request, Use, check

if TYPE_CHECKING:
    from restyle.contract.result import Result
    from restyle.pictures.files import Metadata
    from restyle.pictures.image import Image

__all__ = ["add_command", "progress_bar"]


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser], declared: AnyFilter) -> None:
    """Add the command of one filter."""
    parser = commands.add_parser(declared.id, help=declared.summary, description=f"{declared.summary} ({declared.paper})")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the result goes: PNG, TIFF, JPEG or WebP")
    for item in declared.inputs:
        item.add_options(parser)
    add_settings(parser, describe_filter(declared)["params"])
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps", "xpu"])
    parser.add_argument("--precision", default="auto", choices=["auto", "float32", "bfloat16", "float16"])
    parser.add_argument("--json", action="store_true", help="end with one line of JSON: seconds, memory, device, output")
    parser.set_defaults(run=_run, filter=declared)


def _run(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    use = check(options.filter, _request(options))
    report = _apply(use, options)
    report["seconds"] = round(time.perf_counter() - started, 3)
    if options.json:
        print(json.dumps(report))
    else:
        print(f"{options.output}: {report['seconds']:.1f} s on {report['device']}")
    return 0


def _request(options: argparse.Namespace) -> Request:
    """What the options ask for, with paths as refs."""
    inputs = {item.name: item.from_options(options) for item in options.filter.inputs}
    return Request.of(options.filter, inputs, given_settings(options))


def _apply(use: Use[Any], options: argparse.Namespace) -> dict[str, Any]:
    # torch takes over a second to load: only when there is work for it, so that --help answers at once.
    from restyle.context import Context
    from restyle.engine.opening import perform
    from restyle.host.device import pick_device
    from restyle.models.store import Store

    files = _Files()
    device = pick_device(options.device, options.precision)
    with progress_bar() as on_report:
        progress = CallbackProgress(on_report)
        result = perform(use, files.open, Context(device, progress, Store()))
    _save(use, result, options.output, files)
    for note in progress.notes:
        print(note, file=sys.stderr)
    return {
        "output": str(options.output),
        "device": device.name,
        "precision": str(device.precision).removeprefix("torch."),
        "peak_rss_bytes": _peak_rss_bytes(),
    }


class _Files:
    """Opens pictures by their paths, each once, and remembers what else is in the files."""

    def __init__(self) -> None:
        self._opened: dict[str, tuple[Image, Metadata]] = {}

    def open(self, ref: str) -> Image:
        """The picture of a path."""
        return self._open(ref)[0]

    def metadata(self, ref: str | None) -> Metadata | None:
        """What is in a file beside the picture; None where there is no file."""
        return None if ref is None else self._open(ref)[1]

    def _open(self, ref: str) -> tuple[Image, Metadata]:
        from restyle.pictures.files import open_image

        if ref not in self._opened:
            self._opened[ref] = open_image(Path(ref))
        return self._opened[ref]


def _save(use: Use[Any], result: Result, output: Path, files: _Files) -> None:
    """Write what was made: the first picture as ``output``, all else beside it, with the output's name in its own."""
    from restyle.pictures.files import save_image

    layer = use.filter.layer
    metadata = files.metadata(None if layer is None else use.inputs[layer.name])
    for i, (name, picture) in enumerate(result.pictures.items()):
        save_image(picture, output.with_stem(f"{output.stem}-{name}") if i else output, metadata)
    endings = {made.name: made.ending for made in use.filter.outputs if made.kind == "file"}
    for name, content in result.files.items():
        output.with_name(f"{output.stem}-{name}{endings[name]}").write_bytes(content)


@contextmanager
def progress_bar() -> Iterator[Callable[[Report], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda report: None
        return
    with ProgressBar(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Starting", total=1)
        yield lambda report: bar.update(task, description=report.message, completed=report.step, total=report.of)


def _peak_rss_bytes() -> int | None:
    """The largest resident size of this process so far; None where the platform does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
