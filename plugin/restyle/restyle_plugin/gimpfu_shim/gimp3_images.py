"""Images, their layer stacks and their selection in GIMP 3.x."""

import os

from ..languages import _
from .errors import BackendError
from .gimp3_items import parasite_bytes, parasite_new
from .gimp3_lib import Gimp, checked, id_of, image_of, layer_of, made

# GIMP 3 tells non-linear (sRGB's curve or the profile's: 150) from perceptual (175); GIMP 2.10 has one number for both.
_FAMILY = 100
_NON_LINEAR = 50
_FILENAME = "gimpfu-shim-filename"

__all__ = [
    "image_active_drawable",
    "image_base_type",
    "image_channels",
    "image_delete",
    "image_filename",
    "image_height",
    "image_insert_layer",
    "image_is_valid",
    "image_keep_filename",
    "image_layers",
    "image_list",
    "image_name",
    "image_new",
    "image_precision",
    "image_remove_layer",
    "image_select_layer",
    "image_selection",
    "image_undo_group_end",
    "image_undo_group_start",
    "image_width",
    "load_image",
    "selection_bounds",
    "selection_is_empty",
]


def image_list():
    """Return the ids of all open images."""
    return [image.get_id() for image in Gimp.get_images()]


def image_is_valid(image):
    """Whether the image is still there."""
    return image > 0 and Gimp.Image.id_is_valid(image)


def image_width(image):
    """Return the canvas's width in pixels."""
    return image_of(image).get_width()


def image_height(image):
    """Return the canvas's height in pixels."""
    return image_of(image).get_height()


def image_base_type(image):
    """Return 0 for RGB, 1 for grey, 2 for indexed."""
    return int(image_of(image).get_base_type())


def image_precision(image):
    """Return GIMP 2.10's number: 100 u8, 200 u16, 300 u32, 500 half, 600 float, 700 double; 50 more when not linear."""
    family, transfer = divmod(int(image_of(image).get_precision()), _FAMILY)
    return family * _FAMILY + (_NON_LINEAR if transfer else 0)


def image_layers(image):
    """Return the ids of the top-level layers, the topmost first."""
    return [layer.get_id() for layer in image_of(image).get_layers()]


def image_channels(image):
    """Return the ids of the channels, the topmost first."""
    return [channel.get_id() for channel in image_of(image).get_channels()]


def image_active_drawable(image):
    """Return the id of the (first) selected layer or channel, 0 for none."""
    chosen = image_of(image).get_selected_drawables()
    return id_of(chosen[0]) if chosen else 0


def image_name(image):
    """Return the name that the window's title shows."""
    return image_of(image).get_name()


def image_filename(image):
    """Return the path (or URI, if it has no path) of the image's file; None where it has none."""
    file = image_of(image).get_file() or image_of(image).get_imported_file()
    if file is None:
        kept = image_of(image).get_parasite(_FILENAME)
        return parasite_bytes(kept).decode("utf-8") if kept else None
    return file.get_path() or file.get_uri()


def image_keep_filename(image, path):
    """Remember an image's file where GIMP itself does not (3.0.4, for what a plug-in has opened)."""
    if image_filename(image) is None:
        image_of(image).attach_parasite(parasite_new(_FILENAME, 0, path.encode("utf-8")))


def image_undo_group_start(image):
    """Open a group of changes that one undo takes back."""
    checked(image_of(image).undo_group_start())


def image_undo_group_end(image):
    """Close the group of changes."""
    checked(image_of(image).undo_group_end())


def image_insert_layer(image, layer, parent, position):
    """Put a new layer into the stack: in the group `parent` (0: top level), at `position` from the top."""
    group = layer_of(parent) if parent else None
    checked(image_of(image).insert_layer(layer_of(layer), group, position))


def image_select_layer(image, layer):
    """Make a layer of the stack the only selected one."""
    checked(image_of(image).set_selected_layers([layer_of(layer)]))


def image_remove_layer(image, layer):
    """Take a layer out of the stack."""
    checked(image_of(image).remove_layer(layer_of(layer)))


def image_new(width, height, base_type, precision):
    """Return the id of a new image without display."""
    kind, encoding = Gimp.ImageBaseType(base_type), Gimp.Precision(precision)
    return id_of(made(Gimp.Image.new_with_precision, width, height, kind, encoding))


def image_delete(image):
    """Free an image that has no display."""
    checked(image_of(image).delete())


def load_image(path):
    """Return the id of a new image without display, read from a file of any kind that GIMP knows."""
    from gi.repository import Gio

    if not os.path.isfile(path):  # GIMP would only say that its reader was called with a wrong value
        raise BackendError(_("There is no file %s.") % path)
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))
    return id_of(checked(image))


def image_selection(image):
    """Return the id of the selection, a channel as large as the canvas."""
    return id_of(checked(image_of(image).get_selection()))


def selection_is_empty(image):
    """Whether nothing is selected."""
    return Gimp.Selection.is_empty(image_of(image))


def selection_bounds(image):
    """Return (whether something is selected, x1, y1, x2, y2); x2 and y2 lie just outside."""
    done, non_empty, x1, y1, x2, y2 = Gimp.Selection.bounds(image_of(image))
    checked(done)
    return non_empty, x1, y1, x2, y2
