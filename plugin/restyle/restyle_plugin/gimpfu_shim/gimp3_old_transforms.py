"""2.10's transformations of a drawable: their settings became GIMP's context."""

from .gimp3_calls import in_context, run
from .gimp3_table import table

_FORWARD = 0
_NONE = 0
# What each takes of its own, as gimp-item-transform-* does.
_SHAPES = {
    "flip": "x0:float y0:float x1:float y1:float",
    "perspective": " ".join("%s%d:float" % (axis, i) for i in range(4) for axis in "xy"),
    "rotate": "angle:float auto-center:int center-x:float center-y:float",
    "scale": "x0:float y0:float x1:float y1:float",
    "shear": "shear-type:int magnitude:float",
    "2d": "source-x:float source-y:float scale-x:float scale-y:float angle:float dest-x:float dest-y:float",
    "matrix": " ".join("coeff-%d-%d:float" % (i, j) for i in range(3) for j in range(3)),
}
_WHOLE = " transform-direction:int interpolation:int supersample:int recursion-level:int clip-result:int"
_DEFAULT = " interpolate:int clip-result:int"

CALLS, old = table()

__all__ = ["CALLS"]


def _declare(name, shape):
    count, new = len(shape.split()), "gimp-item-transform-" + name

    @old("gimp-drawable-transform-" + name, "drawable " + shape + _WHOLE, "drawable")
    def whole(drawable, *values):
        own, (direction, interpolation, _, _, clip) = values[:count], values[count:]
        settings = {"transform-direction": direction, "interpolation": interpolation, "transform-resize": int(clip)}
        return in_context(settings, new, drawable, *own)

    @old("gimp-drawable-transform-" + name + "-default", "drawable " + shape + _DEFAULT, "drawable")
    def default(drawable, *values):
        own, (interpolate, clip) = values[:count], values[count:]
        settings = {"transform-direction": _FORWARD, "transform-resize": int(clip)}
        if not interpolate:
            settings["interpolation"] = _NONE
        return in_context(settings, new, drawable, *own)

    @old("gimp-" + ("transform-2d" if name == "2d" else name), "drawable interpolation:int " + shape, "drawable")
    def tool(drawable, interpolation, *own):
        settings = (
            {"transform-direction": _FORWARD} if interpolation else {"transform-direction": _FORWARD, "interpolation": _NONE}
        )
        return in_context(settings, new, drawable, *own)


for _name, _shape in _SHAPES.items():
    _declare(_name, _shape)


@old("gimp-rotate", "drawable interpolation:int angle:float", "drawable")
def _rotate(drawable, interpolation, angle):
    settings = {} if interpolation else {"interpolation": _NONE}
    return in_context(settings, "gimp-item-transform-rotate", drawable, angle, True, 0.0, 0.0)


@old("gimp-flip", "drawable flip-type:int", "drawable")
def _flip(drawable, flip_type):
    return run("gimp-item-transform-flip-simple", drawable, flip_type, True, 0.0)


@old("gimp-drawable-transform-flip-simple", "drawable flip-type:int auto-center:int axis:float clip-result:int", "drawable")
def _flip_simple(drawable, flip_type, auto_center, axis, clip):
    return in_context({"transform-resize": int(clip)}, "gimp-item-transform-flip-simple", drawable, flip_type, auto_center, axis)


@old("gimp-drawable-transform-rotate-simple", "drawable type:int auto-center:int x:int y:int clip-result:int", "drawable")
def _rotate_simple(drawable, kind, auto_center, x, y, clip):
    settings = {"transform-resize": int(clip)}
    return in_context(settings, "gimp-item-transform-rotate-simple", drawable, kind, auto_center, float(x), float(y))


@old("gimp-drawable-offset gimp-channel-ops-offset", "drawable wrap-around:int fill-type:int x:int y:int")
def _offset(drawable, wrap, fill_type, x, y):
    background = run("gimp-context-get-background")[0]
    run("gimp-drawable-offset", drawable, wrap, fill_type, background, x, y)


@old("plug-in-rotate", "run-mode:int image drawable angle:int everything:int")
def _quarter(_run_mode, image, drawable, quarters, everything):
    if not 1 <= quarters <= 3:
        return
    if everything:
        run("gimp-image-rotate", image, quarters - 1)
    else:
        run("gimp-item-transform-rotate-simple", drawable, quarters - 1, True, 0.0, 0.0)
