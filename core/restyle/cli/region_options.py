"""The options that say which regions guide a filter: maps in flat colours, or a mask for each name."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from restyle.contract.errors import InvalidInput

if TYPE_CHECKING:
    from restyle.regions import Regions
    from restyle.regions.given import Given

__all__ = ["add_options", "own_regions", "read_regions"]

_NAMED_MASK = "NAME=MASK"


def add_options(parser: argparse.ArgumentParser, *, has_styles: bool, is_shared: bool) -> None:
    """Add the options of a filter that takes regions; ``is_shared``: several styles may share them."""
    parser.add_argument("--content-regions", type=Path, metavar="MAP", help="the photo's regions, painted in flat colours")
    parser.add_argument(
        "--content-region",
        type=_named_mask,
        action="append",
        default=[],
        metavar=_NAMED_MASK,
        help="a region of the photo: white is inside; once for each region",
    )
    if has_styles:
        parser.add_argument(
            "--style-regions", type=Path, action="append", default=[], metavar="MAP", help="the regions of each --style, in turn"
        )
        parser.add_argument(
            "--style-region",
            type=_named_mask,
            action="append",
            default=[],
            metavar=_NAMED_MASK,
            help="a region of the style: what has the photo's name guides it; once for each region",
        )
    if is_shared:
        parser.add_argument(
            "--style-in",
            action="append",
            default=[],
            metavar="REGION",
            help="the region of the photo that each --style alone paints, in turn; further styles take those that are left",
        )


def own_regions(options: argparse.Namespace, styles: int) -> list[str | None]:
    """The names of the regions that the ``styles`` shall paint, None where there is none; raises InvalidInput."""
    names = getattr(options, "style_in", [])
    if len(names) > styles:
        raise InvalidInput(f"There are {styles} styles and {len(names)} --style-in; give each style one region at most.")
    return names + [None] * (styles - len(names))


def read_regions(options: argparse.Namespace, styles: int) -> list[Regions | None]:
    """The regions of the content and of each of the ``styles``; raises InvalidInput."""
    # Only where regions are given: they bring scipy.
    content_map, content_masks = getattr(options, "content_regions", None), getattr(options, "content_region", [])
    style_maps, style_masks = getattr(options, "style_regions", []), getattr(options, "style_region", [])
    if not (content_map or content_masks or style_maps or style_masks):
        return [None] * (1 + styles)
    from restyle.regions.given import read_given

    if style_maps and len(style_maps) != styles:
        raise InvalidInput(f"There are {styles} styles and {len(style_maps)} maps; give each --style one --style-regions.")
    if style_masks and styles != 1:
        raise InvalidInput("Masks by name are for a single style; give several styles their regions by --style-regions.")
    guides = [(content_map, content_masks), *((path, style_masks) for path in style_maps or [None] * styles)]
    return read_given([_open(path, masks) for path, masks in guides])


def _named_mask(text: str) -> tuple[str, Path]:
    name, separator, path = text.partition("=")
    if not (name and separator and path):
        raise argparse.ArgumentTypeError(f"{text} is not of the form {_NAMED_MASK}")
    return name, Path(path)


def _open(path: Path | None, masks: list[tuple[str, Path]]) -> Given:
    from restyle.pictures.files import open_image
    from restyle.regions.given import small_map, small_mask

    if path and masks:
        raise InvalidInput(f"There are both a map, {path}, and masks by name; give one of them.")
    if path:
        return small_map(open_image(path)[0])
    return [(name, small_mask(open_image(mask)[0])) for name, mask in masks]
