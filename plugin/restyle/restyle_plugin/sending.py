# -*- coding: utf-8 -*-
"""What a job needs, sent to the server: the layer, the selection, the styles, their regions; and all of it removed again."""

from __future__ import absolute_import, unicode_literals

import os
from collections import namedtuple

from . import layers, regions
from .errors import PluginError, ServerLost
from .gimpfu_shim.errors import BackendError

Sent = namedtuple("Sent", "traces job place mask params source")
"""traces: what is on the server, a context that removes it; job; the layer's Place; the result's Mask or None; params: as they
were sent; source: where the regions came from, a word of regions.SOURCES, or None."""

__all__ = ["Sent", "send"]


def send(gimp, server, request, layer, reference, styles):
    """Upload all pictures and start the job; return the Sent. Nothing stays on the server where that fails.

    reference: the drawable whose statistics are taken, 0 for the layer's own.
    """
    traces = _Traces(server)
    try:
        # Measured only now, for the user may have worked on while the server started.
        place = layers.place_of(gimp, layer)
        guides, selected, body = _upload(gimp, traces, request, layer, reference, styles)
        params = _with_regions(request, guides)
        job = traces.start(request.filter["id"], dict(body, params=params))
        return Sent(traces, job, place, selected[1] if selected else None, params, guides.source)
    except BaseException:
        traces.remove()
        raise


def _upload(gimp, traces, request, layer, reference, styles):
    """Upload all pictures; return (Guides, what is selected or None, the request's references to them)."""
    opened, files = [], []
    try:
        for style in styles:
            opened.append(_open_style(gimp, style, files))
        content = regions.picture_of_layer(gimp, layer)
        guides = regions.gather(gimp, request.regions, content, opened, _is_shared_out(request, styles))
        # A selection that guides says where which style goes, not where to paint; to some filters it means nothing.
        is_masked = guides.source != regions.SELECTION and any(item["kind"] == "mask" for item in request.filter["inputs"])
        selected = layers.selection_of(gimp, request.image, layer) if is_masked else None
        by_kind = {
            "layer": lambda item: _send_drawable(gimp, traces, layer),
            "mask": lambda item: _send_mask(gimp, traces, layer, selected),
            "picture": lambda item: [_send_style(gimp, traces, item, *one) for one in zip(styles, opened, guides.styles)],
            "regions": lambda item: regions.send(gimp, traces.upload, content, guides.content),
            "reference": lambda item: _send_drawable(gimp, traces, reference) if reference else None,
        }
        body = {item["name"]: by_kind[item["kind"]](item) for item in request.filter["inputs"]}
        return guides, selected, body
    finally:
        for image in files:
            gimp.image_delete(image)


def _is_shared_out(request, styles):
    """Whether each style gets regions of its own; one alone gets all of them, and what is where in it still counts."""
    return request.params.get("mixing") == "regions" and len(styles) > 1


def _send_mask(gimp, traces, layer, selected):
    if selected is None:
        return None
    return traces.upload(gimp.drawable_width(layer), gimp.drawable_height(layer), layers.MASK_FORM, [selected[0]])


def _send_style(gimp, traces, item, style, picture, found):
    sent = {"image": _send_drawable(gimp, traces, picture.layer)}
    if item["weighted"]:
        sent["weight"] = style.weight
    if found is not None:
        sent["regions"] = regions.send(gimp, traces.upload, picture, found)
    return sent


def _send_drawable(gimp, traces, drawable):
    form = layers.form_of(gimp, drawable)
    parts = layers.read(gimp, drawable, form)
    return traces.upload(gimp.drawable_width(drawable), gimp.drawable_height(drawable), form, parts)


def _open_style(gimp, style, files):
    """Return the Picture of a style; the image of one that had to be read is added to `files`."""
    if layers.is_layer(gimp, style.layer):
        return regions.picture_of_layer(gimp, style.layer)
    if not style.path:
        raise PluginError("no-style", "The style's image was closed: choose a style again.")
    try:
        image, layer, painted = layers.load_picture(gimp, style.path)
    except BackendError as error:
        raise PluginError(
            "style-unreadable",
            "GIMP cannot open the style picture %s (%s): choose another one."
            % (os.path.basename(style.path), error.text.rstrip(".")),
        )
    files.append(image)
    return regions.Picture(image, layer, style.name, True, painted)


def _with_regions(request, guides):
    """Return the parameters with the word that says what regions to use; where nothing was found the filter decides."""
    if request.regions is None or guides.source == regions.ANYTHING:
        return request.params
    return dict(request.params, regions="auto" if guides.source == regions.AUTOMATIC else "given")


class _Traces(object):
    """What this call has left on the server: removed again at the end, however it ends."""

    def __init__(self, server):
        self.server = server
        self._images = []
        self._job = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.remove()

    def remove(self):
        """Cancel the job (of one that is done, it drops the result) and delete the uploads."""
        steps = [(self.server.cancel, self._job)] if self._job is not None else []
        for step, name in steps + [(self.server.delete_image, image) for image in self._images]:
            try:
                step(name)
            except ServerLost as error:
                if not error.is_late:
                    return  # a server that is gone keeps nothing
            except PluginError:
                pass  # what the server does not know (any more) needs no removal

    def upload(self, width, height, form, parts):
        """Upload pixels; return the image's id."""
        length = width * height * form.pixel_bytes
        image = self.server.upload(width, height, form.channels, form.dtype, parts, length)
        self._images.append(image)
        return image

    def start(self, filter_id, body):
        """Start a job; return it."""
        job = self.server.start(filter_id, body)
        self._job = job["id"]
        return job
