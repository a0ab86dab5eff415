"""More of 2.10's filters (plug-in-*) that GIMP 3.x dropped; those of gimp3_old_filters.py are asked for more often."""

from . import gimp3_items as items
from .gimp3_filter import apply_filter
from .gimp3_perceptual import as_stored
from .gimp3_table import table

_START = "run-mode:int image drawable "
_BYTE = 255.0
_WHITE, _BLACK = 0, 1  # GeglValuePropagateMode
_EDGES = ("left", "top", "right", "bottom")  # bits of 2.10's direction mask
_PROPAGATE = "mode:int channel:int rate:float directions:int lower:int upper:int"

CALLS, old = table()

__all__ = ["CALLS"]


def _grow(mode):
    def apply(_run_mode, _image, drawable, _mode=0, _channel=0, rate=1.0, directions=15, lower=0, upper=255):
        chosen = {name: bool(int(directions) & 1 << bit) for bit, name in enumerate(_EDGES)}
        limits = {"lower-threshold": lower / _BYTE, "upper-threshold": upper / _BYTE, "rate": float(rate)}
        apply_filter(drawable, "gegl:value-propagate", {"mode": mode, **chosen, **limits})

    return apply


old("plug-in-dilate", _START + _PROPAGATE)(_grow(_WHITE))
old("plug-in-erode", _START + _PROPAGATE)(_grow(_BLACK))


@old("plug-in-vpropagate", _START + _PROPAGATE)
def _propagate(run_mode, image, drawable, mode, *values):
    _grow(int(mode))(run_mode, image, drawable, mode, *values)


@old("plug-in-wind", _START + "threshold:int direction:int strength:int algorithm:int edge:int")
def _wind(_run_mode, _image, drawable, threshold, direction, strength, algorithm, edge):
    chosen = {"threshold": int(threshold), "direction": int(direction), "strength": int(strength)}
    apply_filter(drawable, "gegl:wind", {**chosen, "style": int(algorithm), "edge": int(edge)})


@old("plug-in-shift", _START + "shift-amount:int orientation:int")
def _shift(_run_mode, _image, drawable, amount, orientation):
    apply_filter(drawable, "gegl:shift", {"shift": int(amount), "direction": int(orientation)})


@old("plug-in-video", _START + "pattern-number:int additive:int rotated:int")
def _video(_run_mode, _image, drawable, pattern, additive, rotated):
    chosen = {"pattern": int(pattern), "additive": bool(additive), "rotated": bool(rotated)}
    apply_filter(drawable, "gegl:video-degradation", chosen)


@old("plug-in-applylens", _START + "refraction:float keep-surroundings:int set-background:int set-transparent:int")
def _lens(_run_mode, _image, drawable, refraction, keep, _background=0, _transparent=0):
    apply_filter(drawable, "gegl:apply-lens", {"refraction-index": float(refraction), "keep-surroundings": bool(keep)})


@old("plug-in-maze", _START + "width:int height:int tileable:int algorithm:int seed:int multiple:int offset:int")
def _maze(_run_mode, _image, drawable, width, height, tileable=0, algorithm=0, seed=0, _multiple=0, _offset=0):
    size = {"x": int(width), "y": int(height), "tileable": bool(tileable), "seed": int(seed) % 2**32}
    apply_filter(drawable, "gegl:maze", {**size, "algorithm-type": int(algorithm)})


@old(
    "plug-in-alienmap2",
    _START + "f1:float a1:float f2:float a2:float f3:float a3:float colormodel:int mode1:int mode2:int mode3:int",
)
def _alien(_run_mode, _image, drawable, *values):
    chosen = {"color-model": int(values[6])}
    for place in range(3):
        chosen["cpn-%d-frequency" % (place + 1)] = float(values[2 * place])
        chosen["cpn-%d-phaseshift" % (place + 1)] = float(values[2 * place + 1]) % 360.0
        chosen["cpn-%d-keep" % (place + 1)] = not values[7 + place]
    apply_filter(drawable, "gegl:alien-map", chosen)


@old(
    "plug-in-mosaic",
    _START
    + "tile-size:float tile-height:float tile-spacing:float neatness:float allow-split:int light-dir:float variation:float "
    "antialiasing:int averaging:int tile-type:int surface:int grout:int",
)
def _mosaic(
    _run_mode, _image, drawable, size, height, spacing, neatness, split, light, variation, smooth, averaging, kind, surface, _g=0
):
    shape = {"tile-size": float(size), "tile-height": float(height), "tile-spacing": float(spacing), "tile-type": int(kind)}
    look = {"tile-neatness": float(neatness), "color-variation": float(variation), "light-dir": float(light) % 360.0}
    flags = {"tile-allow-split": bool(split), "antialiasing": bool(smooth), "color-averaging": bool(averaging)}
    apply_filter(drawable, "gegl:mosaic", {**shape, **look, **flags, "tile-surface": bool(surface)})


@old(
    "plug-in-convmatrix",
    _START + "argc:int matrix:array alpha-alg:int divisor:float offset:float argc-channels:int channels:array bmode:int",
)
def _matrix(_run_mode, _image, drawable, _count, matrix, alpha, divisor, offset, _channel_count=0, channels=(), border=0):
    # 2.10's matrix goes by rows, and GEGL's names by columns ("a1" … "e1" are the first row).
    cells = {"abcde"[place % 5] + str(place // 5 + 1): float(value) for place, value in enumerate(matrix)}
    flags = list(channels)[-4:] if len(channels) >= 4 else [1, 1, 1, 1]
    wanted = {name: bool(flag) for name, flag in zip(("red", "green", "blue", "alpha"), flags, strict=True)}
    rest = {"divisor": float(divisor), "offset": offset / _BYTE, "normalize": False, "alpha-weight": bool(alpha)}
    chosen = {**cells, **wanted, **rest, "border": min(int(border), 1)}
    as_stored(drawable, lambda copy: apply_filter(copy, "gegl:convolution-matrix", chosen))


@old("plug-in-exchange", _START + " ".join("%s:int" % name for name in ("fr", "fg", "fb", "tr", "tg", "tb", "rt", "gt", "bt")))
def _exchange(_run_mode, _image, drawable, *values):
    numbers = [value / _BYTE for value in values]
    colors = {"from-color": tuple(numbers[:3]), "to-color": tuple(numbers[3:6])}
    near = {"red-threshold": numbers[6], "green-threshold": numbers[7], "blue-threshold": numbers[8]}
    apply_filter(drawable, "gegl:color-exchange", {**colors, **near})


@old(
    "plug-in-sinus",
    _START + "xscale:float yscale:float complex:float seed:int tiling:int perturb:int colors:int col1:color col2:color "
    "alpha1:float alpha2:float blend:int blend-power:float",
)
def _sinus(_run_mode, _image, drawable, x, y, complexity, seed, tiling, perturb, _colors, color1, color2, _a1, _a2, blend, power):
    size = {"width": items.drawable_width(drawable), "height": items.drawable_height(drawable)}
    wave = {"x-scale": float(x), "y-scale": float(y), "complexity": float(complexity), "seed": int(seed) % 2**32}
    flags = {"tiling": bool(tiling), "perturbation": bool(perturb), "blend-mode": int(blend), "blend-power": float(power)}
    apply_filter(drawable, "gegl:sinus", {**size, **wave, **flags, "color1": tuple(color1)[:3], "color2": tuple(color2)[:3]})
