"""Head Portrait on ten pairs of a photo and a painted head: does the person stay, and do parts take after the same parts?

Landmarks: the mean distance of the result's from the photo's, in percent of the face's height (3 at most is asked), as the mesh
sees both (where it sees none in the result, those of the photo's own square are looked for). Style: for eyes, mouth, face and
the rest of the head, the distance of Gram matrices to the same part of the painting, relative to that part's own; below it
Neural Style's, with the same parts as regions and the same settings. Writes build/head-portrait-N.jpg (build/ is ignored: they
show reference pictures): photo, painted head, Neural Style, Head Portrait.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import skimage.data
import torch
from PIL import Image as PillowImage
from torch import Tensor

from restyle.context import Context
from restyle.contract.loaded import Loaded, Style
from restyle.engine.run import run
from restyle.features.gram import extended_gram, gram_distance, gram_energy, head_root, position_weights
from restyle.features.perceptual import load_perceptual
from restyle.filters.head_portrait import HEAD_PORTRAIT, HeadPortraitParams
from restyle.filters.head_portrait.heads import find_heads
from restyle.filters.head_portrait.sitting import Portrait, Sitter, portrait_of
from restyle.filters.neural_style import NEURAL_STYLE, NeuralStyleParams
from restyle.host.device import pick_device
from restyle.models.store import Store
from restyle.networks.features import FeatureExtractor
from restyle.pictures.files import open_image
from restyle.pictures.image import Image
from restyle.pictures.resizing import fitted, resized
from restyle.regions import Regions

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = (
    "",
    "photos/kodak/kodim04.png",
    "photos/kodak/kodim15.png",
    "photos/kodak/kodim18.png",
    "portrait/facestyle/target_Gapp.png",
)
PAINTED = (
    "paintings/vangogh_self_portrait.jpg",
    "paintings/vermeer_girl_with_a_pearl_earring.jpg",
    "portrait/facestyle/source_painting.png",
)
PAIRS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 2), (4, 2))
MODELS = ("face_detection_short_range.tflite", "facemesh.pth", "slim_reshape_v2.tflite")
LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1")
NAMES = ("eyes", "mouth", "face", "head", "around")
MEASURED = NAMES[:4]
PHOTO_PX, CELL_PX = 700, 560


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    store = Store(options.out / "head-portrait-models")
    for name in MODELS:
        store.import_any(options.reference / "portrait" / name)
    context = Context(pick_device("cpu"), store=store)
    rows = []
    for number in options.numbers:
        rows.append(_measured(number, options, context))
        print({name: round(value, 3) for name, value in rows[-1].items()}, file=sys.stderr, flush=True)
    for name in rows[0]:
        print(f"{name:24} {statistics.mean(row[name] for row in rows if name in row):8.3f}")
    print("asked: landmarks at most 3; style below Neural Style's; 15 s at 700 px on two cores")
    if options.json:
        print(json.dumps(rows))
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    parser.add_argument("--numbers", type=lambda text: [int(part) for part in text.split(",")], default=list(range(len(PAIRS))))
    parser.add_argument("--working-size", type=int, default=512)
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    return parser.parse_args(arguments)


def _measured(number: int, options: argparse.Namespace, context: Context) -> dict[str, float]:
    photo, painting = (_opened(options.reference, names[i]) for names, i in zip((PHOTOS, PAINTED), PAIRS[number], strict=True))
    ours, theirs = (_portrait(picture, context) for picture in (photo, painting))
    regions, guides = (Regions(NAMES, portrait.parts) for portrait in (ours, theirs))
    size = {"working_size": options.working_size}
    values = {"content": Image(photo), "styles": (Style(Image(painting)),)}
    started, spent = time.perf_counter(), time.process_time()
    made = run(HEAD_PORTRAIT, Loaded(values), HeadPortraitParams.parse(size), context).picture.pixels
    row = {"seconds": time.perf_counter() - started, "processor seconds": time.process_time() - spent}
    guided = {**values, "styles": (Style(Image(painting), 1.0, guides),), "content_regions": regions}
    beside = run(NEURAL_STYLE, Loaded(guided), NeuralStyleParams.parse(size), context).picture.pixels
    _sheet([photo, painting, beside, made]).save(options.out / f"head-portrait-{number}.jpg", quality=90)
    network = load_perceptual("deep", context)
    for name, picture in (("portrait", made), ("neural style", beside)):
        row[f"landmarks, {name}"] = _strayed(picture, ours, context)
        distance = _distances(network, picture, ours, theirs)
        row |= {f"{part}, {name}": value for part, value in distance.items()}
    return row


def _opened(reference: Path, name: str) -> Tensor:
    """One of the pictures, PHOTO_PX along its longer side at most; without a name scikit-image's astronaut."""
    if name:
        picture = open_image(reference / name)[0].pixels
    else:
        picture = torch.from_numpy(np.array(skimage.data.astronaut())).permute(2, 0, 1)[None].float() / 255
    scale = min(1.0, PHOTO_PX / max(picture.shape[2:]))
    return resized(picture, *(round(side * scale) for side in picture.shape[2:])).clamp(0, 1)


def _portrait(picture: Tensor, context: Context) -> Portrait:
    return portrait_of(Sitter(picture, find_heads(picture, None, True, context)[0]), context)


def _strayed(made: Tensor, ours: Portrait, context: Context) -> float:
    """The mean distance of landmarks, in percent of the face's height; 100 where the face is gone."""
    x, y, side, _ = ours.face.square
    found = [face for face in find_heads(made, None, True, context) if face.points is not None]
    near = [face for face in found if abs(face.square[0] - x) + abs(face.square[1] - y) < side / 2]
    return float((near[0].points - ours.face.points).norm(dim=1).mean()) / side * 100 if near else 100.0


@torch.no_grad()
def _distances(network: FeatureExtractor, made: Tensor, ours: Portrait, theirs: Portrait) -> dict[str, float]:
    """For each part how far Gram matrices are from the painting's, relative to these; faces equally large, mean over layers."""
    scale = ours.face.side / theirs.face.side
    size = [max(64, round(side * scale)) for side in theirs.picture.shape[2:]]
    painting, masks = resized(theirs.picture, *size).clamp(0, 1), fitted(theirs.parts, *size)
    seen, wanted = network(made, LAYERS), network(painting, LAYERS)
    distances: dict[str, list[float]] = {name: [] for name in MEASURED}
    for layer in LAYERS:
        root = head_root(network.head(layer), seen[layer].shape[1])
        grams = [
            extended_gram(maps[layer].float(), _weights(parts, maps[layer]))
            for maps, parts in ((seen, ours.parts), (wanted, masks))
        ]
        relative = (gram_distance(*grams, root) / gram_energy(grams[1], root)).sqrt()
        for i, name in enumerate(MEASURED):
            distances[name].append(float(relative[i]))
    return {name: statistics.mean(values) for name, values in distances.items()}


def _weights(parts: Tensor, maps: Tensor):
    return position_weights(fitted(parts, *maps.shape[2:]).clamp(0, 1))


def _sheet(pictures: list[Tensor]) -> PillowImage.Image:
    cells = [PillowImage.fromarray((made[0].permute(1, 2, 0).clamp(0, 1) * 255).round().byte().numpy()) for made in pictures]
    cells = [cell.resize((round(cell.width * CELL_PX / cell.height), CELL_PX)) for cell in cells]
    sheet = PillowImage.new("RGB", (sum(cell.width for cell in cells), CELL_PX))
    left = 0
    for cell in cells:
        sheet.paste(cell, (left, 0))
        left += cell.width
    return sheet


if __name__ == "__main__":
    sys.exit(main())
