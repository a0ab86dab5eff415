"""Labels: networks that were fetched give regions their names."""

import numpy as np
import pytest
import torch
from tests.availability import lacking

from restyle.contract.errors import WeightsDamaged
from restyle.models.store import Store
from restyle.networks.espnetv2 import PASCAL_VOC, ESPNetv2
from restyle.pictures.files import open_image
from restyle.regions.automatic import find_regions
from restyle.regions.labels import NAMES, Labeller, label, load_labellers
from restyle.regions.patches import Patches


class Sure(torch.nn.Module):
    """A network that is sure of one class everywhere, or of all alike."""

    def __init__(self, index=None):
        super().__init__()
        self.index = index

    def forward(self, picture):
        logits = torch.zeros(1, 2, *picture.shape[2:])
        if self.index is not None:
            logits[:, self.index] = 50
        return logits


def labeller(index, *believed):
    """A network of two classes, each believed to be one of NAMES or nothing."""
    return Labeller(Sure(index), 64, torch.tensor([[float(name == other) for other in NAMES] for name in believed]))


def sure_of(name, seen):
    return seen[:, NAMES.index(name)].mean().item()


def test_without_networks_there_are_no_labels():
    assert label(torch.rand(1, 3, 20, 30), ()) is None


def test_classes_are_merged_into_common_names():
    seen = label(torch.rand(1, 3, 20, 30), (labeller(None, "sky", "sky"),))
    assert sure_of("sky", seen) == pytest.approx(1)


def test_what_one_network_is_sure_of_the_next_is_not_asked():
    sure, other = labeller(0, "person", None), labeller(0, "sky", None)
    seen = label(torch.rand(1, 3, 20, 30), (sure, other))
    assert (sure_of("person", seen), sure_of("sky", seen)) == pytest.approx((1, 0))
    unsure = labeller(1, "person", None)
    assert sure_of("sky", label(torch.rand(1, 3, 20, 30), (unsure, other))) == pytest.approx(1)


def patches_of(*colors_and_labels):
    """Four patches of one colour and label in each of the rows, from the top down."""
    number = len(colors_and_labels)
    labels = np.repeat(np.repeat(np.arange(4 * number).reshape(number, 4), 8, 0), 8, 1)
    colors = np.repeat(np.array([color for color, _ in colors_and_labels], np.float32), 4, 0)
    named = np.array([[float(name == label) for name in NAMES] for _, label in colors_and_labels], np.float32)
    places = np.stack((np.repeat(np.linspace(0, 1, number), 4), np.tile(np.linspace(0, 1, 4), number)), 1).astype(np.float32)
    sizes = np.full(4 * number, 1 / (4 * number), np.float32)
    textures = (np.ones((4 * number, 2), np.float32),) * 2
    return Patches(labels, colors[labels].transpose(2, 0, 1), sizes, colors, places, textures, np.repeat(named, 4, 0))


def test_regions_have_the_names_of_their_labels_and_the_others_numbers():
    regions = find_regions(patches_of(((0.9, 0, -0.3), "sky"), ((0.5, 0.4, 0), None), ((0.3, -0.4, 0.3), "vegetation")))
    assert regions.names == ("sky", "part 2", "vegetation")
    assert regions.mask("sky")[0, 0, :, 0].tolist() == [1] * 8 + [0] * 16


def test_regions_of_one_label_are_one_however_they_look():
    regions = find_regions(patches_of(((0.9, 0, -0.3), "person"), ((0.1, 0.4, 0), "person"), ((0.5, -0.4, 0.3), None)))
    assert regions.names == ("person", "part 2")


def test_networks_that_are_here_take_part_and_damaged_ones_are_named(tmp_path):
    store = Store(tmp_path)
    assert load_labellers(store) == ()
    from safetensors.torch import save_file

    target = store.folder / "segmentation_things.safetensors"
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(ESPNetv2(len(PASCAL_VOC)).state_dict(), target)
    (found,) = load_labellers(store)
    assert label(torch.rand(1, 3, 40, 60), (found,)).shape[1] == len(NAMES)
    save_file({"something": torch.zeros(1)}, target)
    with pytest.raises(WeightsDamaged, match="ESPNetv2"):
        load_labellers(store)


def test_the_published_networks_see_a_sky(reference, tmp_path):
    photo = reference / "photos" / "kodak" / "kodim21.png"
    weights = reference / "segmentation" / "espnetv2_s_2.0_city_1024x512.pth"
    if not (photo.is_file() and weights.is_file()):
        lacking("reference", "the photo or the weights are not there")
    store = Store(tmp_path)
    store.import_file("segmentation-streets", weights)
    seen = label(open_image(photo)[0].pixels, load_labellers(store))
    upper, lower = seen.chunk(2, 2)
    assert sure_of("sky", upper) > 0.6
    assert sure_of("sky", lower) < 0.1
