"""A procedure's dialog in GIMP 3.x: GIMP's own, with pictures first, then the main rows, the other groups folded, all in sight
of a scroll bar where the screen is small.

GIMP supplies Reset, Load and Save Settings and keeps the last values.
"""

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GimpUi, GLib, Gtk  # noqa: E402  (a version is required before the import)

from .form import choose_first, for_layer, groups, hint_of, matters, rows_height, settle, title_of  # noqa: E402
from .gimp3_arguments import given_by_gimp, read_value, write_value  # noqa: E402
from .gimp3_names import letters_in  # noqa: E402
from .gimp3_offer import OfferRow  # noqa: E402
from .gimp3_presets import PresetBar  # noqa: E402
from .gimp3_preview import PreviewPanel  # noqa: E402
from .gimp3_rows import RowMaker, in_words  # noqa: E402
from .gimp3_run import current_run  # noqa: E402
from .gimp3_scrolled import scrolled  # noqa: E402
from .letters import Letters  # noqa: E402
from .model import DialogModel  # noqa: E402
from .preset_choice import PresetChoice  # noqa: E402

_MARGIN = 12
_SPACING = 6
_WIDTH = 520

__all__ = ["ask"]


def ask(declaration, values, preview=None, presets=None, supply=None, estimate=None):
    """Show the dialog of the call under way; return the chosen values, None where it was cancelled.

    preview, presets, supply: what registry.describe asks for, None for none.
    """
    run = current_run()
    GimpUi.init(declaration.name)
    form = _Form(run, declaration, values, preview, presets)
    form.bring(supply)
    form.estimate(estimate)
    form.settle_letters()
    try:
        accepted = form.dialog.run()
    finally:
        form.close()
    return form.chosen() if accepted else None


class _Form(object):
    """The dialog while it is open."""

    def __init__(self, run, declaration, values, preview, presets):
        self.config = run.config
        self.model = DialogModel(declaration, values)
        self._params = declaration.params[given_by_gimp(declaration) :]
        self.dialog = GimpUi.ProcedureDialog.new(run.procedure, run.config, title_of(declaration))
        self.dialog.set_default_size(_WIDTH, -1)
        self.offer, self._estimate, self._letters = None, None, Letters()
        self._rows = RowMaker(self.dialog, run.config, self._letters, preview)
        self.content = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, visible=True)
        self.scroller = scrolled(self.content)
        # Empty it keeps its room, so that nothing moves when it speaks.
        self.hint = Gtk.Label(visible=True, xalign=1.0, margin_end=_MARGIN, margin_top=_SPACING)
        for title, params in groups(_shown(run, declaration)):
            self._place(self._rows.box(params, self._refresh, bool(title)), title)
        area = self.dialog.get_content_area()
        self.body = Gtk.Box(visible=True)
        self.panel = PreviewPanel(preview, self._letters) if preview else None
        if self.panel:
            self.body.pack_start(self.panel.widget, False, False, 0)
        self.body.pack_start(self.scroller, True, True, 0)
        if self.panel:
            self.body.set_focus_chain([self.scroller, self.panel.widget])  # the rows first
        area.pack_start(self.body, True, True, 0)
        if presets or not declaration.menu:  # what is asked for besides the menu's entries is kept elsewhere
            self._hide_one_preset(area)
        if presets:
            choice = PresetChoice(presets, self.model, self._put)
            area.pack_start(PresetBar(choice, self.dialog, self._letters).widget, False, False, 0)
        area.pack_start(self.hint, False, False, 0)
        self._follow(preview)
        self._refresh()
        self._fit()

    def close(self):
        """End the dialog and its preview."""
        self.dialog.destroy()
        for panel in (self.panel, self.offer):
            if panel:
                panel.close()

    def bring(self, supply):
        """Let what is chosen be brought where it is not here yet."""
        if supply:
            self.model.on_change(lambda: supply.change(self.model.chosen()))
            supply.change(self.model.chosen())
            self.offer = OfferRow(supply, self._on_offer, self._letters)
            area = self.dialog.get_content_area()
            area.pack_start(self.offer.widget, False, False, 0)
            area.reorder_child(self.offer.widget, area.child_get_property(self.hint, "position"))

    def estimate(self, estimate):
        """Say above OK how long it takes; estimate: a function of the values by name, None for none."""
        self._estimate = estimate
        self.model.on_change(self._refresh)
        self._refresh()

    def settle_letters(self):
        """Mark the letters of all rows and buttons: those that GIMP's own buttons do not have."""
        # OK's own box has those of Help, Reset and Cancel, too.
        ok = self.dialog.get_widget_for_response(Gtk.ResponseType.OK)
        self._letters.settle(letters_in(ok.get_parent()))

    def _on_offer(self, has_come):
        GLib.idle_add(self._refresh)
        if has_come and self.panel:
            self.panel.repaint(self.model.chosen())

    def chosen(self):
        """Return the values of now."""
        self._take()
        return self.model.all()

    def _follow(self, preview):
        """Let the model have what the config has, now and after each change, and the preview what the model has."""
        self._take()
        # Not at once: one choice may change two values, as a file lets go of the layer.
        self.config.connect("notify", lambda *_: GLib.idle_add(self._take))
        if preview:
            self.model.on_change(lambda: preview.change(self.model.chosen()))
            preview.change(self.model.chosen())

    def _take(self):
        for param in self._params:
            self.model.change(param.name, read_value(self.config, param))

    def _hide_one_preset(self, area):
        """Hide GIMP's own "Save Settings", which keeps one set of them."""
        ok = self.dialog.get_widget_for_response(Gtk.ResponseType.OK)
        for child in area.get_children():
            if child not in (self.body, self.hint) and not ok.is_ancestor(child):
                child.set_no_show_all(True)
                child.hide()

    def _put(self, values):
        """Show values, by name, in the rows."""
        for param in self._params:
            if param.name in values:
                write_value(self.config, param, values[param.name])

    def _place(self, box, title):
        box.set_border_width(_MARGIN)
        if not title:
            self.content.pack_start(box, False, False, 0)
            return
        expander = Gtk.Expander(use_underline=True, margin_start=_MARGIN, margin_end=_MARGIN, visible=True)
        self._letters.add(expander.set_label, title)
        expander.add(box)
        # GTK measures what was unfolded after it has told so.
        expander.connect("notify::expanded", lambda *_: GLib.idle_add(self._fit))
        self.content.pack_start(expander, False, False, _SPACING // 2)

    def _refresh(self):
        """Let OK wait for the pictures that are needed, and for what is to be brought."""
        is_chosen, waits_for = settle(self._rows.pictures, self.model), self.offer.offer.hint if self.offer else ""
        self.dialog.set_response_sensitive(Gtk.ResponseType.OK, is_chosen and not waits_for)
        lasts = self._estimate(self.model.chosen()) if self._estimate else ""
        hint = hint_of(is_chosen, waits_for, lasts, choose_first(self._params))
        self.hint.set_text(hint)
        for param, widget in self._rows.idle:
            widget.set_sensitive(matters(param, self.model))
        GLib.idle_add(self._fit)

    def _fit(self):
        """Let the rows be as high as they are, or as the screen allows; the buttons below them stay in sight."""
        # At its width: sentences that wrap are far higher in the least one.
        width = max(self.dialog.get_size()[0], self.dialog.get_preferred_width()[0])
        others = self.dialog.get_preferred_height_for_width(width)[0] - self.body.get_preferred_height_for_width(width)[0]
        wanted = self.content.get_preferred_height()[1]
        self.scroller.set_min_content_height(rows_height(wanted, others, self._screen_height()))
        # A window grows with its content, but does not shrink.
        self.dialog.resize(self.dialog.get_size()[0], 1)

    def _screen_height(self):
        """Return the pixels of the monitor that the dialog is on, or will be, without its panels."""
        display, window = Gdk.Display.get_default(), self.dialog.get_window()
        monitor = display.get_monitor_at_window(window) if window else display.get_primary_monitor() or display.get_monitor(0)
        return monitor.get_workarea().height


def _shown(run, declaration):
    """Return the parameters to ask for; a choice about the layer at hand starts anew with each."""
    params = declaration.params[given_by_gimp(declaration) :]
    for param in params:
        if param.labels:
            run.config.set_property(param.name, in_words(param).default)
    return for_layer(params, (run.drawables or [0])[0])
