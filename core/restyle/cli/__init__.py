"""The command line: ``restyle FILTER …``, derived from the filters' declarations, and a few commands about Restyle itself.

    restyle list [--json]
    restyle FILTER INPUT -o OUTPUT [--style PICTURE]… [--SETTING VALUE]…
    restyle batch FILTER PICTURE|FOLDER… -o FOLDER [--SETTING VALUE]…
    restyle video FILTER VIDEO -o VIDEO [--SETTING VALUE]…
    restyle models [list|fetch|verify|import|path]
    restyle train-style PICTURE [--photos DIR] [-o MODEL]
    restyle train-domain FOLDER FOLDER [--minutes N] [-o MODEL]
    restyle server [start|stop|status|pair|members|withdraw|use|forget]
    restyle doctor
    restyle catalogue [--check|--write]

Results go to standard output, progress and errors to standard error. Exit status: 0 done, 1 failed with a sentence,
2 wrong usage, 130 interrupted.
"""

import argparse
import io
import json
import sys
from collections.abc import Sequence

from restyle.cli import about, apply_filter, batch, models, server, train_domain, train_style, video
from restyle.cli.status import INTERRUPTED
from restyle.contract.errors import Cancelled, RestyleError, SystemRefused
from restyle.contract.sentence import as_json
from restyle.filters import filters
from restyle.host.home import home_folder
from restyle.host.private import use_private_caches
from restyle.host.threads import let_threads_sleep
from restyle.version import VERSION

__all__ = ["build_parser", "main"]


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """The whole command line; each command stores its function as ``run``.

    Where it is known which command is asked for, the other filters' options are left out: beside a warm server, to describe them
    all is a tenth of what a person waits for.
    """
    parser = argparse.ArgumentParser(prog="restyle", description="Neural style transfer and photo enhancement.")
    parser.add_argument("--version", action="version", version=f"restyle {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for declared in filters():
        parser_of_filter = apply_filter.add_command(commands, declared)
        if command in (None, declared.id):
            apply_filter.add_options(parser_of_filter, declared)
    batch.add_command(commands)
    video.add_command(commands)
    about.add_commands(commands)
    models.add_command(commands)
    train_style.add_command(commands)
    train_domain.add_command(commands)
    server.add_command(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    _let_any_name_be_printed()
    words = sys.argv[1:] if arguments is None else list(arguments)
    options = build_parser(words[0] if words else None).parse_args(words)
    let_threads_sleep()
    use_private_caches(home_folder())
    try:
        return int(options.run(options))
    except (KeyboardInterrupt, Cancelled):
        print("Cancelled; nothing was changed.", file=sys.stderr)
        return INTERRUPTED
    except RestyleError as error:
        _tell_program(words, error)
        print(f"restyle: {error}" + (f" In a terminal: `{error.command}`." if error.command else ""), file=sys.stderr)
        return 1
    except OSError as error:
        _tell_program(words, SystemRefused(error))
        # What the system refuses (no such file, no permission, a full disk) says so in one sentence itself.
        place = f"{error.filename}: " if error.filename else ""
        print(f"restyle: {place}{error.strerror or error}; check the path and its permissions, and try again.", file=sys.stderr)
        return 1


def _tell_program(words: Sequence[str], error: RestyleError) -> None:
    """The problem as a line of JSON, for the program that has started the command and listens."""
    if batch.WHILE_OPEN in words:
        problem = {"code": error.code, "detail": str(error), "said": as_json(error.sentence)}
        print(json.dumps({"problem": problem}), flush=True)


def _let_any_name_be_printed() -> None:
    """Files may have names that the terminal's encoding, or none at all, can write: they are shown with escapes."""
    for stream in (sys.stdout, sys.stderr):
        # Only a real terminal's or file's stream can be told so; tests and notebooks bring others.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
