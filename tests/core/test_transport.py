"""Clouds of features and the maps between them: what arrives has the statistics that it shall have, and moves least."""

import pytest
import torch
from torch import Tensor

from restyle.transport import Cloud, blended, joined, measured, transport


def features(seed: int, channels: int = 6) -> Tensor:
    """Correlated features (2, C, 24, 20) with a mean of their own."""
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn((channels, channels), generator=generator)
    plain = torch.randn((2, channels, 24, 20), generator=generator)
    return torch.einsum("dc,nchw->ndhw", mixing, plain) + torch.randn((1, channels, 1, 1), generator=generator)


def close(first: Cloud, second: Cloud, tolerance: float = 1e-3) -> bool:
    return torch.allclose(first.mean, second.mean, atol=tolerance) and torch.allclose(
        first.covariance, second.covariance, atol=tolerance
    )


def test_what_is_moved_has_the_targets_mean_and_covariance() -> None:
    source, target = measured(features(0)), measured(features(1))
    # Without shrinkage the map is exact; covariances are of the order of ten.
    assert close(measured(transport(source, target, shrinkage=0)(features(0))), target, 5e-3)


def test_equal_clouds_are_not_moved() -> None:
    cloud = measured(features(2))
    move = transport(cloud, cloud)
    assert torch.allclose(move.matrix, torch.eye(6).expand(2, 6, 6), atol=1e-3)
    assert torch.allclose(move.shift, torch.zeros(2, 6), atol=1e-2)


def test_transport_moves_less_than_whitening_and_colouring() -> None:
    values = features(3)
    source, target = measured(values), measured(features(4))
    white = torch.linalg.inv(torch.linalg.cholesky(source.covariance))
    coloured = torch.linalg.cholesky(target.covariance) @ white
    other = torch.einsum("ndc,nchw->ndhw", coloured, values - source.mean[..., None, None]) + target.mean[..., None, None]
    moved = transport(source, target, shrinkage=0)(values)
    assert float((moved - values).square().mean()) < float((other - values).square().mean())


def test_at_no_strength_nothing_moves_and_at_half_strength_half_as_far() -> None:
    values = features(5)
    move = transport(measured(values), measured(features(6)))
    assert torch.allclose(move.partly(0)(values), values, atol=1e-5)
    assert torch.allclose(move.partly(0.5)(values), (values + move(values)) / 2, atol=1e-4)


def test_one_picture_is_moved_as_in_a_batch() -> None:
    values = features(7)
    move = transport(measured(values), measured(features(8)))
    alone = transport(measured(values[:1]), measured(features(8)[:1]))
    assert torch.allclose(alone(values[:1]), move(values)[:1], atol=1e-4)


def test_parts_of_a_picture_join_to_the_cloud_of_the_whole() -> None:
    values = features(9)
    parts = [(float(part.shape[2]), measured(part)) for part in (values[:, :, :7], values[:, :, 7:])]
    assert close(joined(parts), measured(values))


def test_a_mask_says_which_positions_count() -> None:
    values = features(10)
    mask = torch.zeros(1, 1, 24, 20)
    mask[:, :, :9] = 1
    assert close(measured(values, mask), measured(values[:, :, :9]))


def test_an_empty_mask_gives_no_numbers_that_are_not() -> None:
    cloud = measured(features(11), torch.zeros(1, 1, 24, 20))
    move = transport(cloud, measured(features(12)))
    assert bool(torch.isfinite(move.matrix).all())


def test_flat_features_are_moved_to_finite_ones() -> None:
    flat = torch.ones(2, 6, 24, 20)
    assert bool(torch.isfinite(transport(measured(flat), measured(features(13)))(flat)).all())


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_blend_leads_to_the_mean_of_where_its_maps_lead(share: float) -> None:
    values = features(14)
    moves = [transport(measured(values), measured(features(seed))) for seed in (15, 16)]
    wanted = torch.lerp(moves[1](values), moves[0](values), share)
    assert torch.allclose(blended(moves, [share, 1 - share])(values), wanted, atol=1e-3)
