"""2.10's procedures that copy, fill, paint and select, by GIMP 3.x's calls."""

from .gimp3_calls import in_context, run
from .gimp3_forms import moved
from .gimp3_lib import Gimp, drawable_of, id_of, image_of
from .gimp3_table import table

_REPLACE = 2  # CHANNEL_OP_REPLACE
_FG, _BG, _PATTERN = 0, 1, 2  # 2.10's BUCKET_FILL_*
_FILL_PATTERN = 4  # 2.10's number
_GRADIENTS = ("gradient-fg-bg-rgb", "gradient-fg-bg-hsv-cw", "gradient-fg-transparent")
_SELECT = "operation:int antialias:int feather:int feather-radius:float"

_FULL = " feather-radius-y:float sample-merged:int select-transparent:int select-criterion:int"

CALLS, old = table()

__all__ = ["CALLS"]


@old("gimp-edit-copy", "drawable", "non-empty:int")
def _copy(drawable):
    return run("gimp-edit-copy", [drawable])


@old("gimp-edit-cut", "drawable", "non-empty:int")
def _cut(drawable):
    return run("gimp-edit-cut", [drawable])


@old("gimp-edit-named-copy", "drawable name:string", "real-name:string")
def _named_copy(drawable, name):
    return run("gimp-edit-named-copy", [drawable], name)


@old("gimp-edit-named-cut", "drawable name:string", "real-name:string")
def _named_cut(drawable, name):
    return run("gimp-edit-named-cut", [drawable], name)


@old("gimp-edit-paste", "drawable paste-into:int", "layer")
def _paste(drawable, into):
    layers = run("gimp-edit-paste", drawable, into)[0]
    return [layers[0] if layers else 0]


@old("gimp-selection-float", "drawable x:int y:int", "layer")
def _float(drawable, x, y):
    item = drawable_of(drawable)
    return [id_of(Gimp.Selection.float(item.get_image(), [item], int(x), int(y)))]


@old(
    "gimp-edit-bucket-fill gimp-bucket-fill",
    "drawable fill:int mode:int opacity:float threshold:float merged:int x:float y:float",
)
def _bucket(drawable, fill, mode, opacity, threshold, merged, x=0, y=0):
    _fill(drawable, fill, x, y, _bucket_settings(mode, opacity, threshold, merged))


@old(
    "gimp-edit-bucket-fill-full",
    "drawable fill:int mode:int opacity:float threshold:float merged:int transparent:int criterion:int x:float y:float",
)
def _bucket_full(drawable, fill, mode, opacity, threshold, merged, transparent, criterion, x=0, y=0):
    settings = _bucket_settings(mode, opacity, threshold, merged)
    settings.update({"sample-transparent": transparent, "sample-criterion": moved("GimpSelectCriterion", criterion)})
    _fill(drawable, fill, x, y, settings)


def _bucket_settings(mode, opacity, threshold, merged):
    return {
        "paint-mode": mode,
        "opacity": float(opacity),
        "sample-threshold-int": int(threshold),
        "sample-merged": bool(merged),
    }


def _fill(drawable, fill, x, y, settings):
    """Fill the selection, or, where there is none, what is alike around (x, y): what 2.10's did."""
    kind = moved("GimpFillType", _FILL_PATTERN if fill == _PATTERN else fill)
    image = drawable_of(drawable).get_image()
    if Gimp.Selection.is_empty(image):
        in_context(settings, "gimp-drawable-edit-bucket-fill", drawable, kind, float(x), float(y))
    else:
        in_context(settings, "gimp-drawable-edit-fill", drawable, kind)


@old(
    "gimp-edit-blend gimp-blend",
    "drawable blend:int mode:int gradient:int opacity:float offset:float repeat:int reverse:int supersample:int max-depth:int "
    "threshold:float dither:int x1:float y1:float x2:float y2:float",
)
def _blend(drawable, blend, mode, gradient, opacity, offset, repeat, reverse, supersample, depth, threshold, dither, *line):
    settings = {
        "paint-mode": mode,
        "opacity": float(opacity),
        "gradient-repeat-mode": moved("GimpRepeatMode", repeat),
        "gradient-reverse": bool(reverse),
    }
    if blend < len(_GRADIENTS):
        settings[_GRADIENTS[blend]] = ()
    shape = [drawable, gradient, float(offset), bool(supersample), max(1, int(depth)), float(threshold), bool(dither)]
    in_context(settings, "gimp-drawable-edit-gradient-fill", *(shape + [float(place) for place in line]))


@old("gimp-rect-select", "image x:float y:float width:float height:float operation:int feather:int feather-radius:float")
def _rectangle(image, x, y, width, height, operation, feather=0, radius=0):
    in_context(_edge(True, feather, radius), "gimp-image-select-rectangle", image, operation, x, y, width, height)


@old("gimp-ellipse-select", "image x:float y:float width:float height:float " + _SELECT)
def _ellipse(image, x, y, width, height, operation, antialias=1, feather=0, radius=0):
    in_context(_edge(antialias, feather, radius), "gimp-image-select-ellipse", image, operation, x, y, width, height)


@old(
    "gimp-round-rect-select",
    "image x:float y:float width:float height:float rx:float ry:float " + _SELECT + " feather-radius-y:float",
)
def _rounded(image, x, y, width, height, rx, ry, operation, antialias=1, feather=0, radius=0, radius_y=0):
    settings = _edge(antialias, feather, radius, radius_y)
    in_context(settings, "gimp-image-select-round-rectangle", image, operation, x, y, width, height, rx, ry)


@old("gimp-free-select", "image num-segs:int segs:array " + _SELECT)
def _polygon(image, _count, points, operation, antialias=1, feather=0, radius=0):
    in_context(_edge(antialias, feather, radius), "gimp-image-select-polygon", image, operation, points)


@old("gimp-fuzzy-select", "drawable x:float y:float threshold:int " + _SELECT + " sample-merged:int")
def _fuzzy(drawable, x, y, threshold, operation, antialias=1, feather=0, radius=0, merged=0):
    settings = dict(_edge(antialias, feather, radius), **_sample(threshold, merged))
    in_context(settings, "gimp-image-select-contiguous-color", _image(drawable), operation, drawable, x, y)


@old("gimp-by-color-select", "drawable color threshold:int " + _SELECT + " sample-merged:int")
def _by_color(drawable, color, threshold, operation, antialias=1, feather=0, radius=0, merged=0):
    settings = dict(_edge(antialias, feather, radius), **_sample(threshold, merged))
    in_context(settings, "gimp-image-select-color", _image(drawable), operation, drawable, color)


@old("gimp-fuzzy-select-full", "drawable x:float y:float threshold:int " + _SELECT + _FULL)
def _fuzzy_full(drawable, x, y, threshold, operation, antialias, feather, radius, radius_y, merged, transparent, criterion):
    settings = {**_edge(antialias, feather, radius, radius_y), **_sample_full(threshold, merged, transparent, criterion)}
    in_context(settings, "gimp-image-select-contiguous-color", _image(drawable), operation, drawable, x, y)


@old("gimp-by-color-select-full", "drawable color threshold:int " + _SELECT + _FULL)
def _by_color_full(drawable, color, threshold, operation, antialias, feather, radius, radius_y, merged, transparent, criterion):
    settings = {**_edge(antialias, feather, radius, radius_y), **_sample_full(threshold, merged, transparent, criterion)}
    in_context(settings, "gimp-image-select-color", _image(drawable), operation, drawable, color)


@old("gimp-selection-load", "channel")
def _load(channel):
    run("gimp-image-select-item", _image(channel), _REPLACE, channel)


@old("gimp-selection-layer-alpha", "layer")
def _alpha(layer):
    run("gimp-image-select-item", _image(layer), _REPLACE, layer)


@old("gimp-selection-combine", "channel operation:int")
def _combine(channel, operation):
    run("gimp-image-select-item", _image(channel), operation, channel)


@old("gimp-vectors-to-selection", "vectors " + _SELECT + " feather-radius-y:float")
def _path(vectors, operation, antialias=1, feather=0, radius=0, radius_y=0):
    image = id_of(Gimp.Item.get_by_id(vectors).get_image())
    in_context(_edge(antialias, feather, radius, radius_y), "gimp-image-select-item", image, operation, vectors)


@old("gimp-image-pick-color gimp-color-picker", "image drawable x:float y:float merged:int average:int radius:float", "color")
def _pick(image, drawable, x, y, merged=0, average=0, radius=0):
    return run("gimp-image-pick-color", image, [drawable] if drawable else [], x, y, merged, average, radius)


@old("gimp-drawable-get-pixel", "drawable x:int y:int", "num-channels:int pixel:array")
def _get_pixel(drawable, x, y):
    region = _pixel(drawable, x, y)
    return [region.bpp, tuple(bytearray(region[int(x), int(y)]))]


@old("gimp-drawable-set-pixel", "drawable x:int y:int num-channels:int pixel:array")
def _set_pixel(drawable, x, y, _count, pixel):
    _pixel(drawable, x, y)[int(x), int(y)] = bytes(bytearray(pixel))


def _pixel(drawable, x, y):
    from .items import item
    from .pixel_region import PixelRgn

    return PixelRgn(item(drawable), int(x), int(y), 1, 1, True, False)


def _edge(antialias, feather, radius, radius_y=None):
    both = float(radius), float(radius if radius_y is None else radius_y)
    return {"antialias": bool(antialias), "feather": bool(feather), "feather-radius": both}


def _sample(threshold, merged):
    return {"sample-threshold-int": int(threshold), "sample-merged": bool(merged)}


def _sample_full(threshold, merged, transparent, criterion):
    more = {"sample-transparent": bool(transparent), "sample-criterion": moved("GimpSelectCriterion", criterion)}
    return {**_sample(threshold, merged), **more}


def _image(drawable):
    return id_of(image_of(id_of(drawable_of(drawable).get_image())))
