"""GIMP 3.x through gi: ids to objects and back, and GIMP's own message where it refuses."""

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402  (a version is required before the import)

from ..languages import _  # noqa: E402
from .errors import BackendError  # noqa: E402

__all__ = [
    "Gegl",
    "Gimp",
    "channel_of",
    "checked",
    "drawable_of",
    "id_of",
    "image_of",
    "item_of",
    "layer_of",
    "made",
    "ready_pixels",
]


def image_of(number):
    """Return the image of that id; BackendError where it was closed."""
    if number > 0 and Gimp.Image.id_is_valid(number):
        return Gimp.Image.get_by_id(number)
    raise BackendError(_("There is no image %d in GIMP any more.") % number)


def item_of(number):
    """Return the layer, mask, channel, selection or path of that id; BackendError where it is gone."""
    if number > 0 and Gimp.Item.id_is_valid(number):
        return Gimp.Item.get_by_id(number)
    raise BackendError("There is no layer, channel or path %d in GIMP any more." % number)


def drawable_of(number):
    """Return the layer, mask or channel of that id; BackendError for anything else."""
    return _narrowed(number, Gimp.Drawable, "has no pixels")


def layer_of(number):
    """Return the layer of that id; BackendError for anything else."""
    return _narrowed(number, Gimp.Layer, "is not a layer")


def channel_of(number):
    """Return the channel, mask or selection of that id; BackendError for anything else."""
    return _narrowed(number, Gimp.Channel, "is not a channel")


def id_of(thing):
    """Return an object's id, 0 for None."""
    return 0 if thing is None else thing.get_id()


def checked(outcome):
    """Return what a call to libgimp gave; BackendError with GIMP's message where that is None or False."""
    if outcome is None or outcome is False:
        raise BackendError(Gimp.get_pdb().get_last_error() or _("GIMP refused without a reason."))
    return outcome


def made(constructor, *args):
    """Return what a constructor of libgimp makes; BackendError where GIMP refuses."""
    try:
        return checked(constructor(*args))
    except TypeError as problem:  # how gi says that a constructor returned NULL
        raise BackendError(Gimp.get_pdb().get_last_error() or str(problem)) from problem


def ready_pixels():
    """Start GEGL: pixels and colours end the process without it. Only the first call does anything."""
    Gegl.init(None)


def _narrowed(number, kind, complaint):
    item = item_of(number)
    if not isinstance(item, kind):
        raise BackendError("%s (%d) %s." % (item.get_name(), number, complaint))
    return item
