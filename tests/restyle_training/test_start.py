"""The closed-form start: channels chosen, layers fitted."""

import torch
from torch.nn import functional as F

from restyle_training.start import fit_relu, representative_channels


def test_the_channels_chosen_are_those_that_predict_the_others() -> None:
    generator = torch.Generator().manual_seed(0)
    first, second, third = torch.randn((3, 500), generator=generator)
    pairs = [first, 2 * first, second, 3 * second, third, 0.1 * third]
    chosen = representative_channels(torch.stack(pairs, dim=1), 3).tolist()
    assert {channel // 2 for channel in chosen} == {0, 1, 2}


def test_no_channel_is_chosen_twice_even_where_all_are_alike() -> None:
    chosen = representative_channels(torch.ones(50, 8), 5).tolist()
    assert len(set(chosen)) == 5


def test_fitting_recovers_most_of_what_a_layer_without_its_relu_misses() -> None:
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn((4000, 6), generator=generator)
    planted = torch.randn((7, 4), generator=generator)
    extended = torch.cat([inputs, torch.ones(4000, 1)], dim=1)
    target = F.relu(extended @ planted)
    reached = F.relu(extended @ fit_relu(inputs, target))
    linear = F.relu(extended @ torch.linalg.lstsq(extended, target).solution)
    assert float((reached - target).square().sum()) < 0.35 * float((linear - target).square().sum())
