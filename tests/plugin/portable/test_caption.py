# -*- coding: utf-8 -*-
"""The names below the pictures of a gallery: two short lines that say which is which."""

from __future__ import absolute_import, unicode_literals

import unittest

from restyle_plugin.gimpfu_shim.caption import caption


class Caption(unittest.TestCase):
    def test_breaks_between_words(self):
        self.assertEqual(caption("Stained Glass", 11), "Stained\nGlass")
        self.assertEqual(caption("The Great Wave", 11), "The Great\nWave")

    def test_has_two_lines_however_short_the_name_is(self):
        self.assertEqual(caption("Comic", 11), "Comic\n")

    def test_leaves_the_painter_out_before_a_word_of_the_title(self):
        self.assertEqual(caption("The Kiss (Klimt)", 11), "The Kiss\n(Klimt)")
        self.assertEqual(caption("The Basket of Apples (Cézanne)", 11), "The Basket\nof Apples")

    def test_cuts_what_is_longer(self):
        self.assertEqual(caption("A Sunday on La Grande Jatte (Seurat)", 11), "A Sunday on\nLa Grande…")
        self.assertEqual(caption("Incomprehensibilities", 11), "Incomprehe-\nnsibilities")
        self.assertEqual(caption("Incomprehensibilitarianism", 11), "Incomprehe-\nnsibilitar…")

    def test_breaks_where_there_are_no_spaces_and_letters_are_wide(self):
        self.assertEqual(caption("ステンドグラス", 11), "ステンドグ\nラス")
        self.assertEqual(caption("星月夜（梵高）", 11), "星月夜\n（梵高）")

    def test_tells_apart_what_begins_alike(self):
        names = ["Painted by Monet", "Painted by Cézanne", "Painted by van Gogh"]
        self.assertEqual(len({caption(name, 11) for name in names}), len(names))


if __name__ == "__main__":
    unittest.main()
