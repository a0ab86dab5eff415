# -*- coding: utf-8 -*-
"""A GIMP in memory: the backend functions with GIMP's rules (validity, undo groups, precisions), for tests and demonstrations.

    gimp = MemoryGimp(); backend.use(gimp); registry…; gimp.main(registry.procedures(), runner.dispatch)
    image = gimp.image_new(640, 480, 0, 150)  …  gimp.run("python-fu-…", RUN_NONINTERACTIVE, [image, layer, …])

What a person would do is scripted: `answers` (one per dialog: values, None for Cancel, or a function of the dialog's values that
returns either) and `on_progress` (called with each progress text; it may close an image, or raise Cancelled),
`selected` (drawables, where there are more than the active one).
What a person would see is recorded: `shown` (images that got a window), `texts` (title, text),
`messages`, `progress` (texts), `fractions`, `dialogs` (procedure, values), `errors`.
"""

from __future__ import absolute_import, unicode_literals

from restyle_plugin.compat import to_bytes, to_text
from restyle_plugin.gimpfu_shim.errors import BackendError, Cancelled

from .drawables import MemoryDrawables
from .pdb import PROCEDURES
from .png import read_png

__all__ = ["MemoryGimp"]


class MemoryGimp(MemoryDrawables):
    """A backend; read_picture: function of a path to (width, height, babl format, bytes) for load_image, PNG files by default."""

    KEEPS_LAST_VALUES = False

    def __init__(self, read_picture=read_png):
        MemoryDrawables.__init__(self, read_picture)
        self.procedures, self._dispatch = {}, None
        self.answers, self.on_progress = [], None
        self.messages, self.errors, self.dialogs, self.shown, self.texts = [], [], [], [], []
        self.progress, self.fractions = [], []
        self.is_in_progress = False
        self.selected = []
        self.folder = "profile"
        self._data = {}

    # life

    def main(self, procedures, dispatch):
        self.procedures = {procedure.name: procedure for procedure in procedures}
        self._dispatch = dispatch

    def run(self, name, run_mode, values):
        """Run a registered procedure as GIMP would from its menu or a script; return (status, results).

        An undo group that the procedure left open, and a progress bar, are ended as GIMP ends them; the former is an error.
        """
        status, results = self._dispatch(name, run_mode, list(values))
        self.is_in_progress = False
        if isinstance(status, tuple):
            self.errors.append(status[1])
        for image in self.images.values():
            if image.undo_depth:
                self.errors.append("Plug-in '%s' left image undo in inconsistent state, closing open undo groups." % name)
                while image.undo_depth:
                    image.group_end()
        return status, results

    def given_drawables(self, drawable):
        return list(self.selected) if drawable in self.selected else [drawable]

    def call(self, name, args):
        if name in self.procedures:
            status, results = self.run(name, args[0], args[1:])
            if status == "cancel":
                raise Cancelled()
            if status != "success":
                raise BackendError(status[1])
            return results
        if name not in PROCEDURES:
            raise BackendError("Procedure '%s' not found" % name)
        try:
            return PROCEDURES[name][2](self, *args)
        except TypeError:
            raise BackendError("Procedure '%s' has been called with wrong arguments" % name)

    def procedure_exists(self, name):
        return name in self.procedures or name in PROCEDURES

    def procedure_signature(self, name):
        if name in self.procedures:
            procedure = self.procedures[name]
            return (
                [("run-mode", "int")] + [(param.name, param.kind) for param in procedure.params],
                [(result.name, result.kind) for result in procedure.results],
            )
        if name not in PROCEDURES:
            raise BackendError("Procedure '%s' not found" % name)
        return PROCEDURES[name][:2]

    def set_data(self, key, data):
        self._data[key] = to_bytes(data)

    def get_data(self, key):
        return self._data.get(key)

    def profile_folder(self):
        return self.folder

    # talking

    def progress_init(self, text):
        self.is_in_progress = True
        self._show(text)

    def progress_text(self, text):
        self._show(text)

    def progress_update(self, fraction):
        self.fractions.append(fraction)

    def progress_pulse(self):
        pass

    def progress_end(self):
        self.is_in_progress = False

    def displays_flush(self):
        pass

    def message(self, text):
        self.messages.append(to_text(text))

    def show_text(self, title, text):
        self.texts.append((to_text(title), to_text(text)))

    def dialog(self, procedure, values, image, drawable):
        self.dialogs.append((procedure, list(values)))
        if not self.answers:
            raise Cancelled()
        answer = self.answers.pop(0)
        return answer(list(values)) if callable(answer) else answer

    def _show(self, text):
        self.progress.append(to_text(text))
        if self.on_progress is not None:
            self.on_progress(to_text(text))
