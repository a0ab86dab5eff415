"""Which network describes content and style, and which of its layers count how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from restyle.context import Context
from restyle.contract.errors import InvalidParameter
from restyle.features.perceptual import PerceptualName, load_perceptual
from restyle.filters.neural_style import NeuralStyleParams
from restyle.networks.features import FeatureTrunk

__all__ = ["Features", "load_features"]

LayerWeights = Mapping[str, float]

# The paper's layers: style conv1_1 to conv5_1 alike, content conv4_2.
_VGG_STYLE = dict.fromkeys(("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"), 0.2)
_VGG_CONTENT = {"relu4_2": 1.0}
# The compact encoder learned from a full VGG-19 up to relu3_4; over a pyramid the deeper layers add little.
_COMPACT_STYLE = dict.fromkeys(("relu1_1", "relu2_1", "relu3_1", "relu3_4", "relu4_1"), 0.2)
# The paper's conv4_2 keeps less: on two pairs at 320 px the structure kept was 0.31 with relu3_1, 0.25 with relu3_4 and 0.22
# with relu4_2, and the distance to the style was least with relu3_1 (0.29, 0.30 and 0.33).
_COMPACT_CONTENT = {"relu3_1": 1.0}
_DEFAULT_LAYERS: Mapping[PerceptualName, tuple[LayerWeights, LayerWeights]] = {
    "compact": (_COMPACT_STYLE, _COMPACT_CONTENT),
    "vgg19": (_VGG_STYLE, _VGG_CONTENT),
}


@dataclass(frozen=True)
class Features:
    """A network on its device, and the layers that style and content are compared in, with their weights."""

    network: FeatureTrunk
    style_layers: LayerWeights
    content_layers: LayerWeights


def load_features(params: NeuralStyleParams, context: Context) -> Features:
    """The network that ``params`` ask for.

    Raises WeightsUnavailable, WeightsDamaged, and InvalidParameter for a layer that the network does not have.
    """
    style, content = _DEFAULT_LAYERS[params.features]
    network = load_perceptual(params.features, context, pooling=params.pooling)
    return Features(
        network,
        _chosen(network, "style_layer_weights", params.style_layer_weights, style),
        _chosen(network, "content_layer_weights", params.content_layer_weights, content),
    )


def _chosen(network: FeatureTrunk, name: str, wanted: LayerWeights, default: LayerWeights) -> LayerWeights:
    """The layers that count: those of a weight above zero, or the default where none are named."""
    unknown = sorted(set(wanted) - set(network.layers))
    if unknown:
        raise InvalidParameter(name, f"there is no layer {unknown[0]}, take some of {', '.join(network.layers)}")
    chosen = {layer: weight for layer, weight in wanted.items() if weight > 0} if wanted else default
    if not chosen:
        raise InvalidParameter(name, "all weights are 0, give at least one layer more")
    return chosen
