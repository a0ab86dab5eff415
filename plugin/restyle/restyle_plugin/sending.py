# -*- coding: utf-8 -*-
"""What a job needs, sent to the server: the layer, the selection, the styles, their regions; and all of it removed again."""

from __future__ import absolute_import, unicode_literals

import os
from collections import namedtuple

from . import layers, provenance, regions, visibility
from .errors import PluginError, ServerLost
from .gimpfu_shim.errors import BackendError
from .inputs import kind_of
from .kind import of_kind
from .languages import _

Sent = namedtuple("Sent", "traces job place mask params source inputs")
"""traces: what is on the server, a context that removes it; job; the layer's Place, None without one; the result's Mask or None;
params: as they were sent; source: where the regions came from, a word of regions.SOURCES, or None; inputs: as they were sent, but
with paths and names in place of the server's ids."""

_NO_GUIDES = regions.Guides(None, None, [])

__all__ = ["Sending", "Sent", "Shared", "send"]


def send(gimp, server, request, layer, spot, reference, shared):
    """Upload all pictures and start the job; return the Sent. Nothing stays on the server where that fails.

    layer: 0 for a filter without one. spot: the layer where the result belongs, which a cut-out may have been moved to in place
    of its photo. reference: the drawable whose statistics are taken, 0 for the layer's own. shared: the
    Shared of all layers that are painted alike, None where there is one.
    """
    traces = _Traces(server)
    sending = Sending(gimp, traces, request, layer, spot, reference, shared)
    try:
        # Measured only now, for the user may have worked on while the server started.
        place = layers.place_of(gimp, sending.spot) if layer else None
        if layer:
            visibility.check_on_canvas(gimp, request.image, sending.spot)
        inputs = sending.inputs()
        params = sending.params()
        named = sending.named_inputs(place)
        sequence = shared.sequence if shared else ""
        job = traces.start(request.filter["id"], {"inputs": inputs, "params": params}, sequence)
        return Sent(traces, job, place, sending.result_mask(), params, sending.guides.source, named)
    except BaseException:
        traces.remove()
        raise
    finally:
        sending.close()


class Sending(object):
    """One job's pictures on their way: what the kinds of inputs.py may ask for."""

    def __init__(self, gimp, traces, request, layer, spot, reference, shared):
        self.gimp, self.traces, self.request, self.layer, self.reference = gimp, traces, request, layer, reference
        self.shared = shared
        self._is_cut_out = any(item.get("cut_out") for item in request.filter["inputs"])
        # Else a selection only tells the filter something, and nothing remembers it but the image.
        self._cuts = not self._is_cut_out and all(item.get("cuts", True) for item in request.filter["inputs"])
        # Of any other filter a painting is the photo's, which has not moved.
        self.spot = spot if self._is_cut_out else layer
        self.content = regions.picture_of_layer(gimp, layer) if layer else None
        self.guides, self.selected = _NO_GUIDES, None
        self._opened, self._files, self._guided = {}, [], {}

    def inputs(self):
        """Upload all and return the request's inputs."""
        items = self.request.filter["inputs"]
        pictures = of_kind(self.request.filter, "pictures")
        for item in pictures:
            for style in self.request.inputs[item["name"]]:
                self._opened[style] = _open_style(self.gimp, style, self._files)
        guided = [style for item in pictures if item["guided"] for style in self.request.inputs[item["name"]]]
        self._gather(guided)
        # A selection that guides says where which style goes, not where to paint; to some filters it means nothing.
        if self.guides.source != regions.SELECTION and of_kind(self.request.filter, "mask"):
            self.selected = self._selected()
        return {item["name"]: kind_of(item).send(self, item, self.request.inputs.get(item["name"])) for item in items}

    def named_inputs(self, place):
        """Return the request's inputs with paths and names for pictures: what the result remembers, whatever is deleted later."""
        found = {}
        for item in self.request.filter["inputs"]:
            chosen = self.request.inputs.get(item["name"])
            named = kind_of(item).remembered(self.gimp, place, self.layer, item, chosen)
            if item["kind"] == "mask" and self.selected and self._cuts:
                named = provenance.LAYER_MASK
            if named is not None:
                found[item["name"]] = named
        return found

    def _selected(self):
        """Return what is selected, as layers.selection_of does; of a layer that is edited, what was when it was made.

        Where no mask says that, what is selected now: of a cut-out, and where the selection cuts nothing out.
        """
        edited = self.request.edited
        if edited and self._cuts:
            return layers.mask_of(self.gimp, edited) if provenance.was_selected(self.gimp, edited) else None
        return layers.selection_of(self.gimp, self.request.image, self.spot)

    def params(self):
        """Return the parameters with the word that says what regions to use; where nothing was found the filter decides."""
        names = [param["name"] for param in self.request.filter["params"] if param["role"] == "regions"]
        if self.guides.source in (None, regions.ANYTHING):
            return self.request.params
        word = "auto" if self.guides.source == regions.AUTOMATIC else "given"
        return dict(self.request.params, **dict.fromkeys(names, word))

    def drawable(self, drawable):
        """Upload a drawable; return its id on the server."""
        form = layers.form_of(self.gimp, drawable)
        parts = layers.read(self.gimp, drawable, form)
        return self.traces.upload(self.gimp.drawable_width(drawable), self.gimp.drawable_height(drawable), form, parts)

    def alike(self, key, drawable):
        """As `drawable`, once for all layers that are painted alike; `key` says what it is a picture of."""
        if self.shared is None:
            return self.drawable(drawable)
        return self.shared.image(self.traces, key, lambda: self.drawable(drawable))

    def content_pixels(self):
        """Upload the layer that is painted; return its id on the server. NothingToPaint where it is empty."""
        form = layers.form_of(self.gimp, self.layer)
        size = self.gimp.drawable_width(self.layer), self.gimp.drawable_height(self.layer)
        return self.traces.upload(size[0], size[1], form, visibility.read_filled(self.gimp, self.layer, form))

    def result_mask(self):
        """Return the Mask that the result is to have, None for none; masks that say where which region is cut nothing out.

        Nor do those that say what belongs to a cut-out, whose result says itself where it shows, and selections that cut nothing.
        """
        if self._is_cut_out:
            return None
        selected = self.selected[1] if self.selected and self._cuts else None
        if not self.layer or self.guides.source == regions.MASKS:
            return selected
        return visibility.result_mask(self.gimp, self.layer, selected)

    def selection(self):
        """Upload what is selected of the layer; return its id on the server, None where everything is.

        Of a cut-out, what its own mask shows of that.
        """
        form, data = layers.MASK_FORM, self.selected and self.selected[0]
        if self._is_cut_out:
            shown = visibility.result_mask(self.gimp, self.layer, self.selected and self.selected[1])
            form, data = layers.mask_form(self.gimp, self.request.image), shown and shown.data
        if data is None:
            return None
        size = self.gimp.drawable_width(self.layer), self.gimp.drawable_height(self.layer)
        return self.traces.upload(size[0], size[1], form, [data])

    def picture(self, item, style):
        """Upload a chosen picture with what the input takes of it; return it as the request has it."""
        picture = self._opened[style]
        sent = {"image": self.alike((style.path, style.layer), picture.layer)}
        if item["weighted"]:
            sent["weight"] = style.weight
        if item["guided"] and self._guided.get(style) is not None:
            sent["regions"] = regions.send(self.gimp, self.traces.upload, picture, self._guided[style])
        return sent

    def close(self):
        """Close the files that were opened."""
        for image in self._files:
            self.gimp.image_delete(image)

    def _gather(self, guided):
        items = of_kind(self.request.filter, "regions")
        if self.content is None:
            return
        opened = [self._opened[style] for style in guided]
        if items:
            source, names = self.request.inputs[items[0]["name"]], items[0].get("names", ())
            self.guides = regions.gather(self.gimp, source, self.content, opened, self._is_shared_out(guided), names)
        else:
            self.guides = regions.of_styles_alone(self.content, opened)
        self._guided = dict(zip(guided, self.guides.styles))

    def _is_shared_out(self, guided):
        """Whether each style gets regions of its own; one alone gets all of them, and what is where in it still counts."""
        names = [param["name"] for param in self.request.filter["params"] if param["role"] == "mixing"]
        return len(guided) > 1 and any(self.request.params.get(name) == "regions" for name in names)


def _open_style(gimp, style, files):
    """Return the Picture of a style; the image of one that had to be read is added to `files`."""
    if layers.is_layer(gimp, style.layer):
        return regions.picture_of_layer(gimp, style.layer)
    # GIMP reads a file into an image only, and its Cancel kills this process without a word: one that is pressed before `close`
    # leaves the image, unseen, until GIMP quits. Without the progress bar (see `canvas`) sending could not be cancelled at all.
    if not style.path:
        raise PluginError("no-style", _("The style's image was closed: choose a style again."))
    try:
        image, layer, painted = layers.load_picture(gimp, style.path)
    except BackendError as error:
        raise PluginError(
            "style-unreadable",
            _("GIMP cannot open the style picture %(file)s (%(reason)s): choose another one.")
            % {"file": os.path.basename(style.path), "reason": error.text.rstrip(".")},
        )
    files.append(image)
    return regions.Picture(image, layer, style.name, True, painted)


class Shared(object):
    """Pictures that several layers are painted with: on the server once, for as long as all of them take.

    A context that gives them back. A server that does not know one any more, for it is another one, is sent it anew.
    """

    def __init__(self, sequence=""):
        """sequence: a name of the frames where the layers are such, which follow one another."""
        self.sequence = sequence
        self._images = {}

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for server, image in self._images.values():
            try:  # noqa: SIM105  (Python 2.7 has no suppress)
                server.delete_image(image)
            except PluginError:
                pass  # it is gone, and with it the server or the time that it is kept

    def image(self, traces, key, upload):
        """Return the id of the picture that `key` names, which `traces` may delete; `upload()` sends it."""
        __, image = self._images.get(key, (None, None))
        if image is not None and traces.claim(image):
            return image
        image = upload()
        # One claim more, which outlives the layer that it was sent with.
        if traces.server.claim(image):
            self._images[key] = traces.server, image
        return image


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

    def claim(self, image):
        """Whether an image that was sent before is still there; then it is one of this call's, too."""
        is_there = self.server.claim(image)
        if is_there:
            self._images.append(image)
        return is_there

    def start(self, filter_id, body, sequence):
        """Start a job; return it."""
        job = self.server.start(filter_id, body, sequence=sequence)
        self._job = job["id"]
        return job
