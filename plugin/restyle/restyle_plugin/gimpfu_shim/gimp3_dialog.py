"""A procedure's dialog in GIMP 3.x: GIMP's own, with pictures first, then the main rows, the other groups folded, all in sight
of a scroll bar where the screen is small.

GIMP supplies Reset, Load and Save Settings and keeps the last values.
"""

import copy

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GimpUi, GLib, GObject, Gtk  # noqa: E402  (a version is required before the import)

from . import pf  # noqa: E402
from .form import (  # noqa: E402
    choose_first,
    for_layer,
    groups,
    hint_of,
    is_needed,
    matters,
    picture_stems,
    rows_height,
    settle,
    title_of,
)
from .gimp3_arguments import choices_of, given_by_gimp, read_value, write_value  # noqa: E402
from .gimp3_gallery import Gallery  # noqa: E402
from .gimp3_models import open_choice  # noqa: E402
from .gimp3_offer import OfferRow  # noqa: E402
from .gimp3_pictures import PictureRow  # noqa: E402
from .gimp3_presets import PresetBar  # noqa: E402
from .gimp3_preview import PreviewPanel  # noqa: E402
from .gimp3_run import current_run  # noqa: E402
from .model import DialogModel  # noqa: E402
from .preset_choice import PresetChoice  # noqa: E402

_MARGIN = 12
_SPACING = 6
_WIDTH = 520
_SCALE_FACTOR = 1.0
_SCALE_WIDTH = 120  # at least, where the row has little else
_PAGE_STEPS = 10  # a click beside the slider's knob moves it by ten steps
_MOST_STEPS = 200  # a slider with more of them cannot be set exactly; those have a field and two buttons alone

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
        self.rows, self._preview, self.offer, self._estimate = [], preview, None, None
        self._when_gone = []  # told of a style that is deleted in the dialog
        self._idle = []  # (parameter, its widget) of those that matter with others alone
        self.content = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, visible=True)
        self.scroller = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER, overlay_scrolling=False, visible=True)
        self.scroller.add(self.content)
        # Empty it keeps its room, so that nothing moves when it speaks.
        self.hint = Gtk.Label(visible=True, xalign=1.0, margin_end=_MARGIN, margin_top=_SPACING)
        for title, params in groups(_shown(run, declaration)):
            self._place(self._box(params), title)
        area = self.dialog.get_content_area()
        self.body = Gtk.Box(visible=True)
        self.panel = PreviewPanel(preview) if preview else None
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
            area.pack_start(PresetBar(choice, self.dialog).widget, False, False, 0)
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
            self.offer = OfferRow(supply, self._on_offer)
            area = self.dialog.get_content_area()
            area.pack_start(self.offer.widget, False, False, 0)
            area.reorder_child(self.offer.widget, area.child_get_property(self.hint, "position"))

    def estimate(self, estimate):
        """Say above OK how long it takes; estimate: a function of the values by name, None for none."""
        self._estimate = estimate
        self.model.on_change(self._refresh)
        self._refresh()

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
        expander = Gtk.Expander(label=title, margin_start=_MARGIN, margin_end=_MARGIN, visible=True)
        expander.add(box)
        # GTK measures what was unfolded after it has told so.
        expander.connect("notify::expanded", lambda *_: GLib.idle_add(self._fit))
        self.content.pack_start(expander, False, False, _SPACING // 2)

    def _box(self, params):
        """Return a group's rows: its pictures, then everything else."""
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=_SPACING, visible=True)
        by_name = {param.name: param for param in params}
        for stem in picture_stems(params):
            taken = [by_name.pop(stem + part, None) for part in ("-file", "-layer", "-weight")]
            row = PictureRow(self.config, taken, [param and self._widget(param) for param in taken], is_needed(params, stem))
            row.when_changed(self._refresh)
            self.rows.append(row)
            box.pack_start(row.box, False, False, _SPACING)
        # The rows that are not GIMP's own have their labels aligned with those that are.
        labels = Gtk.SizeGroup(mode=Gtk.SizeGroupMode.HORIZONTAL)
        is_mixed = any(param.is_open or param.labels for param in by_name.values())
        for param in by_name.values():
            widget = self._open_choice(param, labels) if param.is_open or param.labels else self._widget(param)
            box.pack_start(widget, False, False, 0)
            if param.matters_with:
                self._idle.append((param, widget))
            if is_mixed and isinstance(widget, GimpUi.Labeled):
                labels.add_widget(widget.get_label())
        return box

    def _widget(self, param):
        """Return GIMP's widget for a parameter, label included, bound to the config."""
        if param.bounds and (param.bounds[1] - param.bounds[0]) / param.bounds[2] <= _MOST_STEPS:
            widget = self.dialog.get_scale_entry(param.name, _SCALE_FACTOR)
            widget.get_range().set_size_request(_SCALE_WIDTH, -1)
        elif param.type in (pf.PF_OPTION, pf.PF_RADIO):
            # Else 3.2 shows a frame of radio buttons, which takes a screen's height for a dozen choices.
            widget = self.dialog.get_widget(param.name, Gtk.ComboBox)
        else:
            widget = self.dialog.get_widget(param.name, GObject.TYPE_NONE)
        if param.bounds and isinstance(widget, GimpUi.LabelSpin):
            widget.set_increments(param.bounds[2], param.bounds[2] * _PAGE_STEPS)
        widget.show()
        return widget

    def _open_choice(self, param, labels):
        mark = self.config.find_property(param.name).nick
        label = Gtk.Label(label=mark, use_underline=True, xalign=0.0, visible=True, tooltip_text=param.help)
        if param.is_gallery:
            return Gallery(self.config, param, label, self._preview, self._when_gone).box
        labels.add_widget(label)
        return open_choice(self.config, _in_words(param) if param.labels else param, label, self._when_gone)

    def _refresh(self):
        """Let OK wait for the pictures that are needed, and for what is to be brought."""
        is_chosen, waits_for = settle(self.rows, self.model), self.offer.offer.hint if self.offer else ""
        self.dialog.set_response_sensitive(Gtk.ResponseType.OK, is_chosen and not waits_for)
        lasts = self._estimate(self.model.chosen()) if self._estimate else ""
        hint = hint_of(is_chosen, waits_for, lasts, choose_first(self._params))
        self.hint.set_text(hint)
        for param, widget in self._idle:
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
            run.config.set_property(param.name, _in_words(param).default)
    return for_layer(params, (run.drawables or [0])[0])


def _in_words(param):
    """Return an option as a choice of (label, GIMP's word for it), as open_choice takes it."""
    words = copy.copy(param)
    words.extra = [(label, nick) for nick, label, _ in choices_of(param)]
    words.default = next(nick for nick, _, value in choices_of(param) if value == param.default)
    return words
