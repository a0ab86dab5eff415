# -*- coding: utf-8 -*-
"""The letters that reach a dialog's rows and buttons with Alt, none of them twice; whatever the toolkit."""

from __future__ import absolute_import, unicode_literals

import unicodedata

_ALL = "abcdefghijklmnopqrstuvwxyz0123456789"
_WIDE = ("W", "F")  # East Asian scripts have their letter in brackets behind, as all programs there do
_ENDS = ("…", ":", "：")

__all__ = ["Label", "Letters", "is_wide"]


class Letters(object):
    """Gathers a dialog's labels while it is built, and marks all of them once it is: GIMP's own buttons are known then."""

    def __init__(self):
        self._labels = []

    def add(self, show, text, is_folded=False):
        """Return a Label. show: a function of a text with "_" before its letter; is_folded: it is not in sight at once, and gets
        what the others leave."""
        label = Label(show, text, is_folded)
        self._labels.append(label)
        return label

    def settle(self, taken):
        """Mark all labels; taken: the letters of the dialog's other buttons."""
        labels = sorted(self._labels, key=lambda label: label.is_folded)
        found = _matched([label.candidates for label in labels], set(taken))
        left = [letter for letter in _ALL if letter not in found.values() and letter not in taken]
        for number, label in enumerate(labels):
            label.settle(found.get(number) or (left.pop(0) if left and is_wide(label.text) else ""))


class Label(object):
    """One label, `text`; `letter`: "" where it has none."""

    def __init__(self, show, text, is_folded):
        self._show, self.text, self.is_folded, self.letter = show, text, is_folded, ""
        show(text)

    def say(self, text):
        """Show another text; the letter stays."""
        self.text = text
        self._show(_marked(text, self.letter))

    def settle(self, letter):
        """Take a letter, in lower case."""
        self.letter = letter
        self.say(self.text)

    @property
    def candidates(self):
        """The letters of its text, the best first: a word's first is found quickest."""
        if is_wide(self.text):
            return []
        text = self.text.lower()
        places = sorted(range(len(text)), key=lambda place: (not _begins_word(text, place), text[place] not in _ALL, place))
        letters = [text[place] for place in places if text[place].isalpha()]
        return [letter for place, letter in enumerate(letters) if letter not in letters[:place]]


def is_wide(text):
    """Whether a text is of a script that has other letters than a keyboard."""
    return any(unicodedata.east_asian_width(letter) in _WIDE for letter in text)


def _begins_word(text, place):
    return place == 0 or not text[place - 1].isalnum()


def _marked(text, letter):
    if not letter:
        return text
    places = [place for place, each in enumerate(text) if each.lower() == letter]
    if places and not is_wide(text):
        place = min(places, key=lambda place: (not _begins_word(text, place), place))
        return text[:place] + "_" + text[place:]
    end = len(text) - 1 if text.endswith(_ENDS) else len(text)
    return "%s(_%s)%s" % (text[:end], letter.upper(), text[end:])


def _matched(wishes, taken):
    """Return {number: letter} for lists of letters, each letter once: as many as can be, the first lists before all others.

    Kuhn's augmenting paths: a list that finds its letters taken lets their owners look for another one.
    """
    owners = {}

    def place(number, seen):
        free = [letter for letter in wishes[number] if letter not in taken]
        for letter in free:
            if letter not in owners:
                owners[letter] = number
                return True
        for letter in free:
            if letter not in seen:
                seen.add(letter)
                if place(owners[letter], seen):
                    owners[letter] = number
                    return True
        return False

    for number in range(len(wishes)):
        place(number, set())
    return {number: letter for letter, number in owners.items()}
