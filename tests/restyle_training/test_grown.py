"""Growing: a wider network of more styles begins as the narrower one painted."""

import torch

from restyle.networks.multi_style import MultiStyleShape, multi_style_network
from restyle_training.grown import grown


def test_the_old_styles_are_painted_as_before():
    torch.manual_seed(0)
    small = multi_style_network(2, MultiStyleShape((4, 6, 4, 4), 2)).eval()
    large = multi_style_network(3, MultiStyleShape((4, 10, 4, 4), 2)).eval()
    large.load_state_dict(grown(small.state_dict(), large.state_dict()))
    photo = torch.rand(1, 3, 24, 32)
    for style in range(2):
        narrow, wide = torch.eye(2)[[style]], torch.eye(3)[[style]]
        with torch.no_grad():
            torch.testing.assert_close(large(photo, wide), small(photo, narrow), atol=1e-5, rtol=1e-4)


def test_what_is_new_can_learn():
    torch.manual_seed(0)
    small = multi_style_network(1, MultiStyleShape((4, 6, 4, 4), 1))
    large = multi_style_network(2, MultiStyleShape((4, 10, 4, 4), 1))
    large.load_state_dict(grown(small.state_dict(), large.state_dict()))
    large(torch.rand(1, 3, 24, 32), torch.eye(2)[[1]]).square().mean().backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in large.parameters())
