# -*- coding: utf-8 -*-
"""gimp.Parasite, and the methods of everything that carries some."""

from __future__ import absolute_import, unicode_literals

from ..compat import to_bytes, to_text
from .backend import call
from .errors import BackendError

_PERSISTENT, _UNDOABLE = 1, 2

__all__ = ["Parasite", "WithParasites"]


class Parasite(object):
    """A named piece of data; `data` is bytes."""

    def __init__(self, name, flags, data):
        self.name, self.flags, self.data = to_text(name), flags, to_bytes(data)

    is_persistent = property(lambda self: bool(self.flags & _PERSISTENT))
    is_undoable = property(lambda self: bool(self.flags & _UNDOABLE))

    def copy(self):
        """Return an equal parasite."""
        return Parasite(self.name, self.flags, self.data)

    def is_type(self, name):
        """Whether this is its name."""
        return self.name == to_text(name)

    def has_flag(self, flag):
        """Whether a flag is set."""
        return bool(self.flags & flag)


class WithParasites(object):
    """Methods over gimp-NOUN-get-parasite and its like; `_noun` is "image-", or "" for GIMP itself."""

    _noun = ""

    def _owner(self):
        return []

    def parasite_find(self, name):
        """Return the gimp.Parasite of that name, or None."""
        try:
            found = call("gimp-%sget-parasite" % self._noun, *(self._owner() + [to_text(name)]))[0]
        except BackendError:  # 2.10 refuses where there is none
            return None
        return Parasite(*found) if found else None

    def parasite_attach(self, parasite):
        """Attach a gimp.Parasite."""
        self.attach_new_parasite(parasite.name, parasite.flags, parasite.data)

    def attach_new_parasite(self, name, flags, data):
        """Attach data under a name."""
        parasite = to_text(name), flags, to_bytes(data)
        call("gimp-%sattach-parasite" % self._noun, *(self._owner() + [parasite]))

    def parasite_detach(self, name):
        """Remove the parasite of that name."""
        call("gimp-%sdetach-parasite" % self._noun, *(self._owner() + [to_text(name)]))

    def parasite_list(self):
        """Return the names of all parasites."""
        return tuple(call("gimp-%sget-parasite-list" % self._noun, *self._owner())[1])
