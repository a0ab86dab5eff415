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

from restyle.cli import region_options
from restyle.cli.settings import add_settings, given_settings
from restyle.contract.catalogue import describe_filter
from restyle.contract.errors import InvalidInput
from restyle.contract.filter import Filter
from restyle.contract.progress import CallbackProgress, Report

if TYPE_CHECKING:
    from torch import Tensor

    from restyle.pictures.image import Image

__all__ = ["add_command", "progress_bar"]


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser], declared: Filter) -> None:
    """Add the command of one filter."""
    parser = commands.add_parser(declared.id, help=declared.summary, description=f"{declared.summary} ({declared.paper})")
    parser.add_argument("input", type=Path, help="the picture to work on")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the result goes: PNG, TIFF, JPEG or WebP")
    described = describe_filter(declared)
    names = {item["name"]: item for item in described["inputs"]}
    if "styles" in names:
        maximum = names["styles"]["maximum"]
        parser.add_argument(
            "--style", type=Path, action="append", default=[], metavar="PICTURE", help=f"a style picture; up to {maximum} times"
        )
        parser.add_argument(
            "--style-weight", type=float, action="append", default=[], metavar="WEIGHT", help="weight of each --style, in turn"
        )
    if "selection" in names:
        parser.add_argument("--selection", type=Path, metavar="MASK", help="a grey picture of the same size: white is worked on")
    if "reference" in names:
        parser.add_argument("--reference", type=Path, metavar="PICTURE", help=names["reference"]["description"])
    if "regions" in names:
        region_options.add_options(parser, has_styles="styles" in names, is_shared="mixing" in declared.params.model_fields)
    add_settings(parser, described["params"])
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps", "xpu"])
    parser.add_argument("--precision", default="auto", choices=["auto", "float32", "bfloat16", "float16"])
    parser.add_argument("--json", action="store_true", help="end with one line of JSON: seconds, memory, device, output")
    parser.set_defaults(run=_run, filter=declared)


def _run(options: argparse.Namespace) -> int:
    params = options.filter.params.parse(given_settings(options))
    started = time.perf_counter()
    report = _apply(options, params)
    report["seconds"] = round(time.perf_counter() - started, 3)
    if options.json:
        print(json.dumps(report))
    else:
        print(f"{options.output}: {report['seconds']:.1f} s on {report['device']}")
    return 0


def _apply(options: argparse.Namespace, params: Any) -> dict[str, Any]:
    # torch takes over a second to load: only when there is work for it, so that --help answers at once.
    from restyle.context import Context
    from restyle.engine.inputs import Inputs, Style
    from restyle.engine.run import run
    from restyle.host.device import pick_device
    from restyle.models.store import Store
    from restyle.pictures.files import open_image, save_image

    content, metadata = open_image(options.input)
    weighted = _weighted_styles(options)
    content_regions, *style_regions = region_options.read_regions(options, len(weighted))
    own = region_options.own_regions(options, len(weighted))
    styles = tuple(
        Style(open_image(path)[0], weight, regions, region)
        for (path, weight), regions, region in zip(weighted, style_regions, own, strict=True)
    )
    selection = _open_selection(getattr(options, "selection", None), content)
    device = pick_device(options.device, options.precision)
    reference = open_image(options.reference)[0] if getattr(options, "reference", None) else None
    inputs = Inputs(content, styles, selection, content_regions, reference)
    with progress_bar() as on_report:
        progress = CallbackProgress(on_report)
        result = run(options.filter, inputs, params, Context(device, progress, Store()))
    if selection is not None:
        result = content.blend(result, selection)
    save_image(result, options.output, metadata)
    for note in progress.notes:
        print(note, file=sys.stderr)
    return {
        "output": str(options.output),
        "device": device.name,
        "precision": str(device.precision).removeprefix("torch."),
        "peak_rss_bytes": _peak_rss_bytes(),
    }


def _weighted_styles(options: argparse.Namespace) -> list[tuple[Path, float]]:
    paths, weights = getattr(options, "style", []), getattr(options, "style_weight", [])
    if weights and len(weights) != len(paths):
        raise InvalidInput(f"There are {len(paths)} styles and {len(weights)} weights; give each --style one --style-weight.")
    return list(zip(paths, weights or [1.0] * len(paths), strict=True))


def _open_selection(path: Path | None, content: Image) -> Tensor | None:
    from restyle.pictures.files import open_image
    from restyle.pictures.image import luma

    if path is None:
        return None
    mask, _ = open_image(path)
    if (mask.width, mask.height) != (content.width, content.height):
        raise InvalidInput(
            f"The selection {path} has {mask.width} x {mask.height} pixels, the picture {content.width} x {content.height}; "
            "make them equally large."
        )
    return luma(mask.pixels)


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
