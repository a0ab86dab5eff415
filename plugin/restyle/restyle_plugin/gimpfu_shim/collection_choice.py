# -*- coding: utf-8 -*-
"""What a person does with the styles of a gallery: favour, rename, delete; whatever the toolkit."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_text
from ..languages import _
from .errors import error

FAVOURITE, RENAME, DELETE, SURE = _("Favourite"), _("Rename"), _("Delete"), _("Delete for ever")
FAVOURITE_HELP = _("Favourites stand in front from the next time on.")
NAME_HELP = _("The name of a style of your own.")
DELETE_HELP = _("Delete this style of your own; a second click does it.")

__all__ = ["DELETE", "DELETE_HELP", "FAVOURITE", "FAVOURITE_HELP", "NAME_HELP", "RENAME", "SURE", "CollectionChoice"]


class CollectionChoice(object):
    """The chosen style of a gallery, and what can be done with it; `collection`: what registry.describe asks for."""

    def __init__(self, collection, titles):
        """titles: {word: title} of all choices."""
        self._collection, self._titles, self._word, self._is_sure = collection, dict(titles), "", False

    def choose(self, word):
        """Take the word that is chosen now."""
        self._word, self._is_sure = word, False

    @property
    def title(self):
        """The chosen style's title."""
        return self._titles.get(self._word, self._word)

    @property
    def is_own(self):
        """Whether it can be renamed and deleted."""
        return self._collection.is_own(self._word)

    @property
    def is_favourite(self):
        """Whether it stands in front."""
        return self._collection.is_favourite(self._word)

    @property
    def delete_label(self):
        """What the button says."""
        return SURE if self._is_sure else DELETE

    def favour(self, is_favourite):
        """Put it in front, or no longer."""
        self._collection.favour(self._word, is_favourite)

    def rename(self, title):
        """Give it another title; return a sentence where that cannot be."""
        try:
            self._titles[self._word] = self._collection.rename(self._word, to_text(title))
        except error as problem:
            return to_text(problem.args[0])
        return ""

    def delete(self):
        """Delete it when asked for the second time; return (whether it is gone, a sentence where it cannot be)."""
        if not self._is_sure:
            self._is_sure = True
            return False, ""
        self._is_sure = False
        try:
            self._collection.delete(self._word)
        except error as problem:
            return False, to_text(problem.args[0])
        return True, ""
