"""Any Style on ten photos and ten styles that no style network was trained on, beside MicroAST, Magenta and Neural Style.

Prints style distance and structure (see docs/benchmarks.md), content distance (VGG-19's relu3_4, relative to the mean
energy of the photo's), seconds, and the time of 1024 x 1024; writes build/any-style-sheet.jpg: photo, style, and the first three.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from restyle.context import Context
from restyle.contract.filter import Filter
from restyle.contract.loaded import Style
from restyle.contract.params import Params
from restyle.engine.run import run
from restyle.filters.any_style import ANY_STYLE, AnyStyleParams
from restyle.filters.any_style.one_pass import paint_published
from restyle.filters.neural_style import NEURAL_STYLE, NeuralStyleParams
from restyle.host.device import pick_device
from restyle.models.store import Store
from restyle.networks.vgg import vgg19_from_caffe_arrays
from restyle.pictures.image import Image
from tests.bench.data import Pair, read_scaled
from tests.bench.metrics import content_distance, structure, style_distance
from tests.bench.sheet import CELL_PX, sheet_of, to_picture
from tests.loading import inputs_of

ROOT = Path(__file__).resolve().parents[2]

HELD_BACK = tuple(
    Pair(f"photos/kodak/kodim{photo}.png", f"paintings/{painting}.jpg")
    for photo, painting in (
        ("03", "cezanne_card_players"),
        ("04", "manet_monet_family"),
        ("07", "monet_haystacks"),
        ("13", "renoir_pont_neuf"),
        ("15", "seurat_port_en_bessin"),
        ("17", "snow_path_impressionist"),
        ("20", "turner_shipwreck_of_the_minotaur"),
        ("21", "vangogh_night_cafe"),
        ("23", "vangogh_olive_trees"),
        ("24", "vangogh_self_portrait_blue"),
    )
)
WELL_KNOWN = (
    Pair("johnson/content/chicago.jpg", "paintings/vangogh_starry_night.jpg"),
    Pair("photos/kodak/kodim23.png", "paintings/hokusai_great_wave.jpg"),
    Pair("photos/kodak/kodim04.png", "paintings/munch_scream_1893.jpg"),
)
"""Three paintings that everybody knows."""
TIMED_PX, TIMED_ROUNDS = 1024, 5
LIMIT_S = 1.5

Painter = Callable[[Tensor, Tensor], Tensor]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--size", type=int, default=512, help="longer side in px")
    parser.add_argument("--without-neural", action="store_true", help="leave out Neural Style, which takes longest")
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="where the sheet goes")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    options = parser.parse_args(arguments)
    if not options.reference.is_dir():
        print("no reference pictures here; nothing measured")
        return 0
    judge = vgg19_from_caffe_arrays(np.load(options.reference / "vgg" / "vgg19_conv1_1-conv3_4.npz"))
    painters = _painters(options)
    figures: dict = {"size": options.size, "cores": torch.get_num_threads()}
    cells: list = []
    for name, pairs in (("held back", HELD_BACK), ("well known", WELL_KNOWN)):
        figures[name] = _compared(name, pairs, painters, judge, options, cells)
    figures["seconds_1024"] = _timed(painters, options)
    options.out.mkdir(exist_ok=True)
    path = options.out / "any-style-sheet.jpg"
    sheet_of(cells, pairs_per_row=2).save(path, quality=90)
    print(path)
    if options.json:
        print(json.dumps(figures))
    return 0


def _painters(options: argparse.Namespace) -> dict[str, Painter]:
    context = Context(pick_device())

    def applied(declared: Filter, params: Params) -> Painter:
        return lambda photo, style: run(declared, inputs_of(Image(photo), (Style(Image(style)),)), params, context).picture.pixels

    painters: dict[str, Painter] = {
        "Any Style": applied(ANY_STYLE, AnyStyleParams()),
        **_published(options.reference / "any_style", options.out, context),
    }
    if not options.without_neural:
        painters["Neural Style"] = applied(NEURAL_STYLE, NeuralStyleParams())
    return painters


def _published(folder: Path, out: Path, context: Context) -> dict[str, Painter]:
    """The published painters as a person has them who has fetched their weights."""
    store = Store(out / "published")
    store.import_any(folder / "microast" / "decoder_iter_160000.pth.tar")
    store.import_any(folder / "magenta" / "style_transfer_f16_384.tflite")
    context = replace(context, store=store)
    return {
        "MicroAST": lambda photo, style: paint_published("microast", photo, ((1.0, style),), 1.0, context),
        "Magenta": lambda photo, style: paint_published("magenta", photo, ((1.0, style),), 1.0, context),
    }


def _compared(name: str, pairs, painters: dict[str, Painter], judge, options: argparse.Namespace, cells: list) -> dict:
    print(f"{name:60} " + " ".join(f"{painter:>30}" for painter in painters))
    rows: dict[str, list] = {painter: [] for painter in painters}
    for pair in pairs:
        photo, style = (read_scaled(options.reference / path, options.size) for path in (pair.photo, pair.painting))
        results = []
        for painter, paint in painters.items():
            started = time.perf_counter()
            result = paint(photo, style)
            seconds = time.perf_counter() - started
            rows[painter].append(
                (
                    style_distance(judge, result, photo, style),
                    structure(result, photo),
                    content_distance(judge, result, photo),
                    seconds,
                )
            )
            results.append(result)
        print(f"{pair.name:60} " + " ".join(_row(rows[painter][-1]) for painter in painters), flush=True)
        cells.append([to_picture(_fitted(picture)) for picture in (photo, style, *results[:3])])
    means = {painter: [statistics.mean(column) for column in zip(*found, strict=True)] for painter, found in rows.items()}
    print(f"{'mean (style, structure, content, seconds)':60} " + " ".join(_row(mean) for mean in means.values()))
    return means


def _timed(painters: dict[str, Painter], options: argparse.Namespace) -> dict[str, float]:
    generator = torch.Generator().manual_seed(0)
    noise = torch.rand((1, 3, TIMED_PX // 8, TIMED_PX // 8), generator=generator)
    photo = torch.nn.functional.interpolate(noise, scale_factor=8, mode="bicubic").clamp(0, 1)
    style = read_scaled(options.reference / WELL_KNOWN[0].painting, TIMED_PX)
    seconds = {}
    for name in ("Any Style", "MicroAST", "Magenta"):
        times = []
        for _ in range(TIMED_ROUNDS):
            started = time.perf_counter()
            painters[name](photo, style)
            times.append(time.perf_counter() - started)
        seconds[name] = statistics.median(times)
        print(f"{name} at {TIMED_PX} x {TIMED_PX}: {seconds[name]:.2f} s")
    print(f"promised: Any Style under {LIMIT_S} s on two cores")
    return seconds


def _row(figures) -> str:
    return f"{figures[0]:9.3f} {figures[1]:6.3f} {figures[2]:6.3f} {figures[3]:6.2f}"


def _fitted(picture: Tensor) -> Tensor:
    scale = CELL_PX / max(picture.shape[2:])
    size = tuple(max(1, round(side * scale)) for side in picture.shape[2:])
    return torch.nn.functional.interpolate(picture, size=size, mode="bicubic", antialias=True).clamp(0, 1)


if __name__ == "__main__":
    sys.exit(main())
