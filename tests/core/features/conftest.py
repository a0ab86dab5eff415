"""Feature maps, and a head that widens them."""

import pytest
import torch
from torch import Tensor

from restyle.networks.features import Head


@pytest.fixture
def features() -> Tensor:
    return torch.rand((2, 5, 6, 7), generator=torch.Generator().manual_seed(1))


@pytest.fixture
def head() -> Head:
    generator = torch.Generator().manual_seed(2)
    return Head(torch.randn((9, 5), generator=generator), torch.randn(9, generator=generator))
