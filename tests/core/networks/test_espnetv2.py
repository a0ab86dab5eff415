"""ESPNetv2: published weights load as they are, and see what is there."""

import pytest
import torch
from tests.availability import lacking

from restyle.models.foreign.readers import read_state_dict
from restyle.networks.espnetv2 import CITYSCAPES, PASCAL_VOC, ESPNetv2, espnetv2_from_state_dict

FILES = {"espnetv2_s_2.0_city_1024x512.pth": CITYSCAPES, "espnetv2_s_2.0_pascal_384x384.pth": PASCAL_VOC}


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return ESPNetv2(5).eval()


@torch.no_grad()
def test_logits_have_the_size_of_the_picture(network):
    assert network(torch.rand(1, 3, 48, 80)).shape == (1, 5, 48, 80)


def test_sides_that_cannot_be_halved_four_times_are_refused(network):
    with pytest.raises(ValueError, match="16"):
        network(torch.rand(1, 3, 48, 70))


@torch.no_grad()
def test_a_saved_network_is_read_back(network):
    again = espnetv2_from_state_dict(network.state_dict())
    picture = torch.rand(1, 3, 32, 32)
    assert torch.equal(again(picture), network(picture))


def test_another_networks_weights_are_refused():
    with pytest.raises(KeyError):
        espnetv2_from_state_dict({"features.0.weight": torch.zeros(1)})


@pytest.mark.parametrize("name", FILES)
@torch.no_grad()
def test_published_weights_load_strictly(reference, name):
    path = reference / "segmentation" / name
    if not path.is_file():
        lacking("reference", f"{path} is not here")
    network = espnetv2_from_state_dict(read_state_dict(path))
    logits = network(torch.rand(1, 3, 64, 64))
    assert logits.shape[1] == len(FILES[name])
    assert logits.isfinite().all()
