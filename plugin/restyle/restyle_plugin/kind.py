# -*- coding: utf-8 -*-
"""What every kind of input says of itself in GIMP, and which inputs of a filter are of a kind."""

from __future__ import absolute_import, unicode_literals

__all__ = ["LAYER", "Kind", "of_kind"]

LAYER = "layer:"
"""What stands before a layer's name where a request has a picture."""


def of_kind(declared, word):
    """Return the inputs of a filter that are of a kind, by its word in the catalogue, in their order."""
    return [item for item in declared["inputs"] if item["kind"] == word]


class Kind(object):
    """What has no rows and sends nothing; kinds say what differs. `sending` is a sending.Sending."""

    is_last = False  # whether its rows, which say what is painted and not how, come after those of the parameters
    can_be_small = True  # whether a preview can send it, or do without

    def rows(self, gimpfu, item, preselects_layers):
        """Return the dialog's rows; preselects_layers: some layer is always chosen in this gimpfu's dialogs."""
        return []

    def chosen(self, item, values):
        """Return what was chosen, of {row name: value}."""

    def send(self, sending, item, chosen):
        """Upload what there is and return the input as the request has it, None for nothing."""

    def hides(self, chosen):
        """Return whether the result hides the layer that it was made of."""
        return False

    def small(self, task, item, chosen):
        """Return the input as a preview's request has it, None for nothing; task: a preview.SmallTask."""

    def remembered(self, gimp, place, layer, item, chosen):
        """Return what the layer remembers of it: the input as a request has it, with paths and names for pictures, or None."""

    def kept(self, gimp, item, chosen):
        """Return the input as the request of a preset has it, with paths and names; None for what is this photo's alone."""

    def restored(self, gimp, item, ref):
        """Return {row name: backend value} that choose a request's input, as `kept` or `remembered` made it, None for none."""
        return {}
