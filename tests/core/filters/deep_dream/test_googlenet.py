"""GoogLeNet: torchvision's network, and a file of the form that it publishes."""

import hashlib
from dataclasses import replace

import pytest
import torch
from tests.golden.scenes import scene
from tests.loading import inputs_of

from restyle.context import Context
from restyle.contract.errors import WeightsDamaged
from restyle.filters.deep_dream import DeepDreamParams
from restyle.filters.deep_dream.dreamer import load_dreamer
from restyle.filters.deep_dream.method import dream
from restyle.host.device import pick_device
from restyle.models.entries import PublishedFile
from restyle.models.foreign.readers import read_state_dict
from restyle.models.manifest import known_weights
from restyle.models.store import Store
from restyle.networks.googlenet import GOOGLENET_LAYERS, googlenet_from_state_dict
from restyle.networks.torchvision_parts import torchvision_module
from restyle.pictures.image import Image


@pytest.fixture(scope="module")
def theirs():
    """torchvision's own GoogLeNet with random weights, its classifiers among them."""
    described = torchvision_module("torchvision.models.googlenet")
    torch.manual_seed(0)
    return described.GoogLeNet(num_classes=10, aux_logits=True, transform_input=True, init_weights=False).eval()


@pytest.fixture(scope="module")
def published(theirs, tmp_path_factory):
    """A file of its weights as it is published, and the digits of its hash that would be."""
    path = tmp_path_factory.mktemp("published") / "googlenet.pth"
    torch.save(theirs.state_dict(), path)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def store_of(folder, digits):
    entry = known_weights()["googlenet"]
    return Store(folder, {"googlenet": replace(entry, files=(PublishedFile(entry.url, digits),))})


def test_features_equal_torchvisions(theirs):
    network = googlenet_from_state_dict(theirs.state_dict())
    picture = scene(64, 96)
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    seen = {}
    hooks = [
        theirs.get_submodule(name).register_forward_hook(lambda _, __, out, name=name: seen.update({name: out}))
        for name in GOOGLENET_LAYERS
    ]
    with torch.no_grad():
        theirs((picture - mean) / std)
        ours = network(picture, GOOGLENET_LAYERS)
    for hook in hooks:
        hook.remove()
    for name in GOOGLENET_LAYERS:
        # Their input takes two roundings more.
        torch.testing.assert_close(ours[name], seen[name], rtol=1e-3, atol=1e-5)


def test_an_unknown_layer_is_named(theirs):
    with pytest.raises(KeyError, match="inception9z"):
        googlenet_from_state_dict(theirs.state_dict())(torch.zeros(1, 3, 32, 32), ["inception9z"])


def test_its_published_file_is_kept_without_classifiers_and_dreams(published, tmp_path):
    path, digits = published
    store = store_of(tmp_path, digits)
    kept = read_state_dict(store.import_file("googlenet", path))
    assert {name.partition(".")[0] for name in kept} == set(GOOGLENET_LAYERS)
    context = Context(pick_device("cpu", "float32"), store=store)
    photo = scene(64, 80)
    params = DeepDreamParams(seen="forms", octaves=1, steps=2)
    assert load_dreamer(params, context).layer == "inception4d"
    made = dream(inputs_of(Image(photo)), params, context).pixels
    assert bool(made.isfinite().all())
    assert (made - photo).abs().mean() > 1 / 255


def test_a_file_whose_hash_begins_otherwise_is_refused(published, tmp_path):
    with pytest.raises(WeightsDamaged):
        store_of(tmp_path, "00000000").import_file("googlenet", published[0])
