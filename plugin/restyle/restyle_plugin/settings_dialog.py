# -*- coding: utf-8 -*-
"""Settings…: where Restyle computes and on what, how much memory it may take, where more styles lie, and caches to clear."""

from __future__ import absolute_import, unicode_literals

from . import caches, launch, preferences, remote
from .compat import to_text
from .errors import PluginError
from .gimpfu_shim import pf, runner
from .gimpfu_shim.errors import CancelError, Cancelled
from .gimpfu_shim.procedure import Param, Procedure
from .languages import _
from .words import amount

# Not the name of the menu's entry: GIMP 3 keeps an entry's values, and these are kept elsewhere.
NAME = "python-fu-restyle-settings-dialog"
_THIS_COMPUTER = _("This computer")
_PLACE_HELP = _(
    "Where pictures are painted. A server in another room gets them encrypted, and nobody else does; while it cannot be reached, "
    "this computer does the work."
)
_LINE_HELP = _(
    "To use a computer with a better graphics card: run `restyle server start --listen 0.0.0.0:7860` and "
    "`restyle server pair NAME` on it, and paste the line here that the second one prints."
)
_DEVICE_HELP = _("What this computer paints with, where it paints.")
_MEMORY_HELP = _("The most that painting takes of this computer's memory; larger pictures are painted in parts. 0: what is free.")
_STYLES_HELP = _("A folder of pictures that are offered as styles, before those that come with Restyle.")
_GROWS, _GROWS_HELP = (
    _("Show the painting while it grows"),
    _("While a long painting runs, a layer above the photo shows how far it is; Cancel takes it away again."),
)
_CACHES_HELP = _("Remove what is made again when it is needed. Models, styles and paintings stay.")

__all__ = ["NAME", "settle"]


def settle(gimp):
    """Ask for all settings and keep them; PluginError where they cannot be, Cancelled. Without a person nothing is asked."""
    if not runner.is_interactive():
        return
    before, invitation = preferences.read(), remote.chosen()
    procedure, start = _dialog(before, invitation)
    try:
        chosen = runner.ask(gimp, procedure, start, 0, 0)
    except CancelError:
        raise Cancelled()
    values = {param.name: value for param, value in zip(procedure.params, chosen)}
    told = [_settle_place(values, invitation), _settle_this_computer(values, before), _settle_caches(values)]
    sentences = [sentence for sentence in told if sentence]
    if sentences:
        gimp.message(" ".join(sentences))


def _dialog(before, invitation):
    """Return (a procedure for the dialog, the values that it starts with): made anew each time, as choices and labels differ."""
    places = (_THIS_COMPUTER,) + ((_("The server %s") % invitation.place,) if invitation else ())
    words = [word for word, __ in preferences.DEVICES]
    titles = tuple(title for __, title in preferences.DEVICES)
    bounds = (0, preferences.MOST_MEMORY_GB, 1)
    size = amount(caches.size_bytes())
    rows = [
        (Param(pf.PF_OPTION, "place", _("Compute on"), 0, places, help=_PLACE_HELP), len(places) - 1),
        (Param(pf.PF_STRING, "line", _("Line of a server"), "", help=_LINE_HELP), ""),
        (Param(pf.PF_OPTION, "device", _("With"), 0, titles, help=_DEVICE_HELP), words.index(before.device)),
        (
            Param(pf.PF_SPINNER, "memory", _("Memory at most"), 0, bounds, help=_MEMORY_HELP, unit=_("GB")),
            int(round(before.memory_gb)),
        ),
        (Param(pf.PF_DIRNAME, "styles", _("Folder of styles"), None, help=_STYLES_HELP), before.styles or None),
        (Param(pf.PF_TOGGLE, "grows", _GROWS, True, help=_GROWS_HELP), before.grows),
        (Param(pf.PF_TOGGLE, "caches", _("Clear caches (%s)") % size, False, help=_CACHES_HELP), False),
    ]
    params, start = zip(*rows)
    text = _("Where Restyle computes, with what, and from where styles come.")
    procedure = Procedure(NAME, text, text, "Restyle", "Restyle", "2026", _("Settings…"), "", "", params, [], None)
    return procedure, list(start)


def _settle_place(values, invitation):
    """Choose where to compute; return what to say of it, "" where nothing changed."""
    line = to_text(values["line"] or "").strip()
    if line:
        wanted = remote.parse(line)
        try:
            __, health = remote.server_of(wanted)
        except PluginError as error:
            text = _("The server %(place)s cannot be used (%(reason)s), so nothing was changed.") % {
                "place": wanted.place,
                "reason": error.text,
            }
            raise PluginError("server-unreachable", text)
        remote.choose(wanted)
        if not health.get("device"):
            return _("The server %s computes from now on.") % wanted.place
        return _("The server %(place)s computes from now on, on %(device)s.") % {
            "place": wanted.place,
            "device": health["device"],
        }
    if invitation and not values["place"]:
        remote.forget()
        return _("This computer computes again.")
    return ""


def _settle_this_computer(values, before):
    word = preferences.DEVICES[values["device"]][0]
    after = preferences.Preferences(word, float(values["memory"]), to_text(values["styles"] or ""), bool(values["grows"]))
    preferences.keep(after)
    if after[:2] != before[:2]:
        # The next one begins with what was settled.
        launch.let_go()
    return ""


def _settle_caches(values):
    return _("%s of caches are cleared.") % amount(caches.clear()) if values["caches"] else ""
