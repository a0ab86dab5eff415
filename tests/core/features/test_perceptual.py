"""One loader of perceptual networks: each is read once, and what differs is another network."""

import pytest
import torch
from safetensors.torch import save_file

from restyle.context import Context
from restyle.contract.errors import WeightsDamaged
from restyle.features.perceptual import load_perceptual
from restyle.host.device import Hardware, pick_device
from restyle.models.cache import ON_CPU
from restyle.models.store import Store


@pytest.fixture
def context(tmp_path) -> Context:
    # Whatever this processor has: nothing is computed here.
    return Context(pick_device("cpu", "bfloat16", Hardware({"cpu": ("bfloat16",)})), store=Store(tmp_path))


def test_what_is_asked_for_twice_is_loaded_once(context: Context) -> None:
    assert load_perceptual("compact", context) is load_perceptual("compact", context)


def test_a_network_of_another_form_or_place_is_another(context: Context) -> None:
    usual = load_perceptual("compact", context)
    others = [
        load_perceptual("compact", context, pooling="average"),
        load_perceptual("compact", context, padding="reflect"),
        load_perceptual("compact", context, place=ON_CPU),
    ]
    assert len({id(network) for network in (usual, *others)}) == 4
    assert next(usual.parameters()).dtype == torch.bfloat16
    assert next(others[-1].parameters()).dtype == torch.float32


def test_weights_of_another_network_are_said_to_be_damaged(context: Context) -> None:
    path = context.store.folder / "compact_encoder.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({"another": torch.zeros(3)}, path)
    with pytest.raises(WeightsDamaged, match="compact encoder"):
        load_perceptual("compact", context)
