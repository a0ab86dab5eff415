"""Sharing: which style paints which region of the photo, where several styles come together.

Either all styles are mixed everywhere by their weights, or each has regions of its own, as in the spatial control of Gatys et
al. 2017 (Controlling Perceptual Factors in Neural Style Transfer). A style then guides its regions with all that it shows,
and those that the same style paints are one: it has one palette to spread over them, and no border is drawn between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import InvalidInput
from restyle.contract.loaded import Guided, Style
from restyle.contract.sentence import said
from restyle.contract.settings import Mixing, RegionSource
from restyle.regions import REST, Regions
from restyle.regions.matching import RegionPair, completed
from restyle.regions.pairing import Pairs, content_regions, pair_regions

__all__ = ["Shares", "areas", "coverage", "share_regions", "shares_by_region"]

Shares = tuple[float, ...]
"""How much each style counts; they sum to 1."""


def share_regions(
    content: Guided, styles: Sequence[Style], source: RegionSource, mixing: Mixing, context: Context
) -> tuple[Pairs, ...]:
    """The pairs of regions of ``content`` and each of ``styles``, with its shares and the same regions of the content for all.

    Mixed styles have their weights as shares, in the pairs of ``pair_regions``. A style that names its region counts there
    alone, whatever ``mixing`` says. Raises InvalidInput where styles shall have regions and there are none, or none of a
    name; WeightsUnavailable, WeightsDamaged.
    """
    is_divided = mixing == "regions" and len(styles) > 1
    if is_divided or any(style.region is not None for style in styles):
        return _divided(content, styles, source, context)
    shares = _relative([style.weight for style in styles])
    guides = pair_regions(content, styles, source, context)
    return tuple(tuple(replace(pair, share=share) for pair in pairs) for pairs, share in zip(guides, shares, strict=True))


def shares_by_region(names: Sequence[str], styles: Sequence[Style]) -> dict[str, Shares]:
    """The styles' shares in each of the regions called ``names``.

    Styles that name a region share it by their weights. The others get those that none names, one each, in order; the last of
    them (or of all, where each names its region) paints what is left. Raises InvalidInput for a name that there is not.
    """
    unknown = sorted({style.region for style in styles if style.region is not None} - set(names))
    if unknown:
        raise InvalidInput(
            said(
                "The photo has no region {unknown} for a style; name one of {names}.", unknown=unknown[0], names=", ".join(names)
            )
        )
    free = [i for i, style in enumerate(styles) if style.region is None]
    last = (free or range(len(styles)))[-1]
    waiting = iter(free)
    shares = {}
    for name in names:
        painting = [i for i, style in enumerate(styles) if style.region == name] or [next(waiting, last)]
        shares[name] = _relative([style.weight if i in painting else 0.0 for i, style in enumerate(styles)])
    return shares


def coverage(pairs: Pairs) -> Tensor:
    """How much a style counts where in the content: (1, 1, h, w), or (1, 1, 1, 1) where it is the same everywhere."""
    if len({pair.share for pair in pairs}) == 1:
        return torch.full((1, 1, 1, 1), pairs[0].share)
    return torch.cat([pair.share * pair.content for pair in pairs], 1).sum(1, keepdim=True)


def areas(guides: Sequence[Pairs]) -> list[tuple[Shares, Tensor]]:
    """Where which styles count how much: shares, and the mask (1, 1, h, w) of all that has the same; masks sum to 1."""
    found: dict[Shares, Tensor] = {}
    for pairs in zip(*guides, strict=True):
        shares, mask = tuple(pair.share for pair in pairs), pairs[0].content
        found[shares] = found[shares] + mask if shares in found else mask
    return list(found.items())


def _divided(content: Guided, styles: Sequence[Style], source: RegionSource, context: Context) -> tuple[Pairs, ...]:
    if content.regions is None and source == "given":
        raise InvalidInput(
            said(
                "Each style shall have a region of its own, and the photo has none; give it some, or have them found "
                "automatically."
            )
        )
    found = content_regions(content, context)
    # By all that were given: which style paints what must not depend on a region that is too small or not selected.
    shares = shares_by_region(tuple(dict.fromkeys((*found.names, REST))), styles)
    regions = completed(found)
    guides = [None if style.regions is None else completed(style.regions) for style in styles]
    joined: dict[tuple[Shares, str], list[str]] = {}
    for name in regions.names:
        is_guided = any(share and _has(guide, name) for share, guide in zip(shares[name], guides, strict=True))
        joined.setdefault((shares[name], name if is_guided else ""), []).append(name)
    _note_unused([shared for shared, _ in joined], context)
    return tuple(
        tuple(_pair(regions, names, guide, own, shared[i]) for (shared, own), names in joined.items())
        for i, guide in enumerate(guides)
    )


def _pair(regions: Regions, names: Sequence[str], guide: Regions | None, own: str, share: float) -> RegionPair:
    """These regions as one, guided by the style's region of the name ``own``, or by the whole style where it has none."""
    content = torch.cat([regions.mask(name) for name in names], 1).sum(1, keepdim=True)
    style = guide.mask(own) if guide is not None and _has(guide, own) else torch.ones(1, 1, 1, 1)
    return RegionPair(" and ".join(names), content, style, share)


def _has(guide: Regions | None, name: str) -> bool:
    return guide is not None and name in guide.names


def _note_unused(shares: Sequence[Shares], context: Context) -> None:
    by_style = list(zip(*shares, strict=True))
    unused = sum(not any(style) for style in by_style)
    if unused:
        context.progress.note(
            said("Not used, for lack of a region in the photo: {unused} of {count} styles.", unused=unused, count=len(by_style))
        )


def _relative(weights: Sequence[float]) -> Shares:
    total = sum(weights)
    return tuple(weight / total for weight in weights)
