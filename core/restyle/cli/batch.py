"""Work on many pictures by the same settings.

    restyle batch FILTER PICTURE|FOLDER… -o FOLDER [--SETTING VALUE]…
    restyle batch --request LOOK.json PICTURE|FOLDER… -o FOLDER

The second takes a request that "restyle FILTER … --save-request LOOK.json" has written. What was made before, of the same picture
by the same request, is left as it is. A picture that cannot be worked on is named at the end, with the reason, and costs none of
the others. Stopped at any moment, the same command goes on where it was. Several processes share the work where that is faster
("--workers N"), or the machines of a Ray cluster ("--on ray://HEAD:10001"). "restyle batch FILTER --help" tells a filter's
settings.
"""

from __future__ import annotations

import argparse
import json
import sys
from _thread import interrupt_main
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Thread
from typing import TextIO

from restyle.batch import crews
from restyle.batch.ledger import Ledger
from restyle.batch.places import Naming, places
from restyle.batch.work import FAILED, Batch, Piece
from restyle.cli.apply_filter import client_of
from restyle.cli.recipe import Asked, RecipeCommand
from restyle.cli.status import INTERRUPTED
from restyle.contract.request import check
from restyle.contract.sentence import as_json, span
from restyle.pictures.destination import SUFFIXES
from restyle.pictures.paths import path_of, readable, ref_of

__all__ = ["WHILE_OPEN", "add_command"]

WHILE_OPEN = "--while-open"


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
    parser.add_argument("--workers", metavar="N", type=int, help="processes that share the work; by default as many as help")
    text = "the cluster that works: ray for one on this computer, or ray://HEAD:10001"
    parser.add_argument("--on", metavar="PLACE", default="", help=text)
    parser.add_argument("--report", metavar="FILE", type=Path, help="write what became of each picture, as JSON")
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each picture, when it is done")
    # For programs that may be ended themselves without notice, and read what went wrong as a last line.
    parser.add_argument(WHILE_OPEN, action="store_true", help=argparse.SUPPRESS)


def _run(asked: Asked) -> int:
    given = asked.options
    if given.while_open:
        Thread(target=_stop_with_input, daemon=True).start()
    naming = Naming(given.output, asked.filter.id, given.name, f".{given.format}" if given.format else "")
    found = places(given.sources, naming)
    _check_what_is_common(asked, found[0][0])
    crew = crews.crew_for(len(found), lambda: client_of(given), _who(given))
    given.output.mkdir(parents=True, exist_ok=True)
    # Better now than after hours.
    _report(given.report, [])
    telling = _Telling(len(found), given.json)
    try:
        # Libraries print where they like: standard output is for what was asked for.
        with redirect_stdout(sys.stderr), Ledger.open(given.output) as ledger:
            Batch(found, asked.request, crew, telling.tell, given.again).run(ledger)
    except KeyboardInterrupt:
        print(f"Stopped: {len(telling.ended)} of {len(found)} are done; the same command goes on from there.", file=sys.stderr)
        return INTERRUPTED
    finally:
        order = {str(output): number for number, (_, output) in enumerate(found)}
        _report(given.report, sorted(telling.ended, key=lambda piece: order[piece.output]))
    return telling.conclude(given.output)


def _check_what_is_common(asked: Asked, source: Path) -> None:
    """What would go wrong with every picture is said once, before anything is done. Raises InvalidInput."""
    use = check(asked.filter, asked.request(source))
    for ref in set(use.refs()) - {ref_of(source)}:
        readable(path_of(ref))


def _stop_with_input() -> None:
    """As Ctrl+C does, once whoever has started this closes its standard input, or ends."""
    while sys.stdin.buffer.read(1):
        pass
    interrupt_main()


def _who(given: argparse.Namespace) -> crews.Workforce:
    return crews.Workforce(given.workers, given.on, given.device, given.precision)


def _report(file: Path | None, ended: list[Piece]) -> None:
    """Raises OSError."""
    if file is not None:
        file.write_text(json.dumps([asdict(piece) for piece in ended], indent=1) + "\n", encoding="utf-8")


@dataclass
class _Telling:
    """What a person, or with ``is_json`` a program, is told of ``of`` pictures while they are worked on."""

    of: int
    is_json: bool
    ended: list[Piece] = field(default_factory=list)
    out: TextIO = field(default_factory=lambda: sys.stdout)

    def tell(self, piece: Piece, left_s: float | None) -> None:
        """A line for a picture."""
        self.ended.append(piece)
        if self.is_json:
            line = {"ended": len(self.ended), "of": self.of, "left_s": left_s and round(left_s, 1), **asdict(piece)}
            print(json.dumps({**line, "reason_said": as_json(piece.reason)}), file=self.out, flush=True)
            return
        left = "" if left_s is None else f", about {span(left_s)} left"
        print(f"{len(self.ended)} of {self.of}: {piece.source}: {piece.state}{left}", file=sys.stderr)

    def conclude(self, folder: Path) -> int:
        """The last lines; returns the exit status."""
        failed = [piece for piece in self.ended if piece.state == FAILED]
        if not self.is_json:
            print(f"{self.of - len(failed)} of {self.of} pictures are in {folder}.")
        for piece in failed:
            print(f"restyle: {piece.source}: {piece.reason}", file=sys.stderr)
        return 1 if failed else 0
