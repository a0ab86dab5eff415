# -*- coding: utf-8 -*-
"""Regions in GIMP: where they are painted, selected or saved in the photo and in the styles, and how they are sent.

A region is a name and a mask. Names that stand in the photo and in a style belong together; the server sees to the rest. Where
each style has a region of the photo to itself, the photo's regions alone count, in the order in which they are sent.
"""

from __future__ import absolute_import, unicode_literals

from collections import OrderedDict, namedtuple

from . import layers
from .errors import PluginError
from .gimpfu_shim.layers import LAYER_KINDS
from .languages import _

ANYTHING, MASKS, SELECTION, CHANNELS, LAYER, AUTOMATIC, NONE = (
    "anything",
    "masks",
    "selection",
    "channels",
    "layer",
    "automatic",
    "none",
)
SOURCES = (
    (ANYTHING, _("Automatic (uses my regions if there are any)")),
    (MASKS, _("Layer masks")),
    (SELECTION, _("Selection (inside and outside)")),
    (CHANNELS, _("Channels with equal names")),
    (LAYER, _('Layers named "regions"')),
    (AUTOMATIC, _("Found automatically")),
    (NONE, _("No regions")),
)
"""What the dialog's row "Regions from" offers: (word, title)."""

_INSIDE, _OUTSIDE = "inside", "outside"
# As the server has them.
_MOST_REGIONS, _LONGEST_NAME = 32, 100
_INVERTED = bytes(bytearray(range(255, -1, -1)))
_MAP_FORM = layers.Form(4, "u8", "R'G'B'A u8", 4)

Picture = namedtuple("Picture", "image layer name is_file painted")
"""A photo or style as GIMP has it: image's and layer's id, name, whether it was read from a file, its layer of regions or 0."""

Guides = namedtuple("Guides", "source content styles")
"""source: a word of SOURCES; content: its _Map, its _Masks, or None for none; styles: the same for each style."""

_Map = namedtuple("_Map", "drawable")
_Masks = namedtuple("_Masks", "masks")  # (name, drawable, whether what is black is meant)

__all__ = [
    "AUTOMATIC",
    "MASKS",
    "NONE",
    "SELECTION",
    "SOURCES",
    "Guides",
    "Picture",
    "gather",
    "of_styles_alone",
    "picture_of_layer",
    "send",
]


def picture_of_layer(gimp, layer):
    """Return the Picture of a layer of an open image."""
    image = gimp.item_image(layer)
    return Picture(image, layer, gimp.item_name(layer), False, _painted(gimp, image, layer))


def gather(gimp, source, content, styles, is_shared_out=False, names=()):
    """Return the Guides that a source gives for Pictures; PluginError with what is missing where one was chosen by name.

    is_shared_out: each style paints a region of its own, so the styles' regions are not asked for. names: those that mean
    something in a photo without styles, () where all do.
    """
    _refuse_a_map_as_photo(gimp, source, content)
    if source in (None, AUTOMATIC, NONE):
        return Guides(source, None, [None] * len(styles))
    if is_shared_out:
        return _photo_s_own(gimp, source, content)._replace(styles=[None] * len(styles))
    if names:
        return _photo_s_own(gimp, source, content) if source != ANYTHING else _called_so(gimp, content, names)
    if source != ANYTHING:
        return _BY_SOURCE[source](gimp, content, styles)
    for found in (_by_layer, _by_channels, _by_masks):
        guides = found(gimp, content, styles, is_wanted=False)
        if guides is not None:
            return guides
    return Guides(ANYTHING, None, [None] * len(styles))


def of_styles_alone(content, styles):
    """Return the Guides where the layer is itself a plan in flat colours, and no photo: each style's own layer of regions."""
    own = content.layer, content.painted
    painted = [style.painted if style.painted and (style.is_file or style.painted not in own) else 0 for style in styles]
    return Guides(None, None, [_Map(layer) if layer else None for layer in painted])


def send(gimp, upload, picture, found):
    """Upload what was gathered for a picture; return it as the request has it. upload: (width, height, form, parts) → id."""
    if found is None:
        return None
    place = layers.place_of(gimp, picture.layer)
    if isinstance(found, _Map):
        return {"map": upload(place.width, place.height, _MAP_FORM, _over(gimp, place, found.drawable, _MAP_FORM))}
    masks = []
    for name, drawable, is_inverse in found.masks:
        parts = _over(gimp, place, drawable, layers.MASK_FORM)
        parts = (bytes(part).translate(_INVERTED) for part in parts) if is_inverse else parts
        masks.append({"name": name, "image": upload(place.width, place.height, layers.MASK_FORM, parts)})
    return {"masks": masks}


def _over(gimp, place, drawable, form):
    """Yield what a drawable of the same image has at a layer's place, in strips; what lies beyond it is zero."""
    x, y = gimp.drawable_offsets(drawable)
    for top, rows in layers.strips(place.width, place.height, form.pixel_bytes):
        yield gimp.drawable_read(drawable, place.x - x, place.y - y + top, place.width, rows, form.babl)


def _photo_s_own(gimp, source, content):
    """Return the Guides of a photo alone; where nothing is found, regions are to be found automatically."""
    by_source = {LAYER: _by_layer, CHANNELS: _by_own_channels, MASKS: _by_masks, SELECTION: _by_selection}
    if source != ANYTHING:
        return by_source[source](gimp, content, [])
    for each in (LAYER, CHANNELS, MASKS):
        try:
            return by_source[each](gimp, content, [])
        except PluginError:
            pass  # it says what this source misses, and nobody asked for this one
    return Guides(AUTOMATIC, None, [])


def _called_so(gimp, content, names):
    """Return the Guides of a photo alone: its layer of regions, channels of these names, or its mask if that has one of them."""
    if content.painted:
        return Guides(LAYER, _Map(content.painted), [])
    own = OrderedDict(one for one in _channels(gimp, content.image).items() if one[0] in names)
    if own:
        return Guides(CHANNELS, _masks_of(own), [])
    mask = _mask_of(gimp, content) if _INSIDE in names else 0
    return Guides(MASKS, _inside_and_outside(mask), []) if mask else Guides(ANYTHING, None, [])


def _by_own_channels(gimp, content, styles):
    own = _channels(gimp, content.image)
    if not own:
        raise _missing(_("The photo's image has no channels: select a region and save it (Select > Save to Channel)"))
    if len(own) > _MOST_REGIONS:
        raise _missing(
            _("The photo's image has %(number)d channels, and %(most)d are the most: delete some")
            % {"number": len(own), "most": _MOST_REGIONS}
        )
    return Guides(CHANNELS, _masks_of(own), [])


def _by_layer(gimp, content, styles, is_wanted=True):
    if not content.painted and is_wanted:
        raise _missing(
            _('The image has no layer named "regions": paint one in flat colours, one colour for each region, above the photo')
        )
    if not content.painted:
        return None
    # The photo's own layer of regions says nothing about a second picture in its image.
    theirs = [style.painted if style.painted != content.painted or style.layer == content.layer else 0 for style in styles]
    for style, painted in zip(styles, theirs) if is_wanted else ():
        if style.painted and not painted:
            raise _missing(
                _(
                    'The style "%s" lies in the photo\'s image: put it, with a layer named "regions" of its own, into a layer '
                    "group or into another image"
                )
                % style.name
            )
        if not painted and not style.is_file:
            raise _missing(
                _('The image of the style "%s" has no layer named "regions": paint one there in the colours of the photo\'s')
                % style.name
            )
    return Guides(LAYER, _Map(content.painted), [_Map(painted) if painted else None for painted in theirs])


def _by_channels(gimp, content, styles, is_wanted=True):
    own, common = _channels(gimp, content.image), set()
    theirs = []
    for style in styles:
        # One image has each name once: its channels say nothing about a second picture in it, unless they are asked to.
        is_counted = is_wanted or style.image != content.image
        channels = OrderedDict(one for one in _channels(gimp, style.image).items() if one[0] in own) if is_counted else {}
        common.update(channels)
        theirs.append(_masks_of(channels) if channels else None)
    if len(common) > _MOST_REGIONS:
        raise _missing(
            _("%(number)d channels have equal names, and %(most)d are the most: rename or delete some")
            % {"number": len(common), "most": _MOST_REGIONS}
        )
    if common:
        return Guides(CHANNELS, _masks_of(OrderedDict(one for one in own.items() if one[0] in common)), theirs)
    if is_wanted:
        raise _missing(
            _(
                "No channel has the same name in the photo's image and in the style's: select a region in each, save it "
                "(Select > Save to Channel), and give both channels one name, such as sky"
            )
        )
    return None


def _by_masks(gimp, content, styles, is_wanted=True):
    own, theirs = _mask_of(gimp, content), [_mask_of(gimp, style) for style in styles]
    if is_wanted and not own:
        raise _missing(
            _("The photo's layer has no layer mask: add one (Layer > Mask) that is white on one region and black on the other")
        )
    for style, mask in zip(styles, theirs) if is_wanted else ():
        if not mask and not style.is_file:
            raise _missing(
                _('The style\'s layer "%s" has no layer mask: add one (Layer > Mask), white on the same region') % style.name
            )
    if not own or not (is_wanted or any(theirs)):
        return None
    return Guides(MASKS, _inside_and_outside(own), [_inside_and_outside(mask) if mask else None for mask in theirs])


def _mask_of(gimp, picture):
    """Return the mask of a picture's layer; 0 for none, as of a channel, which may be a style too."""
    return gimp.layer_mask(picture.layer) if gimp.item_kind(picture.layer) in LAYER_KINDS else 0


def _by_selection(gimp, content, styles):
    if layers.selection_box(gimp, content.image, content.layer) is None:
        raise _missing(_("Nothing is selected: select one of the photo's two regions"))
    found = []
    for style in styles:
        is_guided = style.image != content.image and not style.is_file and _selects(gimp, style)
        found.append(_inside_and_outside(gimp.image_selection(style.image)) if is_guided else None)
    return Guides(SELECTION, _inside_and_outside(gimp.image_selection(content.image)), found)


def _selects(gimp, style):
    """Whether a style's image has a selection that touches its layer."""
    try:
        return layers.selection_box(gimp, style.image, style.layer) is not None
    except PluginError:
        return False


def _inside_and_outside(drawable):
    return _Masks([(_INSIDE, drawable, False), (_OUTSIDE, drawable, True)])


def _masks_of(channels):
    return _Masks([(name[:_LONGEST_NAME], channel, False) for name, channel in channels.items()])


def _channels(gimp, image):
    """Return {name: id} of an image's channels, the topmost first; capitals and spaces around a name do not matter."""
    return OrderedDict((gimp.item_name(channel).strip().lower(), channel) for channel in gimp.image_channels(image))


def _painted(gimp, image, layer):
    """Return the layer of regions that belongs to a layer: one beside it, else one anywhere in the image; 0 for none."""
    parent = gimp.item_parent(layer)
    tops = gimp.image_layers(image)
    beside = gimp.item_children(parent) if parent else tops
    for candidate in list(beside) + list(layers.all_layers(gimp, tops)):
        if candidate != layer and layers.is_painted_regions(gimp, candidate):
            return candidate
    return 0


def _refuse_a_map_as_photo(gimp, source, content):
    if source in (ANYTHING, LAYER) and layers.is_painted_regions(gimp, content.layer):
        raise PluginError("no-layer", _('The layer named "regions" is active: choose the photo\'s layer first.'))


def _missing(text):
    return PluginError("no-regions", _('%s, or choose another entry at "Regions from".') % text)


_BY_SOURCE = {MASKS: _by_masks, SELECTION: _by_selection, CHANNELS: _by_channels, LAYER: _by_layer}
