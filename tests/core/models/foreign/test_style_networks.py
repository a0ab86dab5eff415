"""Style networks of other programs paint here as they paint there, and nothing else is taken for one."""

from __future__ import annotations

import os
import pickle
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.architectures import engstrom, pytorch_examples
from tests.core.models.foreign.onnx_writer import write_onnx
from torch import nn
from torch.nn import functional as F

from restyle.contract.errors import UnusableModel
from restyle.models.foreign import style_networks
from restyle.models.foreign.style_networks import read_style_network
from restyle.networks.transformer import build

WIDTHS, BLOCKS = (4, 8, 16), 2


class Published(nn.Module):
    """TransformerNet by its published description: what each layer does, with the names of pytorch/examples."""

    def __init__(self, widths: tuple[int, int, int] = WIDTHS, blocks: int = BLOCKS) -> None:
        super().__init__()
        one, two, three = widths
        self.blocks = blocks
        sizes = {"conv1": (3, one, 9), "conv2": (one, two, 3), "conv3": (two, three, 3)}
        sizes |= {f"res{i}.conv{j}": (three, three, 3) for i in range(1, blocks + 1) for j in (1, 2)}
        sizes |= {"deconv1": (three, two, 3), "deconv2": (two, one, 3), "deconv3": (one, 3, 9)}
        norms = {"in1": one, "in2": two, "in3": three, "in4": two, "in5": one}
        norms |= {f"res{i}.in{j}": three for i in range(1, blocks + 1) for j in (1, 2)}
        self.parts = {name: nn.Conv2d(*size[:2], size[2]) for name, size in sizes.items()}
        self.norms = {name: nn.InstanceNorm2d(width, affine=True) for name, width in norms.items()}
        for norm in self.norms.values():
            nn.init.normal_(norm.weight, 1, 0.3)
            nn.init.normal_(norm.bias, 0, 0.3)
        # As a trained network has it: pictures of 0..255 come out.
        nn.init.normal_(self.parts["deconv3"].weight, 0, 4)
        nn.init.constant_(self.parts["deconv3"].bias, 120)

    def named(self) -> dict[str, torch.Tensor]:
        state = {f"{name}.conv2d.{key}": value for name, part in self.parts.items() for key, value in part.state_dict().items()}
        return state | {f"{name}.{key}": value for name, part in self.norms.items() for key, value in part.state_dict().items()}

    def layer(self, name: str, hidden: torch.Tensor, stride: int = 1, upsample: int = 1) -> torch.Tensor:
        part = self.parts[name]
        hidden = F.interpolate(hidden, scale_factor=upsample, mode="nearest") if upsample > 1 else hidden
        return F.conv2d(F.pad(hidden, (part.kernel_size[0] // 2,) * 4, mode="reflect"), part.weight, part.bias, stride)

    @torch.no_grad()
    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        for number, stride in ((1, 1), (2, 2), (3, 2)):
            hidden = self.norms[f"in{number}"](self.layer(f"conv{number}", hidden, stride)).relu()
        for block in range(1, self.blocks + 1):
            inner = self.norms[f"res{block}.in1"](self.layer(f"res{block}.conv1", hidden)).relu()
            hidden = hidden + self.norms[f"res{block}.in2"](self.layer(f"res{block}.conv2", inner))
        for number in (1, 2):
            hidden = self.norms[f"in{number + 3}"](self.layer(f"deconv{number}", hidden, upsample=2)).relu()
        return self.layer("deconv3", hidden)


@pytest.fixture(scope="module")
def published() -> Published:
    torch.manual_seed(3)
    return Published().eval()


@pytest.fixture(scope="module")
def photo() -> torch.Tensor:
    from skimage.data import astronaut

    return torch.from_numpy(astronaut()[40:104, 180:260].copy()).permute(2, 0, 1)[None].float() / 255


def painted(path: Path, photo: torch.Tensor) -> torch.Tensor:
    draft = read_style_network(path)
    network = build(draft.architecture)
    network.load_state_dict(draft.state)
    with torch.no_grad():
        return network.eval()(photo)


def psnr(first: torch.Tensor, second: torch.Tensor) -> float:
    return float(-10 * torch.log10((first - second).square().mean() + 1e-20))


@pytest.mark.parametrize("form", ["new", "old", "parallel", "legacy"])
def test_pytorch_s_networks_paint_as_they_do_there(tmp_path, published, photo, form):
    state = published.named()
    if form == "old":
        # PyTorch 0.3 kept these with every instance norm, and later programs refuse them.
        state |= {
            f"{name}.running_{kind}": torch.rand(len(norm.weight))
            for name, norm in published.norms.items()
            for kind in ("mean", "var")
        }
    if form == "parallel":
        state = {f"module.{name}": tensor for name, tensor in state.items()}
    torch.save(state, tmp_path / "a.pth", _use_new_zipfile_serialization=form != "legacy")
    # Float32 sums in another order; the colours of 0..255 are scaled in another place.
    assert psnr(painted(tmp_path / "a.pth", photo), published(photo * 255) / 255) > 80


def test_reconet_paints_as_it_does_there(tmp_path, published, photo):
    """TransformerNet's layers by other names, those of a network learned from a larger one among them, and a tanh at the end."""
    norms = {"in1": "conv1", "in2": "conv2", "in3": "conv3", "in4": "deconv1", "in5": "deconv2"}
    state = {}
    for name, tensor in published.named().items():
        first, _, rest = name.partition(".")
        if first in norms:
            state[f"{norms[first]}_sd2.instance.{rest}"] = tensor
        else:
            state[f"{first}_sd{'' if first.startswith('res') else 2}.{rest}"] = tensor
    torch.save(state, tmp_path / "a.pth")
    expected = (torch.tanh(published(photo * 255) / 255) * 150 + 127.5) / 255
    assert psnr(painted(tmp_path / "a.pth", photo), expected) > 80


def test_an_onnx_file_paints_as_in_onnxruntime_and_at_other_sizes_too(tmp_path, published, photo):
    import onnxruntime

    path = write_onnx(tmp_path / "a.onnx", published.named(), *photo.shape[2:], BLOCKS)
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    theirs = torch.from_numpy(session.run(None, {"input1": (photo * 255).numpy()})[0]) / 255
    assert theirs.std() > 0.1
    assert psnr(painted(path, photo), theirs) > 80
    assert painted(path, photo[:, :, :48, :44]).shape == (1, 3, 48, 44)


def test_the_readers_and_the_named_architectures_agree(tmp_path, reference):
    for name in ("wave", "rain_princess"):
        draft = read_style_network(reference / "fast_style" / f"johnson_lengstrom_{name}.npz")
        expected = build(engstrom()).state_dict()
        assert {key: value.shape for key, value in draft.state.items()} == {key: value.shape for key, value in expected.items()}
    torch.save(Published((32, 64, 128), 5).named(), tmp_path / "a.pth")
    draft = read_style_network(tmp_path / "a.pth")
    assert {key: value.shape for key, value in draft.state.items()} == {
        key: value.shape for key, value in build(pytorch_examples()).state_dict().items()
    }


def trapped(folder: Path) -> object:
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(folder / "sprung"),)

    return Trap()


def test_code_in_a_model_is_refused_and_never_run(tmp_path):
    torch.save({"conv1.conv2d.weight": trapped(tmp_path)}, tmp_path / "a.pth")
    (tmp_path / "b.pth").write_bytes(pickle.dumps({"conv1.conv2d.weight": trapped(tmp_path)}, protocol=2))
    np.savez(tmp_path / "c.npz", Variable=np.array([trapped(tmp_path)], dtype=object))
    for name in ("a.pth", "b.pth", "c.npz"):
        with pytest.raises(UnusableModel, match=f"{name} cannot be used as a model .*more than numbers"):
            read_style_network(tmp_path / name)
    assert not (tmp_path / "sprung").exists()


def test_an_archive_that_unpacks_to_gigabytes_is_refused_unread(tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("Variable.npy", "w", force_zip64=True) as out,
    ):
        for _ in range(64):
            out.write(bytes(1 << 20))
    with pytest.raises(UnusableModel):
        read_style_network(tmp_path / "a.npz")


def test_other_networks_are_told_apart(tmp_path, published):
    state = published.named()
    torch.save({"features.0.weight": torch.rand(2, 3, 3, 3)}, tmp_path / "vgg.pth")
    torch.save(state | {"attention.weight": torch.rand(2)}, tmp_path / "more.pth")
    torch.save({name: tensor for name, tensor in state.items() if name != "in4.bias"}, tmp_path / "less.pth")
    write_onnx(tmp_path / "cut.onnx", state, 64, 80, BLOCKS)
    content = (tmp_path / "cut.onnx").read_bytes()
    (tmp_path / "cut.onnx").write_bytes(content[: len(content) // 2])
    (tmp_path / "photo.t7").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "empty.pth").write_bytes(b"")
    for name in ("vgg.pth", "more.pth", "less.pth", "cut.onnx", "photo.t7", "empty.pth", "missing.t7"):
        with pytest.raises(UnusableModel, match="choose the file as its author published it"):
            read_style_network(tmp_path / name)


@pytest.fixture(scope="module")
def small(tmp_path_factory, published) -> bytes:
    return write_onnx(tmp_path_factory.mktemp("onnx") / "a.onnx", Published((1, 1, 1), 1).named(), 16, 16, 1).read_bytes()


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere_in_an_onnx_file_is_one_sentence(tmp_path, small, data):
    content = bytearray(small)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (tmp_path / "a.onnx").write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(UnusableModel):
        read_style_network(tmp_path / "a.onnx")


@pytest.mark.parametrize("name", ["a.pth", "a.t7", "a.onnx"])
def test_a_file_deleted_between_two_looks_is_one_sentence(tmp_path, monkeypatch, name):
    path = tmp_path / name
    path.write_bytes(b"anything")
    monkeypatch.setattr(style_networks, "check_file", Path.unlink)
    with pytest.raises(UnusableModel, match="cannot be read"):
        read_style_network(path)


def test_a_tensor_larger_than_its_file_is_refused(tmp_path):
    state = {"conv1.conv2d.weight": torch.zeros(1).expand(2048, 2048, 64, 64)}
    torch.save(state, tmp_path / "bomb.pth")
    with pytest.raises(UnusableModel):
        read_style_network(tmp_path / "bomb.pth")
