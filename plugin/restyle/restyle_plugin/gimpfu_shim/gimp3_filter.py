"""A filter of GEGL's put on a drawable and merged into it: what most of 2.10's plug-ins are in GIMP 3.x."""

from gi.repository import Gegl

from .errors import BackendError
from .gimp3_lib import Gimp, drawable_of, ready_pixels
from .gimp3_values import color_of, nick_of

_AUXILIARIES = ("aux", "aux2")

__all__ = ["apply_filter"]


def apply_filter(drawable, operation, properties, *auxiliaries):
    """Apply one of GEGL's operations with its properties; auxiliaries: drawables for its further inputs.

    A colour may be (r, g, b), a choice GEGL's number. BackendError where this GIMP's GEGL has no such operation.
    """
    ready_pixels()
    # GIMP 3.0 itself ends where it is asked for one that it lacks, and for its own ("gimp:").
    if not Gegl.has_operation(operation):
        raise BackendError("This GIMP's GEGL has no %s." % operation)
    target = drawable_of(drawable)
    effect = Gimp.DrawableFilter.new(target, operation, "")
    config = effect.get_config()
    for name, value in properties.items():
        spec = config.find_property(name)
        if isinstance(value, tuple):
            value = color_of(value)
        elif type(spec).__gtype__.name == "GimpParamChoice":
            value = nick_of(spec, value)
        config.set_property(name, value)
    for name, item in zip(_AUXILIARIES, auxiliaries, strict=False):
        effect.set_aux_input(name, drawable_of(item))
    target.merge_filter(effect)
