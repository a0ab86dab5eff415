"""Moments, and features less theirs."""

import torch

from restyle.features.moments import feature_mean, instance_normalized, moments


def test_moments_are_mean_and_deviation(features: torch.Tensor) -> None:
    mean, deviation = moments(features)
    torch.testing.assert_close(mean, features.mean(dim=(2, 3)))
    torch.testing.assert_close(deviation, features.std(dim=(2, 3), correction=0))


def test_moments_of_a_constant_have_a_finite_gradient() -> None:
    features = torch.full((1, 2, 4, 4), 0.5, requires_grad=True)
    _, deviation = moments(features)
    deviation.sum().backward()
    assert float(deviation.detach().max()) < 1e-3
    assert torch.isfinite(features.grad).all()


def test_instance_normalized_features_say_nothing_of_contrast_and_are_a_pictures_own(features: torch.Tensor) -> None:
    both = instance_normalized(features)
    # What keeps the deviation from 0 is a thousandth of these features' variance.
    assert torch.allclose(both, instance_normalized(3 * features + 1), atol=5e-3)
    assert both.mean((2, 3)).abs().max() < 1e-6
    for index, picture in enumerate(features.split(1)):
        assert torch.allclose(instance_normalized(picture)[0], both[index], atol=1e-5)
    assert torch.equal(instance_normalized(torch.ones(1, 2, 3, 4)), torch.zeros(1, 2, 3, 4))


def test_what_lies_outside_a_mask_does_not_count(features: torch.Tensor) -> None:
    mask = torch.zeros(1, 1, 6, 7)
    mask[..., 2:5, 1:4] = 1
    inside = features[..., 2:5, 1:4]
    torch.testing.assert_close(feature_mean(features, mask), inside.mean(dim=(2, 3)))
    for found, expected in zip(moments(features, mask), moments(inside), strict=True):
        torch.testing.assert_close(found, expected)
