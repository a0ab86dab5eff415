"""Feed-forward networks in files that anybody may have written, made ready to paint; and how they paint a photo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from restyle.context import Context
from restyle.contract.errors import UnusableModel, WeightsDamaged
from restyle.contract.sentence import said
from restyle.engine.any_size import measure_statistics
from restyle.engine.onnx_network import OnnxNetwork
from restyle.engine.painting import mirrored, paint
from restyle.engine.proof import check_that_it_paints, filled
from restyle.models.cache import ON_CPU
from restyle.models.foreign.onnx import ONNX_KIND
from restyle.models.own_models import StyleModel, read_style_model
from restyle.networks.blocks import Sequence
from restyle.networks.transformer import build

__all__ = ["FeedForward", "load_feed_forward", "network_of_layers", "painting_of"]

FeedForward = Sequence | OnnxNetwork
"""What paints in one pass: layers of ours, or a whole ONNX file."""

LOOKING_SHARE = 0.5
"""Of the work of a network that measures a reference first: both are one pass."""


def load_feed_forward(
    path: Path, name: str, context: Context, build_other: Callable[[StyleModel], FeedForward | None] = lambda model: None
) -> FeedForward:
    """The network in a file, tried before it paints; ``build_other`` makes those that are no plain list of layers.

    Raises UnusableModel, MissingLibrary.
    """

    def made(file: Path) -> FeedForward:
        model = read_style_model(file)
        if model.planes is not None:
            raise UnusableModel(
                file,
                said("it paints plans in {planes} colours, not photos", planes=model.planes),
                said("choose it in Neural Doodle, after `restyle models import` has taken it with its colours"),
            )
        try:
            return build_other(model) or network_of_layers(model, file)
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise UnusableModel(file, said("its weights are not those of the network that it says it is")) from error

    # In single precision, whatever the device prefers: norms are measured over whole pictures.
    place = replace(ON_CPU, device=context.device.torch_device)
    try:
        return context.store.networks.load(path, ("style", name), made, place)
    except (OSError, WeightsDamaged) as error:
        raise UnusableModel(path, getattr(error, "reason", said("it cannot be read"))) from error


def network_of_layers(model: StyleModel, path: Path) -> FeedForward:
    """The network of a list of layers, or of a whole ONNX file; raises ValueError, RuntimeError and their like for another."""
    described = model.architecture
    if isinstance(described, dict) and described.get("kind") == ONNX_KIND:
        content = model.state[ONNX_KIND].numpy().tobytes()
        return OnnxNetwork(content, path, is_signed=bool(described.get("signed")))
    network = filled(lambda: build(described), model.state)
    check_that_it_paints(network)
    return network


def painting_of(network: FeedForward, photo: Tensor, reference: Tensor | None, margin: int, context: Context) -> Tensor:
    """What a network makes of a photo (1, 3, H, W) in 0..1, of its size, about 0..1; ``margin`` pixels around it are cut off.

    Norms measure ``reference`` where there is one. Raises UnusableModel, Cancelled.
    """
    context.progress.step(0, of=1, message=said("Painting"))
    if isinstance(network, OnnxNetwork):
        return network.paint(photo, context)
    network = network.to(context.device.torch_device)
    statistics = None
    if reference is not None:
        looking, context = context.part(0, LOOKING_SHARE), context.part(LOOKING_SHARE, 1)
        statistics = measure_statistics(network, mirrored(reference, margin), looking, message=said("Looking at all layers"))
    return paint(network, photo, margin, context, statistics)
