# -*- coding: utf-8 -*-
"""The preview by the keyboard: arrows move the line, with Ctrl a part of the photo, and a frame shows where the focus is."""

from __future__ import absolute_import, unicode_literals

import unittest

from restyle_plugin.gimpfu_shim.split import SplitPanel, View, split

SIDE = 20
BLACK, GREY, WHITE = b"\x00\x00\x00", b"\x80\x80\x80", b"\xff\xff\xff"
VIEW = View(1, (SIDE, SIDE), BLACK * SIDE * SIDE, GREY * SIDE * SIDE, "")


class FakePreview(object):
    is_on = True

    def __init__(self, is_at_full_size=False):
        self.is_at_full_size, self.moved = is_at_full_size, []

    def look(self):
        return VIEW

    def move(self, x, y):
        self.moved.append((x, y))


class Panel(SplitPanel):
    """Keeps where the line is in what it would show."""

    def _paint(self, data, size, sentence):
        middle = data[3 * SIDE * (SIDE // 2) :][: 3 * SIDE]
        self.line = [middle[start : start + 3] for start in range(0, 3 * SIDE, 3)].index(WHITE)


class Keys(unittest.TestCase):
    def setUp(self):
        self.preview = FakePreview()
        self.panel = Panel(self.preview)

    def test_move_the_line(self):
        self.assertTrue(self.panel._key("Left", False))
        self.assertEqual(self.panel.line, SIDE // 2 - 1)
        for _ in range(3):
            self.panel._key("Right", False)
        self.assertEqual(self.panel.line, SIDE // 2 + 2)

    def test_bring_the_line_to_an_end_and_no_further(self):
        self.panel._key("End", False)
        self.panel._key("Right", False)
        self.assertEqual(self.panel.line, SIDE - 1)

    def test_with_ctrl_move_a_picture_that_is_shown_in_part(self):
        self.assertFalse(self.panel._key("Left", True))
        self.preview.is_at_full_size = True
        self.assertTrue(self.panel._key("Left", True))
        self.assertTrue(self.panel._key("Down", True))
        (right, still), (_, up) = self.preview.moved
        self.assertTrue(right > 0 and still == 0 and up < 0)

    def test_that_do_nothing_here_are_left_to_others(self):
        for key in ("Tab", "Return", "Up", "a"):
            self.assertFalse(self.panel._key(key, False))


class Focus(unittest.TestCase):
    def test_is_seen_as_a_frame_round_a_picture_of_the_same_size(self):
        plain, framed = split(VIEW, 0.5), split(VIEW, 0.5, is_focused=True)
        self.assertEqual(len(framed), len(plain))
        self.assertEqual((plain[:3], framed[:3], framed[-3:]), (BLACK, WHITE, WHITE))
        inside = 3 * (SIDE * 3 + 3)
        self.assertEqual(framed[inside : inside + 3], BLACK)


if __name__ == "__main__":
    unittest.main()
