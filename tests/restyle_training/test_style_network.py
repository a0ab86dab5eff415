"""Training of style networks: its norm is the network's own, its losses say what they shall, and a stop costs nothing."""

import signal
from pathlib import Path

import pytest
import torch
from PIL import Image as PillowImage

from restyle.filters.fast_style.styles import SHIPPED_STYLES
from restyle.learning.style_objective import LossWeights, StyleObjective, style_targets
from restyle.learning.style_training import StyleRecipe, StyleTraining
from restyle.learning.swift_norm import SwiftConditionalNorm
from restyle.learning.synthetic import draw_picture
from restyle.networks.blocks import ConditionalInstanceNorm
from restyle.networks.encoder import CompactEncoder
from restyle.networks.multi_style import read_multi_style
from restyle_training import shipped_styles, style_network
from restyle_training.style_network import ENCODER

TINY = StyleRecipe(small_size=64, size=72, batch=2)  # at a quarter of less, reflected borders find no neighbours


@pytest.fixture(scope="module")
def encoder() -> CompactEncoder:
    return CompactEncoder.from_file(ENCODER, padding="reflect")


def pictures(count: int, size: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.stack([draw_picture(size, generator) for _ in range(count)])


def test_the_swift_norm_gives_the_numbers_and_gradients_of_the_networks_own() -> None:
    torch.manual_seed(0)
    own, swift = ConditionalInstanceNorm(5, 3), SwiftConditionalNorm(5, 3)
    torch.nn.init.normal_(own.weight)
    swift.load_state_dict(own.state_dict())
    mixture, seen = torch.tensor([[1.0, 0, 0], [0, 0.5, 0.5]]), torch.randn(2, 5, 7, 6)
    gradients = []
    for norm in (own, swift):
        hidden = (torch.arange(420.0).view(2, 5, 7, 6) % 13).requires_grad_()
        result = norm(hidden, mixture)
        gradients.append(torch.autograd.grad((result * seen).sum(), (hidden, norm.weight, norm.bias)))
        norm.result = result.detach()
    assert torch.allclose(own.result, swift.result, atol=1e-5)  # order of float32 sums
    for expected, found in zip(*gradients, strict=True):
        assert torch.allclose(expected, found, atol=1e-4)


def test_the_style_itself_is_reached_and_photos_begin_one_away(encoder: CompactEncoder) -> None:
    photos, style = pictures(6, 64, 1), pictures(1, 64, 7)
    objective = StyleObjective(encoder, style_targets(encoder, [style], photos), LossWeights())
    styles = torch.zeros(6, dtype=torch.long)
    _, reached = objective(style.expand(6, -1, -1, -1), photos, styles)
    _, untouched = objective(photos, photos, styles)
    assert reached["style"].max() < 0.1  # the root of DISTANCE_EPSILON, and of rounding
    assert 0.5 < float(untouched["style"].mean()) < 2  # 1 for the average of the photos
    assert untouched["content"] == 0
    assert untouched["light"] == 0


def test_light_and_shade_may_change_their_colour_but_not_their_place(encoder: CompactEncoder) -> None:
    photos, style = pictures(2, 64, 3), pictures(1, 64, 7)
    objective = StyleObjective(encoder, style_targets(encoder, [style], photos), LossWeights())
    styles = torch.zeros(2, dtype=torch.long)
    tinted = photos * torch.tensor([0.6, 0.5, 0.7]).view(1, 3, 1, 1) + 0.2
    _, kept = objective(tinted, photos, styles)
    _, turned = objective(1 - photos, photos, styles)
    assert kept["light"] < turned["light"] / 3


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Command-line arguments for two drawn styles and three drawn photos."""
    monkeypatch.setattr(style_network, "SHIPPED_STYLES", dict(list(SHIPPED_STYLES.items())[:2]))
    monkeypatch.setattr(style_network, "MEASURED_PHOTOS", 2)
    monkeypatch.setattr(shipped_styles, "STYLE_PX", 64)
    for folder, names in (("photos", "abc"), ("paintings", [style.painting for style in style_network.SHIPPED_STYLES.values()])):
        (tmp_path / folder).mkdir()
        for index, name in enumerate(names):
            pixels = (pictures(1, 64, index)[0] * 255).byte().permute(1, 2, 0).numpy()
            PillowImage.fromarray(pixels).save(tmp_path / folder / f"{name}.jpg")
    paths = {"--photos": "photos", "--paintings": "paintings", "--out": "styles.safetensors"}
    named = [text for option, name in paths.items() for text in (option, str(tmp_path / name))]
    return [*named, "--device", "cpu", "--precision", "float32"]


def test_a_stopped_training_goes_on_exactly_as_if_it_had_not_stopped(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "styles.safetensors"
    style_network.main([*options, "--steps", "4"], TINY)
    whole, names = read_multi_style(out)
    assert [name.id for name in names] == ["starry-night", "great-wave"]
    out.with_suffix(".checkpoint").unlink()

    step = StyleTraining.step

    def step_and_be_told_to_stop(self: StyleTraining, progress: float) -> None:
        step(self, progress)
        if self.steps == 2:
            signal.raise_signal(signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr(StyleTraining, "step", step_and_be_told_to_stop)
        style_network.main([*options, "--steps", "4"], TINY)
    half, _ = read_multi_style(out)

    style_network.main([*options, "--steps", "4", "--resume"], TINY)
    resumed, _ = read_multi_style(out)
    expected = whole.state_dict()
    assert all(torch.equal(tensor, expected[name]) for name, tensor in resumed.state_dict().items())
    assert not all(torch.equal(tensor, expected[name]) for name, tensor in half.state_dict().items())


def test_a_resumed_average_stays_in_its_own_tensors(options: list[str]) -> None:
    parsed = style_network._parser().parse_args(options)
    training, other = (style_network.build(parsed, TINY) for _ in range(2))
    other.step(0.5)
    before = dict(training.average)
    training.load_state_dict(other.state_dict())
    # A checkpoint is read on the CPU; the network may be elsewhere.
    assert all(training.average[name] is tensor for name, tensor in before.items())
    assert all(torch.equal(training.average[name], tensor) for name, tensor in other.average.items())
