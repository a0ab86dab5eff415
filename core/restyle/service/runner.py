"""Runner: how a job's data become a call of ``restyle.engine.run.run``. It is the server's only door to PyTorch."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from restyle.contract.errors import Cancelled, InvalidImage, RestyleError
from restyle.contract.filter import Filter, InputKind
from restyle.contract.params import Params
from restyle.contract.progress import CallbackProgress, Progress, Report
from restyle.service.job import Source

if TYPE_CHECKING:
    from restyle.models.cache import NetworkCache
    from restyle.pictures.image import Image

__all__ = ["CoreRunner", "Runner"]

WARM_UP_PX = 64
"""Large enough for every layer of the networks, small enough to take no time."""

_log = logging.getLogger(__name__)


class Runner(Protocol):
    """What the worker needs; tests bring their own."""

    def warm_up(self, is_awaited: Callable[[], bool]) -> str:
        """Load what jobs need, until one of them waits for it; the name of the device that they run on."""

    def __call__(self, declared: Filter, sources: dict[str, list[Source]], params: Params, progress: Progress) -> Image:
        """Run the filter; raises RestyleError."""

    def rest(self) -> None:
        """Give back what is held for jobs, where none has come for a while. Called now and then, by another thread."""


class CoreRunner:
    """Runs filters of the core on this computer, with the weights of ``home``."""

    def __init__(self, home: Path, filters: tuple[Filter, ...]) -> None:
        self._home = home
        self._filters = filters
        self._networks: NetworkCache | None = None

    def warm_up(self, is_awaited: Callable[[], bool]) -> str:
        """Take each filter to its first step on a tiny picture: modules, weights and kernels are then in memory.

        A job that waits needs no more than its own filter, so the others are left then.
        """
        from restyle.host.device import pick_device

        name = pick_device().name
        for declared in self._filters:
            if is_awaited():
                break
            if not declared.warms_up:
                continue
            try:
                self._take_first_step(declared, is_awaited)
            except Cancelled:
                pass
            except RestyleError as error:
                # A filter whose weights are not here says so when it is called.
                _log.info("%s is not ready: %s", declared.id, error)
        return name

    def __call__(self, declared: Filter, sources: dict[str, list[Source]], params: Params, progress: Progress) -> Image:
        """Run the filter; raises RestyleError."""
        return self._run(declared, _inputs(declared, sources), params, progress)

    def rest(self) -> None:
        """Give back what is held for jobs, where none has come for a while."""
        if self._networks is not None:
            self._networks.expire()

    def _run(self, declared: Filter, inputs: Any, params: Params, progress: Progress) -> Image:
        from restyle.context import Context
        from restyle.engine.run import run
        from restyle.host.device import pick_device
        from restyle.models.cache import NetworkCache
        from restyle.models.store import Store

        self._networks = self._networks or NetworkCache()
        # Picked anew for each job: the free memory differs.
        return run(declared, inputs, params, Context(pick_device(), progress, Store(self._home, networks=self._networks)))

    def _take_first_step(self, declared: Filter, is_awaited: Callable[[], bool]) -> None:
        import torch

        from restyle.engine.inputs import Inputs, Style
        from restyle.pictures.image import Image

        import_module(declared.method.partition(":")[0])
        ramp = torch.linspace(0, 1, WARM_UP_PX).expand(1, 3, WARM_UP_PX, WARM_UP_PX).contiguous()
        styles = (Style(Image(ramp.flip(3))),) if any(item.kind is InputKind.PICTURE for item in declared.inputs) else ()

        def leave(report: Report) -> None:
            if report.step > 0 or is_awaited():
                raise Cancelled

        self._run(declared, Inputs(Image(ramp), styles), declared.params(), CallbackProgress(leave))


def _inputs(declared: Filter, sources: dict[str, list[Source]]) -> Any:
    """What the filter gets. Maps of regions are read together, so that equal colours have equal names."""
    from restyle.engine.inputs import Inputs, Style
    from restyle.regions.given import read_given

    kinds = {item.kind: sources.get(item.name, []) for item in declared.inputs}
    pictures = kinds.get(InputKind.PICTURE, [])
    guides = [tuple(kinds.get(InputKind.REGIONS, [])), *(picture.regions for picture in pictures)]
    content_regions, *style_regions = read_given([_given(guide) for guide in guides])
    styles = [
        Style(picture.image.as_image(), picture.weight, regions, picture.region)
        for picture, regions in zip(pictures, style_regions, strict=True)
    ]
    masks = kinds.get(InputKind.MASK)
    selection = _selection(masks[0]) if masks else None
    references = [source.image.as_image() for source in kinds.get(InputKind.REFERENCE, [])]
    content = kinds[InputKind.LAYER][0].image.as_image()
    return Inputs(content, tuple(styles), selection, content_regions, references[0] if references else None)


def _given(sources: tuple[Source, ...]) -> Any:
    """The regions of one picture, in a form that ``restyle.regions.given`` reads."""
    from restyle.regions.given import small_map, small_mask

    if not sources:
        return None
    if sources[0].name is None:
        return small_map(sources[0].image.as_image())
    # Reduced one by one, so that only one is in memory at full size.
    return [(source.name, small_mask(source.image.as_image())) for source in sources]


def _selection(source: Source) -> Any:
    if source.image.form.channels != 1:
        raise InvalidImage("The selection must come as one channel; plug-in and server differ in version, so update Restyle.")
    return source.image.as_image().pixels[:, :1]
