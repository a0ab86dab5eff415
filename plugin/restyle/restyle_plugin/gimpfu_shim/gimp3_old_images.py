"""2.10's procedures about images, layers, paths, text and stored things, by GIMP 3.x's calls."""

from . import gimp3_images as images
from . import gimp3_items as items
from . import gimp3_talk as talk
from . import registry
from .gimp3_calls import in_context, run
from .gimp3_lib import Gimp, id_of, image_of
from .gimp3_table import table

_POINTS = 1  # 2.10's size types: PIXELS 0, POINTS 1
_POINTS_PER_INCH = 72.0
_COLOR_BYTES = 3
_DATA = "gimpfu-shim-"  # as gimp3_pdb.set_data keeps it

CALLS, old = table()

__all__ = ["CALLS"]


@old("gimp-image-get-filename", "image", "filename:string")
def _filename(image):
    return [images.image_filename(image)]


@old("gimp-image-set-filename", "image filename:string")
def _set_filename(image, path):
    run("gimp-image-set-file", image, path)


def _uri_of(getter):
    def read(image):
        file = getattr(image_of(image), getter)()
        return [file.get_uri() if file else None]

    return read


for _name in ("exported", "imported", "xcf"):
    old("gimp-image-get-%s-uri" % _name, "image", "uri:string")(_uri_of("get_%s_file" % _name))
old("gimp-image-get-uri", "image", "uri:string")(_uri_of("get_file"))


@old("gimp-image-get-active-drawable gimp-image-active-drawable", "image", "drawable")
def _active_drawable(image):
    return [images.image_active_drawable(image)]


def _first_of(what):
    def read(image):
        chosen = run("gimp-image-get-selected-" + what, image)[0]
        return [chosen[0] if chosen else 0]

    return read


def _choose(what):
    def write(image, item):
        run("gimp-image-set-selected-" + what, image, [item] if item else [])

    return write


for _name, _kind, _new in (("layer", "layer", "layers"), ("channel", "channel", "channels"), ("vectors", "vectors", "paths")):
    old("gimp-image-get-active-" + _name, "image", "%s:%s" % (_name, _kind))(_first_of(_new))
    old("gimp-image-set-active-" + _name, "image %s:%s" % (_name, _kind))(_choose(_new))


@old("gimp-image-add-layer", "image layer position:int")
def _add_layer(image, layer, position=-1):
    images.image_insert_layer(image, layer, 0, max(-1, int(position)))


@old("gimp-image-add-channel", "image channel position:int")
def _add_channel(image, channel, position=-1):
    run("gimp-image-insert-channel", image, channel, 0, position)


@old("gimp-image-add-vectors", "image vectors position:int")
def _add_vectors(image, vectors, position=-1):
    run("gimp-image-insert-path", image, vectors, 0, position)


@old("gimp-image-add-layer-mask", "image layer mask:channel")
def _add_mask(_image, layer, mask):
    run("gimp-layer-add-mask", layer, mask)


@old("gimp-image-remove-layer-mask", "image layer mode:int")
def _remove_mask(_image, layer, mode):
    run("gimp-layer-remove-mask", layer, mode)


@old("gimp-layer-new", "image width:int height:int type:int name:string opacity:float mode:int", "layer")
def _layer_new(image, width, height, kind, name, opacity=100.0, mode=28):
    return [items.layer_new(image, name or "", int(width), int(height), kind, float(opacity), mode)]


@old("gimp-layer-group-new", "image", "layer")
def _group_new(image):
    return run("gimp-group-layer-new", image)


@old("gimp-layer-copy", "layer add-alpha:int", "layer")
def _layer_copy(layer, add_alpha=0):
    copy = run("gimp-layer-copy", layer)
    if add_alpha:
        items.layer_add_alpha(copy[0])
    return copy


@old("gimp-layer-translate", "layer x:int y:int")
def _translate(layer, x, y):
    left, top = items.drawable_offsets(layer)
    items.layer_set_offsets(layer, left + int(x), top + int(y))


@old("gimp-layer-scale-full", "layer width:int height:int local-origin:int interpolation:int")
def _scale_layer(layer, width, height, local_origin, interpolation):
    in_context({"interpolation": interpolation}, "gimp-layer-scale", layer, width, height, local_origin)


@old("gimp-image-scale-full", "image width:int height:int interpolation:int")
def _scale_image(image, width, height, interpolation):
    in_context({"interpolation": interpolation}, "gimp-image-scale", image, width, height)


@old("gimp-channel-new", "image width:int height:int name:string opacity:float color", "channel")
def _channel_new(image, width, height, name, opacity, color):
    return run("gimp-channel-new", image, name, width, height, opacity, color)


_LINKED = " ".join("gimp-%s-get-linked" % noun for noun in ("item", "drawable", "layer", "channel", "vectors"))


@old(_LINKED, "item", "linked:int")
def _linked(_item):
    return [0]  # GIMP 3 links nothing: it selects several


@old(_LINKED.replace("get", "set"), "item linked:int")
def _set_linked(_item, _linked):
    """Do nothing: see above."""


@old("gimp-context-get-transform-recursion", "", "recursion:int")
def _recursion():
    return [3]  # 2.10's default; it had no effect there either


@old("gimp-context-set-transform-recursion gimp-image-free-shadow", "value:int")
def _nothing(_value):
    """Do nothing: it does nothing in 2.10 either."""


@old("gimp-image-get-colormap gimp-image-get-cmap", "image", "num-bytes:int colormap:array")
def _colormap(image):
    palette = image_of(image).get_palette()
    count = palette.get_color_count() if palette else 0
    colors = [run("gimp-palette-get-entry-color", palette.get_name(), i)[0] for i in range(count)] if _named(palette) else []
    data = tuple(int(round(part * 255)) for color in colors for part in color)
    return [len(data), data]


def _named(palette):
    return palette is not None and palette.get_name()


@old("gimp-image-set-colormap gimp-image-set-cmap", "image num-bytes:int colormap:array")
def _set_colormap(image, count, data):
    data = list(bytearray(data))[:count]
    palette = Gimp.Palette.new("colormap")
    for start in range(0, len(data), _COLOR_BYTES):
        color = tuple(part / 255.0 for part in data[start : start + _COLOR_BYTES])
        run("gimp-palette-add-entry", palette.get_name(), "", color)
    image_of(image).set_palette(palette)
    palette.delete()


@old(
    "gimp-text-fontname",
    "image drawable x:float y:float text:string border:int antialias:int size:float size-type:int font:string",
    "layer",
)
def _text(image, drawable, x, y, text, border, antialias, size, size_type, font):
    return run("gimp-text-font", image, drawable, x, y, text, border, antialias, _pixels(size, size_type, image), font)


@old(
    "gimp-text-get-extents-fontname",
    "text:string size:float size-type:int font:string",
    "width:int height:int ascent:int descent:int",
)
def _extents(text, size, size_type, font):
    return run("gimp-text-get-extents-font", text, _pixels(size, size_type), font)


def _pixels(size, size_type, image=0):
    inch = run("gimp-image-get-resolution", image)[1] if image else _POINTS_PER_INCH
    return float(size) * inch / _POINTS_PER_INCH if size_type == _POINTS else float(size)


@old("gimp-vectors-export-to-file", "image filename:string vectors")
def _export_paths(image, path, vectors):
    run("gimp-image-export-path-to-file", image, path, vectors)


_OF_BRUSHES = ("brush", "gradient", "palette")


def _resource(kind, name):
    thing = getattr(Gimp, kind.capitalize()).get_by_name(name)
    if thing is None:
        raise ValueError("there is no %s %r" % (kind, name))
    return thing


def _resource_calls(kind):
    old("gimp-%s-delete" % kind, "name:string")(lambda name: _resource(kind, name).delete() and None)
    old("gimp-%s-duplicate" % kind, "name:string", "copy-name:string")(
        lambda name: [_resource(kind, name).duplicate().get_name()]
    )
    old("gimp-%s-is-editable" % kind, "name:string", "editable:int")(lambda name: [int(_resource(kind, name).is_editable())])

    @old("gimp-%s-rename" % kind, "name:string new-name:string", "actual-name:string")
    def rename(name, new):
        thing = _resource(kind, name)
        thing.rename(new)
        return [thing.get_name()]


for _name in _OF_BRUSHES:
    _resource_calls(_name)


@old("gimp-plugin-menu-register", "procedure-name:string menu-path:string")
def _menu(name, path):
    registry.procedure(name).menus.append(path)


@old("gimp-plugin-domain-register", "domain-name:string domain-path:string")
def _domain(_name, _path=""):
    """Do nothing: plug-ins bring their own translations."""


@old("gimp-progress-init", "message:string display")
def _progress(message, _display=0):
    talk.progress_init(message or "")


@old("gimp-progress-update", "fraction:float")
def _progress_update(fraction):
    talk.progress_update(float(fraction))


@old("gimp-image-get-vectors", "image", "count:int vectors:array")
def _paths(image):
    ids = [id_of(path) for path in image_of(image).get_paths()]
    return [len(ids), tuple(ids)]


@old("gimp-image-merge-layer-group", "image layer-group:layer", "layer")
def _merge_group(_image, group):
    return run("gimp-group-layer-merge", group)


@old("gimp-palettes-get-palette", "", "name:string num-colors:int")
def _palette():
    name = run("gimp-context-get-palette")[0]
    return [name, *run("gimp-palette-get-color-count", name)]


@old("gimp-procedural-db-set-data", "identifier:string bytes:int data:array")
def _keep(key, _count, data):
    Gimp.attach_parasite(items.parasite_new(_DATA + key, 0, bytes(bytearray(data))))


@old("gimp-procedural-db-get-data", "identifier:string", "bytes:int data:array")
def _kept(key):
    parasite = Gimp.get_parasite(_DATA + key)
    if parasite is None:
        raise ValueError("there is no data %r" % key)
    data = tuple(bytearray(items.parasite_bytes(parasite)))
    return [len(data), data]
