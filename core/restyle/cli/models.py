"""``restyle models list|fetch|verify|import|path``: trained weights, in the box, fetched, and one's own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.contract.errors import RestyleError
from restyle.models.entries import FAMILY_FOLDERS, PLANS_FOLDER

if TYPE_CHECKING:
    from restyle.models.store import Store

__all__ = ["add_command"]


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; without an action it lists."""
    parser = commands.add_parser("models", help="list, fetch, check or import trained weights")
    parser.set_defaults(run=_list)
    actions = parser.add_subparsers(metavar="ACTION")
    actions.add_parser("list", help="name all weights and say which are here").set_defaults(run=_list)
    fetch = actions.add_parser("fetch", help="download weights from their published place; resumes where it stopped")
    fetch.add_argument("names", nargs="+", metavar="NAME")
    fetch.set_defaults(run=_fetch)
    actions.add_parser("verify", help="check the weights that are here against their hashes").set_defaults(run=_verify)
    bring = actions.add_parser(
        "import", help="take weights, or a network that paints photos, plans or other worlds, from a file that is already here"
    )
    bring.add_argument(
        "file", type=Path, metavar="FILE", help="what it is, is seen by its content: safetensors, .t7, .pth, .onnx, .npz"
    )
    bring.add_argument("--name", default="", metavar="NAME", help="the name that a model of one's own shall have in the list")
    bring.add_argument(
        "--colors",
        default="",
        metavar="COLOURS",
        help=(
            "the colours of the plans that a painter of Neural Doodle has learned: the file that came with it, or #rrggbb for "
            "each, between commas; a file that lies beside it as NAME.npy is found"
        ),
    )
    bring.set_defaults(run=_import)
    actions.add_parser("path", help="print the folder for weights").set_defaults(run=_path)


def _list(options: argparse.Namespace) -> int:
    from restyle.models.manifest import known_weights
    from restyle.models.own_models import title_of
    from restyle.models.store import Store

    store = Store()
    for entry in known_weights().values():
        state = "here" if store.has(entry.id) else "to fetch"
        size = "in the box" if entry.is_shipped else f"{entry.size_bytes / 1e6:.0f} MB" if entry.size_bytes else "published"
        print(f"{entry.id:<23} {state:<9} {size:<11} {entry.title} ({entry.licence})")
        if own_hash := store.own_hash(entry.id):
            print(f"{'':<23} no hash of it was published; of what came it is {own_hash}")
    for name, path in _own_models(store).items():
        if name not in known_weights():
            print(f"{name:<23} {'here':<9} {'own':<11} {title_of(path)}")
    for name, path in store.own_models(PLANS_FOLDER).items():
        print(f"{name:<23} {'here':<9} {'own':<11} {title_of(path)} (paints plans)")
    return 0


def _fetch(options: argparse.Namespace) -> int:
    from restyle.cli.apply_filter import progress_bar
    from restyle.contract.progress import CallbackProgress
    from restyle.models.store import Store

    store = Store()
    for name in options.names:
        with progress_bar() as on_report:
            path = store.fetch(name, CallbackProgress(on_report))
        print(f"{name}: {path}")
        if own_hash := store.own_hash(name):
            print(f"{name}: no hash of it was published; of what came it is {own_hash}")
    return 0


def _own_models(store: Store) -> dict[str, Path]:
    """Styles and worlds; of the same name, the world."""
    return {name: path for folder in FAMILY_FOLDERS.values() for name, path in store.own_models(folder).items()}


def _verify(options: argparse.Namespace) -> int:
    from restyle.models.manifest import known_weights
    from restyle.models.own_models import read_style_model
    from restyle.models.store import Store

    store, failed = Store(), 0
    checks: dict[str, Callable[[], object]] = {name: partial(store.verify, name) for name in known_weights() if store.has(name)}
    checks |= {name: partial(read_style_model, path) for name, path in _own_models(store).items() if name not in known_weights()}
    plans = store.own_models(PLANS_FOLDER)
    checks |= {f"{path.parent.name}/{name}": partial(read_style_model, path) for name, path in plans.items()}
    for name, check in checks.items():
        try:
            check()
            print(f"{name}: {'as published' if name in known_weights() else 'readable'}")
        except RestyleError as error:
            failed = 1
            print(error, file=sys.stderr)
    return failed


def _import(options: argparse.Namespace) -> int:
    from restyle.models.plan_colors import given_colors
    from restyle.models.store import Store

    colors = given_colors(options.colors) if options.colors else ()
    path = Store().import_any(options.file, options.name, colors)
    print(f"{path.stem}: {path}")
    return 0


def _path(options: argparse.Namespace) -> int:
    from restyle.host.home import models_folder

    print(models_folder())
    return 0
