"""Networks at any size: bands and tiles give what the whole picture gives."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from tests.architectures import engstrom, johnson, pytorch_examples, texture_pyramid
from torch import Tensor, nn

from restyle.context import Context
from restyle.contract.errors import Cancelled
from restyle.contract.progress import CallbackProgress, Report, SilentProgress
from restyle.engine.any_size import apply_at_any_size, budget, engine, measure_statistics, meter
from restyle.host.device import Device
from restyle.networks.blocks import (
    Branches,
    ConditionalInstanceNorm,
    ConvLayer,
    InstanceNorm,
    Residual,
    Sequence,
    fixed_mixture,
    instance_norms,
)
from restyle.networks.dped import dped_generator
from restyle.networks.noise import Noise
from restyle.networks.transformer import build

FLOAT32 = Device(torch.device("cpu"), torch.float32, torch.channels_last, 0, "cpu")
BFLOAT16 = Device(torch.device("cpu"), torch.bfloat16, torch.channels_last, 0, "cpu")

NETWORKS: dict[str, Callable[[], Sequence]] = {
    "pytorch_examples": lambda: build(pytorch_examples()),
    "johnson": lambda: build(johnson(width=8)),
    "johnson_eccv16": lambda: build(johnson(width=8, norm="affine")),
    "engstrom": lambda: build(engstrom()),
    "dped": lambda: dped_generator(width=16),
    "five_by_five_with_a_stride": lambda: Sequence(
        ConvLayer(3, 8, 5, stride=2), InstanceNorm(8), nn.ReLU(), ConvLayer(8, 3, 3, upsample=2)
    ),
}
ROUNDING = 2e-5
"""Float32 summed in another order, relative to the largest value."""


@pytest.fixture(autouse=True)
def always_the_same_numbers() -> None:
    torch.manual_seed(0)


def whole(network: Sequence, pixels: Tensor) -> Tensor:
    with torch.no_grad():
        return network(pixels)


def eventful(network: Sequence) -> Sequence:
    """With norms that do something, negative weights included."""
    for norm in instance_norms(network):
        nn.init.normal_(norm.weight)
        nn.init.normal_(norm.bias)
    return network.eval()


def colorful(network: Sequence) -> Sequence:
    """With a last convolution whose results are as far apart as colours: an untrained one gives next to nothing."""
    last = [block for block in network.modules() if isinstance(block, ConvLayer)][-1]
    with torch.no_grad():
        spread = float(network(torch.rand(1, 3, 64, 64)).std())
        last.weight.mul_(0.2 / spread)
    return network.eval()


def difference(first: Tensor, second: Tensor) -> float:
    """Largest, relative to the largest value."""
    return float((first - second).abs().max() / second.abs().max())


def psnr(first: Tensor, second: Tensor) -> float:
    return -10 * math.log10(float((first - second).square().mean()))


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("size", [(64, 48), (52, 76)])
def test_bands_give_what_the_whole_picture_gives(
    make: Callable[[], Sequence], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, pixels = eventful(make()), torch.rand(1, 3, *size)
    monkeypatch.setattr(budget, "BAND_BYTES", 0)
    assert difference(apply_at_any_size(network, pixels, Context(FLOAT32)), whole(network, pixels)) < ROUNDING


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS)
def test_with_statistics_known_beforehand_the_picture_is_the_same(make: Callable[[], Sequence]) -> None:
    network, pixels = eventful(make()), torch.rand(1, 3, 56, 72)
    statistics = measure_statistics(network, pixels, Context(FLOAT32))
    result = apply_at_any_size(network, pixels, Context(FLOAT32), statistics=statistics)
    assert difference(result, whole(network, pixels)) < ROUNDING


def test_scales_that_join_run_in_bands_too(monkeypatch: pytest.MonkeyPatch) -> None:
    network, pixels = build(texture_pyramid(scales=4)).eval(), torch.rand(1, 3, 64, 96)
    monkeypatch.setattr(budget, "BAND_BYTES", 0)
    # The smallest scales are norms of a few dozen pixels, which magnify rounding.
    assert difference(apply_at_any_size(network, pixels, Context(FLOAT32)), whole(network, pixels)) < 1e-3


def test_noise_is_the_same_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = Branches(Sequence(ConvLayer(8, 4, 3)), Sequence(Noise(5, 0.5)))
    network = Sequence(ConvLayer(3, 8, 3), InstanceNorm(8), nn.LeakyReLU(0.1), mixed, ConvLayer(9, 3, 3)).eval()
    pixels = torch.rand(1, 3, 52, 76)
    monkeypatch.setattr(budget, "BAND_BYTES", 0)
    assert difference(apply_at_any_size(network, pixels, Context(FLOAT32)), whole(network, pixels)) < ROUNDING


def test_the_size_of_bands_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    network, pixels = eventful(build(pytorch_examples())), torch.rand(1, 3, 96, 80)
    results = []
    for band_bytes in (0, 250_000, 1e9):
        monkeypatch.setattr(budget, "BAND_BYTES", band_bytes)
        results.append(apply_at_any_size(network, pixels, Context(FLOAT32)))
    assert difference(results[0], results[2]) < ROUNDING
    assert difference(results[1], results[2]) < ROUNDING


def test_bfloat16_is_near_float32() -> None:
    network, pixels = colorful(build(pytorch_examples())), torch.rand(1, 3, 64, 64)
    result = apply_at_any_size(network, pixels, Context(BFLOAT16))
    assert psnr(result, whole(network, pixels)) > 40


def give_memory(monkeypatch: pytest.MonkeyPatch, size_bytes: float) -> None:
    monkeypatch.setattr(budget, "MOST_MEMORY_BYTES", size_bytes)
    monkeypatch.setattr(budget, "SPARE_SHARE", 0)


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS)
def test_statistics_stay_exact_where_only_a_part_of_the_maps_fits(
    make: Callable[[], Sequence], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, pixels = eventful(make()), torch.rand(1, 3, 400, 64)
    exact = whole(network, pixels)
    give_memory(monkeypatch, 4e5)
    assert difference(apply_at_any_size(network, pixels, Context(FLOAT32)), exact) < ROUNDING


@pytest.mark.parametrize(("free", "expected"), [(0, 0.81e9), (0.5e9, 0.5e9), (2e9, 0.81e9), (18e9, 6e9)])
def test_maps_take_a_third_of_what_is_free_where_that_is_more_than_the_least(free, expected):
    assert budget.memory_bytes(replace(FLOAT32, memory_budget_bytes=free), 12_000_000) == expected


@pytest.mark.parametrize(
    ("side", "most", "expected"), [(10_000, 25e6, 10e6), (6_000, 25e6, 6e6), (10_000, 4e6, 4e6), (2_000, 25e6, 6e6)]
)
def test_a_tenth_of_a_large_picture_is_measured_as_far_as_memory_allows(side, most, expected, monkeypatch):
    monkeypatch.setattr(engine, "memory_bytes", lambda *_: most)
    monkeypatch.setattr(engine, "map_bytes", lambda *_: 1.0)
    network = Sequence(ConvLayer(3, 3, 3))
    pixels = torch.empty(1, 3, 1, 1).expand(1, 3, side, side)
    job = engine._Job(network, engine.extent_of(network), Context(FLOAT32), meter.WorkMeter(SilentProgress(), ""), pixels)
    assert job._sampled_pixels == expected


def test_a_picture_too_large_for_exact_statistics_is_measured_in_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    body = Sequence(ConvLayer(4, 4, 3), InstanceNorm(4))
    network = Sequence(ConvLayer(3, 4, 5), InstanceNorm(4), nn.ReLU(), Residual(body), ConvLayer(4, 3, 3))
    # Smooth light and fine texture, as photos have.
    ramp = torch.linspace(0, 3 * torch.pi, 1200)
    pixels = 0.3 + 0.2 * (ramp.sin()[:, None] * ramp.cos()[None, :]) + 0.3 * torch.rand(1, 3, 1200, 1200)
    exact = whole(colorful(network), pixels)
    give_memory(monkeypatch, 4 * 8 * 700**2)
    monkeypatch.setattr(engine, "EXACT_PIXELS", 0)
    result = apply_at_any_size(network, pixels, Context(FLOAT32))
    assert result.shape == exact.shape
    assert float((result - exact).abs().max()) > ROUNDING
    # Every pixel has the same statistics, so there is no seam; how far they are off, the picture decides.
    assert psnr(result, exact) > 40


@pytest.mark.parametrize("size_bytes", [1e9, 3e5], ids=["at_once", "in_parts"])
def test_what_lies_beyond_a_side_that_cannot_be_halved_is_cut_off(size_bytes: float, monkeypatch: pytest.MonkeyPatch) -> None:
    network, pixels = eventful(build(pytorch_examples())), torch.rand(1, 3, 253, 61)
    give_memory(monkeypatch, size_bytes)
    result = apply_at_any_size(network, pixels, Context(FLOAT32))
    assert result.shape == pixels.shape
    assert difference(result, whole(network, pixels)[..., :253, :61]) < ROUNDING


def test_scales_that_join_take_any_size() -> None:
    network, pixels = build(texture_pyramid(scales=4)).eval(), torch.rand(1, 3, 61, 90)
    continued = torch.cat((pixels, pixels[..., -6:].flip(3)), 3)
    continued = torch.cat((continued, continued[..., -3:, :].flip(2)), 2)
    result = apply_at_any_size(network, pixels, Context(FLOAT32))
    assert difference(result, whole(network, continued)[..., :61, :90]) < 1e-3


@pytest.mark.parametrize("size_bytes", [1e9, 2e5], ids=["at_once", "in_parts"])
def test_a_u_net_gives_in_parts_what_it_gives_at_once(size_bytes: float, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(4)
    level: list[Any] = []
    for channels in (16, 8, 3):
        inner = 2 * max(channels, 4)
        halved = {"type": "conv", "in": channels, "out": inner, "kernel": 4, "stride": 2, "edges": "same"}
        doubled = {"type": "transposed", "in": inner * (2 if level else 1), "out": channels, "kernel": 4, "stride": 2}
        held = [{"type": "branches", "branches": [[], [{"type": "norm", "channels": inner}, *level]]}] if level else []
        level = [halved, *held, {"type": "relu"}, doubled]
    network, pixels = build(level).eval(), torch.rand(1, 3, 400, 64)
    exact = whole(network, pixels)
    give_memory(monkeypatch, size_bytes)
    assert difference(apply_at_any_size(network, pixels, Context(FLOAT32)), exact) < ROUNDING


def test_statistics_of_one_picture_make_another_look_as_if_it_were_part_of_it() -> None:
    network, pixels = eventful(build(pytorch_examples())), torch.rand(1, 3, 64, 128)
    statistics = measure_statistics(network, pixels, Context(FLOAT32))
    part = apply_at_any_size(network, pixels[..., :96], Context(FLOAT32), statistics=statistics)
    # The network sees about 50 px far; left of that the cut is out of sight.
    torch.testing.assert_close(part[..., :40], whole(network, pixels)[..., :40], atol=1e-4, rtol=1e-4)


def test_progress_rises_to_the_end_and_cancelling_ends_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "INTERVAL_S", 0.0)
    monkeypatch.setattr(budget, "BAND_BYTES", 0)
    reports: list[Report] = []
    network, pixels = build(pytorch_examples()), torch.rand(1, 3, 64, 64)
    apply_at_any_size(network, pixels, Context(FLOAT32, CallbackProgress(reports.append)), message="Painting")
    steps = [report.step for report in reports]
    assert steps == sorted(steps)
    assert steps[0] < 10
    assert steps[-1] == 100
    assert reports[0].message == "Painting"
    with pytest.raises(Cancelled):
        apply_at_any_size(network, pixels, Context(FLOAT32, CallbackProgress(reports.append, lambda: True)))


def test_a_mixture_that_is_not_fixed_is_refused() -> None:
    network = Sequence(ConvLayer(3, 4, 3), ConditionalInstanceNorm(4, 2))
    pixels = torch.rand(1, 3, 32, 32)
    with pytest.raises(ValueError, match="mixture"):
        apply_at_any_size(network, pixels, Context(FLOAT32))
    fixed = fixed_mixture(network, torch.tensor([0.5, 0.5]))
    assert difference(apply_at_any_size(fixed, pixels, Context(FLOAT32)), whole(fixed, pixels)) < ROUNDING
