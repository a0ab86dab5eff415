# -*- coding: utf-8 -*-
"""What a dialog offers to bring: Restyle's own set-up, then the published network that a choice needs, or paints better with."""

from __future__ import absolute_import, unicode_literals

from .fetcher import COMING, HERE, Fetcher
from .gimpfu_shim.offer import DOWNLOAD, NOTHING, Offer
from .languages import _
from .models import is_here, published
from .rows import values_of
from .words import amount, time_left

_AWAY = _("%(title)s is not on this computer yet: %(facts)s.")
_BETTER = _("Finer with %(title)s, which is not on this computer yet: %(facts)s.")
_PLACE, _LICENCE = _("from %s"), _("licence: %s")
_COMING = _("Downloading %(title)s: %(have)s of %(size)s")
_BEGINNING = _("Downloading %(title)s\u2026")
_STOPPED = _("%(have)s of %(size)s of %(title)s are here; the download goes on from there.")
_CANCEL, _RESUME, _AGAIN = _("Cancel"), _("Resume"), _("Try again")
_HINT = _("Download it to go on, or choose something else.")

__all__ = ["Supply"]


class Supply(object):
    """As registry.describe asks for it; all methods are the dialog's thread's."""

    def __init__(self, connect, declared, rows, set_up, is_far=False):
        """connect: a function that returns the server; set_up: a SetUp; is_far: whether the server is on another computer."""
        self._declared, self._rows, self._set_up, self._is_far = declared, rows, set_up, is_far
        self._published, self._fetcher = published(), Fetcher(connect)
        self._wanted, self._asked, self._params = None, set(), {}

    def change(self, values):
        """Follow the dialog: values by name, as the plug-in's function would get them."""
        __, self._params = values_of(self._declared, self._rows, [values[row.name] for row in self._rows])
        self._settle()

    def look(self):
        """Return the Offer of now."""
        offer = self._set_up.look()
        if offer.sentence:
            return offer  # nothing else can be done before
        self._settle()
        if self._wanted is None:
            return NOTHING
        item, title = self._wanted
        return self._offer(item, title, self._fetcher.stock(item["id"]))

    def press(self):
        """Do what the offer's button says."""
        if self._set_up.look().sentence:
            self._set_up.press()
        elif self._wanted is not None:
            name = self._wanted[0]["id"]
            stock = self._fetcher.stock(name)
            if stock and stock.state == COMING:
                self._fetcher.leave(name)
            else:
                self._fetcher.fetch(name)

    def close(self):
        """End what is being downloaded; it goes on from there another time."""
        self._set_up.close()
        self._fetcher.close()

    def _settle(self):
        """Find the network to offer: one that is needed before one that would only help."""
        missing = [found for param in self._declared["params"] for found in self._missing(param)]
        missing.sort(key=lambda found: not found[0]["is_needed"])
        self._wanted = missing[0] if missing else None
        if missing:
            self._ask(self._wanted[0]["id"])

    def _ask(self, name):
        """Ask the server after a network, once: it may have half of it."""
        if name not in self._asked and not self._set_up.look().sentence:
            self._asked.add(name)
            self._fetcher.ask(name)

    def _missing(self, param):
        """Yield (the catalogue's word on it, its title) of networks that a parameter's value asks for and that are not here."""
        needed = param.get("weights") or ()
        for item in needed:
            known = self._published.get(item["id"])
            if known and item["value"] == self._params.get(param["name"]) and not self._has(item["id"], known):
                names = [other["value"] for other in needed if other["id"] == item["id"] and other["is_needed"]]
                titles = [choice["title"] for choice in param["choices"] if choice["value"] in names]
                yield item, titles[0] if titles else _(known["title"])

    def _has(self, name, known):
        stock = self._fetcher.stock(name)
        if self._is_far:
            self._ask(name)
            return stock is None or stock.state == HERE  # what this computer has does not count
        # A download that is under way ends when the server says so, not when the file has its name.
        return stock.state == HERE if stock and stock.state in (COMING, HERE) else is_here(known["filename"])

    def _offer(self, item, title, stock):
        known, hint = self._published[item["id"]], _HINT if item["is_needed"] else ""
        size = (stock and stock.size_bytes) or known["size_bytes"]
        have = stock.have_bytes if stock else 0
        words = {"title": title, "have": amount(have), "size": amount(size)}
        if stock and stock.state == COMING:
            share = float(have) / size if size else 0.0
            sentence = _COMING % words + (", %s." % time_left(stock.left_s) if stock.left_s is not None else ".")
            return Offer(sentence if have else _BEGINNING % words, _CANCEL, share, hint)
        if stock and stock.problem:
            return Offer(stock.problem, _AGAIN, None, hint)
        if have and size:
            return Offer(_STOPPED % words, _RESUME, None, hint)
        facts = [words["size"]] if size else []
        facts += [_PLACE % known["place"], _LICENCE % _(known["licence"])]
        return Offer((_AWAY if hint else _BETTER) % {"title": title, "facts": ", ".join(facts)}, DOWNLOAD, None, hint)
