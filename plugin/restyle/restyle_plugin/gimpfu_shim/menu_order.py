# -*- coding: utf-8 -*-
"""An order of one's own in GIMP 2.10's menus, which sort by the alphabet: by what a menu's path is translated to.

GIMP leaves underscores out of a path, and sorts by the translation of the path with them. So each place has a path of its own,
and each language, English too, a translation of it that sorts there; what is shown of it is the menu's name in that language.
Where there is no translation, as under LANG=C, the order is the alphabet's.
"""

from __future__ import absolute_import, unicode_literals

_BITS = 5
PLACES = 2**_BITS

__all__ = ["PLACES", "path_at", "sorted_as"]


def path_at(menu, place):
    """Return the path of a menu ("<Image>/Filters/Name", six letters or more) for an entry at a place, 0 the first."""
    parent, _, name = menu.rpartition("/")
    marked = ["_" + letter if place >> bit & 1 else letter for bit, letter in enumerate(name[:_BITS])]
    return parent + "/" + "".join(marked) + name[_BITS:]


def sorted_as(menu, place, name):
    """Return the translation of `path_at`, with the menu's name in a language: GIMP shows that alone, and wants the first part as
    it was."""
    return "%s %02d/%s" % (menu.rpartition("/")[0], place, name)
