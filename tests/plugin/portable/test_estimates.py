# -*- coding: utf-8 -*-

"""How long it takes here: learned from what was painted, said in the dialog, and shown by the bar while it is painted."""

from __future__ import absolute_import, unicode_literals

from restyle_plugin.estimates import estimate, estimate_words, learn, painted_size
from restyle_plugin.gimpfu_shim import registry
from restyle_plugin.gimpfu_shim.form import hint_of
from restyle_plugin.pace import Pace
from tests.plugin.portable.declared import a_filter, a_param
from tests.plugin.portable.stage import InAHome, Stage

DETAIL = a_param("detail", "int", 512, minimum=64, maximum=2048, step=1, role="working_size")
QUALITY = a_param("quality", "int", 8, minimum=1, maximum=100, step=1, role="steps")
MODE = a_param("mode", "choice", "fast", choices=[{"value": word, "title": word} for word in ("fast", "best")])
PAINTS = a_filter([], [DETAIL, QUALITY, MODE])
SIZE = (2000, 1000)


class AnEstimate(InAHome):
    def taught(self, seconds, size=SIZE, device="cpu", **params):
        learn(PAINTS, params, size, seconds, device)

    def test_is_not_made_before_anything_was_painted(self):
        self.assertEqual((estimate(PAINTS, {}, SIZE), estimate_words(PAINTS, {}, SIZE)), (None, ""))

    def test_follows_detail_and_quality(self):
        self.taught(6.0)
        self.assertEqual(estimate_words(PAINTS, {}, SIZE), "About 6 s here.")
        self.assertAlmostEqual(estimate(PAINTS, {"detail": 1024}, SIZE), 24.0)
        self.assertAlmostEqual(estimate(PAINTS, {"quality": 16}, SIZE), 12.0)

    def test_does_not_follow_the_photo_where_it_is_painted_smaller(self):
        self.taught(6.0)
        self.assertAlmostEqual(estimate(PAINTS, {}, (4000, 2000)), 6.0)
        self.assertAlmostEqual(estimate(PAINTS, {}, (256, 128)), 1.5)

    def test_knows_one_mode_from_another(self):
        self.taught(6.0)
        self.assertEqual(estimate(PAINTS, {"mode": "best"}, SIZE), None)

    def test_is_the_usual_one_of_those_that_are_most_alike(self):
        for seconds in (60.0, 6.0, 7.0, 40.0, 6.5):
            self.taught(seconds)
        self.taught(1000.0, detail=2000)
        self.assertAlmostEqual(estimate(PAINTS, {}, SIZE), 7.0)

    def test_forgets_another_device(self):
        self.taught(60.0, device="cpu")
        self.taught(2.0, device="cuda:0")
        self.assertAlmostEqual(estimate(PAINTS, {}, SIZE), 2.0)

    def test_is_learned_by_painting_and_told_in_the_dialog(self):
        with Stage(declared=PAINTS) as stage:
            procedure = registry.procedures()[0]
            values = dict(zip([param.name for param in procedure.params], procedure.defaults()))
            say = lambda: procedure.estimate(stage.gimp, stage.image, stage.layer, values)  # noqa: E731
            self.assertEqual(say(), "")
            self.assertEqual(stage.run(), "success")
            self.assertEqual(say(), "About 2 s here.")

    def test_is_of_what_is_selected(self):
        with Stage(declared=PAINTS) as stage:
            self.assertEqual(painted_size(stage.gimp, stage.image, stage.layer), (20, 14))
            stage.select(4, 3, 8, 5)
            self.assertEqual(painted_size(stage.gimp, stage.image, stage.layer), (8, 5))

    def test_gives_way_to_what_ok_waits_for(self):
        self.assertEqual(hint_of(True, "", "About 6 s."), "About 6 s.")
        self.assertTrue("picture" in hint_of(False, "", "About 6 s."))
        self.assertEqual(hint_of(False, "Set up first.", "About 6 s."), "Set up first.")


class Bar(object):
    """A Pace with a clock that is told how late it is."""

    def __init__(self, expected_s=None):
        self.now = 100.0
        self.pace = Pace(expected_s, lambda: self.now)
        self.pace.report(0.0)

    def at(self, seconds, steps_done):
        self.now = 100.0 + seconds
        share, left = self.pace.report(steps_done)
        return round(share, 3), left


class TheBar(InAHome):
    def test_goes_by_time_where_that_is_known(self):
        bar = Bar(expected_s=60.0)
        self.assertEqual(bar.at(18.0, 0.9), (0.3, "about 40 s left"))
        self.assertEqual(bar.at(57.0, 0.95)[0], 0.95)

    def test_promises_nothing_once_it_takes_longer_and_never_goes_back(self):
        bar = Bar(expected_s=10.0)
        shares = [bar.at(seconds, 0.5)[0] for seconds in (9.0, 11.0, 30.0, 3000.0)]
        self.assertEqual(shares, sorted(shares))
        self.assertTrue(shares[-1] <= 1.0)
        self.assertEqual(bar.at(4000.0, 0.5)[1], "")

    def test_goes_by_steps_at_first_and_says_what_remains_once_it_can_know(self):
        bar = Bar()
        self.assertEqual(bar.at(1.0, 0.25), (0.25, ""))
        self.assertEqual(bar.at(10.0, 0.5), (0.5, "about 10 s left"))
