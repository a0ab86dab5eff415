"""``restyle FILTER INPUT -o OUTPUT``: one command per filter, its options derived from the filter's declaration."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from restyle.cli.recipe_file import check_recipe_place, write_recipe
from restyle.cli.settings import add_settings, given_settings
from restyle.contract.catalogue import describe_filter
from restyle.contract.filter import AnyFilter
from restyle.contract.progress import CallbackProgress, Report
from restyle.contract.request import Request, Use, check
from restyle.engine.destinations import destinations_of
from restyle.host.home import home_folder
from restyle.host.preferences import DEVICES, PRECISIONS
from restyle.pictures.paths import ref_of
from restyle.service.clients import Client, HereClient, far_client, warm_client

__all__ = ["add_command", "add_options", "add_use_options", "client_of", "progress_bar", "request_of"]


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser], declared: AnyFilter) -> argparse.ArgumentParser:
    """Add the command of one filter, without options as yet."""
    parser = commands.add_parser(declared.id, help=declared.summary, description=f"{declared.summary} ({declared.paper})")
    parser.set_defaults(run=_run, filter=declared)
    return parser


def add_options(parser: argparse.ArgumentParser, declared: AnyFilter) -> None:
    """Declare its inputs and settings."""
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the result goes: PNG, TIFF, JPEG or WebP")
    if declared.layer is not None:
        declared.layer.add_options(parser)
    add_use_options(parser, declared)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON: seconds, memory, device, output")
    parser.add_argument("--save-request", type=Path, metavar="FILE", help="also write what was asked for, for restyle batch")


def add_use_options(parser: argparse.ArgumentParser, declared: AnyFilter) -> None:
    """Declare all that one use is besides its layer: other inputs, settings, and where to compute."""
    for item in declared.inputs:
        if item is not declared.layer:
            item.add_options(parser)
    add_settings(parser, describe_filter(declared)["params"])
    parser.add_argument("--device", default="auto", choices=DEVICES)
    parser.add_argument("--precision", default="auto", choices=PRECISIONS)


def _run(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    use = check(options.filter, request_of(options))
    # What cannot be written is known before anything is done.
    destinations_of(use, options.output)
    if options.save_request is not None:
        check_recipe_place(options.save_request, options.output)
        write_recipe(use.request(), options.save_request)
    report = _apply(use, options)
    report["seconds"] = round(time.perf_counter() - started, 3)
    if options.json:
        print(json.dumps(report))
    else:
        print(f"{options.output}: {report['seconds']:.1f} s on {report['device']}")
    return 0


def request_of(options: argparse.Namespace) -> Request:
    """What the options ask for, with paths as refs."""
    referring = argparse.Namespace(**{name: _referring(value) for name, value in vars(options).items()})
    inputs = {item.name: item.from_options(referring) for item in options.filter.inputs}
    return Request.of(options.filter, inputs, given_settings(options))


def _referring(value: Any) -> Any:
    """What an option holds, paths as text that goes into a request."""
    if isinstance(value, list):
        return [_referring(item) for item in value]
    return ref_of(value) if isinstance(value, str) else value


def _apply(use: Use[Any], options: argparse.Namespace) -> dict[str, Any]:
    with progress_bar() as on_report:
        progress = CallbackProgress(on_report)
        done = client_of(options).perform(use, options.output, progress)
    for note in progress.notes:
        print(note, file=sys.stderr)
    return {
        "output": str(options.output),
        "device": done.device,
        "precision": done.precision,
        "peak_rss_bytes": _peak_rss_bytes(),
    }


def client_of(options: argparse.Namespace) -> Client:
    """The server in another room that was chosen, or this user's where it is warm, if nothing else is asked for; else this
    process."""
    here = HereClient(options.device, options.precision)
    if (options.device, options.precision) != ("auto", "auto"):
        return here
    home = home_folder()
    return far_client(home, here) or warm_client(home) or here


@contextmanager
def progress_bar() -> Iterator[Callable[[Report], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda report: None
        return
    # It takes as long to load as a warm server takes to paint.
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as ProgressBar

    console = Console(stderr=True)
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
