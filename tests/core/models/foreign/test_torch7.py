"""Torch7's files are read as another program reads them, and run nothing."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.models.foreign.torch7_writer import Builder, Module, Torch7Writer, write_torch7

from restyle.contract.errors import WeightsDamaged
from restyle.models.foreign.torch7 import Torch7Object, read_torch7
from restyle.models.foreign.torch7_network import read_torch7_network
from restyle.networks.transformer import build

MEANS = (103.939, 116.779, 123.68)


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    """A real photo's numbers, RGB uint8; sides are multiples of four, as the networks want them."""
    from skimage.data import astronaut

    return cv2.resize(astronaut(), (96, 80), interpolation=cv2.INTER_AREA)


def psnr(first: np.ndarray, second: np.ndarray) -> float:
    return float(-10 * np.log10(np.mean((first.astype(np.float64) - second) ** 2) + 1e-20))


def ours(path: Path, photo: np.ndarray) -> np.ndarray:
    """The picture as Restyle's network paints it, HWC, about 0..1."""
    draft = read_torch7_network(path)
    network = build(draft.architecture)
    network.load_state_dict(draft.state)
    pixels = torch.from_numpy(photo).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        return network.eval()(pixels)[0].permute(1, 2, 0).numpy()


def opencv(path: Path, photo: np.ndarray) -> np.ndarray:
    """The picture as OpenCV's own reader and layers paint it: BGR less the means goes in and comes out."""
    network = cv2.dnn.readNetFromTorch(str(path), isBinary=True)
    network.setInput((photo[..., ::-1] - np.array(MEANS, np.float32)).transpose(2, 0, 1)[None])
    return (network.forward()[0].transpose(1, 2, 0) + np.array(MEANS, np.float32))[..., ::-1] / 255


@pytest.mark.parametrize(
    ("norm", "up"),
    [("InstanceNormalization", "full"), ("SpatialBatchNormalization", "full"), ("InstanceNormalization", "nearest")],
    ids=["instance-norm", "eccv16", "nearest"],
)
def test_opencv_paints_the_same_picture_with_the_same_file(tmp_path, photo, norm, up):
    path = write_torch7(tmp_path / "candy.t7", Builder(1).johnson(norm, up=up))
    found = ours(path, photo)
    assert found.std() > 0.1  # a picture, not a flat grey that any network would agree on
    assert psnr(found, opencv(path, photo)) > 50


@pytest.mark.parametrize("package", ["nn", "cudnn"])
def test_a_network_of_the_gpu_s_modules_is_the_same(tmp_path, photo, package):
    path = write_torch7(tmp_path / "a.t7", Builder(2, package).johnson("InstanceNormalization", width=4))
    usual = write_torch7(tmp_path / "b.t7", Builder(2).johnson("InstanceNormalization", width=4))
    assert np.array_equal(ours(path, photo), ours(usual, photo))


def test_a_texture_network_takes_plain_colours_and_gives_those_of_vgg(tmp_path, photo):
    modules = Builder(3).texture_net()
    path = write_torch7(tmp_path / "a.t7", modules)
    draft = read_torch7_network(path)
    assert [layer["type"] for layer in draft.architecture].count("affine") == 1
    assert draft.architecture[0] == {
        "type": "conv", "in": 3, "out": 8, "kernel": 9, "stride": 1, "edges": "replicate", "upsample": 1, "bias": True,
    }  # fmt: skip
    assert ours(path, photo).shape == photo.shape


def test_noise_is_mixed_in_as_far_as_the_network_learned_with_it(tmp_path, photo):
    builder = Builder(4, "cudnn")
    conv, norm, out = builder.conv(3, 4, 3, pad=1), builder.norm(4, "SpatialBatchNormalization"), builder.conv(9, 3, 1)
    norm.fields["train"] = True  # files were written while learning; what they say is used as it was learned
    noise = Module("nn.GenNoise", num_planes=5, mult=0.5)
    beside = Module("nn.Concat", dimension=2, modules=[noise, builder.sequence(Module("nn.Identity"))])
    fill = Module("nn.NoiseFill", num_noise_channels=0, num_mask_noise_times=0, mult_noise=1)
    leaky = Module("nn.LeakyReLU", negval=0.1, inplace=True)
    found = ours(write_torch7(tmp_path / "a.t7", builder.sequence(fill, conv, norm, leaky, beside, out)), photo)
    pixels = torch.from_numpy(photo).permute(2, 0, 1)[None].float() / 255
    weights = [[torch.from_numpy(module.fields[key]) for key in ("weight", "bias")] for module in (conv, norm, out)]
    hidden = torch.nn.functional.conv2d(pixels, *weights[0], padding=1)
    moments = [torch.from_numpy(norm.fields[key]) for key in ("running_mean", "running_var")]
    hidden = torch.nn.functional.batch_norm(hidden, *moments, *weights[1])
    hidden = torch.nn.functional.leaky_relu(hidden, 0.1)
    # Without the noise, which has five channels of deviation 0.5.
    without = torch.nn.functional.conv2d(hidden, weights[2][0][:, 5:], weights[2][1])
    painted = (torch.from_numpy(found)[None].permute(0, 3, 1, 2)[:, [2, 1, 0]] * 255) - torch.tensor(MEANS).view(1, 3, 1, 1)
    added = painted - without
    wanted = 0.5 * weights[2][0][:, :5].square().sum((1, 2, 3)).sqrt()
    # Of 7680 pixels a deviation is known to 1 %, a mean to 1 % of it.
    torch.testing.assert_close(added.std((0, 2, 3)), wanted, rtol=0.05, atol=0)
    assert (added.mean((0, 2, 3)).abs() < 0.05 * wanted).all()
    assert np.array_equal(found, ours(tmp_path / "a.t7", photo))


def test_masks_of_a_plan_go_in_at_a_tenth_where_the_network_says_how_many(tmp_path):
    draft = read_torch7_network(write_torch7(tmp_path / "a.t7", Builder(5).doodle(4)))
    assert draft.planes == 4
    assert draft.state["0.scale"].tolist() == pytest.approx([0.1] * 4)
    network = build(draft.architecture)
    network.load_state_dict(draft.state)
    assert network(torch.rand(1, 4, 16, 24)).shape == (1, 3, 16, 24)


@pytest.mark.parametrize(
    ("fields", "low", "high"),
    [({"mult": 1.0}, 0, 1), ({"mult": 0.5, "buffer": np.zeros(0, np.float32)}, -0.5, 0.5)],
    ids=["from 0", "about 0"],
)
def test_noise_beside_a_photo_is_as_its_version_had_it(tmp_path, fields, low, high):
    network = Builder(6).sequence(Module("nn.NoiseFill", num_noise_channels=2, **fields), Builder(6).conv(5, 3, 1))
    draft = read_torch7_network(write_torch7(tmp_path / "a.t7", network))
    assert draft.planes is None
    fill = build(draft.architecture)[0]
    noise = fill(torch.zeros(1, 3, 50, 60))[:, 3:]
    assert low <= noise.min() < low + 0.01
    assert high - 0.01 < noise.max() <= high


@pytest.mark.parametrize("count", [0, -1, 1000, 2**40])
def test_a_network_of_absurdly_many_masks_is_refused(tmp_path, count):
    network = Builder(7).doodle(4)
    network.fields["modules"][0].fields["n_colors"] = count
    with pytest.raises(WeightsDamaged, match="colours"):
        read_torch7_network(write_torch7(tmp_path / "a.t7", network))


def test_values_of_every_kind_come_back(tmp_path):
    shared = {"a": 1.5}
    content = {"text": "Grüße", "yes": True, "no": False, "list": [1, 2.5, "x"], "first": shared, "second": shared, 3: "three"}
    for dtype in ("float32", "float64", "int64", "uint8"):
        content[dtype] = np.arange(6, dtype=dtype).reshape(1, 2, 3)
    read = read_torch7(write_torch7(tmp_path / "a.t7", content))
    assert isinstance(read, dict)
    assert read["first"] is read["second"]
    assert {key: read[key] for key in ("text", "yes", "no", 3)} == {"text": "Grüße", "yes": True, "no": False, 3: "three"}
    assert read["list"] == {1: 1, 2: 2.5, 3: "x"}
    for dtype in ("float32", "float64", "int64", "uint8"):
        assert read[dtype].dtype == getattr(torch, dtype)
        assert read[dtype].tolist() == [[[0, 1, 2], [3, 4, 5]]]


def test_an_object_is_its_class_and_its_fields(tmp_path):
    read = read_torch7(write_torch7(tmp_path / "a.t7", Module("os.execute", command="rm")))
    assert read == Torch7Object("os.execute", {"command": "rm"})


@pytest.mark.parametrize("kind", [6, 7, 8])
def test_code_is_refused(tmp_path, kind):
    path = tmp_path / "a.t7"
    path.write_bytes(
        struct.pack("<iii", 3, 1, 1)
        + struct.pack("<iid", 1, 0, 1.0)[:4]
        + struct.pack("<d", 1)
        + struct.pack("<iii", kind, 2, 4)
        + b"code"
    )
    with pytest.raises(WeightsDamaged, match="holds code, which is never run"):
        read_torch7(path)


def tensor(sizes: list[int], strides: list[int], numbers: int, claimed: int | None = None) -> bytes:
    writer = Torch7Writer()
    writer.ints(4, 1)
    writer.named("torch.FloatTensor")
    writer.ints(len(sizes))
    writer.longs(*sizes, *strides, 1)
    writer.ints(4, 2)
    writer.named("torch.FloatStorage")
    writer.longs(numbers if claimed is None else claimed)
    return bytes(writer.out) + bytes(4 * numbers)


@pytest.mark.parametrize(
    "content",
    [
        tensor([1 << 40], [0], 1),
        tensor([1 << 20, 1 << 20], [0, 0], 4),
        tensor([4], [1], 4, claimed=1 << 60),
        tensor([4], [1], 4, claimed=-1),
        tensor([5], [1], 4),
        tensor([-4], [-1], 4),
        tensor([1] * 30, [1] * 30, 4),
        struct.pack("<iii", 3, 1, 1 << 30),
        b"".join(struct.pack("<iii", 3, index, 1) for index in range(1, 5000)),
        struct.pack("<ii", 2, 1 << 30),
        b"",
        b"\x80\x02}q\x00.",
    ],
)
def test_bombs_and_other_files_are_one_sentence(tmp_path, content):
    path = tmp_path / "a.t7"
    path.write_bytes(content)
    with pytest.raises(WeightsDamaged):
        read_torch7(path)


def test_many_tensors_of_the_same_numbers_do_not_fill_the_memory(tmp_path):
    numbers = np.zeros(250_000, np.float32)
    path = write_torch7(tmp_path / "a.t7", [numbers])
    content = bytearray(path.read_bytes())
    content[8:12] = struct.pack("<i", 10_000)  # the table's length
    part = struct.pack("<id", 1, 2.0) + struct.pack("<iii", 4, 9, 3) + b"V 1" + struct.pack("<i", 17) + b"torch.FloatTensor"
    part += struct.pack("<iqqqii", 1, 250_000, 1, 1, 4, 3)
    # Each further tensor has an index of its own and the first one's storage.
    path.write_bytes(
        content + b"".join(part.replace(struct.pack("<ii", 4, 9), struct.pack("<ii", 4, 9 + i)) for i in range(9_999))
    )
    with pytest.raises(WeightsDamaged, match="larger than its numbers"):
        read_torch7(path)


def test_networks_of_other_kinds_are_named(tmp_path):
    path = tmp_path / "a.t7"
    for content, said in (
        ({"model": 1}, "no network in it"),
        ([1, 2], "no network in it"),
        ({"model": Builder().sequence(Module("nn.SpatialMaxUnpooling"))}, "the module nn.SpatialMaxUnpooling"),
        ({"model": Builder().sequence(Module("nn.SpatialConvolution", kW=3))}, "without kH"),
    ):
        with pytest.raises(WeightsDamaged, match=said):
            read_torch7_network(write_torch7(path, content))


@pytest.fixture(scope="module")
def small() -> bytes:
    writer = Torch7Writer()
    writer.write(Builder(1).johnson("InstanceNormalization", width=1))
    return bytes(writer.out)


@given(st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere_is_one_sentence(tmp_path, small, data):
    content = bytearray(small)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "a.t7"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(WeightsDamaged):
        draft = read_torch7_network(path)
        with suppress(ValueError):
            build(draft.architecture)
