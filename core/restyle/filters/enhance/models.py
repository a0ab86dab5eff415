"""The networks of Enhance Photo: the one in the box, and where the others are published and what their files must be.

The hashes were taken from the files themselves.
"""

from __future__ import annotations

from restyle.models.entries import PublishedFile, WeightsEntry

__all__ = ["WEIGHTS"]

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


WEIGHTS: tuple[WeightsEntry, ...] = (
    WeightsEntry(
        id="enhancer",
        title="Enhancer of photos",
        filename="enhancer.safetensors",
        licence="MIT",
        source="restyle_training.enhance; the card beside the file has data, command and figures",
    ),
    *(
        WeightsEntry(
            id=f"dped-{phone}",
            title=f"DPED: from {title} to a DSLR",
            filename=f"dped_{phone}.safetensors",
            licence="none stated",
            source="aiff22/DPED, the authors' checkpoints",
            files=files,
        )
        for phone, title, files in DPED
    ),
    *(
        WeightsEntry(
            id=name,
            title=f"Image-adaptive 3D lookup tables (sRGB, {training})",
            filename=f"{name.replace('-', '_')}.safetensors",
            licence="Apache-2.0",
            source="HuiZeng/Image-Adaptive-3DLUT",
            files=files,
        )
        for name, training, files in ADAPTIVE_LUT
    ),
)
