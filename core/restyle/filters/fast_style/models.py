"""The networks of Fast Style: the one in the box, and where the others are published and what their files must be.

No hash here is a guess. Those of the PyTorch examples' styles are the ONNX model zoo's own (ONNX_HUB_MANIFEST.json, and its Git
LFS pointers). Of the Torch7 models their author published none: OpenCV names the SHA-1 of two for its tests (opencv_extra,
dnn/download_models.py), mexopencv that of ten, and where both speak they agree. SHA-1 tells damage and another file, though not a
forgery by somebody able to have made both; so these files are checked by it, and what came is noted with its SHA-256. The
eleventh (instance_norm/starry_night) has no hash that could be found, and is taken by `restyle models import` alone.
"""

from __future__ import annotations

from restyle.models.entries import STYLES_FOLDER, PublishedFile, WeightsEntry

__all__ = ["WEIGHTS"]

_JOHNSON_PLACE = "https://cs.stanford.edu/people/jcjohns/fast-neural-style/models"

JOHNSON: tuple[tuple[str, str, PublishedFile], ...] = tuple(
    (name, title, PublishedFile(f"{_JOHNSON_PLACE}/{path}.t7", sha1=sha1))
    for name, title, path, sha1 in (
        ("johnson-composition-vii", "Composition VII", "eccv16/composition_vii", "c3bc362a742d833c2691fb02fd7904bd73ed6632"),
        ("johnson-la-muse-eccv16", "La Muse, 2016", "eccv16/la_muse", "66a0b11a82d2b635105771ca7e7fb5b87692a51b"),
        ("johnson-starry-night", "The Starry Night", "eccv16/starry_night", "5b5e115253197b84d6c6ece1dafe6c15d7105ca6"),
        ("johnson-the-wave", "The Great Wave", "eccv16/the_wave", "ae2235b7d380c346cd009418efa012453e35d089"),
        ("johnson-candy", "Candy", "instance_norm/candy", "64cf17abf37f4b3ac6773d8524dd3ba47a4ff5c2"),
        ("johnson-feathers", "Feathers", "instance_norm/feathers", "9838007df750d483b5b5e90b92d76e8ada5a31c0"),
        ("johnson-la-muse", "La Muse", "instance_norm/la_muse", "cab9697c54cbc652bd5069dc734a0200d2b88f03"),
        ("johnson-mosaic", "Mosaic", "instance_norm/mosaic", "f4d3e2a5e3060b3c39a9648ad009de3e09cd0001"),
        ("johnson-the-scream", "The Scream", "instance_norm/the_scream", "ae36b9289cab525657b97a4ea63609c338137da7"),
        ("johnson-udnie", "Udnie", "instance_norm/udnie", "db237afe0c2a08c93bb77f63c40d0fea8191c631"),
    )
)
"""Johnson et al. 2016: id, title, file."""

_ZOO = "https://github.com/onnx/models/raw/main/validated/vision/style_transfer/fast_neural_style/model"
_ZOO_BYTES = 6_728_029

PYTORCH_STYLES: tuple[tuple[str, str, PublishedFile], ...] = tuple(
    (name, title, PublishedFile(f"{_ZOO}/{name.removeprefix('pytorch-')}-9.onnx", sha256, size_bytes=_ZOO_BYTES))
    for name, title, sha256 in (
        ("pytorch-candy", "Candy", "9d11a3529d1e547da6ae07201d93484dbab2ec0a3614535752c8f40f0fe2968a"),
        ("pytorch-mosaic", "Mosaic", "fa646dedade881243f8d5a2ceb7de2b93675b21fc24f7482894ac4851a9a0a47"),
        ("pytorch-rain-princess", "Rain Princess", "4162912e6f75fedef6f810ae989b9e10d3d5d43308dab34b027c850cf255e152"),
        ("pytorch-udnie", "Udnie", "8656b6ce7dec8f22ee13c2d557d6b67bd6f550dde88d0f2e7c9972aeb765cc0d"),
    )
)
"""The four styles of pytorch/examples: id, title, file."""


WEIGHTS: tuple[WeightsEntry, ...] = (
    WeightsEntry(
        id="fast-style-paintings",
        title="Fast Style: the styles in the box",
        filename="fast_style_paintings.safetensors",
        licence="MIT",
        source="restyle_training.style_network; the card beside the file has data, command and figures",
    ),
    *(
        WeightsEntry(
            id=name,
            title=f"Fast Style: {title} (J. Johnson)",
            filename=f"{STYLES_FOLDER}/{name}.safetensors",
            licence="personal or research use",
            source="jcjohnson/fast-neural-style",
            files=(file,),
            form="style",
        )
        for name, title, file in JOHNSON
    ),
    *(
        WeightsEntry(
            id=name,
            title=f"Fast Style: {title} (PyTorch examples)",
            filename=f"{STYLES_FOLDER}/{name}.safetensors",
            licence="BSD-3-Clause (PyTorch examples), Apache-2.0 (ONNX model zoo)",
            source="pytorch/examples, fast_neural_style, as the ONNX model zoo has it",
            files=(file,),
            form="style",
        )
        for name, title, file in PYTORCH_STYLES
    ),
)
