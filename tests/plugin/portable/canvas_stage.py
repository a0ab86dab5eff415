# -*- coding: utf-8 -*-

"""What tests of paintings that grow on the canvas share: a server that shows them, and a look at them with each poll."""

from __future__ import absolute_import, unicode_literals

from restyle_plugin import canvas, growth
from restyle_plugin.client import Sketch
from tests.plugin.portable.stage import HEIGHT, INTERACTIVE, NONINTERACTIVE, WIDTH, FakeServer, InAHome

STEPS = 6


def sketch(revision, size=(10, 7), frame=None):
    """A picture in one colour, which says its revision."""
    return Sketch(size[0], size[1], revision, bytearray([revision, 200, 0] * (size[0] * size[1])), frame)


def painting(**settings):
    """A server that shows two pictures of a painting."""
    states = [{"step": i, "steps": STEPS, "message": "Painting, step %d" % i} for i in range(STEPS)]
    server = FakeServer(states, **settings)
    server.sketches = [sketch(1), sketch(2)]
    return server


class OnTheCanvas(InAHome):
    """Shows what is painted at once, and as often as there is something new."""

    def setUp(self):
        InAHome.setUp(self)
        self.asked, canvas._ASK_EVERY_S = canvas._ASK_EVERY_S, 3600.0
        self.kept = canvas._PATIENCE_S, canvas._LEAST_LEFT_S, growth._LEAST_S, growth._ASK_S, growth._TIMES, growth.Server
        canvas._PATIENCE_S = 0.01
        canvas._LEAST_LEFT_S = growth._LEAST_S = growth._ASK_S = growth._TIMES = 0.0
        self.seen = []

    def tearDown(self):
        canvas._ASK_EVERY_S = self.asked
        canvas._PATIENCE_S, canvas._LEAST_LEFT_S, growth._LEAST_S, growth._ASK_S, growth._TIMES, growth.Server = self.kept
        InAHome.tearDown(self)

    def paint(self, stage, run_mode=INTERACTIVE, look=None, **changes):
        """Run Neural Style as from its dialog; what the canvas shows is looked at with each poll. Return GIMP's status."""
        growth.Server = lambda *given: stage.server
        stage.server.on_poll = look or (lambda: self.look(stage))
        stage.gimp.answers = [stage.values(**changes)]
        given = stage.values(**changes) if run_mode == NONINTERACTIVE else [stage.image, stage.layer]
        return stage.gimp.run(stage.name, run_mode, given)[0]

    def look(self, stage):
        """Note the layers that are there beside the photo: the name, and the pixel in the middle of the first."""
        found = stage.results() if stage.gimp.image_is_valid(stage.image) else []
        if found:
            pixel = stage.gimp.drawable_read(found[0], WIDTH // 2, HEIGHT // 2, 1, 1, "R'G'B'A u8")
            self.seen.append((stage.gimp.item_name(found[0]), tuple(bytearray(pixel))))
        return found
