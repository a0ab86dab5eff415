"""Weights that several filters use: what pictures are compared by, and what names their parts.

The hashes were taken from the files themselves.
"""

from __future__ import annotations

from restyle.models.entries import PublishedFile, WeightsEntry

__all__ = ["WEIGHTS"]

VGG19 = PublishedFile(
    url="https://download.pytorch.org/models/vgg19-dcbb9e9d.pth",
    # Begins with the eight digits that torchvision puts into the file's name and checks itself.
    sha256="dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44",
    size_bytes=574_673_361,
)

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


WEIGHTS: tuple[WeightsEntry, ...] = (
    WeightsEntry(
        id="compact-encoder",
        title="Compact perceptual encoder, distilled from VGG-19",
        filename="compact_encoder.safetensors",
        licence="MIT",
        source="restyle_training.distil; the card beside the file has data, command and figures",
    ),
    WeightsEntry(
        id="deep-encoder",
        title="Deep perceptual encoder, VGG-19 at half its width",
        filename="deep_encoder.safetensors",
        licence="MIT; made from the Oxford weights of VGG-19 (CC BY 4.0)",
        source="restyle_training.distil; the card beside the file has data, command and figures",
    ),
    WeightsEntry(
        id="vgg19",
        title="VGG-19 (ImageNet), features only",
        filename="vgg19.safetensors",
        licence="BSD-3-Clause (torchvision); trained on ImageNet",
        source="torchvision, VGG19_Weights.IMAGENET1K_V1",
        files=(VGG19,),
        # The classifier is 86 % of the file and nothing for pictures of other sizes.
        keep=("features.",),
    ),
    *(
        WeightsEntry(
            id=name,
            title=f"Regions: {title}",
            filename=f"{name.replace('-', '_')}.safetensors",
            licence="MIT",
            source="sacmehta/EdgeNets, ESPNetv2 s=2.0",
            files=(file,),
        )
        for name, title, file in ESPNETV2
    ),
)
