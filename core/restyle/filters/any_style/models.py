"""The networks that Any Style can paint with: where they are published, and what their files must be.

The hashes were taken from the files themselves.
"""

from __future__ import annotations

from restyle.models.entries import PublishedFile, WeightsEntry

__all__ = ["WEIGHTS"]

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


WEIGHTS: tuple[WeightsEntry, ...] = (
    *(
        WeightsEntry(
            id=name,
            title=f"Any Style: {title}",
            filename=f"{name.replace('-', '_')}.safetensors",
            licence="MIT",
            source=source,
            files=files,
        )
        for name, title, source, files in ANY_STYLE
    ),
)
