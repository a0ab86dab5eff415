# -*- coding: utf-8 -*-
"""A picture file that GIMP opens and the toolkit does not know (an XCF), as a layer to make a thumbnail of."""

from __future__ import absolute_import, unicode_literals

from contextlib import contextmanager

from . import backend
from .errors import BackendError

__all__ = ["opened"]


@contextmanager
def opened(path):
    """`with opened(path) as layer`: the whole picture as one layer's id, 0 where GIMP cannot open it; it is gone after."""
    gimp, image, layer = backend.current(), 0, 0
    try:
        image = gimp.load_image(path)
        layer = gimp.call("gimp-image-flatten", [image])[0]
    except BackendError:
        pass  # the dialog shows that there is no picture, and the filter says why
    try:
        yield layer
    finally:
        if image:
            gimp.image_delete(image)
