"""The enhancer's structure, with random weights: what it promises whatever it has learned."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from restyle.networks.detail import DETAIL_REACH_PX
from restyle.networks.development import KNOTS, Development, develop
from restyle.networks.enhancer import Enhancer, Judge, judged_size
from restyle.pictures.image import luma

ROUNDING = 1e-5  # of a few float32 operations on values in 0..1


def random_enhancer(scale: float = 0.5) -> Enhancer:
    torch.manual_seed(0)
    enhancer = Enhancer()
    with torch.no_grad():
        for parameter in enhancer.parameters():
            parameter.add_(torch.randn(parameter.shape) * scale / max(parameter[0].numel(), 1) ** 0.5)
    return enhancer.requires_grad_(False).eval()


def picture(height: int = 48, width: int = 64) -> Tensor:
    return torch.rand((1, 3, height, width), generator=torch.Generator().manual_seed(1))


def test_an_untrained_enhancer_changes_nothing() -> None:
    photo, enhancer = picture(), Enhancer().requires_grad_(False).eval()
    development = enhancer.judge(photo)
    assert (develop(photo, development) - photo).abs().max() < ROUNDING
    assert enhancer.detail(photo).abs().max() == 0


def test_black_white_and_grey_stay_what_they_are() -> None:
    judge = random_enhancer().judge
    development = judge(picture())
    for level in (0.0, 1.0):
        flat = torch.full((1, 3, 2, 2), level)
        assert (develop(flat, development) - flat).abs().max() < ROUNDING
    grey = torch.rand((1, 1, 40, 40)).expand(1, 3, 40, 40)
    made = develop(grey, judge(grey))
    assert (made - luma(made)).abs().max() < ROUNDING
    assert (made - grey).abs().max() > 0.01


def test_nothing_leaves_the_range_and_no_brightness_swaps_places() -> None:
    development = random_enhancer(3.0).judge(picture())
    made = develop(picture(), development)
    assert made.min() >= -ROUNDING
    assert made.max() <= 1 + ROUNDING
    ramp = torch.linspace(0, 1, 256).expand(1, 3, 1, 256)
    curved = develop(ramp, Development(development.curves, torch.eye(2).expand(1, 3, 2, 2)))
    assert (curved[..., 1:] > curved[..., :-1]).all()


def test_detail_adds_no_colour_to_grey() -> None:
    detail = random_enhancer().detail
    grey = torch.rand((1, 1, 64, 64)).expand(1, 3, 64, 64).contiguous()
    change = detail(grey)
    assert change.abs().max() > 0
    assert (change - change[:, :1]).abs().max() < ROUNDING


def test_detail_depends_on_nothing_beyond_its_reach() -> None:
    detail = random_enhancer().detail
    photo = picture(128, 160)
    other = photo.clone()
    other[:, :, :, : 160 - 64 - DETAIL_REACH_PX] = 0.3
    assert torch.equal(detail(photo)[..., -64:], detail(other)[..., -64:])


@pytest.mark.parametrize("size", [(3024, 4032), (8, 20000), (1, 1)])
def test_the_judge_sees_any_shape(size: tuple[int, int]) -> None:
    height, width = judged_size(*size)
    assert min(height, width) >= 32
    assert Judge()(torch.rand(1, 3, 32, min(width, 256))).curves.shape == (1, 3, KNOTS)


def test_a_saved_enhancer_is_read_back(tmp_path: Path) -> None:
    enhancer, photo = random_enhancer(), picture()
    enhancer.save(tmp_path / "enhancer.safetensors")
    read = Enhancer.from_file(tmp_path / "enhancer.safetensors")
    assert torch.equal(read.detail(photo), enhancer.detail(photo))
    assert torch.equal(read.judge(photo).curves, enhancer.judge(photo).curves)


def test_all_of_it_is_trained() -> None:
    torch.manual_seed(0)
    enhancer = random_enhancer().requires_grad_(True)
    photo = picture()
    developed = develop(photo, enhancer.judge(photo))
    (developed.square().sum() + (photo + enhancer.detail(photo)).square().sum()).backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in enhancer.parameters())


def test_it_is_small_enough_to_ship() -> None:
    assert sum(parameter.numel() for parameter in Enhancer().parameters()) * 4 < 2_000_000
