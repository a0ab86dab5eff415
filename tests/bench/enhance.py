"""Enhance Photo: time and memory at full size, and quality on photos that nothing was trained on.

Speed: the looks in the box at 12 and 24 megapixels, each in a process of its own for its peak memory, against the same networks
run whole in plain float32; the lookup table at 12. Quality: PSNR and SSIM on photos held back from training as the camera model
takes them, and on eight pairs retouched by an expert; light, clipping and noise of ten phone photos; mean change of good photos,
once and twice enhanced.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

import psutil
import torch
from skimage.metrics import structural_similarity
from torch import Tensor
from torch.nn import functional as F

from restyle.context import Context
from restyle.engine.run import run
from restyle.filters.enhance import ENHANCE_PHOTO, EnhancePhotoParams
from restyle.filters.enhance.grading import NODES
from restyle.filters.enhance.local_light import darkest_third
from restyle.host.device import pick_device
from restyle.learning.crops import picture_paths, read_picture
from restyle.models.store import SHIPPED_FOLDER
from restyle.networks.development import develop
from restyle.networks.enhancer import JUDGE_AREA, Enhancer
from restyle.networks.lut import apply_lut, identity_lut
from restyle.pictures.image import Image, luma
from restyle.pictures.resizing import small_look
from restyle_training.camera import Augmentation, photograph
from restyle_training.good_photos import HELD_BACK
from tests.bench.data import read_scaled
from tests.bench.enhance_sheet import reference_store
from tests.loading import inputs_of

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"12 MP": (3024, 4032), "24 MP": (4000, 6000)}
ROUNDS = 2
PHONE = Augmentation(good_light=0.0, good_detail=0.0)  # every photo of the comparison is one of a phone
TESTED_PX = 384  # longer side of the pairs
SHOTS = 2  # of each photo held back
QUALITY_LOOKS = ("natural", "vivid", "adaptive-lut", "dped-iphone")
PHONE_PX = 640  # longer side of the phone photos
CLIPPED = 0.98  # luma from which on nothing is seen
NOISE_BLOCK_PX = 16  # side of the blocks among which the flattest dark ones show noise
DARK_BLOCK = 0.25  # luma of a dark one


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference")
    parser.add_argument("--without-speed", action="store_true")
    parser.add_argument("--without-quality", action="store_true")
    parser.add_argument("--without-dped", action="store_true", help="DPED takes most of the time of the comparison")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    options = parser.parse_args(arguments)
    figures: dict = {"cores": torch.get_num_threads()}
    if not options.without_speed:
        figures["speed"] = _speed(options.reference)
    if not options.without_quality and options.reference.is_dir():
        with tempfile.TemporaryDirectory() as home:
            context = Context(pick_device(), store=reference_store(options.reference, Path(home)))
            looks = [look for look in QUALITY_LOOKS if look != "dped-iphone" or not options.without_dped]
            figures["phone"] = _phone_pairs(options.reference, looks, context)
            figures["expert"] = _expert_pairs(options.reference, looks, context)
            figures["light"] = _phone_photos(options.reference, looks, context)
            figures["good"] = _good_photos(options.reference, context)
    if options.json:
        print(json.dumps(figures))
    return 0


def _speed(reference: Path) -> dict:
    plan: dict = {}
    for name, size in SIZES.items():
        plan |= {f"{name}, {look}": (_timed_look, size, look, None) for look in ("natural", "vivid")}
        plan[f"{name}, plain float32"] = (_timed_plainly, size)
    plan["12 MP, light and colour only"] = (_timed_look, SIZES["12 MP"], "natural", None, "light_and_colour")
    if reference.is_dir():
        plan["12 MP, lookup table"] = (_timed_look, SIZES["12 MP"], "adaptive-lut", reference)
    figures: dict = {}
    for name, call in plan.items():
        figure = figures[name] = _in_a_process(*call)
        print(
            f"{name}: {figure['seconds']:.2f} s ({figure['cpu_s']:.2f} s of processors), peak {figure['peak_mb']:.0f} MB",
            flush=True,
        )
    return figures


def _in_a_process(function, *arguments) -> dict:
    """The figures of a function that a fresh process calls."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(1) as pool:
        return pool.apply(function, arguments)


def _timed_look(size: tuple[int, int], look: str, reference: Path | None, change: str = "everything") -> dict:
    with tempfile.TemporaryDirectory() as home:
        stored = {} if reference is None else {"store": reference_store(reference, Path(home))}
        context = Context(pick_device(), **stored)
        params = EnhancePhotoParams(look=look, change=change)
        photo = Image(_photo(*size))
        return _measured(lambda: run(ENHANCE_PHOTO, inputs_of(photo), params, context).picture)


def _timed_plainly(size: tuple[int, int]) -> dict:
    """The same networks, whole pictures, float32, default memory format: what a notebook would do."""
    enhancer = Enhancer.from_file(SHIPPED_FOLDER / "enhancer.safetensors")
    photo = _photo(*size)
    photo = photo[:, :, : photo.shape[2] // 8 * 8, : photo.shape[3] // 8 * 8]

    def plainly() -> Tensor:
        development = enhancer.judge(small_look(photo, JUDGE_AREA))
        table = develop(identity_lut(NODES).view(1, 3, NODES, -1), development).view(3, NODES, NODES, NODES)
        return apply_lut(table, (photo + enhancer.detail(photo)).clamp(0, 1))

    pick_device()
    with torch.no_grad():
        return _measured(plainly)


def _measured(work) -> dict:
    """Best time of a few rounds after a first one, and the peak of the process's memory."""
    work()
    seconds, processors = [], []
    for _ in range(ROUNDS):
        started, used = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - started)
        processors.append(time.process_time() - used)
    memory = psutil.Process().memory_info()
    peak = getattr(memory, "peak_wset", None) or _peak_rss_bytes()
    return {"seconds": min(seconds), "cpu_s": min(processors), "peak_mb": peak / 1e6}


def _peak_rss_bytes() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _photo(height: int, width: int) -> Tensor:
    """A picture of that size with coarse and fine detail."""
    generator = torch.Generator().manual_seed(0)
    coarse = F.interpolate(torch.rand((1, 3, 12, 16), generator=generator), (height, width), mode="bicubic").clamp(0, 1)
    return coarse.add_(torch.rand((1, 1, height, width), generator=generator), alpha=0.05).clamp_(0, 1)


def _phone_pairs(reference: Path, looks: list[str], context: Context) -> dict:
    generator = torch.Generator().manual_seed(1)
    pairs = []
    for path in picture_paths(reference / "photos"):
        if path.stem in HELD_BACK:
            good = read_scaled(path, TESTED_PX)
            good = good[:, :, : good.shape[2] // 16 * 16, : good.shape[3] // 16 * 16]
            pairs += [(photograph(good, generator, PHONE).photo, good) for _ in range(SHOTS)]
    return _compared("photos held back, as a phone takes them", pairs, looks, context)


def _expert_pairs(reference: Path, looks: list[str], context: Context) -> dict:
    pairs = []
    for path in sorted((reference / "fivek").glob("*_input.png")):
        expert = path.with_name(path.name.replace("_input", "_expertC"))
        pairs.append(tuple(read_picture(file)[None].float() / 255 for file in (path, expert)))
    return _compared("retouched by an expert", pairs, looks, context)


def _phone_photos(reference: Path, looks: list[str], context: Context) -> dict:
    """Of ten phone photos in each look: luma of the darkest third, the share clipped, noise relative to the photo's."""
    photos = [read_scaled(path, PHONE_PX) for path in sorted((reference / "dped" / "photos").glob("*.jpg"))]
    figures: dict = {}
    for look in ("as it is", *looks, "open-shadows"):
        made = [photo if look == "as it is" else _enhanced(photo, look, context) for photo in photos]
        figures[look] = {
            "darkest third": sum(darkest_third(picture) for picture in made) / len(made),
            "clipped": sum(float((luma(picture) > CLIPPED).float().mean()) for picture in made) / len(made),
            "noise": sum(_noise_in_the_dark(*pair) for pair in zip(photos, made, strict=True)) / len(made),
        }
        print(f"phone photos, {look}: " + ", ".join(f"{name} {value:.3f}" for name, value in figures[look].items()), flush=True)
    return figures


def _noise_in_the_dark(photo: Tensor, made: Tensor) -> float:
    """How strong the finest differences are in the photo's flattest dark blocks, relative to the photo's own."""
    light = luma(photo)[:, :, 1:-1, 1:-1]
    mean = F.avg_pool2d(light, NOISE_BLOCK_PX)
    variance = F.avg_pool2d(light * light, NOISE_BLOCK_PX) - mean * mean
    dark = mean < DARK_BLOCK
    flat = dark & (variance <= variance[dark].quantile(0.25))
    kernel = torch.tensor([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]]).view(1, 1, 3, 3)
    before, after = (F.avg_pool2d(F.conv2d(luma(p), kernel).square(), NOISE_BLOCK_PX).sqrt() for p in (photo, made))
    return float(after[flat].mean() / before[flat].mean())


def _compared(title: str, pairs: list, looks: list[str], context: Context) -> dict:
    """Mean PSNR (dB) and SSIM of the photos as they are and in each look against the good ones."""
    sums: dict = {}
    for photo, good in pairs:
        results = {"as it is": photo, **{look: _enhanced(photo, look, context) for look in looks}}
        for name, result in results.items():
            psnr = float(-10 * (result - good).square().mean().clamp_min(1e-10).log10())
            before = sums.get(name, (0.0, 0.0))
            sums[name] = (before[0] + psnr / len(pairs), before[1] + _ssim(result, good) / len(pairs))
    print(f"{title} ({len(pairs)} pairs):")
    for name, (psnr, ssim) in sums.items():
        print(f"  {name}: {psnr:.2f} dB, SSIM {ssim:.3f}", flush=True)
    return sums


def _good_photos(reference: Path, context: Context) -> dict:
    """Mean absolute change, in 255ths, of the 24 Kodak photos: once, and twice enhanced."""
    changes = []
    for path in picture_paths(reference / "photos" / "kodak"):
        photo = read_picture(path)[None].float() / 255
        once = _enhanced(photo, "natural", context)
        twice = _enhanced(once, "natural", context)
        is_held_back = path.stem in HELD_BACK
        changes.append((is_held_back, *(float((made - photo).abs().mean()) * 255 for made in (once, twice))))
    held = [change for change in changes if change[0]]
    figures = {
        "once": sum(change[1] for change in changes) / len(changes),
        "twice": sum(change[2] for change in changes) / len(changes),
        "most": max(change[1] for change in changes),
        "once, held back": sum(change[1] for change in held) / max(len(held), 1),
    }
    print("mean change of Kodak's photos, in 255ths: " + ", ".join(f"{name} {value:.2f}" for name, value in figures.items()))
    return figures


def _enhanced(photo: Tensor, look: str, context: Context) -> Tensor:
    return run(ENHANCE_PHOTO, inputs_of(Image(photo)), EnhancePhotoParams(look=look), context).picture.pixels


def _ssim(result: Tensor, good: Tensor) -> float:
    first, second = (picture[0].permute(1, 2, 0).numpy() for picture in (result, good))
    return float(structural_similarity(first, second, channel_axis=2, data_range=1.0))


if __name__ == "__main__":
    sys.exit(main())
