"""2.10's filters (plug-in-*) that GIMP 3.x dropped, by the GEGL operations that they had become in 2.10 already."""

from . import gimp3_items as items
from .gimp3_calls import run
from .gimp3_filter import apply_filter
from .gimp3_perceptual import as_stored
from .gimp3_pixels import drawable_read, drawable_write
from .gimp3_table import table

_START = "run-mode:int image drawable"
_BYTE = 255.0
_IIR_STD = 0.32  # a Gaussian's deviation for 2.10's radius, as its compatible procedures reckon
_HALF_TURN = 180.0
_LINEAR, _RADIAL = 0, 1  # kinds of motion blur; the third is zoom

# What 2.10's procedures did on the numbers as stored.
_AS_STORED = frozenset(["gegl:gaussian-blur"])

CALLS, old = table()

__all__ = ["CALLS"]


def _filter(names, operation, arguments=""):
    """Declare filters whose function gives GEGL's properties of (drawable, *arguments)."""

    def register(properties):
        @old(names, "%s %s" % (_START, arguments))
        def apply(_run_mode, _image, drawable, *values):
            chosen = properties(drawable, *values)
            if operation in _AS_STORED:
                as_stored(drawable, lambda copy: apply_filter(copy, operation, chosen))
            else:
                apply_filter(drawable, operation, chosen)

        return properties

    return register


def _same(names, operation, arguments="", properties="", **fixed):
    """Declare a filter whose arguments are GEGL's properties, in order; "name/255" divides, "-" has none."""
    words = properties.split()

    @_filter(names, operation, arguments)
    def chosen(_drawable, *values):
        kinds = [word.rpartition(":")[2] for word in arguments.split()]
        result = {name.replace("_", "-"): value for name, value in fixed.items()}
        for word, kind, value in zip(words, kinds, values, strict=False):
            if word == "-":
                continue
            name, _, divisor = word.partition("/")
            name, is_flag = name.rstrip("?"), name.endswith("?")
            number = float(value) / float(divisor) if divisor else value
            result[name] = bool(number) if is_flag else int(number) if kind == "int" and not divisor else number
        return result


def _gauss(_drawable, horizontal, vertical, _method=0):
    return {"std-dev-x": horizontal * _IIR_STD, "std-dev-y": vertical * _IIR_STD}


_filter(
    "plug-in-gauss plug-in-gauss-iir2 plug-in-gauss-rle2", "gegl:gaussian-blur", "horizontal:float vertical:float method:int"
)(_gauss)


@_filter("plug-in-gauss-iir plug-in-gauss-rle", "gegl:gaussian-blur", "radius:float horizontal:int vertical:int")
def _gauss_one(drawable, radius, horizontal, vertical):
    return _gauss(drawable, radius if horizontal else 0.0, radius if vertical else 0.0)


@_filter("plug-in-blur", "gegl:gaussian-blur")
def _blur(_drawable):
    return {"std-dev-x": 1.0, "std-dev-y": 1.0}


_same("plug-in-unsharp-mask", "gegl:unsharp-mask", "radius:float amount:float threshold:int", "std-dev scale threshold/255")
_same("plug-in-sharpen", "gegl:unsharp-mask", "percent:int", "scale/100", std_dev=1.0)
_same("plug-in-sel-gauss", "gegl:gaussian-blur-selective", "radius:float max-delta:int", "blur-radius max-delta/255")
_same("plug-in-median-blur", "gegl:median-blur", "radius:int percentile:float", "radius percentile")
_same("plug-in-pixelize2", "gegl:pixelize", "width:int height:int", "size-x size-y")
_same("plug-in-edge", "gegl:edge", "amount:float warpmode:int edgemode:int", "amount - -")
_same("plug-in-sobel", "gegl:edge-sobel", "horizontal:int vertical:int keep:int", "horizontal? vertical? keep-sign?")
_same("plug-in-laplace", "gegl:edge-laplace")
_same("plug-in-neon", "gegl:edge-neon", "radius:float amount:float", "radius amount")
_same("plug-in-cartoon", "gegl:cartoon", "mask-radius:float pct-black:float", "mask-radius pct-black")
_same(
    "plug-in-photocopy",
    "gegl:photocopy",
    "radius:float sharpness:float black:float white:float",
    "mask-radius sharpness black white",
)
_same("plug-in-softglow", "gegl:softglow", "radius:float brightness:float sharpness:float", "glow-radius brightness sharpness")
_same("plug-in-cubism", "gegl:cubism", "tile-size:float saturation:float bg:int", "tile-size tile-saturation -")
_same("plug-in-glasstile", "gegl:tile-glass", "tilex:int tiley:int", "tile-width tile-height")
_same("plug-in-antialias", "gegl:antialias")
_same("plug-in-make-seamless", "gegl:tile-seamless")
_same("plug-in-c-astretch", "gegl:stretch-contrast", keep_colors=False)
_same("plug-in-normalize", "gegl:stretch-contrast", keep_colors=True)
_same("plug-in-autostretch-hsv", "gegl:stretch-contrast-hsv")
_same("plug-in-color-enhance", "gegl:color-enhance")
_same("plug-in-colortoalpha", "gegl:color-to-alpha", "color", "color")
_same("plug-in-vinvert", "gegl:value-invert")
_same("plug-in-engrave", "gegl:engrave", "height:int limit:int", "row-height limit?")
_same(
    "plug-in-hsv-noise",
    "gegl:noise-hsv",
    "holdness:int hue:int saturation:int value:int",
    "holdness hue-distance/1 saturation-distance/255 value-distance/255",
)
_same("plug-in-red-eye-removal", "gegl:red-eye-removal", "threshold:int", "threshold/100")
_same("plug-in-whirl-pinch", "gegl:whirl-pinch", "whirl:float pinch:float radius:float", "whirl pinch radius")
_same("plug-in-illusion", "gegl:illusion", "division:int type:int", "division -")
_same(
    "plug-in-colors-channel-mixer",
    "gegl:channel-mixer",
    "monochrome:int rr:float rg:float rb:float gr:float gg:float gb:float br:float bg:float bb:float",
    "- rr-gain rg-gain rb-gain gr-gain gg-gain gb-gain br-gain bg-gain bb-gain",
)
_same(
    "plug-in-lens-distortion",
    "gegl:lens-distortion",
    "offset-x:float offset-y:float main:float edge:float rescale:float brighten:float",
    "x-shift y-shift main edge zoom brighten",
)
_same(
    "plug-in-noisify",
    "gegl:noise-rgb",
    "independent:int red:float green:float blue:float alpha:float",
    "independent? red green blue alpha",
    correlated=False,
    linear=False,
)
_same(
    "plug-in-rgb-noise",
    "gegl:noise-rgb",
    "independent:int correlated:int red:float green:float blue:float alpha:float",
    "independent? correlated? red green blue alpha",
    linear=False,
)
for _name in ("hurl", "pick", "slur"):
    _same(
        "plug-in-randomize-" + _name,
        "gegl:noise-" + _name,
        "percent:float repeat:float randomize:int seed:int",
        "pct-random repeat/1 - seed",
    )


@_filter("plug-in-spread", "gegl:noise-spread", "amount-x:float amount-y:float")
def _spread(_drawable, x, y):
    return {"amount-x": int(x), "amount-y": int(y)}


@_filter("plug-in-pixelize", "gegl:pixelize", "pixel-width:int")
def _pixelize(_drawable, size):
    return {"size-x": int(size), "size-y": int(size)}


@_filter("plug-in-oilify", "gegl:oilify", "mask-size:int mode:int")
def _oilify(_drawable, size, mode):
    return {"mask-radius": max(1, int(size) // 2), "use-inten": bool(mode)}


@_filter("plug-in-emboss", "gegl:emboss", "azimuth:float elevation:float depth:int emboss:int")
def _emboss(_drawable, azimuth, elevation, depth, emboss):
    return {"type": "emboss" if emboss else "bumpmap", "azimuth": azimuth, "elevation": elevation, "depth": int(depth)}


@_filter("plug-in-dog", "gegl:difference-of-gaussians", "inner:float outer:float normalize:int invert:int")
def _dog(_drawable, inner, outer, _normalize=0, _invert=0):
    return {"radius1": inner, "radius2": outer}


@_filter("plug-in-solid-noise", "gegl:noise-solid", "tileable:int turbulent:int seed:int detail:int xsize:float ysize:float")
def _solid(drawable, tileable, turbulent, seed, detail, x, y):
    width, height = items.drawable_width(drawable), items.drawable_height(drawable)
    chosen = {"tileable": bool(tileable), "turbulent": bool(turbulent), "seed": int(seed) % 2**32, "detail": int(detail)}
    return dict(chosen, **{"x-size": float(x), "y-size": float(y), "width": width, "height": height})


@_filter("plug-in-plasma", "gegl:plasma", "seed:int turbulence:float")
def _plasma(drawable, seed, turbulence):
    width, height = items.drawable_width(drawable), items.drawable_height(drawable)
    return {"seed": int(seed) % 2**32, "turbulence": float(turbulence), "width": width, "height": height}


@_filter("plug-in-waves", "gegl:waves", "amplitude:float phase:float wavelength:float type:int reflective:int")
def _waves(_drawable, amplitude, phase, wavelength, _kind=0, _reflective=0):
    return {"amplitude": amplitude, "phi": phase % 360.0 / 360.0, "period": 2.0 * wavelength, "clamp": True}


@_filter(
    "plug-in-ripple", "gegl:ripple", "period:int amplitude:int orientation:int edges:int waveform:int antialias:int tile:int"
)
def _ripple(_drawable, period, amplitude, orientation, _edges=0, waveform=1, _antialias=1, tile=0):
    chosen = {"period": float(period), "amplitude": float(amplitude), "angle": 0.0 if orientation else 90.0}
    return dict(chosen, **{"wave-type": "sine" if waveform else "sawtooth", "tileable": bool(tile)})


@_filter("plug-in-deinterlace", "gegl:deinterlace", "evenodd:int")
def _deinterlace(_drawable, even):
    return {"keep": "even" if even else "odd"}


@_filter("plug-in-flarefx", "gegl:lens-flare", "pos-x:int pos-y:int")
def _flare(drawable, x, y):
    return {"pos-x": x / float(items.drawable_width(drawable)), "pos-y": y / float(items.drawable_height(drawable))}


@_filter("plug-in-nova", "gegl:supernova", "xcenter:int ycenter:int color radius:int nspoke:int randomhue:int")
def _nova(drawable, x, y, color, radius, spokes, hue):
    place = {"center-x": x / float(items.drawable_width(drawable)), "center-y": y / float(items.drawable_height(drawable))}
    return dict(place, **{"color": tuple(color)[:3], "radius": int(radius), "spokes-count": int(spokes), "random-hue": int(hue)})


@_filter("plug-in-polar-coords", "gegl:polar-coordinates", "circle:float angle:float backwards:int inverse:int polrec:int")
def _polar(_drawable, circle, angle, backwards, inverse, polar):
    return {"depth": circle, "angle": angle, "bw": bool(backwards), "top": bool(inverse), "polar": bool(polar)}


@_filter("plug-in-apply-canvas", "gegl:texturize-canvas", "direction:int depth:int")
def _canvas(_drawable, _direction, depth):
    return {"depth": int(depth)}


@old("plug-in-mblur plug-in-mblur-inward", _START + " type:int length:float angle:float center-x:float center-y:float")
def _motion(_run_mode, _image, drawable, kind, length, angle, x=0.0, y=0.0):
    width, height = float(items.drawable_width(drawable)), float(items.drawable_height(drawable))
    place = {"center-x": x / width, "center-y": y / height}
    if kind == _LINEAR:
        turned = angle - 2 * _HALF_TURN if angle > _HALF_TURN else angle
        apply_filter(drawable, "gegl:motion-blur-linear", {"length": float(length), "angle": float(turned)})
    elif kind == _RADIAL:
        apply_filter(drawable, "gegl:motion-blur-circular", dict(place, angle=float(angle)))
    else:
        apply_filter(drawable, "gegl:motion-blur-zoom", dict(place, factor=min(1.0, length / max(width, height))))


@old(
    "plug-in-bump-map plug-in-bump-map-tiled",
    _START + " bumpmap:drawable azimuth:float elevation:float depth:int xofs:int yofs:int waterlevel:float ambient:float "
    "compensate:int invert:int type:int",
)
def _bump(_run_mode, _image, drawable, bumpmap, azimuth, elevation, depth, x, y, water, ambient, compensate, invert, kind=0):
    light = {"azimuth": float(azimuth), "elevation": float(elevation), "depth": int(depth), "ambient": ambient / _BYTE}
    place = {"offset-x": int(x), "offset-y": int(y), "waterlevel": water / _BYTE}
    how = {"compensate": bool(compensate), "invert": bool(invert), "type": ("linear", "spherical", "sinusoidal")[int(kind)]}
    apply_filter(drawable, "gegl:bump-map", dict(light, **dict(place, **how)), bumpmap)


@old("plug-in-displace", _START + " amount-x:float amount-y:float do-x:int do-y:int map-x:drawable map-y:drawable type:int")
def _displace(_run_mode, _image, drawable, x, y, do_x, do_y, map_x, map_y, _kind=0):
    amounts = {"amount-x": float(x) if do_x else 0.0, "amount-y": float(y) if do_y else 0.0}
    apply_filter(drawable, "gegl:displace", amounts, map_x, map_y)


@old("plug-in-autocrop", _START)
def _autocrop(_run_mode, image, drawable):
    run("gimp-image-autocrop", image, drawable)


@old("plug-in-autocrop-layer", _START)
def _autocrop_layer(_run_mode, image, drawable):
    run("gimp-image-set-selected-layers", image, [drawable])
    run("gimp-image-autocrop-selected-layers", image, drawable)


@old("plug-in-threshold-alpha", _START + " threshold:int")
def _threshold_alpha(_run_mode, _image, drawable, threshold):
    width, height = items.drawable_width(drawable), items.drawable_height(drawable)
    pixels = bytearray(drawable_read(drawable, 0, 0, width, height, "R'G'B'A u8"))
    pixels[3::4] = pixels[3::4].translate(bytes(255 if alpha > threshold else 0 for alpha in range(256)))
    drawable_write(drawable, 0, 0, width, height, "R'G'B'A u8", pixels)
