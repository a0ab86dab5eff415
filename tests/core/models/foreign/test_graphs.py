"""Networks that are graphs are kept with what they compute, and come back as they were."""

import pytest
import torch
from safetensors.torch import save_file
from tests.core.models.foreign.tflite_writer import small_network, write_tflite

from restyle.contract.errors import WeightsDamaged
from restyle.models.entries import PublishedFile, WeightsEntry
from restyle.models.fetch import sha256_of
from restyle.models.foreign.graphs import read_graphs
from restyle.models.foreign.readers import read_state_dict
from restyle.models.foreign.tflite_network import read_tflite_network
from restyle.models.store import Store
from restyle.networks.tensor_graph import TensorGraph


@torch.no_grad()
def test_a_set_of_graphs_is_kept_and_paints_as_before(tmp_path):
    files = [write_tflite(tmp_path / f"{name}.tflite", small_network(seed)[0]) for seed, name in enumerate("ab")]
    published = tuple(
        PublishedFile(f"https://a/{path.name}", sha256_of(path), size_bytes=path.stat().st_size, prefix=f"{path.stem}.")
        for path in files
    )
    store = Store(tmp_path / "home", {"set": WeightsEntry("set", "Set", "set.safetensors", "none", "here", published)})
    drafts = read_graphs(store.import_any(files[1]))
    store.verify("set")
    again = Store(tmp_path / "other", {"set": WeightsEntry("set", "Set", "set.safetensors", "none", "here", published)})
    assert read_graphs(again.import_any(store.path("set"))).keys() == drafts.keys() == {"a.", "b."}
    photo, style = torch.rand(1, 3, 8, 8), torch.rand(1, 5, 1, 1)
    for path, draft in zip(files, drafts.values(), strict=True):
        before = read_tflite_network(path)
        kept, read = (TensorGraph(item.architecture, item.state)(photo, style) for item in (draft, before))
        assert torch.equal(kept, read)


@pytest.mark.parametrize("note", [{}, {"architecture": "["}, {"architecture": "[1]"}, {"architecture": "[" * 9000}])
def test_a_kept_file_without_sensible_notes_is_damaged(tmp_path, note):
    save_file({"a.1": torch.zeros(1)}, tmp_path / "a.safetensors", metadata=note)
    with pytest.raises(WeightsDamaged, match="nothing sensible"):
        read_graphs(tmp_path / "a.safetensors")


@pytest.mark.parametrize(
    ("name", "file", "parts"),
    [
        (
            "any-style-microast",
            "microast/modulator_iter_160000.pth.tar",
            {"content_encoder", "style_encoder", "modulator", "decoder"},
        ),
        ("any-style-magenta", "magenta/style_predict_quantized_256.tflite", {"predictor", "transformer"}),
    ],
)
def test_the_published_painters_are_known_by_their_content(tmp_path, reference, name, file, parts):
    store = Store(tmp_path)
    path = store.import_any(reference / "any_style" / file)
    assert path == store.path(name)
    assert {tensor.partition(".")[0] for tensor in read_state_dict(path)} == parts
    store.verify(name)
