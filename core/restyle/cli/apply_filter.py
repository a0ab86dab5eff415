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
from restyle.pictures.destination import Destination
from restyle.pictures.paths import path_of, ref_of

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
    report = _apply(use, options, _destinations(use, options.output))
    report["seconds"] = round(time.perf_counter() - started, 3)
    if options.json:
        print(json.dumps(report))
    else:
        print(f"{options.output}: {report['seconds']:.1f} s on {report['device']}")
    return 0


def _request(options: argparse.Namespace) -> Request:
    """What the options ask for, with paths as refs."""
    referring = argparse.Namespace(**{name: _referring(value) for name, value in vars(options).items()})
    inputs = {item.name: item.from_options(referring) for item in options.filter.inputs}
    return Request.of(options.filter, inputs, given_settings(options))


def _referring(value: Any) -> Any:
    """What an option holds, paths as text that goes into a request."""
    if isinstance(value, list):
        return [_referring(item) for item in value]
    return ref_of(value) if isinstance(value, str) else value


def _destinations(use: Use[Any], output: Path) -> dict[str, Destination]:
    """Where each picture goes, by its name: the first as ``output``, all others beside it, with their names in the file's.

    Raises OutputUnwritable, before anything else is done.
    """
    names = [made.name for made in use.filter.outputs if made.kind == "picture"]
    paths = [output, *(output.with_stem(f"{output.stem}-{name}") for name in names[1:])]
    return {name: Destination.at(path) for name, path in zip(names, paths, strict=False)}


def _apply(use: Use[Any], options: argparse.Namespace, destinations: dict[str, Destination]) -> dict[str, Any]:
    # torch takes over a second to load: only when there is work for it, so that --help answers at once.
    from restyle.context import Context
    from restyle.engine.opening import perform
    from restyle.host.device import pick_device
    from restyle.models.store import Store

    files = _Files()
    _check_sizes(use, destinations, files)
    device = pick_device(options.device, options.precision)
    with progress_bar() as on_report:
        progress = CallbackProgress(on_report)
        result = perform(use, files.open, Context(device, progress, Store()))
    for note in (*files.notes, *progress.notes, *_save(use, result, options.output, destinations, files)):
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

    @property
    def notes(self) -> list[str]:
        """A sentence for each thing of a file that was not taken over."""
        return [f"{path_of(ref)}: {note}" for ref, (_, metadata) in self._opened.items() for note in metadata.notes]

    def _open(self, ref: str) -> tuple[Image, Metadata]:
        from restyle.pictures.files import open_image

        if ref not in self._opened:
            self._opened[ref] = open_image(path_of(ref))
        return self._opened[ref]


def _check_sizes(use: Use[Any], destinations: dict[str, Destination], files: _Files) -> None:
    """Raises OutputUnwritable where a format has no room for a picture as large as the layer."""
    layer = use.filter.layer
    sized = {made.name for made in use.filter.outputs if made.kind == "picture" and made.size == "content"}
    if layer is not None and sized:
        content = files.open(use.inputs[layer.name])
        for name in sized:
            destinations[name].check_size(content.width, content.height)


def _save(use: Use[Any], result: Result, output: Path, destinations: dict[str, Destination], files: _Files) -> list[str]:
    """Write what was made; returns a sentence for each thing that was left out. Raises OutputUnwritable, PaintingRescued."""
    from restyle.pictures.files import save_or_rescue

    layer = use.filter.layer
    metadata = files.metadata(None if layer is None else use.inputs[layer.name])
    notes: list[str] = []
    for name, picture in result.pictures.items():
        notes += save_or_rescue(picture, destinations[name], metadata)
    endings = {made.name: made.ending for made in use.filter.outputs if made.kind == "file"}
    for name, content in result.files.items():
        output.with_name(f"{output.stem}-{name}{endings[name]}").write_bytes(content)
    return notes


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
