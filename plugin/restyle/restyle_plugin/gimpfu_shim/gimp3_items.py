"""Layers, groups, masks and channels in GIMP 3.x: what they are, where they are, and new ones."""

from .errors import BackendError
from .gimp3_lib import Gimp, channel_of, checked, drawable_of, id_of, image_of, item_of, layer_of, made

# In this order: a mask is a channel too, a text layer is a layer too. Link and vector layers came with 3.2.
_KINDS = (
    ("is_layer_mask", "mask"),
    ("is_selection", "selection"),
    ("is_text_layer", "text"),
    ("is_group", "group"),
    ("is_link_layer", "link"),
    ("is_vector_layer", "vector"),
    ("is_layer", "layer"),
    ("is_channel", "channel"),
    ("is_path", "vectors"),
)
_BYTE = 256

__all__ = [
    "drawable_has_alpha",
    "drawable_height",
    "drawable_offsets",
    "drawable_type",
    "drawable_width",
    "item_attach_parasite",
    "item_children",
    "item_image",
    "item_is_valid",
    "item_kind",
    "item_name",
    "item_parasite",
    "item_parent",
    "item_position",
    "item_set_name",
    "layer_add_alpha",
    "layer_add_mask",
    "layer_create_mask",
    "layer_edit_mask",
    "layer_mask",
    "layer_new",
    "layer_set_offsets",
    "parasite_bytes",
    "parasite_new",
]


def item_is_valid(item):
    """Whether the item is still there."""
    return item > 0 and Gimp.Item.id_is_valid(item)


def item_kind(item):
    """Return "layer", "group", "text", "link", "vector", "mask", "channel", "selection" or "vectors" (a path)."""
    thing = item_of(item)
    for question, kind in _KINDS:
        if hasattr(thing, question) and getattr(thing, question)():
            return kind
    raise BackendError("%s is of a kind that is not known here." % thing.get_name())


def item_name(item):
    """Return the name that the dock shows."""
    return item_of(item).get_name()


def item_set_name(item, name):
    """Name it; GIMP adds "#1" where the name is taken."""
    checked(item_of(item).set_name(name))


def item_parent(item):
    """Return the id of the group that it is in, 0 for none."""
    return id_of(item_of(item).get_parent())


def item_children(item):
    """Return the ids of what is directly in a group, the topmost first; [] for anything but a group."""
    thing = item_of(item)
    return [child.get_id() for child in thing.get_children()] if thing.is_group() else []


def item_image(item):
    """Return the id of its image."""
    return id_of(item_of(item).get_image())


def item_position(item):
    """Return its place among its siblings, 0 on top."""
    thing = item_of(item)
    if item_kind(item) in ("mask", "selection"):
        raise BackendError("%s has no place in a stack." % thing.get_name())
    return thing.get_image().get_item_position(thing)


def item_attach_parasite(item, name, flags, data):
    """Attach bytes under a name; flags: 1 = saved with the image, 2 = undoable."""
    checked(item_of(item).attach_parasite(parasite_new(name, flags, data)))


def item_parasite(item, name):
    """Return the bytes attached under that name, None for none."""
    parasite = item_of(item).get_parasite(name)
    return None if parasite is None else parasite_bytes(parasite)


def parasite_new(name, flags, data):
    """Return GIMP's parasite. gi takes its data for signed characters and refuses a byte above 127."""
    signed = [byte if byte < _BYTE // 2 else byte - _BYTE for byte in bytes(data)]
    return Gimp.Parasite.new(name, flags, signed)


def parasite_bytes(parasite):
    """Return a parasite's bytes; gi gives bytes, or a list of signed or unsigned numbers."""
    return bytes(byte % _BYTE for byte in parasite.get_data() or ())


def drawable_width(drawable):
    """Return its width in pixels."""
    return drawable_of(drawable).get_width()


def drawable_height(drawable):
    """Return its height in pixels."""
    return drawable_of(drawable).get_height()


def drawable_offsets(drawable):
    """Return (x, y) of its upper left corner on the canvas."""
    done, x, y = drawable_of(drawable).get_offsets()
    checked(done)
    return x, y


def drawable_has_alpha(drawable):
    """Whether it has an alpha channel."""
    return drawable_of(drawable).has_alpha()


def drawable_type(drawable):
    """Return 0 RGB, 1 RGBA, 2 grey, 3 grey with alpha, 4 indexed, 5 indexed with alpha."""
    return int(drawable_of(drawable).type())


def layer_new(image, name, width, height, drawable_type, opacity, mode):
    """Return the id of a new layer that is not in the stack yet; opacity 0 to 100, mode by GIMP 2.10's numbers."""
    kind, blending = Gimp.ImageType(drawable_type), Gimp.LayerMode(mode)
    return id_of(made(Gimp.Layer.new, image_of(image), name, width, height, kind, opacity, blending))


def layer_set_offsets(layer, x, y):
    """Put its upper left corner at (x, y) of the canvas."""
    checked(layer_of(layer).set_offsets(x, y))


def layer_add_alpha(layer):
    """Give it an alpha channel."""
    checked(layer_of(layer).add_alpha())


def layer_mask(layer):
    """Return the id of its mask, 0 for none."""
    return id_of(layer_of(layer).get_mask())


def layer_create_mask(layer, mask_type):
    """Return the id of a new mask, not yet added: 0 white, 1 black, 2 alpha, 4 selection, 5 grey copy."""
    return id_of(checked(layer_of(layer).create_mask(Gimp.AddMaskType(mask_type))))


def layer_add_mask(layer, mask):
    """Make a new mask the layer's."""
    checked(layer_of(layer).add_mask(channel_of(mask)))


def layer_edit_mask(layer, edit):
    """Choose what the user paints on next: the mask (True) or the layer (False)."""
    checked(layer_of(layer).set_edit_mask(edit))
