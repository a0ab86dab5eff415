"""Where trained weights are published, and by which hashes their files are known.

No hash here is a guess. Those of VGG-19, DPED, the lookup tables, ESPNetv2 and Any Style's were taken from the files themselves;
those of the PyTorch examples' styles are the ONNX model zoo's own (ONNX_HUB_MANIFEST.json, and its Git LFS pointers). Of the
Torch7 models their author published none: OpenCV names the SHA-1 of two for its tests (opencv_extra, dnn/download_models.py),
mexopencv that of ten, and where both speak they agree. SHA-1 tells damage and another file, though not a forgery by somebody
able to have made both; so these files are checked by it, and what came is noted with its SHA-256. The eleventh
(instance_norm/starry_night) has no hash that could be found, and is taken by `restyle models import` alone.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ADAPTIVE_LUT", "ANY_STYLE", "DPED", "ESPNETV2", "JOHNSON", "PYTORCH_STYLES", "VGG19", "PublishedFile"]


@dataclass(frozen=True)
class PublishedFile:
    """One file and what it must be; ``prefix`` is put before the names of its tensors where several files make one set."""

    url: str
    sha256: str = ""
    sha1: str = ""
    """Asked for where no SHA-256 was published."""
    size_bytes: int = 0
    """0 where it is not known to the byte; then the end of the file is where the server says."""
    prefix: str = ""

    @property
    def name(self) -> str:
        """The last part of the URL."""
        return self.url.rsplit("/", 1)[-1]


VGG19 = PublishedFile(
    url="https://download.pytorch.org/models/vgg19-dcbb9e9d.pth",
    # Begins with the eight digits that torchvision puts into the file's name and checks itself.
    sha256="dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44",
    size_bytes=574_673_361,
)

_DPED_PLACE = "https://raw.githubusercontent.com/aiff22/DPED/ebb01315238430f7c66eaaf84996fcb59877f97f/models_orig"
_DPED_INDEX_BYTES, _DPED_DATA_BYTES = 1_257, 1_605_900


def _dped(phone: str, index: str, data: str) -> tuple[PublishedFile, ...]:
    """The two files of a checkpoint; the index comes first, for it names the other's parts."""
    return (
        PublishedFile(f"{_DPED_PLACE}/{phone}_orig.index", index, size_bytes=_DPED_INDEX_BYTES),
        PublishedFile(f"{_DPED_PLACE}/{phone}_orig.data-00000-of-00001", data, size_bytes=_DPED_DATA_BYTES),
    )


DPED: tuple[tuple[str, str, tuple[PublishedFile, ...]], ...] = (
    (
        "iphone",
        "an iPhone 3GS",
        _dped(
            "iphone",
            "8777e61b30adb8c4e99eb22e5ecca3f80c237e6288dc07c8a3fb7e6fee6865a8",
            "9d289d0914ae0f41ded639e6282e6710ebb79ab8dc23865198c2748d7dc083fc",
        ),
    ),
    (
        "sony",
        "a Sony Xperia Z",
        _dped(
            "sony",
            "5e56d778b4e9149883cc00a79e7f4f5dd2e1ee35e64e3419c64b5433b1891574",
            "6338ab1c409a67c99ad5da416051887a63b576c351d8447741c8d378671e3ab8",
        ),
    ),
    (
        "blackberry",
        "a BlackBerry Passport",
        _dped(
            "blackberry",
            "e907cd7a93831f9138f1706e6d40b997b18ca4b8afc5a6da5f0d3a2aab8aa0e1",
            "ec3332ae3e03d4317fd4c88e3f1885c5df8722f34d4142ec8f77025c8b3add82",
        ),
    ),
)
"""Ignatov et al. 2017: phone, its full name, files."""

_LUT_PLACE = "https://raw.githubusercontent.com/HuiZeng/Image-Adaptive-3DLUT"
_LUT_PAIRED = f"{_LUT_PLACE}/05d574870c07400bdc522cee76fe87f4536067c6/pretrained_models/sRGB"

ADAPTIVE_LUT: tuple[tuple[str, str, tuple[PublishedFile, ...]], ...] = (
    (
        "adaptive-lut",
        "paired",
        (
            PublishedFile(
                f"{_LUT_PAIRED}/LUTs.pth",
                "c1bb2bc4b7239c1a7e96159f5923123ba796b1fceb0b8c3132b423ea825b821a",
                size_bytes=1_294_452,
                prefix="luts.",
            ),
            PublishedFile(
                f"{_LUT_PAIRED}/classifier.pth",
                "bae9865395625ecae58cfe86147e521093bb1e29e7b2544e02adb238b8035021",
                size_bytes=1_083_261,
                prefix="classifier.",
            ),
        ),
    ),
)
"""Zeng et al. 2020: id, how it was trained, files."""

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

_ESPNETV2_PLACE = (
    "https://raw.githubusercontent.com/sacmehta/EdgeNets/5976d678ee754b846d09485f2fbd059e6f30883b/"
    "model/segmentation/model_zoo/espnetv2"
)

ESPNETV2: tuple[tuple[str, str, PublishedFile], ...] = (
    (
        "segmentation-streets",
        "streets (Cityscapes)",
        PublishedFile(
            f"{_ESPNETV2_PLACE}/espnetv2_s_2.0_city_1024x512.pth",
            "a72d59699801c7ce8e8b89a53af9097eaaa60dc12180ecde86fd700ba1222fe8",
            size_bytes=3_376_094,
        ),
    ),
    (
        "segmentation-things",
        "people, animals and things (Pascal VOC)",
        PublishedFile(
            f"{_ESPNETV2_PLACE}/espnetv2_s_2.0_pascal_384x384.pth",
            "bc479586b0ba9254e02589020346931a14d99028ad6bac4817198be6d9e719a6",
            size_bytes=3_376_138,
        ),
    ),
)

_MICROAST_PLACE = "https://raw.githubusercontent.com/EndyWon/MicroAST/5a6c9050d8c408191cb9db12c697f3e4c7ebe137/models"
# The folder that the repository's own program loads them from.
_MAGENTA_PLACE = (
    "https://raw.githubusercontent.com/terryky/android_tflite/e466972700dc53715f58bd4186382531d01eb849/"
    "tflite_style_transfer/app/src/main/assets/style_transfer_model"
)

ANY_STYLE: tuple[tuple[str, str, str, tuple[PublishedFile, ...]], ...] = (
    (
        "any-style-microast",
        "MicroAST",
        "EndyWon/MicroAST",
        tuple(
            PublishedFile(f"{_MICROAST_PLACE}/{part}_iter_160000.pth.tar", sha256, size_bytes=size, prefix=f"{part}.")
            for part, sha256, size in (
                ("content_encoder", "c8d895c0eec52507c157e102fab217c37f0c399ef3e168ef8b0b2677714660a4", 634_983),
                ("style_encoder", "94f6b3fa386828692c20809a0af8bd0eba9c04e90a7d8842086976e4d223c5af", 634_983),
                ("modulator", "8588055baf7d5ad8398d595d5518c6f030e3ff8dbb6007a7c1779776e11da28b", 12_158),
                ("decoder", "32e04a46b953fd9f94ec9e20f351511305a5260e000c18f9aef6570d5f1e23d9", 619_135),
            )
        ),
    ),
    (
        "any-style-magenta",
        "Magenta",
        "google/magenta arbitrary-image-stylization-v1-256, as terryky/android_tflite has it",
        (
            PublishedFile(
                f"{_MAGENTA_PLACE}/style_predict_quantized_256.tflite",
                "203dbd6a09da1091ab7e48e8b101aef8c2d81438ad047a5cb150747a977134c1",
                size_bytes=2_827_952,
                prefix="predictor.",
            ),
            # Not the transformer whose activations are rounded to eight bits: 26 dB from this one on the same picture.
            PublishedFile(
                f"{_MAGENTA_PLACE}/style_transfer_f16_384.tflite",
                "c60cff7395544eda1f0915d6dddaedd8ed868cefe8ec6c5ed220ba801f120303",
                size_bytes=421_104,
                prefix="transformer.",
            ),
        ),
    ),
)
"""Wang et al. 2023, Ghiasi et al. 2017: id, title, source, files."""
