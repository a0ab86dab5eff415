# -*- coding: utf-8 -*-
"""The functions of `gimp` about colours, gradients, fonts and what else a person has chosen to paint with."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_text
from .backend import call
from .color import RGB, components

_RGBA = 4

__all__ = ["Context"]


class Context(object):
    """Foreground and background, gradients, fonts; `context_push` keeps them for `context_pop`."""

    def context_push(self):
        """Keep the settings of now."""
        call("gimp-context-push")

    def context_pop(self):
        """Go back to the settings kept last."""
        call("gimp-context-pop")

    def get_foreground(self):
        """Return the foreground colour."""
        return RGB(*call("gimp-context-get-foreground")[0])

    def get_background(self):
        """Return the background colour."""
        return RGB(*call("gimp-context-get-background")[0])

    def set_foreground(self, *color):
        """Choose the foreground: an RGB, a text, (r, g, b), or three numbers."""
        call("gimp-context-set-foreground", _color(color))

    def set_background(self, *color):
        """Choose the background, likewise."""
        call("gimp-context-set-background", _color(color))

    def gradients_get_list(self, filter=""):  # noqa: A002  (gimp's name)
        """Return the names of the gradients that a regular expression finds."""
        return list(call("gimp-gradients-get-list", to_text(filter))[1])

    def context_get_gradient(self):
        """Return the active gradient's name."""
        return call("gimp-context-get-gradient")[0]

    def context_set_gradient(self, name):
        """Choose a gradient by its name."""
        call("gimp-context-set-gradient", to_text(name))

    gradients_get_gradient = context_get_gradient
    gradients_set_gradient = context_set_gradient

    def gradient_get_uniform_samples(self, name, num_samples, reverse=False):
        """Return that many colours (r, g, b, a) along a gradient."""
        return _samples(call("gimp-gradient-get-uniform-samples", to_text(name), num_samples, int(reverse))[1])

    def gradient_get_custom_samples(self, name, positions, reverse=False):
        """Return the colours (r, g, b, a) at positions in 0..1 of a gradient."""
        places = [float(position) for position in positions]
        return _samples(call("gimp-gradient-get-custom-samples", to_text(name), len(places), places, int(reverse))[1])

    def gradients_sample_uniform(self, num_samples, reverse=False):
        """Return that many colours along the active gradient."""
        return self.gradient_get_uniform_samples(self.context_get_gradient(), num_samples, reverse)

    def gradients_sample_custom(self, positions, reverse=False):
        """Return the active gradient's colours at positions in 0..1."""
        return self.gradient_get_custom_samples(self.context_get_gradient(), positions, reverse)

    def fonts_refresh(self):
        """Look for fonts anew."""
        call("gimp-fonts-refresh")

    def fonts_get_list(self, filter=""):  # noqa: A002  (gimp's name)
        """Return the names of the fonts that a regular expression finds."""
        return list(call("gimp-fonts-get-list", to_text(filter))[1])


def _color(given):
    return components(given[0] if len(given) == 1 else given)[:3]


def _samples(values):
    if values and isinstance(values[0], tuple):
        return [(tuple(value) + (1.0,))[:_RGBA] for value in values]
    return [tuple(values[place : place + _RGBA]) for place in range(0, len(values), _RGBA)]
