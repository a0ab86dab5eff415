# -*- coding: utf-8 -*-

"""The preview at full size: the part that is looked at, and no more."""

from __future__ import absolute_import, unicode_literals

from restyle_plugin.errors import PluginError
from restyle_plugin.gimpfu_shim import split
from restyle_plugin.small import SmallPictures
from tests.plugin.portable.declared import a_filter
from tests.plugin.portable.previewing import DETAIL, Dialog
from tests.plugin.portable.stage import FakeServer, InAHome, Stage


class Ramp(FakeServer):
    """A server that gives back the photo."""

    def download(self, image, channels, dtype, sizes):
        yield self.uploads[0][4]


class AtFullSize(InAHome):
    """640 x 320 pixels that tell where they are, in a window of 320 x 160."""

    def open(self, stage):
        data = bytearray(value for y in range(320) for x in range(640) for value in (x % 256, y % 256, x // 256))
        stage.gimp.drawable_write(stage.layer, 0, 0, 640, 320, "R'G'B' u8", data)
        dialog = Dialog(stage)
        dialog.preview.show_at_full_size(True)
        return dialog

    def corner(self, data):
        """Return (x, y) of the first pixel shown."""
        red, green, blue = bytearray(data[:3])
        return 256 * blue + red, green

    def test_all_is_painted_as_large_as_it_is_and_the_middle_shown(self):
        with Stage(Ramp(), size=(640, 320), declared=a_filter([], [DETAIL])) as stage, self.open(stage) as dialog:
            view = dialog.done()
            self.assertEqual((view.size, len(view.after), len(view.before)), ((320, 160), 3 * 320 * 160, 3 * 320 * 160))
            self.assertEqual((self.corner(view.before), self.corner(view.after)), ((160, 80), (160, 80)))
            self.assertEqual(self.corner(view.after[3 * 320 :]), (160, 81))
            self.assertEqual(stage.server.uploads[0][:2], (640, 320))
            self.assertEqual(stage.server.requests[0][1]["params"], {"detail": 1024})

    def test_another_part_is_shown_at_once_and_nothing_beyond_the_edge(self):
        with Stage(Ramp(), size=(640, 320), declared=a_filter([])) as stage, self.open(stage) as dialog:
            before = dialog.done()
            dialog.preview.move(-30, 20)
            view = dialog.preview.look()
            self.assertEqual(self.corner(view.after), (190, 60))
            self.assertNotEqual(view.revision, before.revision)
            dialog.preview.move(-1000, 1000)
            self.assertEqual(self.corner(dialog.preview.look().after), (320, 0))
            dialog.preview.move(10, 0)
            self.assertEqual(self.corner(dialog.preview.look().after), (310, 0))
            self.assertEqual(len(stage.server.requests), 1)

    def test_switched_off_all_is_small_again(self):
        with Stage(Ramp(), size=(640, 320), declared=a_filter([], [DETAIL])) as stage, self.open(stage) as dialog:
            dialog.done()
            dialog.preview.show_at_full_size(False)
            dialog.until(lambda _view: len(stage.server.requests) == 2)
            self.assertEqual(stage.server.requests[1][1]["params"], {"detail": 320})
            self.assertEqual(self.corner(dialog.preview.look().before), (0, 0))

    def test_a_layer_that_is_too_large_says_what_to_do(self):
        with Stage(declared=a_filter([])) as stage:
            stage.gimp.drawable_width = stage.gimp.drawable_height = lambda layer: 10000
            with self.assertRaises(PluginError) as raised:
                SmallPictures(stage.gimp, at_full_size=True).photo(stage.image, stage.layer)
            self.assertIn("select a part of it", raised.exception.text)

    def test_the_line_is_dragged_near_it_and_the_picture_elsewhere(self):
        with Stage(Ramp(), size=(640, 320), declared=a_filter([])) as stage, self.open(stage) as dialog:
            dialog.done()
            panel = split.SplitPanel(dialog.preview)
            shown = []
            panel._paint = lambda data, size, sentence: shown.append(self.corner(data))
            panel._drag_to(200, 50)
            self.assertEqual(shown, [])
            panel._press_at(100, 50)
            panel._drag_to(90, 60)
            panel._let_go()
            panel._drag_to(20, 60)
            self.assertEqual(shown[-1], (170, 70))
            panel._press_at(165, 50)
            panel._drag_to(10, 60)
            self.assertEqual((shown[-1], panel._place), ((170, 70), 10 / 320.0))
