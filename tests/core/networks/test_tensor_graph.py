"""Graphs of operators give what TFLite's own program gives, at the size they were published for and at others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PillowImage
from tests.core.models.foreign.tflite_writer import small_network, write_tflite
from torch import Tensor
from torch.nn import functional as F

from restyle.models.foreign.tflite_network import read_tflite_network
from restyle.networks.tensor_graph import TensorGraph

FLOAT_TOLERANCE = 1e-4
"""Of 1: float32 in another order of summing, through 16 convolutions and 13 norms; 2e-6 was seen, and 2e-5 with
TFLite's faster kernels."""
BOTTLENECK_TOLERANCE = 0.03
"""Of the bottleneck's length: TFLite rounds all of the predictor's activations to eight bits, here they stay as they are. 0.015
was seen, while those of two paintings lie 0.35 to 0.6 apart."""
QUANTA_TOLERANCE = 0.75
"""Of TFLite's rounding of one operator's result: half of one by the rounding itself, the rest by its fixed-point
multiplication; 0.56 was seen."""
PREDICTOR, TRANSFORMER = "style_predict_quantized_256.tflite", "style_transfer_f16_384.tflite"


@pytest.fixture(scope="module")
def magenta(reference: Path) -> Path:
    return reference / "any_style" / "magenta"


@pytest.fixture(scope="module")
def interpreter():
    """TFLite's own program: a function of a model and its inputs (N, H, W, C), which returns it after it ran."""
    module = pytest.importorskip("ai_edge_litert.interpreter", reason="TFLite's own program is not here: ai-edge-litert")

    def run(content: bytes, *inputs: np.ndarray):
        resolver = module.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        made = module.Interpreter(
            model_content=content, num_threads=1, experimental_op_resolver_type=resolver, experimental_preserve_all_tensors=True
        )
        made.allocate_tensors()
        for details, values in zip(made.get_input_details(), inputs, strict=True):
            made.set_tensor(details["index"], values)
        made.invoke()
        return made

    return run


def graph_of(path: Path) -> TensorGraph:
    draft = read_tflite_network(path)
    return TensorGraph(draft.architecture, draft.state)


def channels_last(tensor: Tensor) -> np.ndarray:
    return tensor.permute(0, 2, 3, 1).contiguous().numpy()


def picture(path: Path, height: int, width: int) -> Tensor:
    scaled = PillowImage.open(path).convert("RGB").resize((width, height), PillowImage.Resampling.LANCZOS)
    return torch.from_numpy(np.asarray(scaled, np.float32) / 255).permute(2, 0, 1)[None]


def result_of(run) -> np.ndarray:
    return run.get_tensor(run.get_output_details()[0]["index"])


@torch.no_grad()
def test_operators_compute_what_is_said_of_them(tmp_path):
    root, stored = small_network()
    graph = graph_of(write_tflite(tmp_path / "a.tflite", root))
    torch.manual_seed(0)
    photo, style = torch.rand(1, 3, 12, 20), torch.randn(1, 5, 1, 1)
    tensors = {name: torch.from_numpy(values.astype("f4")) for name, values in stored.items()}
    kernel = (tensors["kernel"] * tensors["kernel_scale"].view(4, 1, 1, 1)).permute(0, 3, 1, 2)
    hidden = F.conv2d(F.pad(photo, (1,) * 4, mode="reflect"), kernel, tensors["bias"] * tensors["bias_scale"]).relu()
    # An even side, a kernel of 3 and a stride of 2: SAME has all its zeros below and to the right.
    hidden = F.conv2d(F.pad(hidden, (0, 1, 0, 1)), tensors["depthwise"].permute(3, 0, 1, 2), stride=2, groups=4).clamp(0, 6)
    variance, mean = torch.var_mean(hidden, (2, 3), correction=0, keepdim=True)
    shift = F.conv2d(style, tensors["by_style"].permute(0, 3, 1, 2))
    hidden = (hidden - mean) * (variance + 5 * 0.002).rsqrt() + shift
    hidden = F.conv2d(F.interpolate(hidden, scale_factor=2), tensors["last"].permute(0, 3, 1, 2)).sigmoid()
    assert torch.allclose(graph(photo, style), hidden, atol=1e-5)


@torch.no_grad()
def test_the_transformer_paints_what_tflite_paints(magenta, reference, interpreter):
    photo = picture(reference / "johnson" / "content" / "chicago.jpg", 384, 384)
    bottleneck = torch.randn((1, 100, 1, 1), generator=torch.Generator().manual_seed(0)) / 2
    theirs = interpreter((magenta / TRANSFORMER).read_bytes(), channels_last(photo), channels_last(bottleneck))
    painted = channels_last(graph_of(magenta / TRANSFORMER)(photo, bottleneck))
    assert np.abs(painted - result_of(theirs)).max() < FLOAT_TOLERANCE


@torch.no_grad()
def test_it_does_so_at_another_size(magenta, reference, interpreter):
    height, width = 96, 160
    photo = picture(reference / "johnson" / "content" / "chicago.jpg", height, width)
    bottleneck = torch.randn((1, 100, 1, 1), generator=torch.Generator().manual_seed(1)) / 2
    content = resized_model((magenta / TRANSFORMER).read_bytes(), height, width)
    painted = channels_last(graph_of(magenta / TRANSFORMER)(photo, bottleneck))
    theirs = interpreter(content, channels_last(photo), channels_last(bottleneck))
    assert np.abs(painted - result_of(theirs)).max() < FLOAT_TOLERANCE


def resized_model(content: bytes, height: int, width: int) -> bytes:
    """The model for pictures of another size than 384 x 384: its input, and the targets of its enlargements, written anew."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(content, 0)
    (graph,) = model.subgraphs
    graph.tensors[graph.inputs[0]].shape = [1, height, width, 3]
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        if max(code.builtinCode, code.deprecatedBuiltinCode) == schema.BuiltinOperator.RESIZE_NEAREST_NEIGHBOR:
            buffer = model.buffers[graph.tensors[operator.inputs[1]].buffer]
            rows, columns = np.frombuffer(bytes(buffer.data), "<i4")
            buffer.data = np.frombuffer(np.array([rows * height // 384, columns * width // 384], "<i4").tobytes(), np.uint8)
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


@pytest.mark.parametrize("painting", ["hokusai_great_wave", "vangogh_starry_night"])
@torch.no_grad()
def test_the_predictor_sees_in_a_painting_what_tflite_sees(magenta, reference, interpreter, painting):
    style = picture(reference / "paintings" / f"{painting}.jpg", 256, 256)
    theirs = result_of(interpreter((magenta / PREDICTOR).read_bytes(), channels_last(style)))
    ours = channels_last(graph_of(magenta / PREDICTOR)(style))
    assert np.linalg.norm(ours - theirs) < BOTTLENECK_TOLERANCE * np.linalg.norm(theirs)


@torch.no_grad()
def test_every_operator_of_the_predictor_gives_what_tflite_gives_of_the_same(magenta, reference, interpreter):
    style = picture(reference / "paintings" / "hokusai_great_wave.jpg", 256, 256)
    run = interpreter((magenta / PREDICTOR).read_bytes(), channels_last(style))
    grids = {details["index"]: details["quantization"] for details in run.get_tensor_details()}

    def theirs(name: str) -> Tensor:
        scale, zero = grids[int(name)]
        values = torch.from_numpy(run.get_tensor(int(name)).astype(np.float32)).permute(0, 3, 1, 2)
        return (values - zero) * scale if scale else values

    draft = read_tflite_network(magenta / PREDICTOR)
    assert len(draft.architecture["operators"]) == 64
    for operator in draft.architecture["operators"]:
        alone = {"inputs": operator["inputs"], "outputs": [operator["output"]], "operators": [operator]}
        made = TensorGraph(alone, draft.state)(*(theirs(name) for name in operator["inputs"]))
        scale, zero = grids[int(operator["output"])]
        most = (127 - zero) * scale, (-128 - zero) * scale
        assert (made.clamp(most[1], most[0]) - theirs(operator["output"])).abs().max() < QUANTA_TOLERANCE * scale, operator


@pytest.mark.parametrize(
    ("name", "side", "low", "outputs"), [("face_detection_short_range", 128, -1, 2), ("slim_reshape_v2", 512, 0, 1)]
)
@torch.no_grad()
def test_networks_that_see_heads_see_what_tflite_sees(reference, interpreter, name, side, low, outputs):
    path = reference / "portrait" / f"{name}.tflite"
    photo = picture(reference / "photos" / "kodak" / "kodim04.png", side, side) * (1 - low) + low
    run = interpreter(path.read_bytes(), channels_last(photo))
    theirs = [run.get_tensor(details["index"]) for details in run.get_output_details()]
    ours = graph_of(path).outputs(photo)
    assert len(ours) == len(theirs) == outputs
    for made, wanted in zip(ours, theirs, strict=True):
        # Of the largest: scores and places in pixels go up to some hundred.
        assert np.abs(made.numpy() - wanted).max() < FLOAT_TOLERANCE * max(1, np.abs(wanted).max())


@pytest.mark.parametrize("places", ["first", "middles", "corners"])
def test_a_picture_is_enlarged_smoothly_as_it_is_said(places):
    described = {"type": "enlarge_bilinear", "inputs": ["0"], "output": "1", "factor": [2, 2], "places": places}
    graph = TensorGraph({"inputs": ["0"], "outputs": ["1"], "operators": [described]}, {})
    made = graph(torch.tensor([0.0, 1.0]).view(1, 1, 1, 2))[0, 0, 0].tolist()
    wanted = {"first": [0, 0.5, 1, 1], "middles": [0, 0.25, 0.75, 1], "corners": [0, 1 / 3, 2 / 3, 1]}
    assert made == pytest.approx(wanted[places])


def test_a_transposed_convolution_has_exactly_so_many_times_the_size():
    described = {"type": "transposed_conv", "inputs": ["0"], "output": "1", "weight": "w", "stride": [2, 2]}
    graph = TensorGraph({"inputs": ["0"], "outputs": ["1"], "operators": [described]}, {"w": torch.ones(1, 1, 3, 3)})
    made = graph(torch.tensor([1.0, 0.0]).view(1, 1, 1, 2))
    assert made.shape == (1, 1, 2, 4)
    assert made[0, 0].tolist() == [[1, 1, 1, 0], [1, 1, 1, 0]]


def test_a_graph_that_makes_no_sense_is_refused(tmp_path):
    draft = read_tflite_network(write_tflite(tmp_path / "a.tflite", small_network()[0]))
    operators = draft.architecture["operators"]
    for change, reason in (
        ({"operators": [operators[0] | {"type": "shape"}]}, "no operator"),
        ({"operators": operators[1:]}, "before it is there"),
        ({"outputs": ["nowhere"]}, "nothing makes"),
        ({"outputs": []}, "nothing makes"),
    ):
        with pytest.raises(ValueError, match=reason):
            TensorGraph(draft.architecture | change, draft.state)
