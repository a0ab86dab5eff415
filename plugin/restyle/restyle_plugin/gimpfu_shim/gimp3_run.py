"""The call that is under way: GIMP 3.x's dialogs and last values belong to its procedure and config."""

from .errors import BackendError

_current = []

__all__ = ["Run", "current_run", "given_drawables"]


class Run(object):
    """A call of a procedure of ours, for as long as the `with` block lasts."""

    def __init__(self, procedure, config, drawables=()):
        self.procedure = procedure
        self.config = config
        self.drawables = drawables

    def __enter__(self):
        _current.append(self)
        return self

    def __exit__(self, *_problem):
        _current.remove(self)


def current_run():
    """Return the call under way; BackendError where GIMP did not call us."""
    if not _current:
        raise BackendError("A dialog belongs to a procedure that GIMP has called.")
    return _current[-1]


def given_drawables(drawable):
    """Return the drawables of the call under way, `drawable` among them; it alone where it was given no other."""
    given = list(_current[-1].drawables) if _current else []
    return given if drawable in given else [drawable]
