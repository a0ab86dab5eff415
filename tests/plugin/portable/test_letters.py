# -*- coding: utf-8 -*-
"""The letters of Alt in a dialog: each row has one, in every language, and none is there twice."""

from __future__ import absolute_import, unicode_literals

import os
import unittest

from restyle_plugin import gimpfu_shim, languages, menu
from restyle_plugin.gimpfu_shim import collection_choice, preset_choice, registry, split
from restyle_plugin.gimpfu_shim.form import asked, groups
from restyle_plugin.gimpfu_shim.letters import Letters
from restyle_plugin.gimpfu_shim.offer import DOWNLOAD

# What OK, Cancel, Help and Reset have in GIMP 2.10 and 3.2.
BUTTONS = {"en": "ochr", "de": "oahz", "fr": "oain", "es": "ocar", "ja": "ochr", "zh_CN": "ochr"}
BARS = [
    split.TITLE,
    split.FULL_SIZE,
    preset_choice.LABEL,
    preset_choice.SAVE,
    preset_choice.DELETE,
    preset_choice.OPEN,
    DOWNLOAD,
]
OF_A_GALLERY = [collection_choice.FAVOURITE, collection_choice.RENAME, collection_choice.DELETE]
LANGUAGES = sorted(name for name in os.listdir(languages.FOLDER) if name in BUTTONS)


def settled(texts, taken="", folded=()):
    """Return what labels show once their letters are settled."""
    letters, shown = Letters(), {}
    for number, text in enumerate(list(texts) + list(folded)):
        letters.add(lambda marked, number=number: shown.update({number: marked}), text, number >= len(texts))
    letters.settle(taken)
    return [shown[number] for number in range(len(shown))]


def letter_of(shown):
    return shown.partition("_")[2][:1].lower()


class Letter(unittest.TestCase):
    def test_is_a_word_s_first_one_where_nobody_has_it(self):
        self.assertEqual(settled(["Stroke size", "Strength", "Keep faces"], "k"), ["_Stroke size", "S_trength", "Keep _faces"])

    def test_is_given_up_for_another_that_has_no_choice(self):
        self.assertEqual(settled(["Abc", "A"]), ["A_bc", "_A"])

    def test_of_what_is_in_sight_comes_first(self):
        self.assertEqual(settled(["A"], folded=["Ab", "a"]), ["_A", "A_b", "a"])

    def test_stands_behind_where_the_script_has_no_such_letters(self):
        self.assertEqual(settled(["詳細 (px)", "色:", "開く…"], "a"), ["詳細 (px)(_B)", "色(_C):", "開く(_D)…"])

    def test_stays_when_a_button_says_something_else(self):
        letters, shown = Letters(), []
        label = letters.add(shown.append, "Delete")
        letters.settle("d")
        label.say("Delete for ever")
        self.assertEqual(shown, ["Delete", "D_elete", "Delete for _ever"])


class EachDialog(unittest.TestCase):
    def setUp(self):
        self.known = languages._known
        self.addCleanup(setattr, languages, "_known", self.known)
        self.addCleanup(registry.clear)

    def test_has_a_letter_for_each_row_in_sight_and_none_twice(self):
        # There are no more than 26: in the longest dialogs a button or two of the bars below have none, and are reached by Tab.
        self.assertEqual(len(LANGUAGES), len(BUTTONS))
        for language in LANGUAGES:
            known = languages.catalogue((languages.DOMAIN, languages.FOLDER), [language])
            languages._known = lambda domain, known=known: known
            registry.clear()
            menu.register_filters(gimpfu_shim, menu.catalogue())
            for procedure in registry.procedures():
                self._check(language, procedure)

    def _check(self, language, procedure):
        params = asked(procedure.params)
        sight, folded = [], []
        for title, members in groups(params):
            (folded if title else sight).extend(param.label for param in members)
            sight += [title] if title else []
        bars = [languages._(text) for text in BARS + OF_A_GALLERY * any(param.is_gallery for param in params)]
        shown = settled(sight + bars, BUTTONS[language], folded)
        letters = [letter_of(each) for each in shown if letter_of(each)] + list(BUTTONS[language])
        self.assertEqual(len(letters), len(set(letters)), (language, procedure.name, shown))
        lacking = [each for each in shown[: len(sight)] if not letter_of(each)]
        self.assertEqual(lacking, [], (language, procedure.name, shown))


if __name__ == "__main__":
    unittest.main()
