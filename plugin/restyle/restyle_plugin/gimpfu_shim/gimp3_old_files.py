"""2.10's procedures that save files: file-*-save took one drawable and bare numbers, file-*-export takes an image and words."""

import os

from . import gimp3_images as images
from . import gimp3_items as items
from .gimp3_calls import exists, run
from .gimp3_table import table

_NONINTERACTIVE = 1
# Files that hold layers: these are written from the image itself.
_LAYERED = (".xcf", ".psd", ".ora", ".pdf", ".gif", ".mng", ".xcf.gz", ".xcf.bz2")
_START = "run-mode:int image drawable filename:string raw-filename:string"
# format → names of 2.10's options, in order, as file-*-export has them ("-": it has none); {name: (word, …)} for numbers.
_OPTIONS = {
    "png": "interlaced compression bkgd - offs phys time include-comment save-transparent",
    "jpeg": "quality smoothing optimize progressive - sub-sampling baseline restart dct",
    "gif": "interlace loop default-delay default-dispose as-animation force-delay force-dispose",
    "tiff": "compression save-transparent-pixels",
    "tga": "rle origin",
    "webp": "preset lossless quality alpha-quality animation animation-loop minimize-size keyframe-distance include-exif "
    "include-iptc include-xmp",
    "bmp": "use-rle write-color-space -",
    "pnm": "raw",
    "pbm": "raw",
    "pgm": "raw",
    "ppm": "raw",
    "pdf": "vectorize ignore-hidden apply-masks layers-as-pages reverse-order",
    "gbr": "spacing description",
    "pat": "description",
}
_WORDS = {
    "sub-sampling": ("sub-sampling-2x2", "sub-sampling-2x1", "sub-sampling-1x1", "sub-sampling-1x2"),
    "dct": ("integer", "fixed", "float"),
    "compression": ("none", "lzw", "packbits", "adobe_deflate", "jpeg", "ccittfax3", "ccittfax4"),
    "default-dispose": ("unspecified", "combine", "replace"),
    "origin": ("bottom-left", "top-left"),
    "raw": ("ascii-output", "raw-output"),
}
_NUMBERS = {"png": ("compression",)}  # where GIMP 3 takes the number itself
_OTHERS = (
    *("aa", "bigtiff", "bz2", "cel", "csource", "dds", "dicom", "eps", "exr", "farbfeld", "fits", "fli", "gz", "header", "heif"),
    *("ico", "jpegxl", "pcx", "pfm", "pix", "ps", "psd", "raw", "sgi", "sunras", "xbm", "xmc", "xpm", "xwd", "xz"),
)
_MOST_OPTIONS = 20
_WHOLE = frozenset(["gif", "pdf", "psd", "fli"])  # formats that hold all layers

CALLS, old = table()

__all__ = ["CALLS"]


def _declare(kind):
    names = _OPTIONS.get(kind, "").split()
    extra = "".join(" option-%d:any" % i for i in range(1, _MOST_OPTIONS))
    versions = "file-%s-save file-%s-save2" % (kind, kind) + (" file-png-save-defaults" if kind == "png" else "")

    @old(versions, _START + extra)
    def save(_run_mode, image, drawable, path, _raw="", *options):
        named = {}
        for name, value in zip(names, options, strict=False):
            if name != "-":
                named[name.replace("-", "_")] = _value(kind, name, value)
        procedure = "file-%s-export" % ("tiff" if kind == "bigtiff" else kind)
        _export(procedure, image, drawable, path, kind in _WHOLE, named)


def _value(kind, name, value):
    words = _WORDS.get(name)
    if words is None or name in _NUMBERS.get(kind, ()) or isinstance(value, str):
        return value
    return words[int(value)] if 0 <= int(value) < len(words) else words[0]


for _kind in (*_OPTIONS, *_OTHERS):
    _declare(_kind)


@old("gimp-file-save", _START)
def _file_save(_run_mode, image, drawable, path, _raw=""):
    _export("gimp-file-save", image, drawable, path, str(path).lower().endswith(_LAYERED), {})


@old("gimp-xcf-save", _START.replace("run-mode", "dummy-param"))
def _xcf_save(_run_mode, image, _drawable, path, _raw=""):
    run("gimp-file-save", _NONINTERACTIVE, image, os.path.abspath(path))


@old("gimp-xcf-load", "dummy-param:int filename:string raw-filename:string", "image")
def _xcf_load(_dummy, path, _raw=""):
    return [images.load_image(path)]


def _export(procedure, image, drawable, path, is_whole, named):
    """Write the image, or the drawable alone, as 2.10's formats of one picture did."""
    if not exists(procedure):
        raise ValueError("this GIMP has no %s" % procedure)
    path = os.path.abspath(path)
    if is_whole or not drawable or images.image_layers(image) == [drawable]:
        run(procedure, _NONINTERACTIVE, image, path, **named)
        return
    copy = _picture_of(image, drawable)
    try:
        run(procedure, _NONINTERACTIVE, copy, path, **named)
    finally:
        images.image_delete(copy)


def _picture_of(image, drawable):
    """Return a new image of one drawable, with the image's colours and resolution."""
    width, height = items.drawable_width(drawable), items.drawable_height(drawable)
    copy = run("gimp-image-duplicate", image)[0]
    for layer in images.image_layers(copy):
        images.image_remove_layer(copy, layer)
    layer = run("gimp-layer-new-from-drawable", drawable, copy)[0]
    images.image_insert_layer(copy, layer, 0, 0)
    items.layer_set_offsets(layer, 0, 0)
    run("gimp-image-resize", copy, width, height, 0, 0)
    run("gimp-item-set-visible", layer, True)
    return copy
