# -*- coding: utf-8 -*-
"""A dialog as values: what is chosen in it now, and who is told when that changes, whatever toolkit draws it."""

from __future__ import absolute_import, unicode_literals

from . import values as forms

__all__ = ["DialogModel"]


class DialogModel(object):
    """The values of a procedure's parameters while its dialog is open.

    The toolkit's fields call `change`; whoever hangs on the dialog (OK, a preview) asks `on_change` to be told.
    """

    def __init__(self, procedure, start):
        """start: backend values of all parameters, image and drawable included."""
        self._params = procedure.params
        self._values = dict(zip([param.name for param in procedure.params], start))
        self._listeners = []

    def on_change(self, function):
        """Call function() after every change."""
        self._listeners.append(function)

    def change(self, name, value):
        """Take the value of a parameter; whoever listens is told where it is another one."""
        if self._values[name] != value:
            self._values[name] = value
            for function in self._listeners:
                function()

    def get(self, name):
        """Return a parameter's backend value."""
        return self._values[name]

    def all(self):
        """Return the backend values of all parameters, in their order."""
        return [self._values[param.name] for param in self._params]

    def chosen(self):
        """Return {name: value as a plug-in's function gets it}."""
        return {param.name: forms.to_gimpfu(param, self._values[param.name]) for param in self._params}
