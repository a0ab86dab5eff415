"""Recipe: a request that "restyle FILTER … --save-request FILE" has written, for other pictures than its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from restyle.cli.apply_filter import add_use_options, request_of
from restyle.cli.recipe_file import read_recipe
from restyle.cli.status import WRONG_USAGE
from restyle.contract.errors import InvalidInput
from restyle.contract.filter import AnyFilter
from restyle.contract.inputs import Layer
from restyle.contract.request import Request
from restyle.filters import find_filter
from restyle.pictures.paths import ref_of

__all__ = ["Asked", "RecipeCommand"]


@dataclass(frozen=True)
class Asked:
    """What a command for other pictures was given: its options, the filter among them; the filter and its layer; its request, or
    None."""

    options: argparse.Namespace
    filter: AnyFilter
    layer: Layer
    recipe: Request | None

    def request(self, source: Path) -> Request:
        """What is asked for, of ``source`` as the filter's layer."""
        name = self.layer.name
        if self.recipe is not None:
            return self.recipe.model_copy(update={"inputs": {**self.recipe.inputs, name: ref_of(source)}})
        return request_of(argparse.Namespace(**{**vars(self.options), name: str(source)}))


@dataclass(frozen=True)
class RecipeCommand:
    """A command ``name (FILTER | --request FILE) …`` for ``purpose`` ("many", "a video"), explained by ``manual``.

    What it takes depends on the filter, whose settings are read once that is known, beside what ``add_options`` adds.
    """

    name: str
    help: str
    manual: str
    purpose: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Asked], int]

    def add_to(self, commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
        """Add the command."""
        parser = commands.add_parser(self.name, help=self.help, add_help=False)
        # A filter's own help comes with the filter's name before it.
        parser.add_argument("-h", "--help", action="store_true", dest="is_about_all")
        parser.add_argument("--request", metavar="FILE")
        parser.add_argument("what", nargs="?")
        parser.add_argument("rest", nargs=argparse.REMAINDER)
        parser.set_defaults(run=self._run)

    def _run(self, words: argparse.Namespace) -> int:
        if words.is_about_all or words.what is None:
            print(self.manual)
            return 0 if words.is_about_all or words.request is None else WRONG_USAGE
        recipe = None if words.request is None else read_recipe(Path(words.request))
        declared = find_filter(words.what if recipe is None else recipe.filter)
        if declared.layer is None:
            raise InvalidInput(f"{declared.title} works on no picture, so there is nothing to do for {self.purpose}.")
        chosen = f"--request {words.request}" if recipe else words.what
        parser = argparse.ArgumentParser(prog=f"restyle {self.name} {chosen}", description=declared.summary)
        self.add_options(parser)
        if recipe is None:
            add_use_options(parser, declared)
        else:
            parser.set_defaults(device="auto", precision="auto")
        options = parser.parse_args([words.what, *words.rest] if recipe else words.rest)
        options.filter = declared
        return self.run(Asked(options, declared, declared.layer, recipe))
