"""Work on many pictures by the same settings, one after the other.

    restyle batch FILTER PICTURE|FOLDER… -o FOLDER [--SETTING VALUE]…
    restyle batch --request LOOK.json PICTURE|FOLDER… -o FOLDER

The second takes a request that "restyle FILTER … --save-request LOOK.json" has written. What was made before, of the same picture
by the same request, is left as it is. A picture that cannot be worked on is named at the end, with the reason, and costs none of
the others. Stopped at any moment, the same command goes on where it was. "restyle batch FILTER --help" tells a filter's settings.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from restyle.cli.apply_filter import add_use_options, client_of
from restyle.cli.ledger import Ledger, fingerprint
from restyle.cli.recipe import read_recipe, request_for
from restyle.contract.errors import InvalidInput, OutputUnwritable, RestyleError
from restyle.contract.filter import AnyFilter
from restyle.contract.progress import SilentProgress, span
from restyle.contract.request import Request, check
from restyle.engine.destinations import destinations_of
from restyle.filters import find_filter
from restyle.pictures.destination import SUFFIXES
from restyle.service.clients import Client

__all__ = ["add_command"]

INTERRUPTED = 130
"""128 + SIGINT, the shell's convention."""

READABLE = (*SUFFIXES, ".bmp", ".gif", ".jp2", ".tga")
"""Endings that are taken for pictures in a folder."""

DONE, AS_BEFORE, FAILED = "done", "as before", "failed"


@dataclass(frozen=True)
class Piece:
    """What became of one picture: ``state`` is one of the three above, ``reason`` says why it failed."""

    source: str
    output: str
    state: str
    seconds: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class Batch:
    """All that pictures of one batch share: the filter and the name of its layer, what is asked for, and who makes it."""

    declared: AnyFilter
    layer: str
    options: argparse.Namespace
    recipe: Request | None
    ledger: Ledger
    client: Client

    def piece(self, source: Path, output: Path) -> Piece:
        """Work on one picture; what goes wrong with it alone is told in the piece."""
        started = time.perf_counter()
        try:
            state, reason = self._made(source, output), ""
        except (RestyleError, OSError) as error:
            state, reason = FAILED, str(error)
        return Piece(str(source), str(output), state, round(time.perf_counter() - started, 3), reason)

    def _made(self, source: Path, output: Path) -> str:
        use = check(self.declared, request_for(source, self.layer, self.options, self.recipe))
        made_of, again = fingerprint(use), self.options.again
        before = self.ledger.made.get(output.name)
        if output.exists() and not again:
            if before == made_of:
                return AS_BEFORE
            if before is None:
                raise OutputUnwritable(output, "there is such a file already, and --again was not given")
        destinations_of(use, output)
        with self.ledger.making(output.name, made_of):
            self.client.perform(use, output, SilentProgress())
        return DONE


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command. What it takes depends on the filter, so the rest is read once that is known."""
    parser = commands.add_parser("batch", help="Work on many pictures by the same settings.", add_help=False)
    # A filter's own help comes with the filter's name before it.
    parser.add_argument("-h", "--help", action="store_true", dest="is_about_all")
    parser.add_argument("--request", metavar="FILE")
    parser.add_argument("what", nargs="?")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    if options.is_about_all or options.what is None:
        print(__doc__)
        return 0
    recipe = None if options.request is None else read_recipe(options.request)
    declared = find_filter(options.what if recipe is None else recipe.filter)
    if declared.layer is None:
        raise InvalidInput(f"{declared.title} works on no picture, so there is nothing to do for many.")
    if recipe is None:
        given = _parser(options.what, declared, has_settings=True).parse_args(options.rest)
    else:
        given = _parser(f"--request {options.request}", declared, has_settings=False).parse_args([options.what, *options.rest])
    given.filter = declared
    places = list(_places(given, declared))
    if not places:
        raise InvalidInput(f"There is no picture in {', '.join(map(str, given.sources))}; name pictures, or folders of them.")
    given.output.mkdir(parents=True, exist_ok=True)
    # Better now than after hours.
    _report(given.report, [])
    return _all(Batch(declared, declared.layer.name, given, recipe, Ledger.of(given.output), client_of(given)), places)


def _parser(what: str, declared: AnyFilter, *, has_settings: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"restyle batch {what}", description=declared.summary)
    parser.add_argument("sources", metavar="PICTURE|FOLDER", nargs="+", type=Path, help="pictures, or folders of them")
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, type=Path, help="where the results go")
    parser.add_argument("--name", default="{name}", help="of results: {name}, {filter} and {number} are filled in")
    parser.add_argument("--format", choices=[suffix[1:] for suffix in SUFFIXES], help="else each picture's own, or PNG")
    parser.add_argument("--again", action="store_true", help="make what is there anew, whoever made it")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write what became of each picture, as JSON")
    if has_settings:
        add_use_options(parser, declared)
    else:
        parser.set_defaults(device="auto", precision="auto")
    return parser


def _places(options: argparse.Namespace, declared: AnyFilter) -> Iterator[tuple[Path, Path]]:
    """Each picture and where its result goes; a name that another has already gets a number. Raises InvalidInput."""
    taken: set[str] = set()
    sources = list(_sources(options.sources))
    originals = {source.resolve() for source in sources}
    for number, source in enumerate(sources, 1):
        own = source.suffix.lower()
        suffix = f".{options.format}" if options.format else own if own in SUFFIXES else ".png"
        try:
            stem = options.name.format(name=source.stem, filter=declared.id, number=number)
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            raise InvalidInput(f"{options.name} cannot be filled in; use {{name}}, {{filter}} and {{number}}.") from error
        if not stem or stem != Path(stem).name or "\\" in stem:
            raise InvalidInput(f"{options.name} makes no name of a file; leave folders to -o.")
        count, name = 1, stem + suffix
        while name.lower() in taken:
            count += 1
            name = f"{stem}-{count}{suffix}"
        taken.add(name.lower())
        output = options.output / name
        if output.resolve() in originals:
            raise InvalidInput(f"The result of {source} would take the place of {output}; choose another folder or --name.")
        yield source, output


def _sources(given: list[Path]) -> Iterator[Path]:
    """Files as they are named, and the pictures in folders, by name."""
    for path in given:
        if path.is_dir():
            pictures = (item for item in sorted(path.iterdir()) if item.suffix.lower() in READABLE)
            yield from (item for item in pictures if not item.name.startswith("."))
        else:
            yield path


def _all(batch: Batch, places: list[tuple[Path, Path]]) -> int:
    ended: list[Piece] = []
    try:
        for source, output in places:
            ended.append(batch.piece(source, output))
            _tell(ended, len(places))
    except KeyboardInterrupt:
        print(f"Stopped: {len(ended)} of {len(places)} are done; the same command goes on from there.", file=sys.stderr)
        return INTERRUPTED
    finally:
        _report(batch.options.report, ended)
    failed = [piece for piece in ended if piece.state == FAILED]
    print(f"{len(ended) - len(failed)} of {len(ended)} pictures are in {batch.options.output}.")
    for piece in failed:
        print(f"restyle: {piece.source}: {piece.reason}", file=sys.stderr)
    return 1 if failed else 0


def _report(file: Path | None, ended: list[Piece]) -> None:
    """Raises OSError."""
    if file is not None:
        file.write_text(json.dumps([asdict(piece) for piece in ended], indent=1) + "\n", encoding="utf-8")


def _tell(ended: list[Piece], of: int) -> None:
    """A line for the last picture, with the time that is left by those that took some."""
    last, taken = ended[-1], [piece.seconds for piece in ended if piece.state == DONE]
    left = f", about {span(sum(taken) / len(taken) * (of - len(ended)))} left" if taken and len(ended) < of else ""
    print(f"{len(ended)} of {of}: {last.source}: {last.state}{left}", file=sys.stderr)
