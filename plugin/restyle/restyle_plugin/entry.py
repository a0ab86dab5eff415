# -*- coding: utf-8 -*-
"""The way in from GIMP and back: runs a request, logs what went wrong, says it in one sentence."""

from __future__ import absolute_import, unicode_literals

from .compat import native_text, to_text
from .errors import PluginError
from .languages import _

# What the user can put right at once needs no log.
_PLAIN_CODES = frozenset(
    [
        "catalogue-damaged",
        "batch-failed",
        "no-backdrop",
        "no-folder",
        "no-settings",
        "no-style",
        "layer-gone",
        "no-layer",
        "no-regions",
        "not-restyled",
        "photo-gone",
        "several-layers",
        "nothing-to-paint",
        "selection-outside",
        "image-closed",
        "style-gone",
        "style-unreadable",
        "invalid-parameter",
        "image-too-large",
        "missing-input",
        "weights-unavailable",
    ]
)

__all__ = ["growing", "guarded", "safely"]


def guarded(gimpfu, make_request):
    """Make and run a request, `safely`."""

    def run():
        # Imported here, for GIMP asks each plug-in at its start what it offers, and that must be quick.
        from . import places, session
        from .pixels import gimp

        request = make_request()
        stays = places.why_it_stays(request.filter, request.params)
        session.run(gimp(), lambda tell: places.connect(request.version, tell, stays), request)

    safely(gimpfu, run)


def growing(gimpfu):
    """Return the function that gimpfu calls with what `canvas` says of a painting in the making."""

    def function(text):
        def run():
            from .growth import grow  # late, as in guarded
            from .pixels import gimp

            grow(gimp(), text)

        safely(gimpfu, run)

    return function


def safely(gimpfu, run):
    """Run a function; whatever goes wrong reaches GIMP as gimpfu's `fail` or CancelError."""
    from .gimpfu_shim.errors import Cancelled
    from .home import log, log_traceback

    try:
        run()
    except Cancelled:
        raise gimpfu.CancelError("cancelled")
    except PluginError as error:
        log("%s: %s" % (error.code, error.text))
        gimpfu.fail(native_text(_sentence(error)))
    except KeyboardInterrupt:
        raise gimpfu.CancelError("cancelled")
    except Exception as error:  # the plug-in's entry
        log_traceback()
        unexpected = PluginError(
            "unexpected",
            _("Restyle met something unexpected (%(kind)s: %(reason)s): please report it with the log.")
            % {"kind": type(error).__name__, "reason": to_text(error)},
        )
        gimpfu.fail(native_text(_sentence(unexpected)))


def _sentence(error):
    from .home import has_log, log_path

    if error.code in _PLAIN_CODES or not has_log():
        return error.text
    return _("%(sentence)s Log: %(file)s") % {"sentence": error.text, "file": log_path()}
