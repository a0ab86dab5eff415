"""Lookup tables: identity, interpolation, and the adaptive ones against what the reference holds."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from restyle.learning.crops import read_picture
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.lut import AdaptiveLut, apply_lut, identity_lut


def picture() -> Tensor:
    return torch.rand((1, 3, 9, 7), generator=torch.Generator().manual_seed(0))


def test_the_identity_changes_nothing() -> None:
    # Rows are told in -1..1, whose float32 steps are 6e-8, times half of 33 x 35 rows, each 1/32 of the range; a few roundings.
    assert (apply_lut(identity_lut(33), picture()) - picture()).abs().max() < 1e-5


def test_the_ends_of_each_channel_meet_no_other_plane() -> None:
    ends = torch.tensor((0.0, 1.0, 0.25))
    colours = torch.cartesian_prod(ends, ends, ends).T.reshape(1, 3, 1, -1)
    assert (apply_lut(identity_lut(33), colours) - colours).abs().max() < 1e-5


@pytest.mark.parametrize("normalized", [(True, True, True, True, False), (True, False, False, False, False)])
def test_published_names_are_understood(normalized: tuple[bool, ...]) -> None:
    torch.manual_seed(0)
    network = AdaptiveLut(normalized=normalized).eval()
    state = {f"luts.{index}.LUT": table for index, table in enumerate(network.luts)}
    place = 1
    for convolution, norm in zip(network.convolutions, network.norms, strict=True):
        state |= {f"classifier.model.{place}.{name}": tensor for name, tensor in convolution.state_dict().items()}
        state |= {f"classifier.model.{place + 2}.{name}": tensor for name, tensor in norm.state_dict().items()}
        place += 3 if norm.state_dict() else 2
    state |= {f"classifier.model.{place + 1}.{name}": tensor for name, tensor in network.answer.state_dict().items()}
    photo = torch.rand(1, 3, 40, 60)
    assert torch.equal(AdaptiveLut.from_state_dict(state)(photo), network(photo))


def test_the_authors_tables_bring_photos_nearer_to_the_experts(reference: Path) -> None:
    state: dict[str, Tensor] = {}
    for prefix, name in (("luts.", "LUTs"), ("classifier.", "classifier")):
        tensors = read_state_dict(reference / "lut" / "sRGB" / f"{name}.pth")
        state |= {f"{prefix}{key}": tensor for key, tensor in tensors.items()}
    network = AdaptiveLut.from_state_dict(state)
    gains = []
    for path in sorted((reference / "fivek").glob("*_input.png")):
        photo, expert = (
            read_picture(file)[None].float() / 255 for file in (path, path.with_name(path.name.replace("input", "expertC")))
        )
        made = apply_lut(network(photo), photo).clamp(0, 1)
        gains.append((photo - expert).square().mean().log10() - (made - expert).square().mean().log10())
    # They were trained for this: 28.6 dB instead of 18.0 on these eight.
    assert sum(gains) / len(gains) > 0.9
