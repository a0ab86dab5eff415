"""A graphics card beside the processor: each filter's picture and times, memory that ends, large pictures, VGG-19, compilation.

One table in under eight minutes. Weights that are not in the box are random where only time is asked. ``--device cpu`` runs the
same on the processor, small, which is how the suite sees to it that the script works where a card is.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import skimage.data
import torch
from torch import Tensor
from torch.nn import functional as F

from restyle.api import apply_all
from restyle.context import Context
from restyle.contract.errors import DeviceUnavailable
from restyle.contract.filter import AnyFilter
from restyle.contract.inputs import Pictures
from restyle.contract.progress import SilentProgress
from restyle.engine.any_size import apply_at_any_size
from restyle.filters import filters, find_filter
from restyle.host.device import Device, free_caches, pick_device
from restyle.networks.blocks import fixed_mixture
from restyle.networks.multi_style import multi_style_network
from restyle.networks.vgg import VGG19
from restyle.pictures.image import Image

LARGE_SIDES = (512, 3464, 10_000)
"""512 px, 12 and 100 megapixels."""

FARTHEST = 2.0
"""Of 255, on the mean: what reduced precision may change of a filter's picture."""

MOST_OF_DRIFT = 2.0
"""A painting that is optimised goes another way after the least change: as far as that, times this, it may be away."""


@dataclass(frozen=True)
class Row:
    """One line of the table; ``is_right`` is None where nothing was promised."""

    what: str
    figure: str
    is_right: bool | None = None

    def __str__(self) -> str:
        verdict = {None: "", True: "   ok", False: "   NOT MET"}[self.is_right]
        return f"{self.what:<44}{self.figure}{verdict}"


@dataclass(frozen=True)
class Bench:
    """The measurements on one device, with pictures of ``side`` pixels."""

    kind: str
    side: int
    large_sides: tuple[int, ...]
    vgg_side: int
    filter_ids: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """All of them, one after the other; what cannot be measured says why."""
        for part in (self.pictures, self.too_little_memory, self.large_pictures, self.vgg19, self.compiled):
            try:
                yield from part()
            except Exception as error:
                yield Row(part.__name__, f"{type(error).__name__}: {error}", is_right=False)
            free_caches()

    def pictures(self) -> Iterator[Row]:
        """Each filter's picture against the processor's, in the device's own precision; its first and its second call."""
        for declared in map(find_filter, self.filter_ids):
            given = self._given(declared)
            expected = _picture(declared, given, "cpu", "float32")
            first_s, made = _timed(lambda: _picture(declared, given, self.kind, "auto"))  # noqa: B023 - called at once
            second_s, again = _timed(lambda: _picture(declared, given, self.kind, "auto"))  # noqa: B023
            away, allowed = _away(made, expected), FARTHEST
            figure = f"{away:5.2f} of 255 from the processor's, {first_s:6.2f} s, then {second_s:6.2f} s"
            if away >= FARTHEST:
                drift = _away(_picture(declared, self._nudged(given, declared), "cpu", "float32"), expected)
                allowed = max(FARTHEST, MOST_OF_DRIFT * drift)
                figure += f"; one pixel changed by 1: {drift:.2f}"
            yield Row(f"{declared.id}, {self.side} px", figure, away < allowed)
            yield Row(f"{declared.id}, two jobs in a row", "alike" if torch.equal(made, again) else "differ", None)

    def too_little_memory(self) -> Iterator[Row]:
        """A painting that does not fit is painted smaller, and says so."""
        declared = find_filter("neural-style")
        notes = _Notes()
        with _little_memory(self.kind):
            result = apply_all(declared.id, **self._given(declared), device=self.kind, progress=notes, working_size=2048, steps=1)
        is_whole = (result.picture.width, result.picture.height) == (self.side, self.side)
        yield Row("memory that ends at a limit", "; ".join(notes.taken) or "it fitted all the same", is_whole)

    def large_pictures(self) -> Iterator[Row]:
        """The network of the styles in the box, at once or in bands."""
        network = fixed_mixture(multi_style_network(2), torch.tensor([0.5, 0.5])).eval()
        for side in self.large_sides:
            pixels, context = torch.rand(1, 3, side, side), Context(pick_device(self.kind))
            _timed(lambda: apply_at_any_size(network, pixels, context))  # noqa: B023 - called at once
            seconds, _ = _timed(lambda: apply_at_any_size(network, pixels, context))  # noqa: B023
            yield Row(f"fast style's network, {side} px", f"{seconds:.3f} s, {side * side / 1e6 / seconds:.1f} megapixels/s")

    def vgg19(self) -> Iterator[Row]:
        """A step of Neural Style with the paper's network: forth and back."""
        device = pick_device(self.kind)
        network = VGG19().to(device.torch_device, device.precision).requires_grad_(False)
        picture = _placed(torch.rand(1, 3, self.vgg_side, self.vgg_side), device).requires_grad_(True)

        def step() -> None:
            features = network(picture, ("relu1_1", "relu4_1", "relu5_1"))
            loss = torch.stack([layer.float().square().mean() for layer in features.values()]).sum()
            torch.autograd.grad(loss, picture)
            _finished(self.kind)

        first_s, _ = _timed(step)
        second_s, _ = _timed(step)
        yield Row(f"VGG-19, a step at {self.vgg_side} px", f"{first_s:.2f} s, then {second_s:.3f} s")

    def compiled(self) -> Iterator[Row]:
        """Whether torch.compile would pay for a network that is used once a picture."""
        device = pick_device(self.kind)
        if device.torch_device.type == "cpu":
            yield Row("torch.compile of that network", "not on a processor: it takes a minute for three milliseconds")
            return
        network = fixed_mixture(multi_style_network(2), torch.tensor([0.5, 0.5])).eval().to(device.torch_device, device.precision)
        picture = _placed(torch.rand(1, 3, self.side, self.side), device)
        fast = torch.compile(network)
        with torch.no_grad():
            eager_s = min(_timed(lambda: (network(picture), _finished(self.kind)))[0] for _ in range(3))
            first_s, _ = _timed(lambda: (fast(picture), _finished(self.kind)))
            compiled_s = min(_timed(lambda: (fast(picture), _finished(self.kind)))[0] for _ in range(3))
        yield Row("torch.compile of that network", f"{eager_s:.4f} s, compiled {compiled_s:.4f} s after {first_s:.1f} s")

    def _nudged(self, given: dict[str, object], declared: AnyFilter) -> dict[str, object]:
        """The same with one pixel of the photo a little brighter."""
        assert declared.layer is not None
        photo = given[declared.layer.name]
        assert isinstance(photo, Image)
        pixels = photo.pixels.clone()
        pixels[..., self.side // 2, self.side // 2] += 1 / 255
        return {**given, declared.layer.name: Image(pixels)}

    def _given(self, declared: AnyFilter) -> dict[str, object]:
        """A photo, and a picture for each input that takes pictures and must have one."""
        style = _resized(skimage.data.colorwheel(), self.side)
        given: dict[str, object] = {item.name: [style] for item in declared.inputs if isinstance(item, Pictures) and item.minimum}
        return {**given, declared.layer.name: _resized(skimage.data.astronaut(), self.side)} if declared.layer else given


class _Notes(SilentProgress):
    """Keeps what a person would be told."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    def note(self, message: str) -> None:
        self.taken.append(message)


class _little_memory:  # noqa: N801 - used as a function
    """Within it the device has room for a small painting only."""

    SHARE = 0.01

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __enter__(self) -> None:
        if self._kind == "cuda":
            free_caches()
            torch.cuda.set_per_process_memory_fraction(self.SHARE)

    def __exit__(self, *_: object) -> None:
        if self._kind == "cuda":
            torch.cuda.set_per_process_memory_fraction(1.0)


def _picture(declared: AnyFilter, given: dict[str, object], kind: str, precision: str) -> Tensor:
    return apply_all(declared.id, **given, device=kind, precision=precision).picture.pixels.float().cpu()


def _away(made: Tensor, expected: Tensor) -> float:
    return 255 * float((made - expected).abs().mean())


def _resized(pixels: object, side: int) -> Image:
    picture = torch.as_tensor(pixels).permute(2, 0, 1)[None, :3].float() / 255
    return Image(F.interpolate(picture, size=(side, side), mode="bilinear", antialias=True))


def _placed(pixels: Tensor, device: Device) -> Tensor:
    return pixels.to(device.torch_device, device.precision).contiguous(memory_format=device.memory_format)


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    made = work()
    return time.perf_counter() - started, made


def _finished(kind: str) -> None:
    if kind == "cuda":
        torch.cuda.synchronize()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu", "mps", "xpu"])
    parser.add_argument("--side", type=int, default=512, help="of the pictures that filters are compared on")
    parser.add_argument("--large-sides", type=int, nargs="*", default=LARGE_SIDES)
    parser.add_argument("--vgg-side", type=int, default=1024)
    pictured = [declared.id for declared in filters() if declared.needs.warm_up and declared.layer is not None]
    parser.add_argument("--filters", nargs="*", default=pictured, choices=pictured)
    options = parser.parse_args(arguments)
    try:
        device = pick_device(options.device)
    except DeviceUnavailable:
        print(f"there is no {options.device} here; nothing measured")
        return 0
    print(f"{device.name}, {device.precision}, {device.memory_budget_bytes / 2**30:.0f} GiB to use")
    sides = (options.side, tuple(options.large_sides), options.vgg_side)
    failed = 0
    for row in Bench(options.device, *sides, tuple(options.filters)).rows():
        print(row, flush=True)
        failed += row.is_right is False
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
