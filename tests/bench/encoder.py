"""How well the compact encoder stands for VGG-19 where it counts: in pictures optimised through it.

For each pair of a photo and a painting that training never saw, the same plain procedure (Gram and content losses, three scales,
Adam) paints once through the encoder and once through VGG-19 itself. The figure is VGG-19's Gram distance to the style over
relu1_1 ... relu3_4, relative to the untouched photo's: 1 is no change, 0 is the style.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image as PillowImage
from torch import Tensor
from torch.nn import functional as F

from restyle.features.gram import gram_matrix
from restyle.features.losses import content_loss
from restyle.learning.crops import picture_paths, read_picture
from restyle.models.foreign.readers import read_state_dict
from restyle.networks.encoder import CompactEncoder
from restyle.networks.features import LAYERS, FeatureTrunk
from restyle.networks.vgg import VGG19, vgg19_from_caffe_arrays
from restyle_training.training_pictures import split_paths

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "core" / "restyle" / "models" / "box" / "compact_encoder.safetensors"
REFERENCE = Path(os.environ.get("RESTYLE_REFERENCE", ROOT.parent / "shared" / "reference"))
METRIC_LAYERS = LAYERS[:8]  # as deep as VGG-19's weights go here
CONTENT_LAYER = "relu3_3"
CONTENT_WEIGHT = 0.3
SCALES = ((4, 120), (2, 80), (1, 50))  # reduction and steps
STEP = 0.02  # Adam's, of a range of 1


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=REFERENCE)
    parser.add_argument("--encoder", type=Path, default=SHIPPED)
    parser.add_argument("--size", type=int, default=512, help="longer side in px")
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--pair", type=Path, nargs=2, action="append", default=[], help="a photo and a painting besides")
    parser.add_argument("--without-vgg", action="store_true", help="paint through the encoder only")
    parser.add_argument("--pictures", type=Path, help="folder to write the pictures to")
    options = parser.parse_args(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    vgg = vgg19_from_caffe_arrays(read_state_dict(options.reference / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    networks: dict[str, FeatureTrunk] = {"compact": CompactEncoder.from_file(options.encoder)}
    if not options.without_vgg:
        networks["vgg19"] = vgg19_from_caffe_arrays(read_state_dict(options.reference / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    rows = [measure(pair, networks, vgg, options) for pair in [*options.pair, *held_back_pairs(options.reference, options.pairs)]]
    means = {name: round(float(np.mean([row[name]["style_distance"] for row in rows])), 4) for name in networks}
    print(json.dumps({"mean_style_distance": means, "pairs": rows}))
    return 0


def held_back_pairs(reference: Path, count: int) -> list[tuple[Path, Path]]:
    """Photos and paintings that training leaves out, each painting several times."""
    photos = split_paths(picture_paths(reference / "photos"))[1]
    paintings = split_paths(picture_paths(reference / "paintings"))[1]
    return [(photo, paintings[index % len(paintings)]) for index, photo in enumerate(photos[:count])]


def measure(pair: tuple[Path, Path], networks: dict[str, FeatureTrunk], vgg: VGG19, options: argparse.Namespace) -> dict:
    photo, style = (read_scaled(path, options.size) for path in pair)
    before = gram_distance(vgg, photo, style)
    row: dict = {"photo": pair[0].stem, "style": pair[1].stem}
    for name, network in networks.items():
        started = time.perf_counter()
        result = paint(network, photo, style)
        row[name] = {
            "style_distance": round(gram_distance(vgg, result, style) / before, 4),
            "content_distance": round(structure_distance(vgg, result, photo), 4),
            "seconds": round(time.perf_counter() - started, 1),
        }
        if options.pictures:
            options.pictures.mkdir(parents=True, exist_ok=True)
            write(options.pictures / f"{pair[0].stem[:20]}-{pair[1].stem}-{name}.png", result)
        print(row["photo"], row["style"], name, row[name], flush=True)
    return row


def paint(network: FeatureTrunk, photo: Tensor, style: Tensor) -> Tensor:
    """Plain coarse-to-fine neural style in bfloat16."""
    network = network.to(torch.bfloat16).to(memory_format=torch.channels_last)
    picture = photo
    for reduction, steps in SCALES:
        content, example = reduced(photo, reduction), reduced(style, reduction)
        start = content if picture is photo else F.interpolate(picture, content.shape[2:], mode="bicubic")
        picture = optimise(network, start.clamp(0, 1), content, example, steps)
    return picture


def optimise(network: FeatureTrunk, start: Tensor, content: Tensor, style: Tensor, steps: int) -> Tensor:
    picture = start.clone().contiguous(memory_format=torch.channels_last).requires_grad_()
    with torch.no_grad():
        grams = {layer: gram_matrix(values, network.head(layer)) for layer, values in network(style, METRIC_LAYERS).items()}
        target = network(content, [CONTENT_LAYER])[CONTENT_LAYER]
    optimizer = torch.optim.Adam([picture], lr=STEP, betas=(0.9, 0.99))
    for index in range(steps):
        optimizer.param_groups[0]["lr"] = STEP * (1 - 0.8 * index / steps)
        optimizer.zero_grad()
        features = network(picture, METRIC_LAYERS)
        loss = sum(relative_distance(gram_matrix(features[layer], network.head(layer)), grams[layer]) for layer in METRIC_LAYERS)
        loss = loss + CONTENT_WEIGHT * content_loss(features[CONTENT_LAYER], target, network.head(CONTENT_LAYER))
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            picture.clamp_(0, 1)
    return picture.detach().contiguous()


def relative_distance(gram: Tensor, target: Tensor) -> Tensor:
    """The squared distance relative to the target's squared norm."""
    return (gram - target).square().sum() / target.square().sum()


@torch.no_grad()
def gram_distance(vgg: VGG19, picture: Tensor, style: Tensor) -> float:
    """Sum over layers of the Gram matrices' relative Frobenius distance."""
    ours, theirs = vgg(picture, METRIC_LAYERS), vgg(style, METRIC_LAYERS)
    grams = ((gram_matrix(ours[layer]), gram_matrix(theirs[layer])) for layer in METRIC_LAYERS)
    return sum(float((ours - theirs).norm() / theirs.norm()) for ours, theirs in grams)


@torch.no_grad()
def structure_distance(vgg: VGG19, picture: Tensor, photo: Tensor) -> float:
    """Relative distance of VGG-19's own content layer, centred, so that a change of colour alone counts little."""
    ours, theirs = (vgg(image, [CONTENT_LAYER])[CONTENT_LAYER] for image in (picture, photo))
    ours, theirs = (F.normalize(values - values.mean(dim=(2, 3), keepdim=True), dim=1) for values in (ours, theirs))
    return float((ours - theirs).square().sum(dim=1).mean() / 2)


def read_scaled(path: Path, size: int) -> Tensor:
    picture = read_picture(path)[None].float() / 255
    return reduced(picture, max(picture.shape[2:]) / size)


def reduced(picture: Tensor, reduction: float) -> Tensor:
    size = [round(side / reduction) for side in picture.shape[2:]]
    return F.interpolate(picture, size, mode="bilinear", antialias=True).contiguous(memory_format=torch.channels_last)


def write(path: Path, picture: Tensor) -> None:
    PillowImage.fromarray((picture[0].permute(1, 2, 0) * 255).round().byte().numpy()).save(path)


if __name__ == "__main__":
    sys.exit(main())
