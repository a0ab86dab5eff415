# -*- coding: utf-8 -*-

"""What a dialog offers to download: said with its size, place and licence, brought, cancelled, and gone on with."""

from __future__ import absolute_import, unicode_literals

import io
import os
import time

from restyle_plugin import gimpfu_shim
from restyle_plugin.errors import PluginError
from restyle_plugin.gimpfu_shim import registry
from restyle_plugin.gimpfu_shim.model import DialogModel
from restyle_plugin.gimpfu_shim.offer import NOTHING, OfferPanel
from restyle_plugin.rows import rows_of
from restyle_plugin.set_up import SetUp
from restyle_plugin.supply import Supply
from restyle_plugin.words import amount, duration
from tests.plugin.portable.declared import a_filter, a_param
from tests.plugin.portable.stage import FakeServer, InAHome, Stage

PATIENCE_S = 60
MB = 1000000
HINT = "Download it to go on, or choose something else."
FEATURES = a_param(
    "features",
    "choice",
    "automatic",
    choices=[{"value": word, "title": word.title()} for word in ("automatic", "compact", "vgg19")],
    weights=[
        {"value": "vgg19", "id": "vgg19", "is_needed": True},
        {"value": "automatic", "id": "vgg19", "is_needed": False},
    ],
)
AUTOMATIC, COMPACT, VGG19 = 0, 1, 2


class Panel(OfferPanel):
    """A toolkit that keeps what it is shown."""

    def __init__(self, supply):
        OfferPanel.__init__(self, supply, self._note)
        self.shown, self.changes = [], []

    def _show(self, offer):
        self.shown.append(offer)

    def _note(self, has_come):
        self.changes.append(has_come)

    def press(self):
        self._press()

    def until(self, question):
        limit = time.time() + PATIENCE_S
        while not question(self.offer):
            assert time.time() < limit, self.offer
            self._look()
            time.sleep(0.005)
        return self.offer


class Dialog(object):
    """An open dialog with what it offers."""

    def __init__(self, stage, chosen):
        procedure = registry.procedures()[0]
        self.model, supply = DialogModel(procedure, procedure.defaults()), procedure.supply()
        self.model.on_change(lambda: supply.change(self.model.chosen()))
        self.model.change("features", chosen)
        supply.change(self.model.chosen())
        self.panel = Panel(supply)

    def __enter__(self):
        return self.panel

    def __exit__(self, *exception):
        self.panel.close()


def away(have=0, size=575 * MB, problem=None):
    return {"state": "away", "have_bytes": have, "size_bytes": size, "problem": problem}


class AnOffer(InAHome):
    def stage(self, model=None):
        server = FakeServer()
        server.models["vgg19"] = model or away()
        return Stage(server, declared=a_filter([], [FEATURES]))

    def test_says_what_is_missing_how_large_it_is_whence_it_comes_and_its_licence(self):
        with self.stage() as stage, Dialog(stage, VGG19) as panel:
            offer = panel.until(lambda offer: offer.sentence)
            self.assertEqual((offer.button, offer.share, offer.hint), ("Download", None, HINT))
            for words in ("Vgg19 is not on this computer yet", "575 MB", "download.pytorch.org", "BSD-3-Clause"):
                self.assertIn(words, offer.sentence)

    def test_holds_nothing_up_where_the_filter_can_do_without(self):
        with self.stage() as stage, Dialog(stage, AUTOMATIC) as panel:
            offer = panel.until(lambda offer: offer.sentence)
            self.assertEqual((offer.button, offer.hint), ("Download", ""))
            self.assertIn("Finer with Vgg19", offer.sentence)

    def test_is_not_made_for_what_is_in_the_box(self):
        with self.stage() as stage, Dialog(stage, COMPACT) as panel:
            panel._look()
            self.assertEqual((panel.offer, panel.shown), (NOTHING, []))

    def test_brings_it_with_progress_and_is_gone_then(self):
        with self.stage() as stage, Dialog(stage, VGG19) as panel:
            panel.until(lambda offer: offer.button == "Download")
            stage.server.coming = [{"have_bytes": 100 * MB}, {"have_bytes": 300 * MB}, {"state": "here"}]
            panel.press()
            self.assertEqual(panel.offer.button, "Cancel")
            panel.until(lambda offer: offer == NOTHING)
            shares = [offer.share for offer in panel.shown if offer.share]
            self.assertEqual(shares, sorted(shares))
            self.assertTrue(any("300 MB of 575 MB" in offer.sentence for offer in panel.shown), panel.shown)
            self.assertEqual(panel.changes, [False, True])

    def test_can_be_cancelled_and_goes_on_from_there(self):
        with self.stage() as stage, Dialog(stage, VGG19) as panel:
            panel.until(lambda offer: offer.button == "Download")
            stage.server.coming = [{"have_bytes": 100 * MB}]
            panel.press()
            panel.until(lambda offer: "100 MB" in offer.sentence)
            panel.press()
            offer = panel.until(lambda offer: offer.button == "Resume")
            self.assertIn("100 MB of 575 MB", offer.sentence)
            panel.press()
            panel.until(lambda _offer: len(stage.server.model_calls) == 3)
            self.assertEqual([call for call, _ in stage.server.model_calls], ["fetch", "leave", "fetch"])

    def test_left_with_its_dialog_is_left_on_the_server(self):
        with self.stage() as stage:
            with Dialog(stage, VGG19) as panel:
                panel.press()
                panel.until(lambda _offer: stage.server.model_calls)
            self.assertEqual([call for call, _ in stage.server.model_calls], ["fetch", "leave"])

    def test_says_what_went_wrong_and_can_be_tried_again(self):
        problem = {"code": "download-failed", "detail": "It did not come."}
        with self.stage() as stage, Dialog(stage, VGG19) as panel:
            panel.until(lambda offer: offer.button == "Download")
            stage.server.coming = [{"state": "away", "problem": problem}]
            panel.press()
            offer = panel.until(lambda offer: offer.button == "Try again")
            self.assertEqual((offer.sentence, offer.hint), ("It did not come.", HINT))

    def test_without_a_server_says_so(self):
        error = PluginError("not-installed", "Set Restyle up first.")
        with Stage(error, declared=a_filter([], [FEATURES])) as stage, Dialog(stage, VGG19) as panel:
            panel.until(lambda offer: offer.sentence == "Set Restyle up first.")

    def test_is_of_what_the_server_has_where_that_is_on_another_computer(self):
        os.makedirs(os.path.join(self.home, "models"))
        io.open(os.path.join(self.home, "models", "vgg19.safetensors"), "wb").close()
        with self.stage() as stage:
            procedure = registry.procedures()[0]
            rows = rows_of(gimpfu_shim, stage.declared, False)
            supply = Supply(lambda: stage.server, stage.declared, rows, SetUp("0", is_packaged=lambda: False), is_far=True)
            values = dict(zip([param.name for param in procedure.params], procedure.defaults()), features=VGG19)
            supply.change(values)
            panel = Panel(supply)
            panel.until(lambda offer: offer.button == "Download")
            panel.close()

    def test_is_not_made_where_the_server_has_it(self):
        here = {"state": "here", "have_bytes": 0, "size_bytes": 0, "problem": None}
        with self.stage(here) as stage, Dialog(stage, VGG19) as panel:
            panel.until(lambda offer: offer == NOTHING)


class Words(InAHome):
    def test_amounts_and_times_are_as_exact_as_one_believes_them(self):
        self.assertEqual([amount(size) for size in (300, 1607157, 574673361, 1340000000)], ["1 kB", "2 MB", "575 MB", "1.3 GB"])
        self.assertEqual([duration(time) for time in (0.2, 6.4, 43, 200, 9000)], ["1 s", "6 s", "40 s", "3 min", "2.5 h"])
