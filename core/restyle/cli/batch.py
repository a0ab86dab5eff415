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

from restyle.cli.apply_filter import client_of
from restyle.cli.ledger import Ledger, fingerprint
from restyle.cli.recipe import Asked, RecipeCommand
from restyle.contract.errors import InvalidInput, OutputUnwritable, RestyleError
from restyle.contract.filter import AnyFilter
from restyle.contract.progress import SilentProgress, span
from restyle.contract.request import check
from restyle.engine.destinations import destinations_of
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
    """All that pictures of one batch share: what is asked for, what was made before, and who makes it."""

    asked: Asked
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
        use = check(self.asked.filter, self.asked.request(source))
        made_of, again = fingerprint(use), self.asked.options.again
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
    """Add the command."""
    text = "Work on many pictures by the same settings."
    RecipeCommand("batch", text, __doc__ or "", "many", _add_options, _run).add_to(commands)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", metavar="PICTURE|FOLDER", nargs="+", type=Path, help="pictures, or folders of them")
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, type=Path, help="where the results go")
    parser.add_argument("--name", default="{name}", help="of results: {name}, {filter} and {number} are filled in")
    parser.add_argument("--format", choices=[suffix[1:] for suffix in SUFFIXES], help="else each picture's own, or PNG")
    parser.add_argument("--again", action="store_true", help="make what is there anew, whoever made it")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write what became of each picture, as JSON")


def _run(asked: Asked) -> int:
    given = asked.options
    places = list(_places(given, asked.filter))
    if not places:
        raise InvalidInput(f"There is no picture in {', '.join(map(str, given.sources))}; name pictures, or folders of them.")
    given.output.mkdir(parents=True, exist_ok=True)
    # Better now than after hours.
    _report(given.report, [])
    return _all(Batch(asked, Ledger.of(given.output), client_of(given)), places)


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
        _report(batch.asked.options.report, ended)
    failed = [piece for piece in ended if piece.state == FAILED]
    print(f"{len(ended) - len(failed)} of {len(ended)} pictures are in {batch.asked.options.output}.")
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
