# -*- coding: utf-8 -*-

"""A dialog with a preview, whose server is a fake."""

from __future__ import absolute_import, unicode_literals

import time

from restyle_plugin.gimpfu_shim import registry
from restyle_plugin.gimpfu_shim.model import DialogModel
from tests.plugin.portable.declared import a_param, an_input

PATIENCE_S = 60
STYLES = an_input("styles", "pictures", 1, 2, weighted=True, guided=False)
STRENGTH = a_param("strength", "float", 50.0, minimum=0.0, maximum=100.0, step=1.0)
DETAIL = a_param("detail", "int", 1024, minimum=64, maximum=2048, step=1, role="working_size")


class Dialog(object):
    """An open dialog with its preview."""

    def __init__(self, stage):
        self.procedure = registry.procedures()[0]
        start = self.procedure.defaults()
        start[:2] = [stage.image, stage.layer]
        self.model = DialogModel(self.procedure, start)
        self.preview = self.procedure.preview(stage.gimp, stage.image, stage.layer)
        self.model.on_change(self.show)

    def __enter__(self):
        self.show()
        return self

    def __exit__(self, *exception):
        self.preview.close()

    def show(self):
        self.preview.change(self.model.chosen())

    def until(self, question):
        """Return the first View of which the question is true."""
        limit = time.time() + PATIENCE_S
        while not question(self.preview.look()):
            assert time.time() < limit, self.preview.look()
            time.sleep(0.005)
        return self.preview.look()

    def done(self):
        return self.until(lambda view: view.after is not None and not view.sentence)
