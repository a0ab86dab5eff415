"""The compact encoder's form: channels, arithmetic, heads, files."""

from pathlib import Path

import pytest
import torch
from torch import nn

from restyle.networks.encoder import COMPACT_WIDTHS, HEAD_WIDTHS, CompactEncoder
from restyle.networks.features import FeatureTrunk
from restyle.networks.vgg import VGG19


def multiplications(network: FeatureTrunk, side: int) -> int:
    """Multiplications of one forward pass on a square picture through relu5_1."""
    total, positions = 0, side * side
    for layer in network.layers:
        if layer.endswith("_1") and layer != "relu1_1":
            positions //= 4
        total += positions * network.convolution(layer).weight.numel()
    return total


def test_the_encoder_has_a_sixteenth_of_vgg_19s_arithmetic() -> None:
    ratio = multiplications(VGG19(), 256) / multiplications(CompactEncoder(), 256)
    # The first convolution, with three input channels on either side, is narrowed on one side only.
    assert 15 < ratio < 16


def test_features_have_the_declared_channels_and_vggs_resolution() -> None:
    features = CompactEncoder()(torch.rand(1, 3, 64, 48), COMPACT_WIDTHS)
    for layer, width in COMPACT_WIDTHS.items():
        reduction = 2 ** (int(layer[4]) - 1)
        assert features[layer].shape == (1, width, 64 // reduction, 48 // reduction)


def test_heads_lead_to_the_widths_they_declare() -> None:
    encoder = CompactEncoder()
    for layer, wide in HEAD_WIDTHS.items():
        head = encoder.head(layer)
        assert head is not None
        assert head.weight.shape == (wide, COMPACT_WIDTHS[layer])
        assert head.bias.shape == (wide,)
    assert encoder.head("relu4_4") is None


def test_an_encoder_read_back_equals_the_saved_one_up_to_float16(tmp_path: Path) -> None:
    encoder = CompactEncoder()
    encoder.save(tmp_path / "encoder.safetensors")
    again = CompactEncoder.from_file(tmp_path / "encoder.safetensors")
    for name, tensor in encoder.state_dict().items():
        assert torch.equal(again.state_dict()[name], tensor.half().float())
    assert not any(parameter.requires_grad for parameter in again.parameters())


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"weight": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(RuntimeError, match="Missing key"):
        CompactEncoder.from_file(tmp_path / "other.safetensors")


def test_rescaling_a_layer_changes_its_features_and_nothing_after_them() -> None:
    torch.manual_seed(0)
    encoder = CompactEncoder()
    image = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        before = encoder(image, encoder.layers)
        seen_before = encoder.heads["relu2_1"](before["relu2_1"])
        factors = torch.linspace(0.5, 4, COMPACT_WIDTHS["relu2_1"])
        encoder.rescale("relu2_1", factors)
        after = encoder(image, encoder.layers)
    torch.testing.assert_close(after["relu2_1"], before["relu2_1"] * factors.view(1, -1, 1, 1), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(encoder.heads["relu2_1"](after["relu2_1"]), seen_before, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(after["relu5_1"], before["relu5_1"], rtol=1e-3, atol=1e-4)


def test_a_bfloat16_encoder_takes_a_float32_picture_and_returns_its_gradient() -> None:
    encoder = CompactEncoder().to(torch.bfloat16)
    encoder.to(memory_format=torch.channels_last)
    image = torch.rand((1, 3, 32, 32)).contiguous(memory_format=torch.channels_last).requires_grad_()
    features = encoder(image, ["relu3_4"])["relu3_4"]
    features.float().sum().backward()
    assert features.dtype == torch.bfloat16
    assert features.is_contiguous(memory_format=torch.channels_last)
    assert image.grad is not None
    assert image.grad.dtype == torch.float32
    assert float(image.grad.abs().sum()) > 0


def test_every_operation_of_the_encoder_is_a_convolution_a_relu_or_a_pooling() -> None:
    kinds = {type(module) for module in CompactEncoder().modules()}
    assert kinds == {CompactEncoder, nn.ModuleDict, nn.Conv2d}
